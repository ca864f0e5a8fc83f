"""An address on file changed by the office: the notices to the former ones posted first, then one write changes all."""

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime
from functools import partial

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.coordinates import last_correction, record_corrections
from chalicelib.domain.account.email_addresses import EmailChange, apply_email_change
from chalicelib.domain.account.identifiers import email_from
from chalicelib.domain.account.logins import end_mailed_proofs, moved_logins
from chalicelib.domain.family.corrections import Actor, new_decision
from chalicelib.mail.account_jobs import EmailChanged
from chalicelib.mail.outbox import MAILED_AFTER, Outbox
from chalicelib.office.account import audit, check_author, find_account
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.mails import jobs_to_each
from chalicelib.services.staff import StaffServices as Services
from chalicelib.values import frozen


@frozen
class AddressChange:
    """The typed change: a new address, the old one it replaces or to remove. `may_empty`: allow removing the last one.

    `version`: that of the addresses on the page, if a page showed them (`version_of`).
    """

    new: str | None = None
    old: str | None = None
    may_empty: bool = False
    version: str | None = None


@frozen
class AddressChangeResult:
    """The account before and after, the mailboxes to notify, and whether a mailed password ended with the change."""

    before: Account
    after: Account
    emails: tuple[str, ...]
    password_ended: bool

    @property
    def has_ended_methods(self) -> bool:
        """Whether a passkey or link ended, as the removed address proved it."""
        return (self.before.passkeys, self.before.links) != (self.after.passkeys, self.after.links)


def change_email(services: Services, case: HelpdeskCase, change: AddressChange, now: datetime) -> AddressChangeResult:
    """Change the addresses on file of an account and of its guardians. Raises `OfficeRefusal`.

    Its notice leaves unless it is taken back (`office/helpdesk/undo.py`). Idempotent for the same form sent twice:
    before and after are then equal.
    """
    by = check_author(case.author)
    account = find_account(services, case.identifier, case.site)
    if _is_sent_twice(account, change, by.who):
        return AddressChangeResult(account, account, (), password_ended=False)
    _email_change(account, change)
    audit(services, account.ref, "email_changed", by, now)
    actor, decision, notices = Actor("office", by.who), new_decision(), Outbox(services.post_box, MAILED_AFTER)
    job, request = partial(EmailChanged, decision=decision), f"desk-{secrets.token_hex(8)}"

    def decide(current: Account) -> Account:
        after = apply_email_change(current, _email_change(current, change), services.record.pseudonyms)
        return record_corrections(current, after, actor, now, decision)

    def notify(before: Account, after: Account) -> None:
        notices.post(*jobs_to_each(services, replace(before, emails=_notifiable(services, before)), job, request, now))
        services.accounts.follow_guardians(before, after)

    pair = services.accounts.revise(account.ref, decide, account, notify)
    if pair is None:
        raise OfficeRefusal("family_vanished", typed=case.identifier)
    return AddressChangeResult(*pair, _notifiable(services, pair[0]), _has_ended(*pair, now))


def version_of(account: Account) -> str:
    """Digest the current addresses on file: each change gives another version."""
    return hashlib.blake2b("\0".join(account.emails).encode(), digest_size=8).hexdigest()


def _has_ended(before: Account, after: Account, now: datetime) -> bool:
    """Whether the change ended a mailed password that still opened the account."""
    digests = {password.digest for password in before.mailed_passwords if password.expires_at > now}
    return before.password != after.password or not digests <= {password.digest for password in after.mailed_passwords}


def ends_access(before: Account, after: Account, now: datetime) -> bool:
    """Whether the addresses of another state would end a login method, or a password, or move a guardian's login."""
    account = end_mailed_proofs(before, replace(before, emails=after.emails, household=after.household))
    result = AddressChangeResult(before, account, (), _has_ended(before, account, now))
    return result.password_ended or result.has_ended_methods or bool(moved_logins(before, after))


def _email_change(account: Account, change: AddressChange) -> EmailChange:
    if change.version not in {None, version_of(account)}:
        raise OfficeRefusal("email_moved", change=last_correction(account, "emails"), emails=account.emails)
    new_email, old_email = _new_address(account, change.new), _address_on_file(account, change.old)
    if new_email is None and account.emails == (old_email,) and not change.may_empty:
        raise OfficeRefusal("email_last")
    return EmailChange(new_email, old_email)


def _is_sent_twice(account: Account, change: AddressChange, by: str) -> bool:
    """Whether the last change since the page was shown is this very one, by the same person."""
    last = last_correction(account, "emails")
    if change.version in {None, version_of(account)} or last is None or last.actor != Actor("office", by):
        return False
    new_emails, old_emails = set(last.new) - set(last.old), set(last.old) - set(last.new)
    wish = {email_from(change.new)} if change.new else set()
    return (
        new_emails == wish
        and (change.old is None or old_emails == {email_from(change.old)})
        and last.new == account.emails
    )


def _new_address(account: Account, text: str | None) -> str | None:
    if text is None:
        return None
    email = email_from(text)
    if not email:
        raise OfficeRefusal("email_unreadable", email=text)
    if not email.isascii():
        raise OfficeRefusal("email_not_ascii", email=text)
    if email in account.emails:
        raise OfficeRefusal("email_known", email=email)
    return email


def _address_on_file(account: Account, text: str | None) -> str | None:
    if text is None:
        return None
    email = email_from(text) or text
    if email not in account.emails:
        raise OfficeRefusal("email_not_on_file", email=text, emails=account.emails)
    return email


def _notifiable(services: Services, account: Account) -> tuple[str, ...]:
    """List the working addresses on file that SES can write to."""
    return tuple(filter(str.isascii, account.reachable(services.record.pseudonyms)))
