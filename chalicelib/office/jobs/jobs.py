"""Start, confirm, wake, give up and forget a job of the desk: each is one conditional write, then a message."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Final, TypeVar

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.refusals import Unavailable, WriteConflict
from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.infra.dynamo.revise import RACES
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.roster.comparison import Comparison
from chalicelib.services.staff import StaffServices as Services

Line = Sequence[int | str]

_KEPT: Final = 10_000  # lines of each list
OFFERS: Final = "offers"  # the kind of a job that offers free places
K = TypeVar("K")


class Report:
    """A report, noted finding by finding, which can be resumed from JSON."""

    def __init__(self) -> None:
        self.kinds: Counter[str] = Counter()
        self.sites: Counter[tuple[str, str]] = Counter()  # of a site and a kind
        self.lines: dict[str, list[Line]] = defaultdict(list)
        self.facts: dict[str, Any] = {}  # about the whole file
        self.leavers: tuple[AccountRef, ...] = ()  # on file and missing from it
        self.movers: set[AccountRef] = set()  # of them, those listed at another site
        self.comparison = Comparison()

    def note(self, kind: str, site: str, lines: Iterable[Line]) -> None:
        """Count a finding, and add its lines while the list is short."""
        self.kinds[kind] += 1
        if site:
            self.sites[site, kind] += 1
        if len(self.lines[kind]) < _KEPT:
            self.lines[kind].extend(lines)

    def to_json(self) -> bytes:
        """Write the report as JSON."""
        fields = {
            "kinds": self.kinds,
            "sites": [[*key, count] for key, count in self.sites.items()],
            "lines": self.lines,
            "facts": self.facts,
            "gone": [[ref.site, ref.identifier] for ref in self.leavers],
            "moved": sorted([ref.site, ref.identifier] for ref in self.movers),
            "reused": [[ref.site, ref.identifier, name] for ref, name in self.comparison.reuses.items()],
            "compared": [[*key, count] for key, count in self.comparison.counts.items()],
        }
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, content: bytes) -> "Report":
        """Read a report from JSON."""
        fields: Mapping[str, Any] = json.loads(content)
        report = cls()
        report.kinds.update(fields["kinds"])
        report.sites.update({(site, kind): count for site, kind, count in fields["sites"]})
        report.lines.update(fields["lines"])
        report.facts = dict(fields["facts"])
        report.leavers = tuple(AccountRef(*ref) for ref in fields["gone"])
        report.movers = {AccountRef(*ref) for ref in fields["moved"]}
        report.comparison = Comparison(
            (((site, kind), count) for site, kind, count in fields.get("compared", ())),
            {AccountRef(site, identifier): name for site, identifier, name in fields.get("reused", ())},
        )
        return report


def start(services: Services, job: DeskJob) -> DeskJob:
    """Store a job and wake a worker. If it is already started, only wake a worker. Raises `Unavailable`."""
    with suppress(WriteConflict):
        services.staff.jobs.create(job)
    services.post_box.wake_desk_job(job.id)
    return job


def find_job(services: Services, id: str) -> DeskJob | None:  # noqa: A002 - its name everywhere
    """Find a job."""
    return services.staff.jobs.find(id)


def list_jobs(services: Services) -> tuple[DeskJob, ...]:
    """List the jobs of the last thirty days, the newest first."""
    return services.staff.jobs.all()


def confirm(services: Services, job: DeskJob, by: str, options: Mapping[str, Any], now: datetime) -> DeskJob:
    """Confirm a surveyed job with these options. Raises `OfficeRefusal` if it can no longer be confirmed."""
    after = _change(services, job, lambda found: found.confirm(by, options, now), found_in=("ready",))
    services.post_box.wake_desk_job(job.id)
    return after


def start_again(services: Services, job: DeskJob, now: datetime) -> DeskJob:
    """Restart the survey of a job that is ready or failed. Raises `OfficeRefusal`."""
    again = _change(services, job, lambda found: found.start_again(now), found_in=("ready", "failed"))
    services.post_box.wake_desk_job(job.id)
    return again


def wake(services: Services, job: DeskJob) -> None:
    """Wake a worker for a stalled job. Without effect if a worker holds it."""
    services.post_box.wake_desk_job(job.id)


def cancel(services: Services, job: DeskJob, now: datetime) -> DeskJob:
    """Give up a job in any state. Raises `OfficeRefusal` if it is over, or was confirmed since it was read."""
    found_in = ("applying",) if job.state == "applying" else ("waiting", "running", "ready")
    return _change(services, job, lambda found: found.cancel(now), found_in)


def forget(services: Services, job: DeskJob) -> None:
    """Forget a finished job. Raises `OfficeRefusal`."""
    if not job.is_over:
        raise OfficeRefusal("desk_job_at_work")
    services.database.write_together(services.staff.jobs.delete(job.id))


def _change(
    services: Services, job: DeskJob, decide: Callable[[DeskJob], DeskJob], found_in: tuple[str, ...]
) -> DeskJob:
    """Write a decision on a job, unless its state changed. Raises `OfficeRefusal`, `Unavailable`."""
    jobs = services.staff.jobs
    for _ in range(RACES):  # its worker may save its progress concurrently
        if job.state not in found_in:
            raise OfficeRefusal("desk_job_moved")
        with suppress(WriteConflict):
            return jobs.change(job, decide(job))
        job = jobs.find(job.id) or job.cancel(job.moved_at)
    raise Unavailable("the job keeps changing")
