"""The static pages with the re-enrolment period, published again by a job after each change on the desk.

A cached page is ten minutes old at most, so no function may invalidate the CDN.
"""

from datetime import datetime
from typing import Final

from chalicelib.domain.enrolment.periods import Publication
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.infra.dynamo.revise import RACES
from chalicelib.office.jobs.job_run import JobOutcome, JobRun
from chalicelib.office.jobs.jobs import start
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
    """Write the pages of the current periods, again if these changed concurrently. Raises `Unavailable`."""
    services = run.services
    for _ in range(RACES):
        periods = services.periods.read()
        for key, body in period_pages(services.settings.network, periods):
            services.public_pages.put(key, body)
        services.periods.note_publication(Publication(periods.version, run.now))
        if services.periods.read() == periods:
            return JobOutcome("done", {"version": periods.version})
    raise Unavailable("the periods keep changing")
