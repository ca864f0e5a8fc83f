"""The report of an application season by site and discipline, without names."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.domain.text import fold
from chalicelib.office.account import select_sites
from chalicelib.services.office import AdmissionServices as Services
from chalicelib.settings.environment import Site
from chalicelib.wings.admission.domain.applications import Wish
from chalicelib.wings.admission.office.applications import (
    ApplicationQuery,
    ListedCandidate,
    ListedState,
    search_applications,
)
from chalicelib.wings.admission.office.places import SeasonPlaces, places_of


@dataclass
class DisciplineDemand:
    """The demand for a discipline at a site, and its outcome. `places`: None if they are not counted."""

    name: str
    places: int | None = None
    wishes: int = 0
    first: int = 0  # as the first wish
    states: Counter[ListedState] = field(default_factory=Counter)


@dataclass
class AdmissionReport:
    """One site's season: each candidate with a wish there is counted once, each of their wishes there once."""

    site: Site
    season: str
    applications: set[str] = field(default_factory=set)
    pupils: Counter[ListedState] = field(default_factory=Counter)
    disciplines: dict[str, DisciplineDemand] = field(default_factory=dict)

    def add(self, pupil: ListedCandidate) -> None:
        """Count a candidate, and their wishes for the site."""
        wishes = pupil.wishes_at(self.site.code, None)
        if not wishes:
            return
        self.applications.add(pupil.application.number)
        self.pupils[_state_at(pupil, self.site.code)] += 1
        for wish in wishes:
            demand = self.demand(wish.discipline)
            demand.wishes += 1
            demand.first += wish == pupil.candidate.wishes[0]
            demand.states[_state_of(pupil, wish)] += 1

    def demand(self, discipline: str) -> DisciplineDemand:
        """Find a discipline by name, however it is spelt."""
        return self.disciplines.setdefault(fold(discipline), DisciplineDemand(discipline))

    def count_places(self, places: SeasonPlaces) -> None:
        """Count the places of each discipline that has any."""
        for discipline, count in places.capacities(self.site.code).items():
            demand = self.demand(discipline)
            demand.places = (demand.places or 0) + count


def _state_of(pupil: ListedCandidate, wish: Wish) -> ListedState:
    """Find the state of a wish: a held place or an acceptance belongs to one wish. The others have ended."""
    slot = pupil.application.standing(pupil.candidate.key).slot
    if pupil.state in {"offered", "taken"} and pupil.hold and pupil.hold.wish != wish:
        return "waiting" if pupil.state == "offered" else "withdrawn"
    if pupil.state == "accepted" and slot is not None and slot != wish.slot:
        return "withdrawn"
    return pupil.state


def _state_at(pupil: ListedCandidate, site: str) -> ListedState:
    """Find a candidate's state at a site: that of their best wish there."""
    states = {_state_of(pupil, wish) for wish in pupil.wishes_at(site, None)}
    return pupil.state if pupil.state in states else next(iter(states))


def admission_reports(services: Services, query: ApplicationQuery, now: datetime) -> list[AdmissionReport]:
    """Report on each requested site. Raises `OfficeRefusal`."""
    applications = search_applications(services, ApplicationQuery(season=query.season), now, with_look_alikes=False)
    places, reports = places_of(services, applications.season, now), []
    for site in select_sites(services.settings.network, query.site):
        report = AdmissionReport(site, applications.season)
        report.count_places(places)
        for pupil in applications.pupils:
            report.add(pupil)
        reports.append(report)
    return reports
