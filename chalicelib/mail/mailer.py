"""The mailer: sends a letter through SES."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC
from typing import TYPE_CHECKING, Final, TypedDict

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, SSLError

from chalicelib.domain.account.accounts import AccountRef, Failure, Suppression
from chalicelib.domain.refusals import Unavailable
from chalicelib.mail.letters import Letter
from chalicelib.values import frozen

if TYPE_CHECKING:
    from email.policy import Policy

    from types_boto3_sesv2 import SESV2Client
    from types_boto3_sesv2.type_defs import MessageTagTypeDef

    class _Tracking(TypedDict, total=False):
        ConfigurationSetName: str
        EmailTags: list[MessageTagTypeDef]


_WORD_LENGTH: Final = 75  # of an encoded word: RFC 2047, section 2
_TAG_LENGTH = 256  # the limit of SES
_SUPPRESSED: Final[Mapping[str, Failure]] = {"BOUNCE": "bounced", "COMPLAINT": "complained"}
_SERVER_ERRORS: Final = 500


class Unanswered(Unavailable):
    """The request may have been sent and its answer was lost: its outcome is unknown."""


class Undeliverable(Exception):
    """A letter that SES refuses for its address: no retry can succeed."""


@frozen
class Quota:
    """The limits of SES: mails a second, and those left within 24 hours (None: unlimited)."""

    a_second: float
    left_today: int | None
    is_sending: bool  # false while AWS has paused the account


def tags(account: AccountRef) -> dict[str, str]:
    """Name an account in SES's alphabet: the identifier in hexadecimal. Empty if it is too long for a tag."""
    identifier = account.identifier.encode().hex()
    return {"site": account.site, "identifier": identifier} if len(identifier) <= _TAG_LENGTH else {}


class TooFast(Unavailable):
    """SES refused a mail only for its rate: the same one may be sent a moment later."""


class Mailer:
    """Sends letters from the network's one address."""

    def __init__(
        self,
        client: "Callable[[], SESV2Client]",
        sender: str,
        address: str,
        configuration_set: str | None = None,
        pauses: tuple[float, ...] = (),
    ) -> None:
        self._client = client
        self._sender = sender
        self._address = address
        self._configuration_set = configuration_set
        self._pauses = pauses  # seconds, before each further try of a mail refused only for its rate

    def send(self, letter: Letter, account: AccountRef, more: Mapping[str, str] | None = None) -> None:
        """Send one letter about an account, text and HTML. SES returns the account's name with delivery events.

        `more` is returned too, in SES's alphabet (letters, digits, `-` and `_`). Raises `Undeliverable` for a final
        refusal, `Unavailable` if SES did not accept the letter this time, `Unanswered` if that is unknown.
        """
        if not letter.to.isascii():
            raise Undeliverable  # SES does not support SMTPUTF8 (RFC 6531)
        message, tracking = self._message(letter), self._tracking(account, more)
        for pause in self._pauses:
            try:
                self._hand_over(letter.to, message, tracking)
            except TooFast:
                time.sleep(pause)
            else:
                return
        self._hand_over(letter.to, message, tracking)

    def _hand_over(self, to: str, message: bytes, tracking: "_Tracking") -> None:
        try:
            answer = self._client().send_email(
                FromEmailAddress=self._address,
                Destination={"ToAddresses": [to]},
                Content={"Raw": {"Data": message}},
                **tracking,
            )
        except Exception as error:  # noqa: BLE001 - no answer, or an invalid one
            raise _refusal(error) from None  # the message of SES may contain the address
        if not answer.get("MessageId"):
            raise Unanswered("ses took nothing")

    def quota(self) -> Quota:
        """Read the limits of SES. Raises `Unavailable`."""
        try:
            account = self._client().get_account()
        except Exception as error:  # noqa: BLE001 - the same
            raise _refusal(error) from None
        quota = account["SendQuota"]
        limit = quota["Max24HourSend"]  # -1: no limit
        mails_left = None if limit < 0 else max(0, int(limit - quota["SentLast24Hours"]))
        return Quota(quota["MaxSendRate"], mails_left, account["SendingEnabled"])

    def suppression(self, email: str) -> Suppression | None:
        """Find the suppression of an address by SES. Raises `Unavailable`, with AWS's own error as its cause."""
        try:
            answer = self._client().get_suppressed_destination(EmailAddress=email)
        except Exception as error:
            if _is_not_listed(error):
                return None
            raise _refusal(error) from error
        destination = answer["SuppressedDestination"]
        return Suppression(
            _SUPPRESSED.get(destination["Reason"], "bounced"), destination["LastUpdateTime"].astimezone(UTC)
        )

    def lift(self, email: str) -> None:
        """Remove an address from SES's suppression list. Idempotent. Raises `Unavailable`, as above."""
        try:
            self._client().delete_suppressed_destination(EmailAddress=email)
        except Exception as error:
            if not _is_not_listed(error):
                raise _refusal(error) from error

    def _tracking(self, account: AccountRef, more: Mapping[str, str] | None) -> "_Tracking":
        if self._configuration_set is None:
            return {}
        labels = tags(account)
        labels |= more or {} if labels else {}
        return {
            "ConfigurationSetName": self._configuration_set,
            "EmailTags": [{"Name": name, "Value": value} for name, value in labels.items()],
        }

    def _message(self, letter: Letter) -> bytes:
        # Imported here: every start loads a mailer, but few functions send a mail (docs/performance.md).
        from email.message import EmailMessage  # noqa: PLC0415
        from email.policy import SMTP  # noqa: PLC0415

        message = EmailMessage(policy=SMTP)
        message["From"] = self._sender
        message["To"] = letter.to
        message["Subject"] = letter.subject  # refused if it has a line break
        message.replace_header("Subject", _Subject(letter.subject))
        message["Date"] = letter.at
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: prevents holiday replies
        message.set_content(letter.text, cte="quoted-printable")
        message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
        message["Content-Language"] = "fr"  # last: setting the content drops its headers
        return message.as_bytes()


class _Subject(str):
    """A subject that folds itself: `EmailMessage` adds a blank before an encoded word where it folds (Python 3.13)."""

    __slots__ = ()
    name = "Subject"

    def fold(self, *, policy: "Policy") -> str:
        """Write the header, in lines that no reader joins otherwise."""
        from email.header import Header  # noqa: PLC0415 - as the message

        charset = "us-ascii" if self.isascii() else "utf-8"
        words = Header(str(self), charset, _WORD_LENGTH, self.name).encode(linesep=policy.linesep)
        return f"{self.name}: {words}{policy.linesep}"


def _is_not_listed(error: Exception) -> bool:
    """Whether SES's list does not have the address, or cannot, as it is invalid to SES."""
    codes = {"NotFoundException", "BadRequestException"}
    return isinstance(error, ClientError) and error.response["Error"]["Code"] in codes


def _refusal(error: Exception) -> Exception:
    """Distinguish a mail that was certainly not sent from one of unknown outcome: an answer lost, or a fault of SES."""
    if isinstance(error, ClientError):
        code = error.response["Error"]["Code"]
        if code == "BadRequestException":
            return Undeliverable()
        if code == "TooManyRequestsException":
            return TooFast(f"ses {code}")
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return (Unanswered if status >= _SERVER_ERRORS else Unavailable)(f"ses {code}")
    is_lost = isinstance(error, HTTPClientError | SSLError) or not isinstance(error, BotoCoreError)  # or invalid
    return (Unanswered if is_lost else Unavailable)(f"ses {type(error).__name__}")
