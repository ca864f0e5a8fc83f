"""SES where moto has no answer: what it allows, and what becomes of the mails it took, told as SES tells it."""

import io
import json
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

MAILS_A_SECOND = 40  # a new account has 14; more than this, moto does not keep up with
MAILS_A_DAY = 50_000
_OK = "200"

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class Taken:
    """A mail that SES took: to whom, and the tags that it brings back."""

    to: str
    tags: dict[str, str] = field(repr=False)

    def event(self) -> dict[str, Any]:
        """Say what became of it, as SES publishes it for a configuration set.

        Addresses that begin with « rebond », or are of a domain that does, come back; all others arrive.
        """
        mail = {"destination": [self.to], "tags": {name: [value] for name, value in self.tags.items()}}
        if any(part.startswith("rebond") for part in self.to.split("@")):
            recipients = [{"emailAddress": self.to, "status": "5.1.1"}]
            bounce = {"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": recipients}
            return {"eventType": "Bounce", "mail": mail, "bounce": bounce}
        return {"eventType": "Delivery", "mail": mail, "delivery": {"recipients": [self.to]}}


class Ses:
    """Stands before moto: answers `GetAccount`, and keeps what moto drops of each mail."""

    def __init__(self, app: Wsgi) -> None:
        self._app = app
        self.taken: deque[Taken] = deque()
        self.today = 0  # mails taken

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        if environ["PATH_INFO"] == "/v2/email/account":
            start_response("200 OK", [("Content-Type", "application/json")])
            return [json.dumps(self._account()).encode()]
        if environ["PATH_INFO"] == "/v2/email/outbound-emails":
            return self._send(environ, start_response)
        return self._app(environ, start_response)

    def _account(self) -> dict[str, Any]:
        quota = {"Max24HourSend": MAILS_A_DAY, "MaxSendRate": MAILS_A_SECOND, "SentLast24Hours": self.today}
        return {"SendQuota": quota, "SendingEnabled": True, "ProductionAccessEnabled": True}

    def _send(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(raw)

        def answered(status: str, *more: Any) -> Any:  # noqa: ANN401 - what WSGI hands on
            if status.startswith(_OK):
                self._take(json.loads(raw))
            return start_response(status, *more)

        return self._app(environ, answered)

    def _take(self, asked: dict[str, Any]) -> None:
        self.today += 1
        if "ConfigurationSetName" in asked:  # SES tells nothing without one
            tags = {tag["Name"]: tag["Value"] for tag in asked.get("EmailTags", [])}
            self.taken.extend(Taken(to, tags) for to in asked["Destination"]["ToAddresses"])
