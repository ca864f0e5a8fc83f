"""The re-enrolments of a season as the office reads them: each family with its own, pupil by pupil, in few reads."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.campaign.funnel import apart
from chalicelib.domain.enrolment.answers import HouseholdAnswers
from chalicelib.domain.enrolment.checklist import household_waits
from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile, State
from chalicelib.domain.enrolment.seasons import EnrolmentRef, season_of
from chalicelib.domain.family.households import Pupil
from chalicelib.domain.text import folded
from chalicelib.office.refused import Refused
from chalicelib.office.sites import sites_asked
from chalicelib.services import Services
from chalicelib.settings import Site

_SEASON: Final = re.compile(r"20\d\d")


@dataclass(frozen=True)
class Family:
    """A family and its re-enrolment of a season, begun or not."""

    account: Account
    enrolment: Enrolment

    @property
    def is_apart(self) -> bool:
        """Tell whether the season is not about it: it may not log in or is gone, and has begun nothing."""
        return apart(self.account) is not None and self.enrolment.started_at is None

    @property
    def household_waits(self) -> bool:
        """Tell whether the household's answers changed since they were sent, and were not sent anew."""
        return household_waits(self.enrolment, self.account.household.keyed_pupils)

    @property
    def pupils(self) -> "Iterator[EnrolledPupil]":
        """Give the pupils on file, then those that are in the re-enrolment only."""
        on_file = self.account.household.keyed_pupils
        for key, pupil in on_file.items():
            yield EnrolledPupil(self, self.enrolment.file_of(key, pupil.name), pupil)
        for file in self.enrolment.pupils:
            if file.key not in on_file:
                yield EnrolledPupil(self, file, Pupil(file.name), is_on_file=False)


@dataclass(frozen=True)
class EnrolledPupil:
    """One pupil of a family: where it stands in the season, and what is on file of it."""

    family: Family
    file: PupilFile
    pupil: Pupil
    is_on_file: bool = True

    @property
    def since(self) -> datetime | None:
        """Tell since when it stands there; None where nothing was answered."""
        file = self.file
        if file.state in {"draft", "changed"}:
            return file.saved.at if file.saved else None
        if file.sent is None:
            return None
        return file.sent.decision.at if file.sent.decision else file.sent.at

    @property
    def household_since(self) -> tuple[HouseholdAnswers, HouseholdAnswers] | None:
        """Give the household's answers on which the office decided, and those sent since; None where none differs."""
        sent, now = self.file.sent, self.family.enrolment.sent_household
        seen = self.family.enrolment.household_seen(sent) if sent else None
        return (seen, now) if seen and now and seen != now else None

    def learns(self, discipline: str) -> bool:
        """Tell whether it learns a discipline, or wishes to, whatever its spelling; a part of a word is enough."""
        wishes = self.file.answers.wishes if self.file.answers else ()
        names = {each.discipline for each in self.pupil.courses}
        names |= {name for each in wishes for name in (each.discipline, each.wanted)}
        return any(folded(discipline) in folded(name) for name in names)


@dataclass(frozen=True)
class Asked:
    """Which pupils are asked for: at one site or all, of a season or the one of each site's period."""

    site: str | None = None
    season: str | None = None
    state: State | None = None
    discipline: str | None = None

    def wants(self, pupil: EnrolledPupil) -> bool:
        """Tell whether a pupil is one of them."""
        if self.state and pupil.file.state != self.state:
            return False
        return self.discipline is None or pupil.learns(self.discipline)


def seasons_asked(services: Services, asked: Asked, now: datetime) -> dict[Site, str]:
    """Give the sites asked about, each with its season. Raises `Refused`."""
    if asked.season is not None and not _SEASON.fullmatch(asked.season):
        raise Refused("season_malformed", typed=asked.season)
    if asked.discipline is not None and not folded(asked.discipline):
        raise Refused("find_nothing_typed")
    sites = sites_asked(services.settings.network, asked.site)
    seasons = seasons_of(services, sites, now)
    return {site: asked.season or season for site, season in seasons.items()}


def seasons_of(services: Services, sites: Iterable[Site], now: datetime) -> dict[Site, str]:
    """Give some sites, each with the season of its period."""
    periods = services.periods.read()
    return {site: season_of(periods.of(site.code), now) for site in sites}


def families(services: Services, site: str, season: str) -> Iterator[Family]:
    """Read the families of a site with their re-enrolments, by identifier; memory holds a page of each.

    A re-enrolment without its account, of which an erasure was interrupted, is left out.
    """
    enrolments = services.enrolments.all(season, site)
    found = next(enrolments, None)
    for account in services.accounts.all(site):
        while found and found.ref.account.identifier < account.ref.identifier:
            found = next(enrolments, None)
        is_own = found and found.ref.account == account.ref
        yield Family(account, found if found and is_own else Enrolment(EnrolmentRef(account.ref, season)))


def pupils(services: Services, asked: Asked, now: datetime) -> Iterator[EnrolledPupil]:
    """List the pupils asked for, site by site, family by family. Raises `Refused`."""
    for site, season in seasons_asked(services, asked, now).items():
        for family in families(services, site.code, season):
            if not family.is_apart:
                yield from filter(asked.wants, family.pupils)
