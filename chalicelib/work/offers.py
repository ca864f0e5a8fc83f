"""The offers: each hour, what has expired passes to the next in line. What fails is tried again, then an hour later."""

from chalice.app import Blueprint, CloudWatchEvent, Rate

from chalicelib import wiring
from chalicelib.domain.refusals import Unavailable
from chalicelib.infra.clients import by_boto3
from chalicelib.office.admission.offers import advance

jobs = Blueprint(__name__)


@jobs.schedule(Rate(1, unit=Rate.HOURS), name="offers")
def offers(event: CloudWatchEvent) -> None:
    """Go through the offers once; an error goes up to Lambda, which tries twice again."""
    services = wiring.services()
    now = services.clock()
    try:
        advance(services, now)
    except Unavailable as error:
        services.record.write("unavailable", now, event.event_id, what=str(error))
        raise


wiring.start(by_boto3)
