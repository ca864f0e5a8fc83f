"""The static pages with the period, an incident or a draw, published again by a job after each change on the desk.

A cached page is ten minutes old at most, so no function may invalidate the CDN.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final

from chalicelib.domain.enrolment.periods import Periods, Publication
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.service_notice import ServiceNotice
from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.infra.dynamo.revise import RACES
from chalicelib.office.jobs.job_run import JobOutcome, JobRun
from chalicelib.office.jobs.jobs import start
from chalicelib.presentation.public_pages import period_pages
from chalicelib.services.office import OfficeServices
from chalicelib.services.staff import StaffServices
from chalicelib.settings.environment import Network
from chalicelib.stores.service_notice import ServiceNoticeStore

KIND: Final = "publish"
# The pages of a wing: what they show as it is now, and the key, the content and the type of each.
WingPages = tuple[Callable[[OfficeServices, datetime], Any], Callable[[Network, Any], Iterable[tuple[str, bytes, str]]]]


def publish_soon(services: StaffServices, by: str, now: datetime) -> None:
    """Start a job that publishes the pages. Raises `Unavailable`: the pages are unchanged."""
    start(services, DeskJob.ask(KIND, by, now))


def find_publication(services: StaffServices) -> Publication | None:
    """Find the last publication and its moment. None if none is noted."""
    return services.periods.find_publication()


def notices(services: StaffServices) -> ServiceNoticeStore:
    """Return the store of the notice of an incident."""
    return ServiceNoticeStore(services.database, services.settings.office_table)


def publish(run: JobRun, wings: Iterable[WingPages] = ()) -> JobOutcome:
    """Write the pages of the current periods, notice and wings, again if these changed concurrently.

    Raises `Unavailable`.
    """
    services = run.services
    network, put = services.settings.network, services.public_pages.put

    def read() -> tuple[Periods, ServiceNotice | None, list[Any]]:
        return services.periods.read(), notices(services).read(run.now), [find(services, run.now) for find, _ in wings]

    for _ in range(RACES):
        contents = periods, notice, values = read()
        for key, body in period_pages(network, periods, notice):
            put(key, body)
        for (_, pages), value in zip(wings, values, strict=True):
            for key, body, kind in pages(network, value):
                put(key, body, kind)
        services.periods.note_publication(Publication(periods.version, run.now))
        if read() == contents:
            return JobOutcome("done", {"version": periods.version})
    raise Unavailable("the periods, the notice or the draws keep changing")
