"""The link of a notice: of which change of which account, told to which mailbox; sealed (docs/decisions/0056)."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.family.corrections import Correction
from chalicelib.values import frozen

Kind = Literal["emails", "password"]

LIFETIME: Final = timedelta(days=7)
_TAG: Final = 16  # bytes
_BETWEEN: Final = "\0"
_KINDS: Final[dict[str, Kind]] = {"emails": "emails", "password": "password"}


@frozen
class ChangeLink:
    """A change as the notice of one mailbox (a pseudonym) tells of it; `mark`: of the name of its decision."""

    account: AccountRef
    what: Kind
    mark: str
    at: datetime
    mailbox: str

    @classmethod
    def of(cls, account: AccountRef, change: Correction, mailbox: str) -> "ChangeLink":
        """Make the link of a change of addresses or of the password."""
        return cls(account, _KINDS[change.what], _mark(change.decision), change.at, mailbox)

    @property
    def expires_at(self) -> datetime:
        """Until when it is good."""
        return self.at + LIFETIME

    def is_of(self, change: Correction) -> bool:
        """Whether it is of this very change."""
        return (change.what, _mark(change.decision)) == (self.what, self.mark)


class ChangeLinks:
    """Seals links under a key of the deployment: nobody makes one, nor reads whose it is in an address or a log.

    A synthetic initialisation vector (RFC 5297's construction): an HMAC-SHA-256 of the content, that is the proof too,
    and the content under the stream that follows from it. The same link is always sealed alike.
    """

    def __init__(self, key: str, pseudonyms: Pseudonyms) -> None:
        self._proof, self._stream = (
            hmac.new(key.encode(), use, hashlib.sha256).digest() for use in (b"change link", b"change link's content")
        )
        self._pseudonyms = pseudonyms

    def facts(self, account: AccountRef, change: Correction, email: str) -> dict[str, Any]:
        """Give the facts of the letter that tells one address of a change: the link, and until when it is good."""
        link = ChangeLink.of(account, change, self._pseudonyms.of_mailbox(email))
        return {"not_me": self.seal(link), "not_me_until": link.expires_at}

    def seal(self, link: ChangeLink) -> str:
        """Write a link as one part of an address."""
        at = f"{int(link.at.timestamp()):x}"
        facts = (link.what, link.mark, at, link.mailbox, link.account.site, link.account.identifier)
        content = _BETWEEN.join(facts).encode()
        tag = self._tag(content)
        return base64.urlsafe_b64encode(tag + self._mask(tag, content)).decode().rstrip("=")

    def open(self, sealed: str, now: datetime) -> ChangeLink | None:
        """Read a link; None where it is none of ours, or expired."""
        try:
            whole = base64.b64decode(sealed + "=" * (-len(sealed) % 4), b"-_", validate=True)
        except ValueError:
            return None
        tag, content = whole[:_TAG], self._mask(whole[:_TAG], whole[_TAG:])
        if not hmac.compare_digest(tag, self._tag(content)):
            return None
        what, mark, at, mailbox, site, identifier = content.decode().split(_BETWEEN)
        moment = datetime.fromtimestamp(int(at, 16), UTC)
        link = ChangeLink(AccountRef(site, identifier), _KINDS[what], mark, moment, mailbox)
        return link if now < link.expires_at else None

    def _tag(self, content: bytes) -> bytes:
        return hmac.new(self._proof, content, hashlib.sha256).digest()[:_TAG]

    def _mask(self, tag: bytes, content: bytes) -> bytes:
        stream = hashlib.shake_256(self._stream + tag).digest(len(content))
        return bytes(one ^ other for one, other in zip(content, stream, strict=True))


def _mark(decision: str) -> str:
    return hashlib.sha256(decision.encode()).hexdigest()[:16]
