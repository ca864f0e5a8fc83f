"""SES where moto has no answer: quotas, the suppression list, and the outcome of accepted mails."""

import io
import json
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

MAILS_A_SECOND = 40  # a new account has 14, and moto cannot keep up with more than this
MAILS_A_DAY = 50_000
_OK = "200"
_SUPPRESSED = "/v2/email/suppression/addresses"
_ABSENT = "404 Not Found"

# The outcome for an address with this prefix, which is also SES's reason to suppress it.
_OUTCOMES = {"rebond": "BOUNCE", "plainte": "COMPLAINT"}

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class AcceptedMail:
    """A mail accepted by SES: its recipient, and the tags that its event returns."""

    to: str
    tags: dict[str, str] = field(repr=False)
    is_suppressed: bool = False  # SES accepts a mail to a suppressed address, does not send it, and reports a bounce

    @property
    def outcome(self) -> str | None:
        """Why SES suppresses its address: it begins, or its domain does, with « rebond » or « plainte »."""
        parts = self.to.split("@")
        return next((why for word, why in _OUTCOMES.items() if any(part.startswith(word) for part in parts)), None)

    def event(self) -> dict[str, Any]:
        """Describe its outcome, as SES publishes it for a configuration set. Most are delivered."""
        mail = {"destination": [self.to], "tags": {name: [value] for name, value in self.tags.items()}}
        if self.is_suppressed or self.outcome == "BOUNCE":
            recipients = [{"emailAddress": self.to, "status": "5.1.1"}]
            kind = "OnAccountSuppressionList" if self.is_suppressed else "General"
            bounce = {"bounceType": "Permanent", "bounceSubType": kind, "bouncedRecipients": recipients}
            return {"eventType": "Bounce", "mail": mail, "bounce": bounce}
        if self.outcome == "COMPLAINT":
            recipients = [{"emailAddress": self.to}]
            return {"eventType": "Complaint", "mail": mail, "complaint": {"complainedRecipients": recipients}}
        return {"eventType": "Delivery", "mail": mail, "delivery": {"recipients": [self.to]}}


class Ses:
    """Runs before moto: answers `GetAccount` and the suppression list, and keeps mail data that moto drops."""

    def __init__(self, app: Wsgi) -> None:
        self._app = app
        self.mails: deque[AcceptedMail] = deque()
        self.today = 0  # accepted mails
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.suppressions: dict[str, tuple[str, datetime]] = {}  # by address: reason, time

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        if environ["PATH_INFO"] == "/v2/email/account":
            start_response("200 OK", [("Content-Type", "application/json")])
            return [json.dumps(self._account()).encode()]
        if environ["PATH_INFO"] == "/v2/email/outbound-emails":
            return self._send(environ, start_response)
        if environ["PATH_INFO"].startswith(_SUPPRESSED):
            status, content = self._suppression(environ)
            more = [("x-amzn-errortype", "NotFoundException")] if status == _ABSENT else []
            start_response(status, [("Content-Type", "application/json"), *more])
            return [json.dumps(content).encode()]
        return self._app(environ, start_response)

    def _suppression(self, environ: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """Put an address on the list, read its entry, or remove it."""
        method = environ["REQUEST_METHOD"]
        if method == "PUT":
            request = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
            self._suppress(request["EmailAddress"], request["Reason"])
            return "200 OK", {}
        email = unquote(environ["PATH_INFO"].removeprefix(f"{_SUPPRESSED}/"))
        if email not in self.suppressions:
            return _ABSENT, {"message": "Email address is not on the list."}
        reason, at = self.suppressions[email]
        if method == "DELETE":
            del self.suppressions[email]
            return "200 OK", {}
        destination = {"EmailAddress": email, "Reason": reason, "LastUpdateTime": at.timestamp(), "Attributes": {}}
        return "200 OK", {"SuppressedDestination": destination}

    def _suppress(self, email: str, reason: str) -> None:
        self.suppressions[email] = (reason, self.clock())

    def _account(self) -> dict[str, Any]:
        quota = {"Max24HourSend": MAILS_A_DAY, "MaxSendRate": MAILS_A_SECOND, "SentLast24Hours": self.today}
        return {"SendQuota": quota, "SendingEnabled": True, "ProductionAccessEnabled": True}

    def _send(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(raw)

        def start_and_accept(status: str, *more: Any) -> Any:  # noqa: ANN401 - WSGI's arguments
            if status.startswith(_OK):
                self._accept(json.loads(raw))
            return start_response(status, *more)

        return self._app(environ, start_and_accept)

    def _accept(self, message: dict[str, Any]) -> None:
        self.today += 1
        if "ConfigurationSetName" in message:  # without one, SES publishes no events
            tags = {tag["Name"]: tag["Value"] for tag in message.get("EmailTags", [])}
            for to in message["Destination"]["ToAddresses"]:
                mail = AcceptedMail(to, tags, is_suppressed=to in self.suppressions)
                self.mails.append(mail)
                if mail.outcome and not mail.is_suppressed:
                    self._suppress(to, mail.outcome)
