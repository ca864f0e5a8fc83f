"""The bounces: what SES says of mails that came back, through a topic. What fails is delivered again by Lambda."""

from chalice.app import Blueprint, SNSEvent

from chalicelib import wiring
from chalicelib.domain.refusals import Unavailable
from chalicelib.flows.bounces import mark
from chalicelib.mail.bounces import bounce_from_json

jobs = Blueprint(__name__)


# The topic's ARN stands in `.chalice/resources.yaml`.
@jobs.on_sns_message(topic="bounces", name="bounces")
def bounces(event: SNSEvent) -> None:
    """Mark what one message tells; an error goes up to Lambda, which tries twice again."""
    services = wiring.services()
    now = services.clock()
    request = event.to_dict()["Records"][0]["Sns"]["MessageId"]
    try:
        mark(services, bounce_from_json(event.message), request, now)
    except Unavailable as error:
        services.record.write("unavailable", now, request, what=str(error))
        raise
