"""The offers: each hour, expired ones pass to the next in line. A failure is retried, then again an hour later."""

from chalice.app import Blueprint, CloudWatchEvent, Rate

from chalicelib import wiring
from chalicelib.domain.refusals import Unavailable
from chalicelib.services.office import OfficeServices
from chalicelib.wings.admission.office.offers import advance

jobs = Blueprint(__name__)


@jobs.schedule(Rate(1, unit=Rate.HOURS), name="offers")
def offers(event: CloudWatchEvent) -> None:
    """Advance the offers once. Lambda retries twice after an error."""
    services = wiring.services(OfficeServices)
    now = services.clock()
    try:
        advance(services, now)
    except Unavailable as error:
        services.record.write("unavailable", now, event.event_id, what=str(error))
        raise


wiring.start(OfficeServices, "admission")
