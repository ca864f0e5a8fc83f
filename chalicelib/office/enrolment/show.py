"""All of one family's re-enrolment, for who holds the telephone: found by identifier, or by a receipt's number."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.domain.campaign.funnel import Step, enrolled
from chalicelib.domain.enrolment.enrolments import Provided
from chalicelib.domain.enrolment.paperwork import asked
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.domain.enrolment.seasons import EnrolmentRef, season_of
from chalicelib.domain.enrolment.submissions import number_from
from chalicelib.office.account import account_called
from chalicelib.office.enrolment.reenrolments import Asked, Family, seasons_asked
from chalicelib.office.refused import Refused
from chalicelib.services import Services
from chalicelib.settings import Site

_NUMBER: Final = re.compile(r"R(\d\d)(-[A-Z0-9]{4}){2}")


@dataclass(frozen=True)
class Named:
    """A family as one names it on the telephone, and the season; without one, that of its site's period."""

    typed: str
    site: str | None = None
    season: str | None = None

    @property
    def number(self) -> str | None:
        """Give the number of a receipt, if that is what was typed, in its one spelling."""
        number = number_from(self.typed)
        return number if _NUMBER.fullmatch(number) else None


@dataclass(frozen=True)
class Document:
    """A document asked for: what it is, of whom (empty for the household), and how it is provided, if it is."""

    title: str
    of: str
    provided: Provided | None


@dataclass(frozen=True)
class Shown:
    """A family's re-enrolment at the moment it was read; `step` is None where nothing was begun."""

    now: datetime
    family: Family
    site: Site | None
    step: Step | None
    documents: tuple[Document, ...]


def shown(services: Services, named: Named, now: datetime) -> Shown:
    """Read all of a family's re-enrolment. Raises `Refused`."""
    family = find(services, named, now)
    network, account = services.settings.network, family.account
    pupils, today = account.household.keyed_pupils, now.astimezone(PARIS).date()
    wanted = asked(network.enrolment.document_rules, pupils, family.enrolment, today)
    documents = tuple(Document(each.rule.title, each.name, family.enrolment.document(*each.slot)) for each in wanted)
    step = enrolled(account, family.enrolment)
    return Shown(now, family, network.site(account.ref.site), step, documents)


def find(services: Services, named: Named, now: datetime) -> Family:
    """Find a family by its identifier, or by the number of a receipt however it is spelt. Raises `Refused`."""
    if named.number:
        return _with_receipt(services, named, named.number, now)
    asked_for = seasons_asked(services, Asked(season=named.season), now)
    account = account_called(services, named.typed, named.site)
    seasons = {site.code: season for site, season in asked_for.items()}
    season = seasons.get(account.ref.site) or named.season or season_of(None, now)
    return Family(account, services.enrolments.find(EnrolmentRef(account.ref, season)))


def _with_receipt(services: Services, named: Named, number: str, now: datetime) -> Family:
    for site, season in seasons_asked(services, Asked(named.site, f"20{number[1:3]}"), now).items():
        enrolment = services.enrolments.with_receipt(number, season, site.code)
        account = services.accounts.find(enrolment.ref.account) if enrolment else None
        if enrolment and account:
            return Family(account, enrolment)
    raise Refused("receipt_unknown", number=number)
