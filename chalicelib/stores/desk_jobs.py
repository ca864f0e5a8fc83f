"""The jobs of the desk, in the staff's table. TTL deletes them."""

from datetime import datetime
from typing import Final

from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.infra.dynamo.codec import Codec
from chalicelib.infra.dynamo.database import Key
from chalicelib.infra.dynamo.store import Store

_JOBS: Final = "@job"


class DeskJobs(Store[str, DeskJob]):
    """Finds jobs and changes them, without overwriting concurrent changes."""

    codec = Codec(DeskJob, "id", always={"state", "done", "of"})
    facts = frozenset({"state", "lease"})  # its worker, and its possible next states

    def key(self, id: str) -> Key:  # noqa: A002 - its name everywhere
        """Build the key of a job."""
        return {"site": _JOBS, "identifier": id}

    def computed(self, job: DeskJob) -> dict[str, datetime]:
        """Compute when DynamoDB deletes the job: when its result expires."""
        return {"expires": job.expires_at}

    def all(self) -> tuple[DeskJob, ...]:
        """List all jobs, newest first (Query): some dozens a season."""
        return tuple(sorted(self.under(_JOBS), key=lambda job: (job.asked_at, job.id), reverse=True))
