"""All of one family's re-enrolment, for who holds the telephone: found by identifier, or by a receipt's number."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from chalicelib.domain.account.accounts import GUARDIAN, Account, AccountRef
from chalicelib.domain.campaign.funnel import Step, enrolment_step
from chalicelib.domain.enrolment.enrolments import Enrolment, ProvidedDocument
from chalicelib.domain.enrolment.paperwork import required_documents
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.domain.enrolment.seasons import EnrolmentRef, season_of, seasons_kept
from chalicelib.domain.enrolment.submissions import number_from
from chalicelib.domain.refusals import NotThere
from chalicelib.office.account import find_account
from chalicelib.office.enrolment.reenrolments import Family, PupilQuery, opinions_of, query_seasons
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services import Services
from chalicelib.settings import Site
from chalicelib.values import frozen

_NUMBER: Final = re.compile(r"R(\d\d)(-[A-Z0-9]{4}){2}")


@frozen
class FamilyQuery:
    """A family as one names it on the telephone, and the season; without one, that of its site's period."""

    typed: str
    site: str | None = None
    season: str | None = None

    @property
    def number(self) -> str | None:
        """The number of a receipt, if that is what was typed, in its one spelling."""
        number = number_from(self.typed)
        return number if _NUMBER.fullmatch(number) else None


@frozen
class Document:
    """A document asked for: what it is, of whom (empty for the household), and how it is provided, if it is."""

    title: str
    of: str
    provided: ProvidedDocument | None


@frozen
class EnrolmentOverview:
    """A family's re-enrolment at the moment it was read; `step` is None where nothing was begun."""

    now: datetime
    family: Family
    site: Site | None
    step: Step | None
    documents: tuple[Document, ...]
    last_year: Enrolment | None = None


def enrolment_overview(services: Services, query: FamilyQuery, now: datetime) -> EnrolmentOverview:
    """Read all of a family's re-enrolment. Raises `OfficeRefusal`."""
    return _overview(services, with_opinions(services, find(services, query, now), now), now)


def family_overview(services: Services, ref: AccountRef, season: str | None, now: datetime) -> EnrolmentOverview:
    """Read all of the re-enrolment of a family that is known, with last year's, at once. Raises `NotThere`."""
    season = _season(services, ref, season, now)
    before = EnrolmentRef(ref, str(int(season) - 1))
    account, enrolment, last_year = services.database.read_together(
        services.accounts.lookup(ref),
        services.enrolments.lookup(EnrolmentRef(ref, season)),
        services.enrolments.lookup(before),
    )
    family = with_opinions(services, _family(account, enrolment), now)
    return replace(_overview(services, family, now), last_year=last_year if last_year.started_at else None)


def with_opinions(services: Services, family: Family, now: datetime) -> Family:
    """Read along what teachers said of a family's pupils in the season."""
    ref = family.enrolment.ref
    told = opinions_of(services, ref.account.site, ref.season, now, ref.account.identifier)
    return replace(family, opinions=told)


def family_in_season(services: Services, ref: AccountRef, season: str | None, now: datetime) -> Family:
    """Read a family that is known and its re-enrolment, of a season or of its site's period. Raises `NotThere`."""
    return family_of(services, EnrolmentRef(ref, _season(services, ref, season, now)))


def family_of(services: Services, ref: EnrolmentRef) -> Family:
    """Read a family that is known and its re-enrolment of a season, at once. Raises `NotThere`."""
    account, enrolment = services.database.read_together(
        services.accounts.lookup(ref.account), services.enrolments.lookup(ref)
    )
    return _family(account, enrolment)


def _season(services: Services, ref: AccountRef, asked_for: str | None, now: datetime) -> str:
    """Name the season asked for, or that of the site's period, as it was at most five minutes ago."""
    season = asked_for or season_of(services.periods.recent(now).of(ref.site), now)
    if season not in seasons_kept(now):
        raise NotThere
    return season


def _family(account: Account | None, enrolment: Enrolment) -> Family:
    if account is None or account.role == GUARDIAN:
        raise NotThere
    return Family(account, enrolment)


def _overview(services: Services, family: Family, now: datetime) -> EnrolmentOverview:
    network, account = services.settings.network, family.account
    pupils, today = account.household.pupils_by_key, now.astimezone(PARIS).date()
    wanted = required_documents(network.enrolment.document_rules, pupils, family.enrolment, today)
    documents = tuple(
        Document(required.rule.title, required.name, family.enrolment.document(*required.slot)) for required in wanted
    )
    step = enrolment_step(account, family.enrolment)
    return EnrolmentOverview(now, family, network.site(account.ref.site), step, documents)


def receipt_number(typed: str) -> str | None:
    """Read the number of a receipt, however it is spelt. None if what is typed is no such number."""
    number = number_from(typed)
    return number if _NUMBER.fullmatch(number) else None


def find_by_receipt(services: Services, number: str, sites: Iterable[str], now: datetime) -> EnrolmentRef:
    """Find the re-enrolment at some sites that bears a receipt: a Query of the season at each. Raises `OfficeRefusal`.

    A receipt of another site is refused as one that does not exist.
    """
    season = f"20{number[1:3]}"
    for site in sites if season in seasons_kept(now) else ():
        enrolment = services.enrolments.with_receipt(number, season, site)
        if enrolment:
            return enrolment.ref
    raise OfficeRefusal("receipt_unknown", number=number)


def find(services: Services, query: FamilyQuery, now: datetime) -> Family:
    """Find a family by its identifier, or by the number of a receipt however it is spelt. Raises `OfficeRefusal`."""
    if query.number:
        return _with_receipt(services, query, query.number, now)
    asked_for = query_seasons(services, PupilQuery(season=query.season), now)
    account = find_account(services, query.typed, query.site)
    seasons = {site.code: season for site, season in asked_for.items()}
    season = seasons.get(account.ref.site) or query.season or season_of(None, now)
    return Family(account, services.enrolments.find(EnrolmentRef(account.ref, season)))


def _with_receipt(services: Services, query: FamilyQuery, number: str, now: datetime) -> Family:
    for site, season in query_seasons(services, PupilQuery(query.site, f"20{number[1:3]}"), now).items():
        enrolment = services.enrolments.with_receipt(number, season, site.code)
        account = services.accounts.find(enrolment.ref.account) if enrolment else None
        if enrolment and account:
            return Family(account, enrolment)
    raise OfficeRefusal("receipt_unknown", number=number)
