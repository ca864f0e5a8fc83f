"""Access by the helpdesk: end waits, close or open an account, mail a password that the staff never sees or sets."""

import secrets
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.audit import Author
from chalicelib.domain.account.coordinates import record_methods_change
from chalicelib.domain.account.identifiers import email_from
from chalicelib.domain.account.logins import opening_emails
from chalicelib.domain.account.rate_limits import MAIL_OF_ACCOUNT
from chalicelib.domain.family.corrections import Actor, Correction, new_decision
from chalicelib.domain.refusals import Unavailable
from chalicelib.mail.account_jobs import LostPassword, MethodsChanged
from chalicelib.mail.outbox import Outbox
from chalicelib.office.account import audit, check_author, find_login
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.mails import jobs_to_each
from chalicelib.services.staff import StaffServices as Services
from chalicelib.values import frozen

# Two letters of one request leave two valid passwords. A third would displace the first.
_LETTERS_AT_ONCE: Final = 2


@frozen
class HelpdeskCase:
    """An account, as the secretary typed it, with the author and reason of the act."""

    identifier: str
    site: str | None
    author: Author


class MethodsRemoval:
    """The trace of the passkeys and links that an act removes, and its notices, posted once to each address."""

    def __init__(self, services: Services, actor: Actor, now: datetime) -> None:
        self._services = services
        self._actor = actor
        self._now = now
        self.decision = new_decision()
        self._notices = Outbox(services.post_box)

    def record(self, before: Account, after: Account) -> Account:
        """Add the trace, if there were any."""
        trace = Correction("sign_in", (), (), self._actor, self._now, self.decision)
        return record_methods_change(before, after, trace)

    def notify(self, _before: Account, after: Account) -> None:
        """Post the notices before the write, to the addresses of the login after it. Raises `Unavailable`."""
        if any((one.what, one.decision) == ("sign_in", self.decision) for one in after.access_corrections):
            account = replace(after, emails=opening_emails(after))
            job, request = partial(MethodsChanged, decision=self.decision), f"desk-{secrets.token_hex(8)}"
            self._notices.post(*jobs_to_each(self._services, account, job, request, self._now))


def unlock(services: Services, case: HelpdeskCase, now: datetime) -> bool:
    """Forget the tries at an account, so that its family need not wait. Returns whether there were any.

    Raises `OfficeRefusal`.
    """
    author = check_author(case.author)
    account = find_login(services, case.identifier, case.site)
    attempts = services.attempts.at(account.ref)
    if attempts:
        audit(services, account.ref, "unlocked", author, now)
    for tries in attempts:
        services.database.write_together(services.attempts.clear(tries))
    return bool(attempts)


def switch(services: Services, case: HelpdeskCase, now: datetime, *, is_disabled: bool) -> bool:
    """Close an account, which ends its sessions, or open it again. Returns whether it changed.

    Raises `OfficeRefusal`.
    """
    author = check_author(case.author)
    account = find_login(services, case.identifier, case.site)
    if account.disabled == is_disabled:
        return False
    audit(services, account.ref, "disabled" if is_disabled else "enabled", author, now)
    change = services.accounts.revise(
        account.ref,
        lambda found: found if found.disabled == is_disabled else found.with_disabled(is_disabled=is_disabled),
        account,
        services.accounts.follow_guardians,
    )
    if change is None:
        raise OfficeRefusal("family_vanished", typed=case.identifier)
    return change[1] is not change[0]


def remove_methods(services: Services, case: HelpdeskCase, now: datetime) -> bool:
    """Remove all passkeys and FranceConnect links of a login, which ends its sessions. Raises `OfficeRefusal`.

    A notice is mailed to the addresses of the login. Idempotent: returns whether there were any.
    """
    author = check_author(case.author)
    account = find_login(services, case.identifier, case.site)
    if not account.has_login_methods:
        return False
    audit(services, account.ref, "sign_in_changed", author, now)
    removal = MethodsRemoval(services, Actor("office", author.who), now)
    change = services.accounts.revise(
        account.ref, lambda found: removal.record(found, found.without_login_methods()), account, removal.notify
    )
    if change is None:
        raise OfficeRefusal("family_vanished", typed=case.identifier)
    return change[1] is not change[0]


@frozen
class ResentPassword:
    """The addresses that get passwords, and the login's others: failing, or above the limit of a letter."""

    account: Account
    to: tuple[str, ...]
    left_out: tuple[str, ...]


def resend(services: Services, case: HelpdeskCase, to: str | None, now: datetime) -> ResentPassword:
    """Mail a password to the working addresses on file, as « Mot de passe perdu » does. Raises `OfficeRefusal`.

    The consumer writes the letters, under the same limits. `to`: one address on file, even a failing one.
    """
    author = check_author(case.author)
    account = find_login(services, case.identifier, case.site)
    addresses = _recipients(services, account, to)
    _check_open(account, now)
    addresses = _without_suppressed(services, account, addresses)
    audit(services, account.ref, "resent", author, now)
    request_id = f"desk-{secrets.token_hex(8)}"
    mailboxes = (services.record.pseudonyms.of_mailbox(address) for address in addresses)
    services.post_box.post(
        *(
            LostPassword(request=request_id, asked_at=now, identifier=account.ref.identifier, mailbox=mailbox)
            for mailbox in mailboxes
        )
    )
    left_out = tuple(email for email in opening_emails(account) if email not in addresses)
    return ResentPassword(account, addresses, left_out)


def _recipients(services: Services, account: Account, to: str | None) -> tuple[str, ...]:
    emails = opening_emails(account)
    if to is not None:
        address = email_from(to)
        if address not in account.emails:
            raise OfficeRefusal("email_not_on_file", email=to, emails=account.emails)
        if address not in emails:
            raise OfficeRefusal("resend_to_another", email=address)
        return (address,)
    addresses = tuple(e for e in account.reachable(services.record.pseudonyms) if e in emails)[:_LETTERS_AT_ONCE]
    if not addresses:
        _without_suppressed(services, account, account.emails)  # SES's own suppression has a separate remedy
        raise OfficeRefusal("resend_nowhere", typed=account.ref.identifier)
    return addresses


def _without_suppressed(services: Services, account: Account, addresses: tuple[str, ...]) -> tuple[str, ...]:
    """Remove the addresses suppressed by SES. If SES does not answer, keep them all. Raises `OfficeRefusal`."""
    try:
        open_addresses = tuple(email for email in addresses if services.mailer.suppression(email) is None)
    except Unavailable:
        return addresses
    if addresses and not open_addresses:
        raise OfficeRefusal("resend_suppressed", typed=account.ref.identifier, emails=addresses)
    return open_addresses


def _check_open(account: Account, now: datetime) -> None:
    if account.disabled:
        raise OfficeRefusal("resend_disabled", typed=account.ref.identifier)
    until = MAIL_OF_ACCOUNT.waits_until(tuple(letter.at for letter in account.letters), now)
    if until:
        raise OfficeRefusal("resend_too_soon", until=until, now=now)
