"""A mailbox: the accounts that may have its address, and the recent letters that listed them."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.account.accounts import AccountRef, MailedLetter
from chalicelib.domain.account.rate_limits import MAIL_OF_ACCOUNT
from chalicelib.values import frozen


@frozen
class Mailbox:
    """One e-mail address by its pseudonym. `refs`: all accounts that have it on file or once had it.

    `has_unread`: entries of another version exist, whose accounts this version cannot read.
    """

    pseudonym: str
    refs: tuple[AccountRef, ...] = ()
    letters: tuple[MailedLetter, ...] = ()
    has_unread: bool = False

    def may_be_mailed(self, request: str, now: datetime) -> bool:
        """Whether a letter may be sent, under the limit of mailed passwords. A redelivered request may go on."""
        is_known = any(letter.request == request for letter in self.letters)
        return is_known or MAIL_OF_ACCOUNT.waits_until(tuple(letter.at for letter in self.letters), now) is None

    def with_letter(self, request: str, now: datetime) -> "Mailbox":
        """Count a letter. Idempotent for a redelivered request."""
        if any(letter.request == request for letter in self.letters):
            return self
        recent = (letter for letter in self.letters if letter.at > now - MAIL_OF_ACCOUNT.window)
        return replace(self, letters=(*recent, MailedLetter(request, now)))
