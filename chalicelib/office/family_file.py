"""A family's file for the desk: all that its page shows, read in as few calls as possible."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import field, replace
from datetime import datetime
from itertools import chain, islice
from typing import Any

from chalicelib.domain.account.accounts import GUARDIAN, Account, AccountRef
from chalicelib.domain.account.logins import family_ref
from chalicelib.domain.staff.consultations import Consultation
from chalicelib.office.account import consultations_of, note_consultation
from chalicelib.office.enrolment.reenrolments import EnrolledFamily, season_for
from chalicelib.office.enrolment.show import EnrolmentOverview, both_years, overview_of
from chalicelib.office.helpdesk.show import AccountOverview, account_overview
from chalicelib.office.parts import FamilyPart, FamilyQuery
from chalicelib.services.office import OfficeServices as Services
from chalicelib.settings.wings import parts
from chalicelib.values import frozen


@frozen
class FamilyFile:
    """An account, its re-enrolment and earlier consultations. For a guardian's login, only the account.

    `elsewhere`: the families of the same addresses. `parts`: the values of wings' parts, by their names.
    """

    overview: AccountOverview
    enrolment: EnrolmentOverview | None
    consultations: tuple[Consultation, ...]
    elsewhere: tuple[Account, ...] = ()
    parts: Mapping[str, Any] = field(default_factory=dict)


def family_file(services: Services, ref: AccountRef, by: str, now: datetime, sites: Collection[str] = ()) -> FamilyFile:
    """Read a family's file for a proven member, and audit it. Raises `OfficeRefusal`, `Unavailable`.

    `ref`: as in the address, possibly a guardian's own login. The audit names the family's account, as found.
    `sites`: the member's. Applications without a wish for one of them, and families of other ones, are left out.
    """
    overview = account_overview(services, ref.identifier, ref.site, now)
    family = family_ref(overview.account)
    file = FamilyFile(overview, None, consultations_of(services, family, now))
    if overview.account.role != GUARDIAN:
        file = _whole_file(file, FamilyQuery(services, overview.account, sites, now))
    note_consultation(services, family, "family_read", by, now)
    return file


def _whole_file(file: FamilyFile, query: FamilyQuery) -> FamilyFile:
    """Read the rest of a family's file, all at once."""
    services, account, now = query.services, query.account, query.now
    mailboxes = list(dict.fromkeys(map(services.record.pseudonyms.of_mailbox, account.emails)))
    season, elsewhere = season_for(services, account.ref, None, now), _families_of(query, mailboxes)
    lookups = {part: part.lookups(query) for part in parts(FamilyPart)}
    enrolment, last_year, *results = services.database.read_together(
        *both_years(services, account.ref, season),
        *map(services.accounts.lookup, elsewhere),
        *chain.from_iterable(lookups.values()),
    )
    families, rest = filter(None, results[: len(elsewhere)]), iter(results[len(elsewhere) :])
    return replace(
        file,
        enrolment=overview_of(services, EnrolledFamily(account, enrolment), last_year, now),
        elsewhere=tuple(one for one in families if one.role != GUARDIAN and set(one.emails) & set(account.emails)),
        parts={part.name: part.value(query, list(islice(rest, len(own)))) for part, own in lookups.items()},
    )


def _families_of(query: FamilyQuery, mailboxes: Iterable[str]) -> list[AccountRef]:
    """List the accounts of some mailboxes at the member's other sites (a Query each). None is read for one site."""
    elsewhere = set(query.sites) - {query.account.ref.site}
    entries = (ref for mailbox in mailboxes if elsewhere for ref in query.services.mailboxes.find(mailbox).refs)
    return [ref for ref in dict.fromkeys(entries) if ref.site in elsewhere]
