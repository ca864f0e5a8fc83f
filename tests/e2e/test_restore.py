"""`make restore` on the deployed stack: a family lost with its bills and documents comes back.

The emulator has no point-in-time recovery: it « restores » the present. So the second tables are made before the loss.
"""

import time
from datetime import UTC, datetime

import pytest

from chalicelib.office.account import pseudonym
from operations.restore.differences import TABLES
from operations.restore.tables import SecondTables
from tests.support.stack_visitor import HOME, Visitor
from tools.local.families import FAMILIES
from tools.stack.deployed import STAGE, Stack

pytestmark = pytest.mark.e2e

FAMILY = next(family for family in FAMILIES if family.identifier == "MES4001")


def test_a_lost_family_comes_back_with_its_documents_and_the_second_tables_go(stack: Stack, visitor: Visitor) -> None:
    services, dynamodb, s3 = stack.services, stack.aws.client("dynamodb"), stack.aws.client("s3")
    bucket, ref = stack.outputs.documents_bucket, FAMILY.ref
    document = f"documents/2027/{ref.site}/{pseudonym(services, ref)}/rib/foyer/noted_a"
    for body in (b"%PDF-a", b"%PDF-b"):
        s3.put_object(Bucket=bucket, Key=document, Body=body)
    assert visitor.log_in(FAMILY.site, FAMILY.identifier, FAMILY.password or "").status == 303
    time.sleep(1)  # so that the second holds the whole of it
    at = datetime.now(UTC).replace(microsecond=0)
    time.sleep(1.1)
    second = SecondTables(stack.aws, STAGE, stack.outputs.tables, at).names
    for table in TABLES:
        source = stack.outputs.tables[table]
        dynamodb.restore_table_to_point_in_time(SourceTableName=source, TargetTableName=second[table])
    key = {"site": {"S": ref.site}, "identifier": {"S": ref.identifier}}
    for table in ("Accounts", "Billing", "Mailboxes"):
        dynamodb.delete_item(TableName=stack.outputs.tables[table], Key=key)
    s3.delete_object(Bucket=bucket, Key=document)
    assert visitor.get(HOME).status == 303
    command = ("operations.restore", "--at", f"{at:%Y-%m-%dT%H:%M:%SZ}")

    process = stack.command(*command, "--family", FAMILY.site, FAMILY.identifier, answers="y\n")
    again = stack.command(*command, "--site", FAMILY.site, "--yes")

    assert process.returncode == 0, process.stdout + process.stderr
    assert f"{ref.site} {ref.identifier}: Accounts missing now" in process.stdout
    assert f"{ref.site} {ref.identifier}: Documents missing now" in process.stdout
    assert (again.returncode, "3. To copy back: 0" in again.stdout) == (0, True), again.stdout + again.stderr
    assert visitor.get(HOME).status == 303  # the session from before does not go on
    assert visitor.log_in(FAMILY.site, FAMILY.identifier, FAMILY.password or "").status == 303
    assert s3.get_object(Bucket=bucket, Key=document)["Body"].read() == b"%PDF-b"
    assert ref in services.mailboxes.find(services.record.pseudonyms.of_mailbox(FAMILY.emails[0])).refs

    end = stack.command(*command, "--done", answers="y\n")

    assert (end.returncode, "Noted: restore of " in end.stdout) == (0, True), end.stdout + end.stderr
    assert not set(second.values()) & set(dynamodb.list_tables()["TableNames"])
    assert "Restore: restore of " in stack.command("operations.deploy.status").stdout
