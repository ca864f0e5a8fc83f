"""A mailbox as its accounts are found by it: whose address it may be, and the letters that told so lately."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.account.accounts import AccountRef, MailedLetter
from chalicelib.domain.account.rate_limits import MAIL_OF_ACCOUNT
from chalicelib.values import frozen


@frozen
class Mailbox:
    """One e-mail address by its pseudonym. `refs`: the accounts that have it on file or once had it, never fewer.

    `has_unread`: entries of another version are there too, which name no account to this one.
    """

    pseudonym: str
    refs: tuple[AccountRef, ...] = ()
    letters: tuple[MailedLetter, ...] = ()
    has_unread: bool = False

    def may_be_mailed(self, request: str, now: datetime) -> bool:
        """Whether a letter may leave, as a password may; a request that is delivered again may go on."""
        known = any(letter.request == request for letter in self.letters)
        return known or MAIL_OF_ACCOUNT.waits_until(tuple(letter.at for letter in self.letters), now) is None

    def with_letter(self, request: str, now: datetime) -> "Mailbox":
        """Count a letter; one of a request that is delivered again is counted already."""
        if any(letter.request == request for letter in self.letters):
            return self
        recent = (letter for letter in self.letters if letter.at > now - MAIL_OF_ACCOUNT.window)
        return replace(self, letters=(*recent, MailedLetter(request, now)))
