"""Allow one family more time to re-enrol: audited and mailed before it is written, and ended by itself."""

import secrets
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.audit import Author
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, period_of, today
from chalicelib.domain.family.extensions import Extension
from chalicelib.mail.enrolment_jobs import EnrolmentExtended
from chalicelib.mail.outbox import Outbox
from chalicelib.office import audit_notes
from chalicelib.office.account import audit, check_author, find_account
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.family import Services as AnyServices
from chalicelib.services.mails import jobs_to_each
from chalicelib.services.staff import StaffServices as Services
from chalicelib.values import version_of


def extended_period(services: AnyServices, account: Account, now: datetime) -> EnrolmentPeriod | None:
    """Return the period of a family that may get more time: the site's own. None before its first day, or without one.

    Nor is there one for a closed account, a rehearsal, or once the year of the season is over.
    """
    period = period_of(replace(account, extension=None), services.periods.recent(now))
    has_begun = period is not None and period.opens_on <= today(now) <= _last_day(period)
    return period if has_begun and not (account.disabled or account.rehearsed_on) else None


def _last_day(period: EnrolmentPeriod) -> date:
    """Return the last day of the year of a season: later pages show the next one."""
    return date(period.opens_on.year, 12, 31)


def extension_version(account: Account) -> str:
    """Compute the version of a family's extension, for its form to detect that a colleague changed it."""
    return version_of(account.extension)


def extend(services: Services, ref: AccountRef, extension: Extension, version: str) -> tuple[Account, bool]:
    """Let a family re-enrol until a later day. Returns its account, and whether it changed. Raises `OfficeRefusal`.

    Idempotent. Of two members at once, the second is refused.
    """
    now, until = extension.at, extension.until
    by = check_author(Author(extension.by, extension.why))
    extension = Extension(until, by.why, by.who, now)
    account, mails = find_account(services, ref.identifier, ref.site), Outbox(services.post_box)
    period = extended_period(services, account, now)
    if period is None:
        raise OfficeRefusal("extension_no_period")
    if until <= period.closes_on or not today(now) <= until <= _last_day(period):
        raise OfficeRefusal("extension_day", closes_on=period.closes_on, last=_last_day(period))
    job = partial(EnrolmentExtended, season=period.season, until=until.isoformat())

    def decide(current: Account) -> Account:
        former = current.extension
        if former and replace(former, at=now) == extension:
            return current
        if extension_version(current) != version:
            raise OfficeRefusal("extension_moved", extension=former)
        return replace(current, extension=extension)

    if decide(account) is account:
        return account, False
    note = Author(by.who, f"{by.why} ({audit_notes.until(until)})")
    audit(services, account.ref, "enrolment_extended", note, now)
    request = f"desk-{secrets.token_hex(8)}"
    states = services.accounts.revise(
        account.ref, decide, account, lambda _, after: mails.post(*jobs_to_each(services, after, job, request, now))
    )
    if states is None:
        raise OfficeRefusal("family_vanished", typed=ref.identifier)
    return states[1], states[1] is not states[0]
