"""The jobs of the desk, in the staff's table. TTL deletes them."""

from typing import Any, Final

from chalicelib.domain.staff.desk_jobs import DeskJob, Lease
from chalicelib.infra.dynamo.change import Change
from chalicelib.infra.dynamo.database import Database, Delete, Lookup
from chalicelib.infra.dynamo.values import Item, moment

_JOBS: Final = "@job"
_FACTS: Final = frozenset({"state", "lease"})  # its worker, and its possible next states


class DeskJobs:
    """Finds jobs and changes them, without overwriting concurrent changes."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def find(self, id: str) -> DeskJob | None:  # noqa: A002 - its name everywhere
        """Find a job."""
        return self._database.read(Lookup(self._table, _key(id), _job))

    def all(self) -> tuple[DeskJob, ...]:
        """List all jobs, newest first (Query): some dozens a season."""
        jobs = filter(None, map(_job, self._database.items_of(self._table, _JOBS)))
        return tuple(sorted(jobs, key=lambda job: (job.asked_at, job.id), reverse=True))

    def create(self, job: DeskJob) -> None:
        """Store a new job. Raises `WriteConflict` if its id exists."""
        self._database.create(self._table, item_of(job))

    def change(self, before: DeskJob, after: DeskJob) -> DeskJob:
        """Write the differences if its worker and state are unchanged, or raise `WriteConflict`.

        Returns the job as written, for further changes.
        """
        change = Change(item_of(before), item_of(after), _FACTS, read=before.item)
        written = _job(change.write(self._database, self._table))
        return written or after

    def delete(self, job: DeskJob) -> None:
        """Delete a job."""
        self._database.write_together(Delete(self._table, _key(job.id)))


def _key(id: str) -> dict[str, str]:  # noqa: A002 - its name everywhere
    return {"site": _JOBS, "identifier": id}


def item_of(job: DeskJob) -> dict[str, Any]:
    """Encode a job."""
    return _key(job.id) | {
        "kind": job.kind,
        "asked_by": job.asked_by,
        "asked_at": job.asked_at,
        "moved_at": job.moved_at,
        "state": job.state,
        "subject": dict(job.subject) or None,
        "options": dict(job.options) or None,
        "confirmed_by": job.confirmed_by or None,
        "done": job.done,
        "of": job.of,
        "cursor": dict(job.cursor) or None,
        "result": dict(job.result) or None,
        "lease": job.lease and {"owner": job.lease.owner, "until": job.lease.until},
        "expires": job.expires_at,
    }


def _job(item: Item | None) -> DeskJob | None:
    if item is None:
        return None
    lease = item.get("lease")
    return DeskJob(
        id=item["identifier"],
        kind=item["kind"],
        asked_by=item["asked_by"],
        asked_at=moment(item["asked_at"]),
        moved_at=moment(item["moved_at"]),
        state=item["state"],
        subject=item.get("subject", {}),
        options=item.get("options", {}),
        confirmed_by=item.get("confirmed_by", ""),
        done=item["done"],
        of=item["of"],
        cursor=item.get("cursor", {}),
        result=item.get("result", {}),
        lease=Lease(lease["owner"], moment(lease["until"])) if lease else None,
        item=item,
    )
