"""Events that SES publishes for a mail: a bounce, a complaint."""

import json
from typing import Any

from chalicelib.mail.mailer import tags
from tests.support.world import EMAIL, ROSSIGNOL


def bounce_event(kind: str = "Permanent", **changes: Any) -> str:
    """Write a bounce as SES publishes it for a configuration set, with some unused fields."""
    event = {
        "eventType": "Bounce",
        "mail": {
            "timestamp": "2026-09-01T07:00:00.000Z",
            "messageId": "mail-1",
            "destination": [EMAIL],
            "tags": {
                "ses:configuration-set": ["clef-mail"],
                **{name: [value] for name, value in tags(ROSSIGNOL).items()},
            },
        },
        "bounce": {
            "bounceType": kind,
            "bounceSubType": "General",
            "bouncedRecipients": [{"emailAddress": EMAIL, "status": "5.1.1"}],
            "feedbackId": "feedback-1",
        },
    }
    return json.dumps(event | changes)


def complaint() -> str:
    recipients = [{"emailAddress": f"Rossignol <{EMAIL}>"}]
    return bounce_event(eventType="Complaint", bounce=None, complaint={"complainedRecipients": recipients})
