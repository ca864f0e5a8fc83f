"""The static pages with the re-enrolment period or a draw, published again by a job after each change on the desk.

A cached page is ten minutes old at most, so no function may invalidate the CDN.
"""

from datetime import datetime
from typing import Final

from chalicelib.domain.enrolment.periods import Publication
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.infra.dynamo.revise import RACES
from chalicelib.office.admission.draws import all_draws
from chalicelib.office.jobs.job_run import JobOutcome, JobRun
from chalicelib.office.jobs.jobs import start
from chalicelib.presentation.draw_pages import draw_pages
from chalicelib.presentation.public_pages import period_pages
from chalicelib.services.staff import StaffServices as Services

KIND: Final = "publish"


def publish_soon(services: Services, who: str, now: datetime) -> None:
    """Start a job that publishes the pages. Raises `Unavailable`: the pages are unchanged."""
    start(services, DeskJob.ask(KIND, who, now))


def find_publication(services: Services) -> Publication | None:
    """Find the last publication and its moment. None if none is noted."""
    return services.periods.find_publication()


def publish(run: JobRun) -> JobOutcome:
    """Write the pages of the current periods and draws, again if these changed concurrently. Raises `Unavailable`."""
    services = run.services
    network, put = services.settings.network, services.public_pages.put
    for _ in range(RACES):
        periods, draws = services.periods.read(), all_draws(services, run.now)
        for key, body in period_pages(network, periods):
            put(key, body)
        for key, body, kind in draw_pages(network, draws):
            put(key, body, kind)
        services.periods.note_publication(Publication(periods.version, run.now))
        if (services.periods.read(), all_draws(services, run.now)) == (periods, draws):
            return JobOutcome("done", {"version": periods.version})
    raise Unavailable("the periods or draws keep changing")
