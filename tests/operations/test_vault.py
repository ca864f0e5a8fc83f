"""The vault: the age of its copies in `make status`, second tables from them, and its end."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock, Mock

import pytest

from operations.deploy.checks import Deployed
from operations.deploy.commands import NotReady
from operations.deploy.vault import Vault, vault_status
from operations.restore.differences import TABLES

NOW, NIGHT = datetime(2027, 9, 3, 9, tzinfo=UTC), datetime(2027, 9, 3, 1, 4, 12, tzinfo=UTC)
ALL = len(TABLES) + 1  # and the documents
LIVE = {table: f"clef-prod-{table}-1A2B" for table in TABLES}
KEPT = [f"dynamodb:eu-west-3:1:table/{name}" for name in LIVE.values()] + ["s3:::clef-prod-documents-1a2b"]
NAME = "clef-prod-1a2b3c4d"


def copy(point: str, at: datetime = NIGHT, status: str = "COMPLETED") -> dict[str, Any]:
    where = {"ResourceArn": f"arn:aws:{point}", "RecoveryPointArn": f"{point} at {at:%d}", "IamRoleArn": "VaultRole"}
    return {**where, "CreationDate": at, "Status": status, "CalculatedLifecycle": {"DeleteAt": at + timedelta(days=30)}}


def account(*copies: dict[str, Any], vaults: int = 1, tables: tuple[str, ...] = (), **about: Any) -> Any:
    """Make an account with AWS Backup, which moto and MiniStack have in part."""
    vault = {"ResourceType": "AWS::Backup::BackupVault", "LogicalResourceId": "Vault", "PhysicalResourceId": NAME}
    lists = {"list_recovery_points_by_backup_vault": copies, "list_stack_resources": [vault] * vaults}
    aws = MagicMock(edge=None, endpoint_url=None, profile=None)
    client = aws.client.return_value
    client.describe_backup_vault.return_value = {"Locked": True, "CreationDate": NOW - timedelta(days=9)} | about
    client.get_paginator.side_effect = lambda call: Mock(
        **{"paginate.return_value.search.return_value": lists.get(call, tables)}
    )
    return aws


def status(aws: Any, vault: str = "governance") -> list[str]:
    stage: Any = SimpleNamespace(name="prod", settings=SimpleNamespace(vault=vault))
    outputs: Any = SimpleNamespace(tables=LIVE, documents_bucket="clef-prod-documents-1a2b")
    lines = vault_status(Deployed(aws, stage, Mock(), outputs, NOW))
    return [f"{type(line).__name__} {line.strip()}" for line in lines]


def test_copies_that_are_missing_or_late_are_a_fault_and_the_first_two_days_of_a_vault_are_not() -> None:
    night, old, failure = map(copy, KEPT), copy(KEPT[0], NOW - timedelta(days=2)), copy(KEPT[0], NOW, "PARTIAL")
    whole, young = tuple(night), NOW - timedelta(days=1)
    line, late, first = (
        f"str Vault: {NAME}, locked",
        "Fault NOT COPIED for two days: ",
        f"{ALL} of {ALL} copied, the first at 2",
    )
    cases = [
        (status(account(*whole)), [f"{line}, {first}"]),
        (status(account(*whole, LockDate=NOW)), [f"{line}, for good from 2027-09-03 on, {first}"]),
        (status(account(*whole, Locked=False)), [line[:-6], "Fault NOT LOCKED: its copies can be deleted"]),
        (status(account(old, failure, *whole[1:])), [f"{line}, {ALL - 1} of {ALL}", f"{late}{TABLES[0]}: AWS Backup"]),
        (status(account()), [f"{line}, 0 of {ALL} copied", f"{late}{', '.join(TABLES)}, Documents"]),
        (status(account(CreationDate=young)), [f"{line}, 0 of {ALL} copied"]),
        (status(account(vaults=0)), ["Fault NO VAULT: one stolen key can delete all: make deploy STAGE=prod"]),
        (status(account(), "none"), ["str Vault: none, as stages.toml says"]),
    ]

    assert [shown for shown, by in cases if len(shown) != len(by) or not all(map(str.startswith, shown, by))] == []


def test_second_tables_come_from_the_first_copy_since_the_second_and_never_from_one_before() -> None:
    second = {name: f"clef-prod-restore-{table}" for table, name in LIVE.items()}
    copies = [copy(kept, NIGHT + timedelta(days=days)) for days in (-1, 0, 1) for kept in KEPT]
    aws, lines = account(*copies, tables=("clef-prod-restore-Staff",)), list[str]()  # of the same command, interrupted

    Vault(aws, NAME).restore(second, NIGHT, lines.append, 0)

    jobs = [call.kwargs for call in aws.client().start_restore_job.call_args_list]
    points = {job["Metadata"]["targetTableName"]: job["RecoveryPointArn"] for job in jobs}
    lots = {name: f"{kept} at 03" for name, kept in zip(second.values(), KEPT[:-1], strict=True) if "Staff" not in name}
    assert points == lots
    assert aws.client().get_waiter().wait.call_count == len(jobs) == len(lines)
    with pytest.raises(NotReady, match="has no copy since 2027-09-05T01:04:12Z of clef-prod-Accounts-1A2B, "):
        Vault(aws, NAME).restore(second, NIGHT + timedelta(days=2), lines.append, 0)


def test_a_vault_goes_with_its_stage_only_if_it_is_empty() -> None:
    empty, full, lines = account(), account(*map(copy, KEPT[:2])), list[str]()

    for aws in (empty, full):
        Vault(aws, NAME).leave(lines.append)

    assert [aws.client().delete_backup_vault.call_count for aws in (empty, full)] == [1, 0]
    assert [(f"{NAME} with 2 copies" in line, "the last by 2027-10-03" in line) for line in lines] == [(True, True)]
