"""The static pages that say the re-enrolment period, published anew by a job of the desk once it was changed there.

A page that a cache holds is ten minutes old at most: no function may have the CDN forget anything.
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
from chalicelib.services.family import Services

KIND: Final = "publish"


def publish_soon(services: Services, who: str, now: datetime) -> None:
    """Have the pages published by a job. Raises `Unavailable`: they are not, and say what they said."""
    start(services, DeskJob.ask(KIND, who, now))


def find_publication(services: Services) -> Publication | None:
    """Find what was published last, and when; None where nobody noted it."""
    return services.periods.find_publication()


def publish(run: JobRun) -> JobOutcome:
    """Put the pages of the current periods, again where these changed concurrently. Raises `Unavailable`."""
    services = run.services
    for _ in range(RACES):
        periods = services.periods.read()
        for key, body in period_pages(services.settings.network, periods):
            services.public_pages.put(key, body)
        services.periods.note_publication(Publication(periods.version, run.now))
        if services.periods.read() == periods:
            return JobOutcome("done", {"version": periods.version})
    raise Unavailable("the periods keep changing")
