"""The closing report of a site's season: families by progress, leavers, changes, and families to call."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from chalicelib.domain.enrolment.answers import HouseholdAnswers, pair_with_wishes
from chalicelib.domain.enrolment.enrolments import State
from chalicelib.domain.enrolment.funnel import Step, enrolment_step
from chalicelib.domain.text import fold
from chalicelib.office.enrolment.reenrolments import EnrolledFamily, EnrolledPupil, PupilQuery, families, query_seasons
from chalicelib.services.family import Services
from chalicelib.settings.environment import Site
from chalicelib.values import frozen

# The outcome of a place in a discipline: one of the first six for each of this year's, « come » if new next year.
PlaceOutcome = Literal["kept", "moved", "stopped", "left", "declined", "waiting", "come"]
LOST: Final[tuple[PlaceOutcome, ...]] = ("moved", "stopped", "left", "declined")


@frozen
class Leaver:
    """A leaving pupil: their family, their disciplines, and the reason if given."""

    family: str = field(repr=False)
    identifier: str
    pupil: str = field(repr=False)
    disciplines: tuple[str, ...]
    reason: str = field(repr=False)


@frozen
class FamilyToCall:
    """A family that has begun nothing, or not sent all, with its telephone numbers.

    `changed`: pupils with unsent changes. `household_waits`: the household has unsent changes.
    """

    family: str = field(repr=False)
    identifier: str
    step: Step | None
    pupils: tuple[str, ...] = field(repr=False)  # those with nothing sent
    telephones: tuple[str, ...] = field(repr=False)
    changed: tuple[str, ...] = field(default=(), repr=False)
    household_waits: bool = False

    @classmethod
    def of(cls, family: EnrolledFamily, step: Step | None) -> "FamilyToCall":
        """Build the line of a family to call."""
        account = family.account
        unsent = tuple(pupil.file.name for pupil in family.pupils if pupil.file.sent is None)
        telephones = tuple(guardian.telephone for guardian in account.household.guardians if guardian.telephone)
        changes = _changed_pupils(family)
        return cls(account.name, _identifier(family), step, unsent, telephones, changes, family.household_waits)


@frozen
class PupilToReview:
    """A pupil decided before their household was sent again: the answers then and now."""

    family: str = field(repr=False)
    identifier: str
    pupil: str = field(repr=False)
    before: HouseholdAnswers
    now: HouseholdAnswers


@dataclass
class DisciplineReport:
    """The places in a discipline: their outcomes, and the states of this year's pupils."""

    name: str
    counts: Counter[PlaceOutcome] = field(default_factory=Counter)
    states: Counter[State] = field(default_factory=Counter)

    @property
    def this_year(self) -> int:
        """This year's places."""
        return self.counts.total() - self.counts["come"]

    @property
    def next_year(self) -> int:
        """Next year's places: requested and not declined. Pupils who have sent nothing have none."""
        return self.counts["kept"] + self.counts["come"]

    @property
    def net(self) -> int:
        """New places minus those left. Pupils who have sent nothing count in neither."""
        return self.counts["come"] - sum(self.counts[outcome] for outcome in LOST)


@dataclass
class ClosingReport:
    """One site's season. Each family is counted once, each pupil once, each of a pupil's courses once."""

    site: Site
    season: str
    families: Counter[Step | None] = field(default_factory=Counter)  # None: not begun
    apart: int = 0
    pupils: Counter[State] = field(default_factory=Counter)
    disciplines: dict[str, DisciplineReport] = field(default_factory=dict)
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)  # from one discipline to another
    leavers: list[Leaver] = field(default_factory=list)
    to_call: list[FamilyToCall] = field(default_factory=list)
    to_review: list[PupilToReview] = field(default_factory=list)

    def count_at(self, *steps: Step) -> int:
        """Count the families at some steps."""
        return sum(self.families[step] for step in steps)

    @property
    def reasons(self) -> Counter[str]:
        """Count the leavers by reason. Empty reason: none given."""
        return Counter(leaver.reason for leaver in self.leavers)

    def add(self, family: EnrolledFamily) -> None:
        """Count a family, and each of its pupils."""
        if family.account.exclusion:
            self.apart += 1
            return
        step = enrolment_step(family.account, family.enrolment)
        self.families[step] += 1
        if step in {None, "started"} or family.household_waits or _changed_pupils(family):
            self.to_call.append(FamilyToCall.of(family, step))
        for pupil in family.pupils:
            self._add(pupil)

    def _add(self, pupil: EnrolledPupil) -> None:
        self.pupils[pupil.file.state] += 1
        if pupil.household_change:
            names = pupil.family.account.name, _identifier(pupil.family), pupil.file.name
            self.to_review.append(PupilToReview(*names, *pupil.household_change))
        sending = pupil.file.sent
        if sending and sending.answers.stays is False:
            disciplines = tuple(course.discipline for course in pupil.pupil.courses)
            family = pupil.family
            reason = sending.answers.reason
            self.leavers.append(Leaver(family.account.name, _identifier(family), pupil.file.name, disciplines, reason))
        for before, outcome, after in _place_outcomes(pupil):
            place = self._discipline(before)
            place.counts[outcome] += 1
            place.states[pupil.file.state] += outcome != "come"  # of this year's courses
            if after:
                target = self._discipline(after)
                target.counts["come"] += 1
                self.moves[place.name, target.name] += 1

    def _discipline(self, name: str) -> DisciplineReport:
        return self.disciplines.setdefault(fold(name), DisciplineReport(name))


def _changed_pupils(family: EnrolledFamily) -> tuple[str, ...]:
    return tuple(pupil.file.name for pupil in family.pupils if pupil.file.state == "changed")


def _identifier(family: EnrolledFamily) -> str:
    return family.account.display_identifier or family.account.ref.identifier


def _place_outcomes(pupil: EnrolledPupil) -> list[tuple[str, PlaceOutcome, str]]:
    """List the courses of a pupil, the outcome of each, and the discipline that replaces it, if any."""
    sending, courses = pupil.file.sent, pupil.pupil.courses
    if sending is None:
        return [(course.discipline, "waiting", "") for course in courses]
    if sending.answers.stays is False:
        return [(course.discipline, "left", "") for course in courses]
    outcomes: list[tuple[str, PlaceOutcome, str]] = []
    for course, wish in pair_with_wishes(courses, sending.answers.wishes):
        if wish and wish.is_added:
            outcomes += [(wish.discipline, "come", "")] if pupil.file.verdict != "declined" else []
        elif pupil.file.verdict == "declined":
            outcomes.append((course.discipline, "declined", ""))
        elif wish is None:
            outcomes.append((course.discipline, "waiting", ""))
        elif wish.choice == "change" and fold(wish.wanted) != fold(wish.discipline):
            outcomes.append((course.discipline, "moved", wish.wanted))
        else:
            outcomes.append((course.discipline, "stopped" if wish.choice == "stop" else "kept", ""))
    return outcomes


def closing_reports(
    services: Services, query: PupilQuery, now: datetime, advance: Callable[[], None]
) -> list[ClosingReport]:
    """Report on each requested site. Memory holds the leavers and the families to call. Raises `OfficeRefusal`."""
    reports = []
    for site, season in query_seasons(services, query, now).items():
        closing = ClosingReport(site, season)
        for family in families(services, site.code, season):
            closing.add(family)
            advance()
        reports.append(closing)
    return reports
