"""The fictitious families of a rehearsed opening: made, and erased with all that they did (docs/decisions/0122)."""

import secrets
from collections.abc import Iterable
from dataclasses import field
from datetime import datetime
from itertools import cycle, islice
from typing import Final

from chalicelib.domain.account import passwords
from chalicelib.domain.account.accounts import REHEARSED, Account, AccountRef, Password, new_stamp
from chalicelib.domain.account.audit import Erasure
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil
from chalicelib.mail.account_jobs import LostPassword
from chalicelib.office.enrolment.period import period_kinds, period_store
from chalicelib.services.office import AdmissionServices as Services
from chalicelib.values import frozen

# SES accepts these mails, in its sandbox too, and delivers none: no bounce, no reputation, its rate and price as ever.
# docs.aws.amazon.com, « Using the mailbox simulator », has the labels after « + ».
_BEFORE: Final = "success+repetition-"
_AFTER: Final = "@simulator.amazonses.com"
_AUTHOR: Final = "Répétition d'ouverture ({who})"  # in the list of erasures


@frozen
class RehearsedFamily:
    """A family that may log in: its account, its mailbox and its password."""

    ref: AccountRef
    email: str
    password: str = field(repr=False)


def sites_in_period(services: Services, now: datetime) -> tuple[str, ...]:
    """Name the sites where families may come for real now."""
    calendars = [period_store(services, of).read() for of in period_kinds()]
    sites = services.settings.network.sites
    pairs = [(site, period) for site in sites for periods in calendars if (period := periods.of(site.code))]
    return tuple(dict.fromkeys(site.name for site, period in pairs if period.state(now) == "during"))


def begin(services: Services, sites: Iterable[str], count: int, by: str, now: datetime) -> Erasure:
    """Note that so many families will be made and erased. The note is unconfirmed until `erase_all`."""
    erasure = erasure_of((AccountRef(site, "") for site in islice(cycle(sites), count)), by, now)
    services.audit_trail.add_erasure(erasure)
    return erasure


def erasure_of(refs: Iterable[AccountRef], by: str, now: datetime) -> Erasure:
    """Make the note of an erasure of fictitious families."""
    return Erasure.of(refs, _AUTHOR.format(who=by), "purged", now)


def make_families(services: Services, sites: Iterable[str], count: int, now: datetime) -> tuple[RehearsedFamily, ...]:
    """Store so many families, by turns at the sites, with one password. Their period is today and tomorrow."""
    run, password = secrets.token_hex(3), passwords.mailed_password()
    access = Password(services.hasher.hash(password), now, "chosen")
    accounts = [_family(site, run, number, access, now) for number, site in enumerate(islice(cycle(sites), count), 1)]
    services.accounts.enter_all_mailboxes(accounts)
    for account in accounts:
        services.accounts.create(account, is_entered=True)
    return tuple(RehearsedFamily(account.ref, account.emails[0], password) for account in accounts)


def _family(site: str, run: str, number: int, password: Password, now: datetime) -> Account:
    today, name = now.astimezone(PARIS).date(), f"Famille Répétition {number}"
    guardian = Guardian(f"Mme Répétition {number}", f"{_BEFORE}{run}-{number}{_AFTER}", "01 99 00 99 99")
    pupils = tuple(
        Pupil(f"{first} Répétition", today.replace(year=today.year - age, day=1), (Course(discipline),))
        for first, age, discipline in (("Alba", 9, "Piano"), ("Nils", 12, "Violon"))
    )
    return Account(
        AccountRef(site, f"rep{run}{number}"),
        name,
        (guardian.email,),
        new_stamp(),
        REHEARSED,
        password=password,
        household=Household((guardian,), ("1 rue de la Répétition", "91000 Evry"), pupils),
        rehearsed_on=today,
    )


def post_password(services: Services, family: RehearsedFamily, now: datetime) -> None:
    """Queue a lost password as the form does, beyond the forms that one client address may send."""
    mailbox, request = services.record.pseudonyms.of_mailbox(family.email), f"rehearsal-{secrets.token_hex(8)}"
    services.post_box.post(
        LostPassword(request=request, asked_at=now, identifier=family.ref.identifier, mailbox=mailbox)
    )


def find_remains(services: Services) -> tuple[AccountRef, ...]:
    """Find the families of rehearsals that are stored. The table is read whole."""
    return tuple(account.ref for account in services.accounts.every() if is_fictitious(account))


def is_fictitious(account: Account) -> bool:
    """Whether an account is of a rehearsal: no real family is."""
    return account.role == REHEARSED and all(
        email.startswith(_BEFORE) and email.endswith(_AFTER) for email in account.emails
    )
