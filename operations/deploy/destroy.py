"""`make destroy STAGE=…`: remove a stage once its name is typed. Families' data stay where the stage keeps them."""

import sys

from operations.deploy.aws import Aws
from operations.deploy.canary import remove_canary
from operations.deploy.cdn_log import end_log
from operations.deploy.changes import Update
from operations.deploy.commands import OK, Ask, NotReady, Tell, arguments, ask, command, run, tell
from operations.deploy.keys import KeyStore
from operations.deploy.leftovers import BUCKET, LOG, TABLE, Leftover, delete, find_leftovers, protect_table
from operations.deploy.stack import deployed_outputs, find_stack, protect, resource_names
from operations.deploy.stages import Stage
from operations.deploy.vault import Vault, find_vault
from operations.pages.publish import PagesBucket
from operations.restore.tables import find_second_tables

_HOW_TO_DELETE = {
    TABLE: "to delete it for ever: DynamoDB console, region {region}, « Tables », {name}: switch « Deletion "
    "protection » off, then « Delete table »",
    BUCKET: "delete it in its console",
    LOG: "its lines expire by themselves, the record's after six months; CloudWatch console, « Log groups »",
}


def main() -> int:
    """Read the command's arguments and destroy."""
    options = arguments("destroy", "Take a stage away.").parse_args()
    return run(options, lambda aws, stage: destroy(aws, stage, tell, ask))


def destroy(aws: Aws, stage: Stage, tell: Tell, ask: Ask) -> int:
    """Remove a stage. Raises `NotReady` unless its name is typed."""
    state, second = find_stack(aws, stage.stack), _second_tables(aws, stage)
    if state is None:
        tell(f"{stage.name} is not deployed: nothing to take away.")
        _tell_left(aws, second, tell)
        return OK
    keeps = stage.settings.keep_accounts
    tell(
        f"{stage.stack} will be taken away: families can no longer log in, all sessions end, mails that wait are lost."
    )
    tell(
        "The accounts, bills, enrolments and documents stay, the record of six months and the secrets too."
        if keeps
        else "THE ACCOUNTS, BILLS, ENROLMENTS AND DOCUMENTS ARE DELETED TOO, and cannot be restored."
    )
    if state.is_protected:
        tell("It is protected against deletion (CloudFormation's termination protection): the name takes that off.")
    if ask(f"Type the stage's name to go on ({stage.name}): ") != stage.name:
        raise NotReady("Not confirmed: nothing was changed.")
    remove_canary(aws, stage, tell)  # it would ring
    outputs = deployed_outputs(state)
    if state.is_protected:  # first, so that a refusal changes nothing
        protect(aws, state, is_on=False)
    if outputs:
        protect_table(aws, outputs.accounts_table, is_kept=keeps)
        end_log(aws, stage, outputs)
        tell(f"{PagesBucket(aws, outputs.pages_bucket).empty()} pages and assets deleted")
    names, vault = {*resource_names(aws, state.id), *(table.name for table in second)}, find_vault(aws, state.id)
    Update(aws, stage.stack, tell).delete(state.id)
    leftovers = [*find_leftovers(aws, stage), *second]
    if not keeps:
        for leftover in leftovers:
            if leftover.name in names:  # an older one of the stage's name may come from a time when it kept its data
                delete(aws, leftover, with_content=True)
        leftovers = [leftover for leftover in leftovers if leftover.name not in names]
        KeyStore(aws.client("ssm"), stage.name).forget()
    _tell_what_stays(aws, stage, leftovers, tell, vault)
    for role in (name for name in names if "-GatewayLogRole-" in name):
        tell(f"Stays: the role {role}, by which API Gateway may write the logs of other stages; it costs nothing.")
    return OK


def _second_tables(aws: Aws, stage: Stage) -> list[Leftover]:
    """List the second tables of restores. Raises `NotReady` while AWS makes one: it cannot be deleted."""
    tables = find_second_tables(aws, stage.name)
    if not all(table.is_ready for table in tables):
        raise NotReady("AWS is making second tables of a restore, or deleting them: wait until it has, then try again.")
    return [Leftover(TABLE, table.name, f"second table of {table.at}", table.made_at) for table in tables]


def _tell_what_stays(aws: Aws, stage: Stage, leftovers: list[Leftover], tell: Tell, vault: Vault | None) -> None:
    tell(f"{stage.stack} is gone.")
    _tell_left(aws, leftovers, tell)
    if vault:
        vault.leave(tell)
    if stage.settings.keep_accounts:
        folder = KeyStore(aws.client("ssm"), stage.name).name("")
        tell(
            f"Stays: the secrets {folder}… in SSM Parameter Store, for a later deployment; delete them in its console."
        )
        tell(f"A later {command('deploy', stage.name, aws)} takes the tables and the documents back.")
    tell("Stays: the deployment bucket, which other stages may use, and the SES identity: they cost nothing or cents.")


def _tell_left(aws: Aws, leftovers: list[Leftover], tell: Tell) -> None:
    for leftover in leftovers:
        how = _HOW_TO_DELETE[leftover.type].format(region=aws.region, name=leftover.name)
        tell(f"Stays: {leftover.logical} ({leftover.type}) {leftover.name}; {how}.")


if __name__ == "__main__":
    sys.exit(main())
