"""The note of the last restore or rehearsal of a stage, in the deployment bucket."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from operations.deploy.aws import Aws, ignoring
from operations.deploy.checks import Deployed, Fault
from operations.deploy.commands import command
from operations.deploy.store import DeploymentBucket
from operations.restore.tables import KEPT_FOR, find_second_tables


@dataclass(frozen=True)
class RestoreNote:
    """A restore: its second, author and times (ISO 8601), and the number of copied items, 0 for a rehearsal."""

    at: str
    who: str
    begun_at: str
    ready_at: str = ""
    done_at: str = ""
    copied: int = 0

    @property
    def line(self) -> str:
        """Describe it in one line."""
        kind = f"restore of {self.copied:,} items" if self.copied else "rehearsal"
        tables = f"tables ready after {_minutes(self.begun_at, self.ready_at)}" if self.ready_at else "tables not ready"
        end = f"done after {_minutes(self.begun_at, self.done_at)}" if self.done_at else "second tables not deleted yet"
        return f"{kind} on {self.begun_at[:10]} by {self.who}, to {self.at}: {tables}, {end}"


@dataclass(frozen=True)
class RestoreNotes:
    """Keeps the newest note of a stage."""

    aws: Aws
    stage: str

    @property
    def _object(self) -> dict[str, str]:
        name, owner = DeploymentBucket(self.aws).name, self.aws.account
        return {"Bucket": name, "Key": f"restores/{self.stage}.json", "ExpectedBucketOwner": owner}

    def find(self) -> RestoreNote | None:
        """Read the note. None if nothing was ever restored."""
        with ignoring("NoSuchKey", "NoSuchBucket", "404"):
            return RestoreNote(**json.loads(self.aws.client("s3").get_object(**self._object)["Body"].read()))
        return None

    def begin(self, at: str, author: str) -> RestoreNote:
        """Continue the note of this second, or begin one."""
        note = self.find()
        if note and note.at == at and not note.done_at:
            return note
        return self.write(RestoreNote(at, author, _now()))

    def write(self, note: RestoreNote, **changes: Any) -> RestoreNote:  # noqa: ANN401 - of any field
        """Store a note with some changes."""
        note = replace(note, **changes)
        DeploymentBucket(self.aws).make()
        self.aws.client("s3").put_object(**self._object, Body=json.dumps(asdict(note)).encode())
        return note

    def stamp(self, note: RestoreNote, field: str) -> RestoreNote:
        """Store the time of a step, once."""
        return note if getattr(note, field) else self.write(note, **{field: _now()})


def restore_status(deployment: Deployed) -> Iterator[str]:
    """Show the last restore or rehearsal, and the second tables. Those over a week old are a fault."""
    note = RestoreNotes(deployment.aws, deployment.stage.name).find()
    yield "Restore: " + (note.line if note else "never rehearsed (docs/runbook.md, « Restore »)")
    aws, stage = deployment.aws, deployment.stage.name
    for at, tables in groupby(find_second_tables(aws, stage), attrgetter("at")):
        times = [table.made_at for table in tables]
        age, ending = deployment.now - min(times), command("restore", f"{stage} AT={at}", aws, "--done")
        line = f"  {len(times)} second tables of {at}, {age.days} days old, which nothing erases but: {ending}"
        yield Fault(line) if age > KEPT_FOR else line


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _minutes(begun_at: str, ended_at: str) -> str:
    minutes = round((datetime.fromisoformat(ended_at) - datetime.fromisoformat(begun_at)).total_seconds() / 60)
    return f"{minutes} minutes"
