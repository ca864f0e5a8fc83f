"""An address that SES writes to no more, for a mail came back or was complained of: lifted once it is mended."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.domain.account.accounts import Account, AccountRef, FailingMailbox, Suppression
from chalicelib.domain.account.audit import Author
from chalicelib.domain.account.identifiers import email_from
from chalicelib.office.account import account_called, checked, note
from chalicelib.office.desk.access import Asked
from chalicelib.office.refused import Refused
from chalicelib.services import Services


@dataclass(frozen=True)
class Stopped:
    """An address on file of an account; why SES writes to it no more, if so; how mails failed it, if they did."""

    account: Account
    email: str = field(repr=False)
    suppression: Suppression | None
    mark: FailingMailbox | None

    @property
    def is_complaint(self) -> bool:
        """Whether its owner asked for no more of our mails, which only the family can take back."""
        return any(each.kind == "complained" for each in (self.suppression, self.mark) if each)


@dataclass(frozen=True)
class Lifted:
    """What was lifted: at SES, on the account, and on which other accounts with the same address."""

    stopped: Stopped
    others: tuple[AccountRef, ...]

    @property
    def changed(self) -> bool:
        """Whether there was anything to lift."""
        return bool(self.stopped.suppression or self.stopped.mark or self.others)


def stopped_address(services: Services, asked: Asked, typed: str | None) -> Stopped:
    """Find the address that mails no longer go to: the one that was typed, or the only one. Raises `Refused`."""
    account = account_called(services, asked.identifier, asked.site)
    found = [_stopped(services, account, email) for email in _named(account, typed)]
    if len(found) > 1:
        found = [each for each in found if each.suppression or each.mark] or found
    if len(found) != 1:
        raise Refused("unsuppress_which", emails=", ".join(account.emails) or "aucune")
    return found[0]


def lift(services: Services, author: Author, stopped: Stopped, now: datetime, advance: Callable[[], None]) -> Lifted:
    """Let SES write to an address again, and forget on every account that mails failed it. Raises `Refused`.

    SES first: a fault after it leaves marks, which the same command, typed again, takes away. A mail that comes back
    from now on marks the address anew. `advance` is called for each account that was looked at.
    """
    author = checked(author)
    mailbox = services.record.pseudonyms.of_mailbox(stopped.email)
    if stopped.suppression or stopped.mark:
        note(services, stopped.account.ref, "unsuppressed", author, now)
    if stopped.suppression:
        services.mailer.lift(stopped.email)
    if stopped.mark:
        _forget(services, stopped.account, mailbox, now)
    others = []
    for account in services.accounts.all():
        advance()
        if account.ref != stopped.account.ref and any(each.mailbox == mailbox for each in account.failing):
            note(services, account.ref, "unsuppressed", author, now)
            _forget(services, account, mailbox, now)
            others.append(account.ref)
    return Lifted(stopped, tuple(others))


def _forget(services: Services, account: Account, mailbox: str, now: datetime) -> None:
    services.accounts.revise(account.ref, lambda found: found.without_failing(mailbox, now), account)


def _named(account: Account, typed: str | None) -> tuple[str, ...]:
    if typed is None:
        return account.emails
    email = email_from(typed) or typed
    if email not in account.emails:
        raise Refused("email_not_on_file", email=typed, emails=", ".join(account.emails) or "aucune")
    return (email,)


def _stopped(services: Services, account: Account, email: str) -> Stopped:
    mailbox = services.record.pseudonyms.of_mailbox(email)
    mark = next((each for each in account.failing if each.mailbox == mailbox), None)
    return Stopped(account, email, services.mailer.suppression(email), mark)
