"""The mailer: sends a letter through SES."""

from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING, TypedDict

from botocore.exceptions import ClientError

from chalicelib.domain.accounts import AccountRef
from chalicelib.domain.refusals import Unavailable, Undeliverable
from chalicelib.mail.letters import Letter

if TYPE_CHECKING:
    from types_boto3_sesv2 import SESV2Client
    from types_boto3_sesv2.type_defs import MessageTagTypeDef

    class _Followed(TypedDict, total=False):
        ConfigurationSetName: str
        EmailTags: list[MessageTagTypeDef]


_TAG_LENGTH = 256  # what SES takes


def tags(account: AccountRef) -> dict[str, str]:
    """Name an account in SES's alphabet: the identifier in hexadecimal. Nothing for one that no tag can hold."""
    identifier = account.identifier.encode().hex()
    return {"site": account.site, "identifier": identifier} if len(identifier) <= _TAG_LENGTH else {}


class Mailer:
    """Sends letters from the network's one address."""

    def __init__(
        self, client: "Callable[[], SESV2Client]", sender: str, address: str, configuration_set: str | None = None
    ) -> None:
        self._client = client
        self._sender = sender
        self._address = address
        self._configuration_set = configuration_set

    def send(self, letter: Letter, account: AccountRef) -> None:
        """Send one letter about an account, text and HTML; if it comes back, SES says which account it was about.

        Raises `Unavailable`, or `Undeliverable` if SES says that it never will.
        """
        if not letter.to.isascii():
            raise Undeliverable  # SES knows no SMTPUTF8 (RFC 6531)
        message = self._message(letter)
        try:
            answer = self._client().send_email(
                FromEmailAddress=self._address,
                Destination={"ToAddresses": [letter.to]},
                Content={"Raw": {"Data": message}},
                **self._followed(account),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "BadRequestException":
                raise Undeliverable from error
            raise Unavailable(f"ses {error.response['Error']['Code']}") from error
        except Exception as error:  # no answer, or one that makes no sense
            raise Unavailable(f"ses {type(error).__name__}") from error
        if not answer.get("MessageId"):
            raise Unavailable("ses took nothing")

    def _followed(self, account: AccountRef) -> "_Followed":
        if self._configuration_set is None:
            return {}
        return {
            "ConfigurationSetName": self._configuration_set,
            "EmailTags": [{"Name": name, "Value": value} for name, value in tags(account).items()],
        }

    def _message(self, letter: Letter) -> bytes:
        message = EmailMessage(policy=SMTP)
        message["From"] = self._sender
        message["To"] = letter.to
        message["Subject"] = letter.subject
        message["Date"] = letter.at
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday reply comes back
        message.set_content(letter.text, cte="quoted-printable")
        message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
        message["Content-Language"] = "fr"  # last: setting the content drops what speaks of it
        return message.as_bytes()
