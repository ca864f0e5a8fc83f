"""The secretary on the telephone: waits ended, an account closed or opened, a password sent; never seen, never set."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.audit import Author
from chalicelib.domain.account.identifiers import email_from
from chalicelib.domain.account.rate_limits import MAIL_OF_ACCOUNT
from chalicelib.domain.refusals import Unavailable
from chalicelib.mail.jobs import LostPassword
from chalicelib.office.account import account_called, checked, note
from chalicelib.office.refused import Refused
from chalicelib.services import Services
from chalicelib.texts import retry_at

# Two letters of one request leave two passwords that both work; a third would push out the first.
_LETTERS_AT_ONCE: Final = 2


@dataclass(frozen=True)
class Asked:
    """Which account, as the secretary typed it, and who asks why."""

    identifier: str
    site: str | None
    author: Author


@dataclass(frozen=True)
class Done:
    """The account an act was about, as it was before, and whether there was anything to do."""

    account: Account
    changed: bool


def unlock(services: Services, asked: Asked, now: datetime) -> Done:
    """Forget the tries at an account: the family need not wait. Raises `Refused`."""
    author = checked(asked.author)
    account = account_called(services, asked.identifier, asked.site)
    found = services.attempts.at(account.ref)
    if found:
        note(services, account.ref, "unlocked", author, now)
    for tries in found:
        services.database.write_together(services.attempts.clear(tries))
    return Done(account, bool(found))


def switch(services: Services, asked: Asked, now: datetime, *, disabled: bool) -> Done:
    """Close an account, which ends its sessions, or open it again. Raises `Refused`."""
    author = checked(asked.author)
    account = account_called(services, asked.identifier, asked.site)
    if account.disabled == disabled:
        return Done(account, changed=False)
    note(services, account.ref, "disabled" if disabled else "enabled", author, now)
    if services.accounts.revise(account.ref, lambda found: _switched(found, disabled=disabled), account) is None:
        raise Refused("family_vanished", typed=asked.identifier)
    return Done(account, changed=True)


def _switched(account: Account, *, disabled: bool) -> Account:
    return account if account.disabled == disabled else account.switched(disabled=disabled)


@dataclass(frozen=True)
class Resent:
    """Where passwords were sent, and which addresses on file were left out: failing, or more than a letter reaches."""

    account: Account
    to: tuple[str, ...]
    left_out: tuple[str, ...]


def resend(services: Services, asked: Asked, to: str | None, now: datetime) -> Resent:
    """Have a password mailed to the addresses on file that work, as « Mot de passe perdu » does. Raises `Refused`.

    The consumer writes the letters, under the same limits; `to` is one address on file, even one that fails.
    """
    author = checked(asked.author)
    account = account_called(services, asked.identifier, asked.site)
    addresses = _recipients(services, account, to)
    _check_open(account, now)
    addresses = _served(services, account, addresses)
    note(services, account.ref, "resent", author, now)
    request = f"desk-{secrets.token_hex(8)}"
    mailboxes = (services.record.pseudonyms.of_mailbox(address) for address in addresses)
    services.post_box.post(
        *(
            LostPassword(request=request, asked_at=now, identifier=account.ref.identifier, mailbox=mailbox)
            for mailbox in mailboxes
        )
    )
    left_out = tuple(email for email in account.emails if email not in addresses)
    return Resent(account, addresses, left_out)


def _recipients(services: Services, account: Account, to: str | None) -> tuple[str, ...]:
    if to is not None:
        address = email_from(to)
        if address not in account.emails:
            raise Refused("email_not_on_file", email=to, emails=", ".join(account.emails) or "aucune")
        return (address,)
    addresses = account.reachable(services.record.pseudonyms)[:_LETTERS_AT_ONCE]
    if not addresses:
        _served(services, account, account.emails)  # what SES itself stops has a remedy of its own
        raise Refused("resend_nowhere", typed=account.ref.identifier)
    return addresses


def _served(services: Services, account: Account, addresses: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out addresses that SES writes to no more; where it does not say, a mail may leave. Raises `Refused`."""
    try:
        served = tuple(email for email in addresses if services.mailer.suppression(email) is None)
    except Unavailable:
        return addresses
    if addresses and not served:
        raise Refused("resend_suppressed", typed=account.ref.identifier, emails=", ".join(addresses))
    return served


def _check_open(account: Account, now: datetime) -> None:
    if account.disabled:
        raise Refused("resend_disabled", typed=account.ref.identifier)
    until = MAIL_OF_ACCOUNT.waits_until(tuple(letter.at for letter in account.letters), now)
    if until:
        raise Refused("resend_too_soon", until=retry_at(until, now))
