"""A family's file for the desk: all that its page shows, read in as few calls as possible."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import field, replace
from datetime import datetime
from typing import Any

from chalicelib.domain.account.accounts import GUARDIAN, Account, AccountRef
from chalicelib.domain.account.logins import family_ref
from chalicelib.domain.admission.applications import Application, ApplicationRef
from chalicelib.domain.billing.bills import Bills
from chalicelib.domain.enrolment.periods import seasons_kept, today
from chalicelib.domain.family.households import PupilRef
from chalicelib.domain.staff.consultations import Consultation
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.office.account import consultations_of, note_consultation
from chalicelib.office.admission.applications import is_at
from chalicelib.office.enrolment.reenrolments import EnrolledFamily, season_for
from chalicelib.office.enrolment.show import EnrolmentOverview, both_years, overview_of
from chalicelib.office.helpdesk.show import AccountOverview, account_overview
from chalicelib.services.office import OfficeServices as Services
from chalicelib.stores.billing import Billing
from chalicelib.values import frozen


@frozen
class FamilyFile:
    """An account, its re-enrolment, bills and earlier consultations. For a guardian's login, only the account.

    `absences`: the unexcused ones, by their pupil's key. `applications`: those of the same addresses. `elsewhere`: the
    families of the same addresses.
    """

    overview: AccountOverview
    enrolment: EnrolmentOverview | None
    bills: Bills | None
    consultations: tuple[Consultation, ...]
    absences: Mapping[str, int] = field(default_factory=dict)
    applications: tuple[Application, ...] = ()
    elsewhere: tuple[Account, ...] = ()


def family_file(
    services: Services, ref: AccountRef, who: str, now: datetime, sites: Collection[str] = ()
) -> FamilyFile:
    """Read a family's file for a proven member, and audit it. Raises `OfficeRefusal`, `Unavailable`.

    `ref`: as in the address, possibly a guardian's own login. The audit names the family's account, as found.
    `sites`: the member's. Applications without a wish for one of them, and families of other ones, are left out.
    """
    overview = account_overview(services, ref.identifier, ref.site, now)
    family = family_ref(overview.account)
    file = FamilyFile(overview, None, None, consultations_of(services, family, now))
    if overview.account.role != GUARDIAN:
        file = _whole_file(services, file, sites, now)
    note_consultation(services, family, "family_read", who, now)
    return file


def _whole_file(services: Services, file: FamilyFile, sites: Collection[str], now: datetime) -> FamilyFile:
    """Read the rest of a family's file, all at once."""
    account = file.overview.account
    mailboxes = list(dict.fromkeys(map(services.record.pseudonyms.of_mailbox, account.emails)))
    season, pupils = season_for(services, account.ref, None, now), account.household.pupils_by_key
    applications = [ApplicationRef(mailbox, season) for mailbox in mailboxes for season in seasons_kept(now)[-2:]]
    elsewhere = _families_of(services, mailboxes, account.ref, sites)
    lookups: list[Lookup[Any]] = [
        *both_years(services, account.ref, season),
        services.store(Billing).lookup(account.ref),
    ]
    lookups += [
        services.teaching.unexcused.lookup(account.ref.site, PupilRef(account.ref.identifier, key)) for key in pupils
    ]
    lookups += map(services.admission.applications.lookup, applications)
    lookups += map(services.accounts.lookup, elsewhere)
    enrolment, last_year, bills, *read = services.database.read_together(*lookups)
    absences, rest = read[: len(pupils)], read[len(pupils) :]
    day, families = today(now), filter(None, rest[len(applications) :])
    return replace(
        file,
        enrolment=overview_of(services, EnrolledFamily(account, enrolment), last_year, now),
        bills=bills,
        absences={key: len(one.in_year(day)) for key, one in zip(pupils, absences, strict=True)},
        applications=tuple(one for one in rest[: len(applications)] if is_at(one, sites)),
        elsewhere=tuple(one for one in families if one.role != GUARDIAN and set(one.emails) & set(account.emails)),
    )


def _families_of(
    services: Services, mailboxes: Iterable[str], own: AccountRef, sites: Collection[str]
) -> list[AccountRef]:
    """List the accounts of some mailboxes at the member's other sites (a Query each). None is read for one site."""
    others = set(sites) - {own.site}
    entries = (ref for mailbox in mailboxes if others for ref in services.mailboxes.find(mailbox).refs)
    return [ref for ref in dict.fromkeys(entries) if ref.site in others]
