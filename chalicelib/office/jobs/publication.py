"""The static pages with the period, an incident or a draw, published again by a job after each change on the desk.

A cached page is ten minutes old at most, so no function may invalidate the CDN.
"""

from datetime import datetime
from typing import Final

from chalicelib.domain.admission.draws import SiteDraws
from chalicelib.domain.enrolment.periods import Periods, Publication
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.service_notice import ServiceNotice
from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.infra.dynamo.revise import RACES
from chalicelib.office.admission.draws import all_draws
from chalicelib.office.jobs.job_run import JobOutcome, JobRun
from chalicelib.office.jobs.jobs import start
from chalicelib.presentation.draw_pages import draw_pages
from chalicelib.presentation.public_pages import period_pages
from chalicelib.services.staff import StaffServices as Services
from chalicelib.stores.service_notice import ServiceNoticeStore

KIND: Final = "publish"


def publish_soon(services: Services, who: str, now: datetime) -> None:
    """Start a job that publishes the pages. Raises `Unavailable`: the pages are unchanged."""
    start(services, DeskJob.ask(KIND, who, now))


def find_publication(services: Services) -> Publication | None:
    """Find the last publication and its moment. None if none is noted."""
    return services.periods.find_publication()


def notices(services: Services) -> ServiceNoticeStore:
    """Return the store of the notice of an incident."""
    return ServiceNoticeStore(services.database, services.settings.office_table)


def publish(run: JobRun) -> JobOutcome:
    """Write the pages of the current periods, notice and draws, again if these changed concurrently.

    Raises `Unavailable`.
    """
    services = run.services
    network, put = services.settings.network, services.public_pages.put

    def read() -> tuple[Periods, ServiceNotice | None, tuple[SiteDraws, ...]]:
        return services.periods.read(), notices(services).read(run.now), all_draws(services, run.now)

    for _ in range(RACES):
        shown = periods, notice, draws = read()
        for key, body in period_pages(network, periods, notice):
            put(key, body)
        for key, body, kind in draw_pages(network, draws):
            put(key, body, kind)
        services.periods.note_publication(Publication(periods.version, run.now))
        if read() == shown:
            return JobOutcome("done", {"version": periods.version})
    raise Unavailable("the periods, the notice or the draws keep changing")
