"""The bounces: delivery events of SES, through a topic. After three failures an event is a dead letter."""

from chalice.app import Blueprint, SNSEvent

from chalicelib import wiring
from chalicelib.domain.refusals import Unavailable
from chalicelib.flows.family.bounces import handle_mail_event
from chalicelib.mail.bounces import event_from_json
from chalicelib.services.family import Services

jobs = Blueprint(__name__)


# The topic's ARN is in `.chalice/resources.yaml`.
@jobs.on_sns_message(topic="bounces", name="bounces")
def bounces(event: SNSEvent) -> None:
    """Record one delivery event. Lambda retries twice after an error."""
    services = wiring.services(Services)
    now = services.clock()
    request = event.to_dict()["Records"][0]["Sns"]["MessageId"]
    try:
        handle_mail_event(services, event_from_json(event.message), request, now)
    except Unavailable as error:
        services.record.write("unavailable", now, request, what=str(error))
        raise


wiring.start()
