"""Find families by a part of a name, an address, a telephone number, a pupil, an identifier or an invoice's number.

A manager also finds members of staff. The search for an unknown family makes the same calls as for another site's.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.enrolment.submissions import number_from
from chalicelib.domain.search.search import Hit, Match, SearchHits, is_searchable, search
from chalicelib.domain.search.summaries import AccountSummary, PupilSummary
from chalicelib.domain.text import fold
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.office import AdmissionServices as Services
from chalicelib.settings.wings import has
from chalicelib.stores.summary_index import account_summaries
from chalicelib.values import frozen
from chalicelib.wings.admission.domain.applications import Application, ApplicationRef
from chalicelib.wings.admission.office.applications import is_at
from chalicelib.wings.admission.office.places import admission_season
from chalicelib.wings.admission.stores.application_summaries import application_summaries
from chalicelib.wings.billing.stores import Billing

AT_MOST: Final = 50
_TELEPHONE: Final = re.compile(r"[+0(][0-9 +()./-]*")


@frozen
class FoundFamily:
    """A family with the fields that match the search. `close`: it matches only approximately."""

    account: Account
    is_close: bool
    matches: tuple[Match, ...]


@frozen
class SearchResult:
    """The first families, exact matches before close ones, and whether there are more. Then applications, members."""

    families: tuple[FoundFamily, ...]
    more: bool
    applications: tuple[Hit, ...] = ()
    members: tuple[Hit, ...] = ()

    @property
    def accounts(self) -> tuple[Account, ...]:
        """The families' accounts."""
        return tuple(family.account for family in self.families)

    @property
    def only(self) -> FoundFamily | Hit | None:
        """The single hit. None if there are several, or none."""
        hits: tuple[FoundFamily | Hit, ...] = (*self.families, *self.applications, *self.members)
        return hits[0] if len(hits) == 1 else None


def find_at(
    services: Services, text: str, sites: Sequence[str], now: datetime, *, with_members: bool = False
) -> SearchResult:
    """Find the families and this season's applications of some sites that match each word of a text.

    Reads only their summaries, and the whole families shown. If no family matches exactly, a number may be an
    invoice's: then the bills of the sites are read. Raises `OfficeRefusal`.
    """
    if not is_searchable(text):
        raise OfficeRefusal("find_nothing_typed")
    hits = search([family for site in sites for family in account_summaries(services.accounts, site)], text, AT_MOST)
    refs = [AccountRef(hit.family.site, hit.family.identifier) for hit in hits.hits]
    matches = dict(zip(refs, ((hit.is_close, hit.matches) for hit in hits.hits), strict=True))
    if all(hit.is_close for hit in hits.hits):
        matches = {ref: (False, (match,)) for ref, match in _by_invoice(services, text, sites)} | matches
    accounts = services.accounts.find_all(*matches) if matches else ()
    families = (FoundFamily(account, *matches[account.ref]) for account in accounts if account)
    members = search(_members(services), text, AT_MOST) if with_members else SearchHits((), more=False)
    applications = search(list(_applications(services, sites, now)), text, AT_MOST)
    return SearchResult(tuple(families), hits.more, applications.hits, members.hits)


def _applications(services: Services, sites: Sequence[str], now: datetime) -> Iterator[AccountSummary]:
    """Read the current season's applications at some sites (a Query, and another of their periods)."""
    if not has("admission"):
        return
    everywhere = [site.code for site in services.settings.network.sites]
    season = admission_season(services, services.admission.periods.recent(now), everywhere, now)
    for application in application_summaries(services.admission.applications, season):
        if application.is_at(sites):
            yield AccountSummary(
                *("", application.number),
                name=application.guardian,
                telephones=(application.telephone,),
                emails=(application.email,),
                address=application.address,
                pupils=tuple(PupilSummary(one.key, one.name, "", ()) for one in application.candidates),
            )


def _by_invoice(services: Services, text: str, sites: Sequence[str]) -> list[tuple[AccountRef, Match]]:
    """Find the families with an invoice of a number, however it is spelt (Query of the bills of each site)."""
    number = fold(text)
    if not has("billing") or not re.search(r"\d", number) or _TELEPHONE.fullmatch(text.strip()):
        return []
    return [
        (bills.ref, Match("invoice", invoice.number))
        for site in sites
        for bills in services.store(Billing).under(site)
        for invoice in bills.invoices
        if invoice.number_key == number
    ]


def _members(services: Services) -> list[AccountSummary]:
    members = services.staff.members.all()
    return [AccountSummary("", "", name=member.name, emails=(member.email,)) for member in members]


def find_number_at(services: Services, text: str, sites: Sequence[str]) -> str:
    """Find the number of an application with a wish at one of some sites (Query). Raises `OfficeRefusal`.

    One of other sites takes the same calls as one that does not exist.
    """
    number = number_from(text)
    if not has("admission"):
        raise OfficeRefusal("request_unknown", number=number)
    summaries = application_summaries(services.admission.applications, f"20{number[1:3]}")
    if not any(application.number == number and application.is_at(sites) for application in summaries):
        raise OfficeRefusal("request_unknown", number=number)
    return number


def read_recent(services: Services, keys: Iterable[str], sites: Sequence[str]) -> tuple[Account | Application, ...]:
    """Read the files that a session opened last (`StaffSession.recent`), those still at some sites, at once."""
    lookups: list[Lookup[Any]] = []
    for first, _, second in (key.partition(" ") for key in keys):
        if first in sites:
            lookups.append(services.accounts.lookup(AccountRef(first, second)))
        elif has("admission") and services.settings.network.site(first) is None:
            lookups.append(services.admission.applications.lookup(ApplicationRef(first, second)))
    files = services.database.read_together(*lookups) if lookups else ()
    return tuple(file for file in files if file and (isinstance(file, Account) or is_at(file, sites)))
