"""An address on file changed by the office: the former mailboxes get a notice first, then one write changes all."""

import hashlib
from datetime import datetime

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.change_links import ChangeLinks
from chalicelib.domain.account.coordinates import ended_facts, last_correction, record_corrections
from chalicelib.domain.account.email_addresses import EmailChange, apply_email_change
from chalicelib.domain.account.identifiers import email_from
from chalicelib.domain.account.separation import as_addressed
from chalicelib.domain.family.corrections import Actor, Correction, new_decision
from chalicelib.mail import letters
from chalicelib.mail.mailer import Undeliverable
from chalicelib.office.account import audit, check_author, find_account
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.staff import StaffServices as Services
from chalicelib.stores.mailboxes import Listing
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
    """The account before and after, the mailboxes notified, and whether a mailed password ended with the change."""

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

    The notice is sent before the change, so that no change goes without one. If the change then fails, the notice was
    sent in vain. Idempotent for the same form sent twice: before and after are then equal.
    """
    by = check_author(case.author)
    account = find_account(services, case.identifier, case.site)
    if _is_sent_twice(account, change, by.who):
        return AddressChangeResult(account, account, (), password_ended=False)
    _email_change(account, change)
    audit(services, account.ref, "email_changed", by, now)
    emails: list[str] = []
    actor, decision = Actor("office", by.who), new_decision()

    def decide(current: Account) -> Account:
        after = apply_email_change(current, _email_change(current, change), services.record.pseudonyms)
        return record_corrections(current, after, actor, now, decision)

    def notify(before: Account, after: Account) -> None:
        correction = Correction("emails", before.emails, after.emails, actor, now, decision)
        emails.extend(_notify(services, before, after, emails, correction))
        services.accounts.follow_guardians(before, after)

    pair = services.accounts.revise(account.ref, decide, account, notify)
    if pair is None:
        raise OfficeRefusal("family_vanished", typed=case.identifier)
    return AddressChangeResult(*pair, tuple(emails), _has_ended(*pair, now))


def version_of(account: Account) -> str:
    """Digest the current addresses on file: each change gives another version."""
    return hashlib.blake2b("\0".join(account.emails).encode(), digest_size=8).hexdigest()


def _has_ended(before: Account, after: Account, now: datetime) -> bool:
    """Whether the change ended a mailed password that still opened the account."""
    digests = {password.digest for password in before.mailed_passwords if password.expires_at > now}
    return before.password != after.password or not digests <= {password.digest for password in after.mailed_passwords}


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


def _notify(services: Services, account: Account, after: Account, earlier: list[str], change: Correction) -> list[str]:
    """Mail the notice to the working addresses on file not notified yet. Returns them."""
    facts = {
        "network": services.settings.network,
        "site": services.settings.network.site(account.ref.site),
        "changed_at": change.at,
        "who": "L'administration",
    }
    links = ChangeLinks(services.settings.key_ring("change-links"), services.record.pseudonyms)
    emails = []
    for email in account.reachable(services.record.pseudonyms):
        if email in earlier:
            continue
        services.mailboxes.enter([Listing(email, account.ref)])  # by which the link finds the account
        try:
            link = {**links.facts(account.ref, change, email), "account": as_addressed(account, email)}
            more = link | ended_facts(after, change, email)
            services.mailer.send(letters.fill("email_changed", email, change.at, facts | more), account.ref)
        except Undeliverable:
            continue
        emails.append(email)
    return emails
