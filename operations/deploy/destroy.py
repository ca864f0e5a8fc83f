"""`make destroy STAGE=…`: remove a stage once its name is typed. Families' data stay where the stage keeps them."""

import sys

from botocore.exceptions import ClientError

from operations.deploy.aws import Aws, code_of, ignoring
from operations.deploy.changes import Leftover, Update
from operations.deploy.commands import OK, Ask, NotReady, Tell, arguments, ask, run, tell
from operations.deploy.keys import KeyStore
from operations.deploy.stack import Outputs, deployed_outputs, find_stack, protect
from operations.deploy.stages import Stage
from operations.pages.publish import PagesBucket

_TABLE = "AWS::DynamoDB::Table"
_DOCUMENTS = {"Documents", "DocumentsPolicy"}
_DELETE_TABLE = (
    "to delete it for ever: DynamoDB console, region {region}, « Tables », {name}: switch « Deletion protection » off, "
    "then « Delete table »"
)


def main() -> int:
    """Read the command's arguments and destroy."""
    given = arguments("destroy", "Take a stage away.").parse_args()
    return run(given, lambda aws, stage: destroy(aws, stage, tell, ask))


def destroy(aws: Aws, stage: Stage, tell: Tell, ask: Ask, pause: float = 3) -> int:
    """Remove a stage. Raises `NotReady` unless its name is typed."""
    state = find_stack(aws, stage.stack)
    if state is None:
        tell(f"{stage.name} is not deployed: nothing to take away.")
        return OK
    keeps = stage.settings.keep_accounts
    tell(
        f"{stage.stack} will be taken away: families can no longer log in, all sessions end, mails that wait are lost."
    )
    tell(
        "The accounts, bills, enrolments and documents stay."
        if keeps
        else "THE ACCOUNTS, BILLS, ENROLMENTS AND DOCUMENTS ARE DELETED TOO, and cannot be restored."
    )
    if state.is_protected:
        tell("It is protected against deletion (CloudFormation's termination protection): the name takes that off.")
    if ask(f"Type the stage's name to go on ({stage.name}): ") != stage.name:
        raise NotReady("Not confirmed: nothing was changed.")
    outputs = deployed_outputs(state)
    if state.is_protected:  # first, so that a refusal changes nothing
        protect(aws, state, is_on=False)
    if outputs:
        _protect(aws, outputs.accounts_table, is_kept=keeps)
        tell(f"{PagesBucket(aws, outputs.pages_bucket).empty()} pages and assets deleted")
    progress = Update(aws, stage.stack, tell, pause).delete(state.id)
    tables = _tables_left(aws, outputs)
    others = [resource for resource in progress.kept if resource.type != _TABLE]
    if not keeps:
        _delete_tables(aws, tables)
        _delete_documents(aws, outputs)
        tables, others = [], [resource for resource in others if resource.logical not in _DOCUMENTS]
        KeyStore(aws.client("ssm"), stage.name).forget()
    _tell_what_stays(aws, stage, tables + others, tell)
    return OK


def _protect(aws: Aws, table: str, *, is_kept: bool) -> None:
    """Set the table's deletion protection, which also holds against the template."""
    try:
        aws.client("dynamodb").update_table(TableName=table, DeletionProtectionEnabled=is_kept)
    except ClientError as error:
        if code_of(error) != "ResourceNotFoundException" and "already" not in str(error):
            raise


def _tables_left(aws: Aws, outputs: Outputs | None) -> list[Leftover]:
    """List the stack's tables that still exist."""
    if outputs is None:
        return []
    there = set(aws.client("dynamodb").get_paginator("list_tables").paginate().search("TableNames[]"))
    return [Leftover(logical, _TABLE, name) for logical, name in outputs.tables.items() if name in there]


def _delete_tables(aws: Aws, tables: list[Leftover]) -> None:
    for table in tables:
        _protect(aws, table.name, is_kept=False)
        aws.client("dynamodb").delete_table(TableName=table.name)


def _delete_documents(aws: Aws, outputs: Outputs | None) -> None:
    """Empty and delete the bucket, which the deletion of a stack leaves behind."""
    if outputs is None or not outputs.documents_bucket:
        return
    PagesBucket(aws, outputs.documents_bucket).empty()
    with ignoring("NoSuchBucket"):
        aws.client("s3").delete_bucket(Bucket=outputs.documents_bucket)


def _tell_what_stays(aws: Aws, stage: Stage, leftovers: list[Leftover], tell: Tell) -> None:
    tell(f"{stage.stack} is gone.")
    for logical, kind, name in leftovers:
        how = _DELETE_TABLE.format(region=aws.region, name=name) if kind == _TABLE else "delete it in its console"
        tell(f"Stays: {logical} ({kind}) {name}; {how}.")
    if stage.settings.keep_accounts:
        folder = KeyStore(aws.client("ssm"), stage.name).name("")
        tell(
            f"Stays: the secrets {folder}… in SSM Parameter Store, for a later deployment; delete them in its console."
        )
    tell("Stays: the deployment bucket, which other stages may use, and the SES identity: they cost nothing or cents.")


if __name__ == "__main__":
    sys.exit(main())
