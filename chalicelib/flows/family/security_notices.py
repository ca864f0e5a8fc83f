"""Notices of a change of access: posted before the write, mailed to the addresses then on file once written.

So every change is notified, and one that was never written is not (docs/how/mails.md). The account's own trail of its
addresses and its password confirms the change (docs/decisions/0036).
"""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, Final

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.change_links import ChangeLinks
from chalicelib.domain.account.coordinates import ended_facts, trail
from chalicelib.domain.account.logins import opening_emails
from chalicelib.domain.account.separation import as_addressed
from chalicelib.domain.family.corrections import OFFICE, Actor, Correction
from chalicelib.mail.account_jobs import EmailChanged, LoginAdded, MethodsChanged, PasswordChanged
from chalicelib.services.family import Services, Visit
from chalicelib.services.mails import ConfirmedMail, DescribedMail, account_facts, jobs_to_each
from chalicelib.stores.mailboxes import Listing

NoticeJob = PasswordChanged | EmailChanged | LoginAdded | MethodsChanged
_TRAILS: Final = {EmailChanged: "emails", LoginAdded: "logins", MethodsChanged: "sign_in"}
_LETTERS: Final = {  # by change
    "password": "password_changed",
    "emails": "email_changed",
    "logins": "login_added",
    "sign_in": "ways_changed",
}
_UNWRITTEN: Final = "not_changed"


def password_notices(visit: Visit[Services], after: Account) -> tuple[NoticeJob, ...]:
    """Make the notices of a new password, to every address that gets passwords of this login."""
    account = replace(after, emails=opening_emails(after))
    return jobs_to_each(
        visit.services, account, partial(PasswordChanged, stamp=after.stamp), visit.client.request, visit.now
    )


def email_notices(visit: Visit[Services], before: Account, decision: str) -> tuple[NoticeJob, ...]:
    """Make the notices of a change of addresses, to those on file before it."""
    return jobs_to_each(
        visit.services, before, partial(EmailChanged, decision=decision), visit.client.request, visit.now
    )


def method_notices(visit: Visit[Services], before: Account, decision: str) -> tuple[NoticeJob, ...]:
    """Make the notices of a change of passkeys or links, to every address that gets passwords of this login."""
    account = replace(before, emails=opening_emails(before))
    job = partial(MethodsChanged, decision=decision, browser=visit.client.browser)
    return jobs_to_each(visit.services, account, job, visit.client.request, visit.now)


def _prove(services: Services, job: NoticeJob, _now: datetime) -> ConfirmedMail | None:
    account = services.accounts.find(AccountRef(job.site, job.identifier))
    change = _change(account, job) if account else None
    if account is None or change is None:
        return None
    is_mailbox = partial(services.record.pseudonyms.is_mailbox, job.mailbox)
    email = next(filter(is_mailbox, _on_file(account, change)), None)
    facts = _facts(services, account, change, email) if email else {}
    if isinstance(job, MethodsChanged):
        facts |= {"browser": job.browser}
    return ConfirmedMail(account.ref, email, _LETTERS[change.what], facts)


def _change(account: Account, job: NoticeJob) -> Correction | None:
    """Find the change of a notice, if it was written."""
    if not isinstance(job, PasswordChanged):
        key = (_TRAILS[type(job)], job.decision)
        return next(
            (correction for correction in trail(account) if (correction.what, correction.decision) == key), None
        )
    key = ("password", job.stamp)
    change = next(
        (correction for correction in account.access_corrections if (correction.what, correction.decision) == key), None
    )
    if change or account.stamp != job.stamp or account.password is None:
        return change
    # Written before passwords had a trail: only the stamp confirms the change.
    return Correction("password", (), ("chosen",), Actor("family"), account.password.changed_at, job.stamp)


def _on_file(account: Account, change: Correction) -> tuple[str, ...]:
    """List the addresses on file at a change, including any that was removed right after it."""
    if change.what == "emails":
        return change.old
    since = (
        correction.old
        for correction in account.access_corrections
        if correction.what == "emails" and correction.at >= change.at
    )
    return (*account.emails, *(email for emails in since for email in emails))


def _facts(services: Services, account: Account, change: Correction, email: str) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "site": services.settings.network.site(account.ref.site),
        "account": as_addressed(account, email),
        "changed_at": change.at,
    }
    author = change.actor.who if change.actor.side == "family" else "L'administration"
    if change.what == "logins":
        names = [name for name in change.new if name not in change.old]
        return facts | {"who": author, "guardians": names}
    services.mailboxes.enter([Listing(email, account.ref)])  # lets the link find the account
    facts |= ChangeLinks(services.settings.key_ring("change-links"), services.record.pseudonyms).facts(
        account.ref, change, email
    )
    if change.what == "emails":
        return facts | {"who": author, **ended_facts(account, change, email)}
    if change.what == "sign_in":
        is_family = change.actor.side == "family"
        has_ended = ended_facts(account, change, email)["password_ended"]
        return facts | {"who": change.actor.who if is_family else OFFICE, "change": change, "password_ended": has_ended}
    return facts | {"is_first_use": change.new == ("mailed",), "had_one": bool(change.old)}


NOTICE: Final = DescribedMail[NoticeJob](
    (PasswordChanged, EmailChanged, LoginAdded, MethodsChanged),
    _prove,
    "notice_mailed",
    "notice_dropped",
    lambda services, job, reason: {} if reason == _UNWRITTEN else account_facts(services, job, reason),
    _UNWRITTEN,
)
