"""The signed link of a notice: the change, the account and the mailbox it was sent to (docs/decisions/0056)."""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.keys import KeyRing
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.family.corrections import Correction
from chalicelib.domain.refusals import Refusal
from chalicelib.values import frozen

Kind = Literal["emails", "password", "sign_in"]

LIFETIME: Final = timedelta(days=7)
_LINK: Final = re.compile(
    r"(emails|password|sign_in)-([0-9a-f]{16})-([0-9a-f]{8})-([0-9a-f]{20})-([0-9a-f]{20})-(\d{1,3})-([\w-]{24})",
    re.ASCII,
)
_KINDS: Final[dict[str, Kind]] = {"emails": "emails", "password": "password", "sign_in": "sign_in"}


class LinkGone(Refusal):
    """The link of a notice is invalid, too old, or no longer effective. The answer never shows which."""

    code = "link_gone"


@frozen
class ChangeLink:
    """A change, as notified to one mailbox. `account`, `mailbox`: pseudonyms. `mark`: a hash of its decision."""

    account: str
    what: Kind
    mark: str
    at: datetime
    mailbox: str

    @classmethod
    def of(cls, account: str, change: Correction, mailbox: str) -> "ChangeLink":
        """Make the link of a change of addresses, of the password or of another login method."""
        return cls(account, _KINDS[change.what], _mark(change.decision), change.at, mailbox)

    @property
    def expires_at(self) -> datetime:
        """When the link expires."""
        return self.at + LIFETIME

    def is_of(self, change: Correction) -> bool:
        """Whether the link is about this change."""
        return (change.what, _mark(change.decision)) == (self.what, self.mark)


class ChangeLinks:
    """Signs links under the keys of `change-links`. A link shows no account or mailbox in clear, and cannot be forged.

    The same change, account and mailbox always give the same link.
    """

    def __init__(self, keys: KeyRing, pseudonyms: Pseudonyms) -> None:
        self._keys = keys
        self._pseudonyms = pseudonyms

    def facts(self, account: AccountRef, change: Correction, email: str) -> dict[str, Any]:
        """Make the facts for a letter about a change to one address: the link and its expiry."""
        pseudonym = self._pseudonyms.of(account.site, account.identifier)
        link = ChangeLink.of(pseudonym, change, self._pseudonyms.of_mailbox(email))
        return {"not_me": self.sign(link), "not_me_until": link.expires_at}

    def sign(self, link: ChangeLink) -> str:
        """Write a link as one URL segment."""
        words = (link.what, link.mark, f"{int(link.at.timestamp()):x}", link.mailbox, link.account)
        return "-".join((*words, *self._keys.sign(*words).split(".")))

    def open(self, text: str, now: datetime) -> ChangeLink | None:
        """Read a link. None if it is invalid or expired."""
        match = _LINK.fullmatch(text)
        if match is None:
            return None
        *words, version, signature = match.groups()
        if not self._keys.verify(f"{version}.{signature}", *words):
            return None
        kind, mark, at, mailbox, account = words
        link = ChangeLink(account, _KINDS[kind], mark, datetime.fromtimestamp(int(at, 16), UTC), mailbox)
        return link if now < link.expires_at else None


def _mark(decision: str) -> str:
    return hashlib.sha256(decision.encode()).hexdigest()[:16]
