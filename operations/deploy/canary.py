"""`make canary STAGE=…`: watch a stage from another region, by a fictitious family that reads and logs in."""

import json
import os
import secrets
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import ascii_lowercase
from typing import Final

from botocore.exceptions import ClientError

from chalicelib.domain.account.accounts import CANARY, Account, AccountRef, new_stamp
from chalicelib.domain.account.devices import Devices
from chalicelib.domain.account.hasher import Hasher
from chalicelib.domain.account.keys import KeyRing
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.refusals import Unavailable
from chalicelib.infra.dynamo.database import Database
from chalicelib.settings.environment import load_network
from chalicelib.stores.accounts import Accounts
from chalicelib.stores.mailboxes import Mailboxes
from chalicelib.web.responses import DEVICES
from operations.deploy.alarms import Alarms, Subscription, alarm_status, subscription_status
from operations.deploy.aws import DENIED, Aws, code_of
from operations.deploy.changes import ChangeSet, StackTarget, Update
from operations.deploy.checks import Deployed, Fault
from operations.deploy.commands import OK, UNHEARD, Ask, NotReady, Stopped, Tell, arguments, ask, command, run, tell
from operations.deploy.keys import KeyStore
from operations.deploy.stack import Outputs, StackState, deployed_outputs, find_stack, public_address
from operations.deploy.stages import Stage

_TEMPLATE: Final = Path(__file__).parents[2] / ".chalice/canary.yaml"
_CODE: Final = Path(__file__).with_name("canary_function.py")
_NAME: Final = "Surveillance (famille fictive)"
_LETTERS: Final = [ascii_lowercase] * 20  # no digit, so that the identifier has one spelling
_RENEWED_AFTER: Final = timedelta(days=330)  # its browser is known for 395 days


def main() -> int:
    """Read the command's arguments and watch the stage."""
    parser = arguments("canary", "Watch a stage from another region.")
    parser.add_argument("--yes", action="store_true", help="do not ask before the change (make: ARGS=--yes)")
    parser.add_argument("--remove", action="store_true", help="take the canary and its fictitious family away")
    options = parser.parse_args()

    def act(aws: Aws, stage: Stage) -> int:
        if options.remove:
            remove_canary(aws, stage, tell)
            return OK
        return deploy_canary(aws, stage, tell, ask, says_yes=options.yes)

    return run(options, act)


def stack_of(stage: Stage) -> str:
    """Name the stack of a stage's canary."""
    return f"{stage.stack}-canary"


def region_of(aws: Aws, stage: Stage) -> Aws:
    """Reach the region of a stage's canary."""
    return Aws(stage.settings.watched_from, aws.endpoint_url, aws.edge)


def deploy_canary(aws: Aws, stage: Stage, tell: Tell, ask: Ask, *, says_yes: bool = False) -> int:
    """Deploy or update the canary with a new password, have it visit once, and report. Returns the exit code.

    The account changes after the stack, whose failure leaves the former password valid.
    """
    state = find_stack(aws, stage.stack)
    outputs, store = deployed_outputs(state), KeyStore(aws.client("ssm"), stage.name, state)
    if outputs is None:
        raise NotReady(f"{stage.name} is not deployed: {command('deploy', stage.name, aws)}")
    if store.losses:
        raise NotReady("A secret of the stage is lost: docs/runbook.md, « A lost key ».")
    there, now = region_of(aws, stage), datetime.now(UTC).replace(microsecond=0)
    ref, password = _ref(find_stack(there, stack_of(stage))), secrets.token_urlsafe(24)
    parameters = _parameters(aws, stage, outputs, (ref, password, Devices(_ring(store)).remember(ref, now)))

    def agrees(changes: ChangeSet) -> bool:
        for change in changes.changes:
            tell(change.line())
        return says_yes or ask("Do it? [y/N] ").lower() in {"y", "yes"}

    tell(f"Changing the stack {stack_of(stage)} in {there.region}")
    is_changed = Update(there, stack_of(stage), tell).bring_to(StackTarget(template(), parameters), agrees)
    _give_password(_accounts(aws, outputs), ref, Hasher().hash(password), now)
    _try(there, is_changed.inputs["Function"], tell)
    alarms = Alarms.of(there, stage, stack_of(stage)).settle(tell, mails_again=False)
    return OK if alarms is Subscription.CONFIRMED else UNHEARD


def remove_canary(aws: Aws, stage: Stage, tell: Tell) -> None:
    """Delete the canary's stack and its account, if any."""
    there, outputs = region_of(aws, stage), deployed_outputs(find_stack(aws, stage.stack))
    state = find_stack(there, stack_of(stage))
    if state is None:
        return
    tell(f"Deleting the stack {stack_of(stage)} in {there.region}")
    Update(there, stack_of(stage), tell).delete(state.id)
    accounts = _accounts(aws, outputs) if outputs else None
    if accounts and (family := accounts.find(_ref(state))):
        accounts.erase(family)


def canary_status(deployment: Deployed) -> Iterator[str]:
    """Check the canary's alarm, its subscription, and the age of its password."""
    aws, stage = deployment.aws, deployment.stage
    there, renew = region_of(aws, stage), command("canary", stage.name, aws)
    state = find_stack(there, stack_of(stage))
    if state is None or not state.inputs:
        yield f"Canary: none watches this stage from outside: {renew}"
        return
    yield f"Canary, in {there.region}:"
    try:
        family = _accounts(aws, deployment.outputs).find(_ref(state))
    except Unavailable as error:
        if not isinstance(error.__cause__, ClientError) or code_of(error.__cause__) not in DENIED:
            raise
        yield "  the age of its password: not for these credentials, as it is an account"
    else:
        if family is None or family.password is None or deployment.now - family.password.changed_at > _RENEWED_AFTER:
            yield Fault(f"  its fictitious family is missing, or nearly a year old: {renew}")
    outside = replace(deployment, aws=there, state=state)
    for line in (*alarm_status(outside), *subscription_status(outside)):
        yield type(line)(f"  {line}")


def template() -> str:
    """Return the template with the function's code."""
    return _TEMPLATE.read_text(encoding="utf-8").replace("canary_function.py}", f"{json.dumps(_CODE.read_text())}}}", 1)


def _ref(canary: StackState | None) -> AccountRef:
    """Return the account that a deployed canary uses, or a new one with an identifier that no stranger can guess."""
    if canary and canary.inputs:
        return AccountRef(canary.inputs["Site"], canary.inputs["Identifier"])
    return AccountRef(load_network().sites[0].code, f"canari{''.join(map(secrets.choice, _LETTERS))}")


def _ring(store: KeyStore) -> KeyRing:
    return KeyRing.parse(store.keys().of_use("devices"))


def _parameters(aws: Aws, stage: Stage, outputs: Outputs, family: tuple[AccountRef, str, str]) -> dict[str, str]:
    public, (ref, password, device) = public_address(aws, stage, outputs), family
    host = "__Host-" if public.url.startswith("https:") else ""
    parameters = {
        "Url": public.url,
        "Site": ref.site,
        "Identifier": ref.identifier,
        "Password": password,
        "Device": f"{host}clef{DEVICES}={device}",
        "AlarmEmail": stage.settings.alarm_email,
    }
    if public.at:
        parameters |= {
            "Connect": f"{public.at[0]}:{public.at[1]}",
            "CertificateFile": os.environ.get("SSL_CERT_FILE", ""),
        }
    return parameters


def _accounts(aws: Aws, outputs: Outputs) -> Accounts:
    """Reach the accounts. The canary has no address, so no pseudonym is made."""
    database = Database(aws.client("dynamodb"))
    return Accounts(database, outputs.accounts_table, Mailboxes(database, outputs.mailboxes_table, Pseudonyms("")))


def _give_password(accounts: Accounts, ref: AccountRef, password_hash: str, now: datetime) -> None:
    """Change the password of the fictitious family, or create it."""

    def decide(family: Account) -> Account:
        return family.with_password(password_hash, "chosen", now)

    if accounts.revise(ref, decide) is None:
        accounts.create(decide(Account(ref, _NAME, (), new_stamp(), role=CANARY)))


def _try(there: Aws, function: str, tell: Tell) -> None:
    """Have the canary visit once. Raises `Stopped` with its error."""
    answer = there.client("lambda").invoke(FunctionName=function, Payload=json.dumps({"logs_in": True}))
    if "FunctionError" in answer:
        error = json.loads(answer["Payload"].read())
        raise Stopped(f"The canary is deployed and will ring: {error.get('errorMessage', error)}")
    tell("The fictitious family has logged in and out.")


if __name__ == "__main__":
    sys.exit(main())
