"""`make status STAGE=…`: how a stage does, by one check for each subject."""

import sys
from collections.abc import Collection, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Final

from operations.deploy.alarms import alarm_status, subscription_status
from operations.deploy.aws import Aws
from operations.deploy.canary import canary_status
from operations.deploy.certificates import certificate_status
from operations.deploy.changes import DOCUMENTS, HELD, is_held
from operations.deploy.checks import Check, Deployed, Fault, run_check
from operations.deploy.commands import FAILED, OK, Tell, arguments, command, run, tell
from operations.deploy.concurrency import concurrency_status
from operations.deploy.keys import key_status
from operations.deploy.mail import mail_status
from operations.deploy.notice import notice_status
from operations.deploy.payments import payment_status
from operations.deploy.resources import budget_status, queue_status, table_status
from operations.deploy.stack import find_stack, named_resources, policy_of, public_address
from operations.deploy.stages import Stage
from operations.deploy.vault import vault_status
from operations.deploy.versions import version_status
from operations.pages.publish import security_status
from operations.restore.notes import restore_status


def main() -> int:
    """Read the command's arguments and show the stage."""
    parser = arguments("status", "Show how a stage does.")
    parser.add_argument("--subscribe", action="store_true", help="have AWS mail the link for the alarms again")
    parser.add_argument("--only", nargs="+", choices=CHECKS, default=(), help="these subjects alone, of many stages")
    options = parser.parse_args()

    def show_stage(aws: Aws, stage: Stage) -> int:
        return show(aws, stage, tell, subscribes=options.subscribe, only=options.only)

    return run(options, show_stage, stops=False)


def show(aws: Aws, stage: Stage, tell: Tell, *, subscribes: bool = False, only: Collection[str] = ()) -> int:
    """Show a stage, or some subjects of it, and return 1 unless all is well.

    Changes nothing but a subscription that AWS deleted.
    """
    state = find_stack(aws, stage.stack)
    if state is None or state.is_new:
        tell(f"{stage.name} is not deployed: {command('deploy', stage.name, aws)}")
        return FAILED
    tell(f"{state.name}: {state.status}{f' ({state.reason})' if state.reason else ''}")
    if not state.inputs:
        return FAILED
    deployment = Deployed(aws, stage, state, state.outputs, datetime.now(UTC), subscribes)
    is_well = state.is_well
    for subject, check in CHECKS.items():
        for line in run_check(subject, check, deployment) if not only or subject in only else ():
            tell(line)
            is_well = is_well and not isinstance(line, Fault)
    return OK if is_well else FAILED


def output_status(deployment: Deployed) -> Iterator[str]:
    """List the public address and the stack's outputs."""
    yield f"Public address: {public_address(deployment.aws, deployment.stage, deployment.outputs).url}/extranet"
    for name, value in asdict(deployment.outputs).items():
        if value:  # none of a wing that is switched off
            yield f"  {name.replace('_', ' '):<24} {value}"


def protection_status(deployment: Deployed) -> Iterator[str]:
    """Check that no change loses a table by mistake, and that a stack with accounts to keep cannot be deleted."""
    aws, state = deployment.aws, deployment.state
    deploy = command("deploy", deployment.stage.name, aws, "--settings")
    if deployment.stage.settings.keep_accounts and not state.is_protected:
        yield Fault(f"NOT PROTECTED: the stack can be deleted by mistake: {deploy}")
    policy = policy_of(aws, state.id)
    names = (name for kind in HELD for name in named_resources(aws, state.id, ResourceType=kind))
    if free := [name for name in (*names, DOCUMENTS) if not is_held(name, policy)]:
        yield Fault(f"NOT PROTECTED: a change may delete or replace {', '.join(free)}: {deploy}")


# In the order of the output. A new subject is a function in its own module, and a line here.
CHECKS: Final[dict[str, Check]] = {
    "Outputs": output_status,
    "Alarms": alarm_status,
    "Subscription": subscription_status,
    "Canary": canary_status,
    "Protection": protection_status,
    "Notice": notice_status,
    "Tables": table_status,
    "Vault": vault_status,
    "Mails": queue_status,
    "SES": mail_status,
    "security.txt": security_status,
    "Certificate": certificate_status,
    "Keys": key_status,
    "PayFiP": payment_status,
    "Concurrency": concurrency_status,
    "Budget": budget_status,
    "Versions": version_status,
    "Restore": restore_status,
}


if __name__ == "__main__":
    sys.exit(main())
