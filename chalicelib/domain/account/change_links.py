"""The link of a notice: of which change of which account, told to which mailbox; sealed (docs/decisions/0056)."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.account.sealing import Seal
from chalicelib.domain.family.corrections import Correction
from chalicelib.values import frozen

Kind = Literal["emails", "password"]

LIFETIME: Final = timedelta(days=7)
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

    The same link is always sealed alike.
    """

    def __init__(self, key: str, pseudonyms: Pseudonyms) -> None:
        self._seal = Seal(key, "change link")
        self._pseudonyms = pseudonyms

    def facts(self, account: AccountRef, change: Correction, email: str) -> dict[str, Any]:
        """Give the facts of the letter that tells one address of a change: the link, and until when it is good."""
        link = ChangeLink.of(account, change, self._pseudonyms.of_mailbox(email))
        return {"not_me": self.seal(link), "not_me_until": link.expires_at}

    def seal(self, link: ChangeLink) -> str:
        """Write a link as one part of an address."""
        at = f"{int(link.at.timestamp()):x}"
        facts = (link.what, link.mark, at, link.mailbox, link.account.site, link.account.identifier)
        return base64.urlsafe_b64encode(self._seal.seal(*facts)).decode().rstrip("=")

    def open(self, sealed: str, now: datetime) -> ChangeLink | None:
        """Read a link; None where it is none of ours, or expired."""
        try:
            whole = base64.b64decode(sealed + "=" * (-len(sealed) % 4), b"-_", validate=True)
        except ValueError:
            return None
        words = self._seal.open(whole)
        if words is None:
            return None
        what, mark, at, mailbox, site, identifier = words
        moment = datetime.fromtimestamp(int(at, 16), UTC)
        link = ChangeLink(AccountRef(site, identifier), _KINDS[what], mark, moment, mailbox)
        return link if now < link.expires_at else None


def _mark(decision: str) -> str:
    return hashlib.sha256(decision.encode()).hexdigest()[:16]
