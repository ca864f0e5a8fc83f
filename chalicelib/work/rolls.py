"""Each morning: rebuild timetables, remind teachers of missing rolls. A failure is retried, then the next day."""

from chalice.app import Blueprint, CloudWatchEvent, Cron

from chalicelib import wiring
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.teaching.school_years import today
from chalicelib.infra.clients import by_boto3
from chalicelib.office.teaching.recall import post_reminders
from chalicelib.services.staff import StaffServices

jobs = Blueprint(__name__)


# At five o'clock UTC, which is six or seven in Paris: before the first lesson in summer and winter.
@jobs.schedule(Cron(0, 5, "*", "*", "?", "*"), name="rolls")
def rolls(event: CloudWatchEvent) -> None:
    """Run it once. Lambda retries twice after an error."""
    services = wiring.services(StaffServices)
    now = services.clock()
    try:
        post_reminders(services, event.event_id, today(now), now)
    except Unavailable as error:
        services.record.write("unavailable", now, event.event_id, what=str(error))
        raise


wiring.start(StaffServices, "teaching", clients=by_boto3)
