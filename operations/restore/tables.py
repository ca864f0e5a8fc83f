"""The second tables of a restore: a stage's tables as they were at one second, beside the live ones."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final

from botocore.exceptions import ClientError

from operations.deploy.aws import Aws, code_of, ignoring
from operations.deploy.commands import NotReady, Stopped, Tell
from operations.restore.differences import TABLES

KEPT_FOR: Final = timedelta(days=7)  # longer, and `make status` is not well
_ACTIVE: Final = "ACTIVE"


@dataclass(frozen=True)
class SecondTable:
    """A second table that exists. `at`: its second, as `AT=` takes it."""

    name: str
    at: str
    made_at: datetime
    is_ready: bool


def find_second_tables(aws: Aws, stage: str) -> list[SecondTable]:
    """List the second tables of all restores of a stage, the earliest second first."""
    dynamodb, tables = aws.client("dynamodb"), []
    parts = re.compile(rf"clef-{re.escape(stage)}-restore-(....)(..)(..T..)(..)(..Z)-\w+")
    for name in sorted(dynamodb.get_paginator("list_tables").paginate().search("TableNames[]")):
        if match := parts.fullmatch(name):
            with ignoring("ResourceNotFoundException"):  # deleted since it was listed
                table = dynamodb.describe_table(TableName=name)["Table"]
                is_ready, at = table["TableStatus"] == _ACTIVE, "{}-{}-{}:{}:{}".format(*match.groups())
                tables.append(SecondTable(name, at, table["CreationDateTime"], is_ready))
    return tables


@dataclass(frozen=True)
class SecondTables:
    """The second tables of a stage at a second. `live`: the stack's tables by their logical names."""

    aws: Aws
    stage: str
    live: Mapping[str, str]
    at: datetime
    pause: float = 20  # seconds between two looks

    @cached_property
    def names(self) -> dict[str, str]:
        """Their names, with the stage, the second and the table."""
        return {
            table: f"clef-{self.stage}-restore-{self.at:%Y%m%dT%H%M%SZ}-{table}"
            for table in TABLES
            if self.live.get(table)
        }

    @property
    def _dynamodb(self) -> Any:  # noqa: ANN401 - a client
        return self.aws.client("dynamodb")

    def begin(self, tell: Tell) -> bool:
        """Begin to restore the missing tables, all from the same second. Returns whether any was missing.

        Raises `NotReady` with the common window if the second is outside it. Those that exist are taken as they are.
        """
        missing = [table for table in self.names if self._status(table) is None]
        self._check_window(missing)
        for table in missing:
            with ignoring("TableAlreadyExistsException", "ResourceInUseException"):  # the same command elsewhere
                self._dynamodb.restore_table_to_point_in_time(
                    SourceTableName=self.live[table],
                    TargetTableName=self.names[table],
                    RestoreDateTime=self.at,
                    BillingModeOverride="PAY_PER_REQUEST",
                    GlobalSecondaryIndexOverride=[],  # nothing reads them, and a table without is restored sooner
                )
            tell(f"  {self.names[table]}: begun")
        return bool(missing)

    def wait(self, tell: Tell) -> None:
        """Wait until all second tables can be read. Raises `Stopped` if one is being deleted."""
        waiting = dict(self.names)
        while waiting:
            for table, name in list(waiting.items()):
                status = self._status(table)
                if status == _ACTIVE:
                    tell(f"  {name}: ready")
                    del waiting[table]
                elif status in {None, "DELETING"}:
                    raise Stopped(
                        f"{name} is {(status or 'gone').lower()}: wait a minute, then run the same command again."
                    )
            if waiting:
                time.sleep(self.pause)

    def delete(self, tell: Tell) -> None:
        """Delete the second tables, and nothing else."""
        for name in self.names.values():
            with ignoring("ResourceNotFoundException"):
                self._dynamodb.delete_table(TableName=name)
                tell(f"  {name}: deleted")

    def _status(self, table: str) -> str | None:
        with ignoring("ResourceNotFoundException"):
            return str(self._dynamodb.describe_table(TableName=self.names[table])["Table"]["TableStatus"])
        return None

    def _check_window(self, tables: list[str]) -> None:
        windows = [self._window(table) for table in tables]
        if not windows:
            return
        earliest, latest = max(window[0] for window in windows), min(window[1] for window in windows)
        if not earliest <= self.at <= latest:
            raise NotReady(
                f"All tables of {self.stage} can be restored to a second from {earliest:%Y-%m-%dT%H:%M:%SZ} to "
                f"{latest:%Y-%m-%dT%H:%M:%SZ}, and {self.at:%Y-%m-%dT%H:%M:%SZ} is not one: give AT another one."
            )

    def _window(self, table: str) -> tuple[datetime, datetime]:
        """Read the first and last second that a table can be restored to. Raises `NotReady`."""
        try:
            answer = self._dynamodb.describe_continuous_backups(TableName=self.live[table])
        except ClientError as error:
            if code_of(error) not in {"TableNotFoundException", "ResourceNotFoundException"}:
                raise
            raise NotReady(
                f"{self.live[table]} ({table}) no longer exists: AWS keeps its last state for 35 days "
                "(docs/runbook.md, « Restore », « A table is gone »)."
            ) from error
        recovery = answer["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
        if recovery.get("PointInTimeRecoveryStatus") != "ENABLED":
            raise NotReady(
                f"{self.live[table]} ({table}) has no point-in-time recovery: switch it on in its console, « Backups »."
            )
        return recovery["EarliestRestorableDateTime"], recovery["LatestRestorableDateTime"]
