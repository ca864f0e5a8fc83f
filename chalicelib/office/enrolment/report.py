"""The closing report of a site's season: how many came how far, who left, what changes, who is to be called."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from chalicelib.domain.campaign.funnel import Step, apart, enrolled
from chalicelib.domain.enrolment.answers import HouseholdAnswers
from chalicelib.domain.enrolment.course_outcomes import paired
from chalicelib.domain.enrolment.enrolments import State
from chalicelib.domain.text import folded
from chalicelib.office.enrolment.reenrolments import Asked, EnrolledPupil, Family, families, seasons_asked
from chalicelib.services import Services
from chalicelib.settings import Site

# What becomes of a place in a discipline: each of this year's is one of the first six, « come » is new next year.
Becoming = Literal["kept", "moved", "stopped", "left", "declined", "waiting", "come"]
LOST: Final[tuple[Becoming, ...]] = ("moved", "stopped", "left", "declined")


@dataclass(frozen=True)
class Leaver:
    """A pupil that leaves: of which family, what it learnt, and why, where the family said so."""

    family: str = field(repr=False)
    identifier: str
    pupil: str = field(repr=False)
    disciplines: tuple[str, ...]
    reason: str = field(repr=False)


@dataclass(frozen=True)
class ToCall:
    """A family that has begun nothing, or not sent all: who, and at which numbers.

    `changed`: pupils answered otherwise after they were sent, and not sent anew; `household_waits`: so the household.
    """

    family: str = field(repr=False)
    identifier: str
    step: Step | None
    pupils: tuple[str, ...] = field(repr=False)  # those of whom nothing was sent
    telephones: tuple[str, ...] = field(repr=False)
    changed: tuple[str, ...] = field(default=(), repr=False)
    household_waits: bool = False

    @classmethod
    def of(cls, family: Family, step: Step | None) -> "ToCall":
        """Keep of a family what one needs to call it."""
        account = family.account
        unsent = tuple(each.file.name for each in family.pupils if each.file.sent is None)
        telephones = tuple(each.telephone for each in account.household.guardians if each.telephone)
        changed = _changed(family)
        return cls(account.name, _identifier(family), step, unsent, telephones, changed, family.household_waits)


@dataclass(frozen=True)
class ToLookAt:
    """A pupil of whom was decided before its household was sent anew: what the office saw, and what holds now."""

    family: str = field(repr=False)
    identifier: str
    pupil: str = field(repr=False)
    seen: HouseholdAnswers
    now: HouseholdAnswers


@dataclass
class Discipline:
    """What becomes of the places in a discipline, and where those stand who take it this year."""

    name: str
    counts: Counter[Becoming] = field(default_factory=Counter)
    states: Counter[State] = field(default_factory=Counter)

    @property
    def this_year(self) -> int:
        """Count this year's places."""
        return self.counts.total() - self.counts["come"]

    @property
    def next_year(self) -> int:
        """Count next year's, as asked for and not declined; of who has sent nothing, none."""
        return self.counts["kept"] + self.counts["come"]

    @property
    def net(self) -> int:
        """Count those who come less those who go; who has sent nothing is neither."""
        return self.counts["come"] - sum(self.counts[each] for each in LOST)


@dataclass
class Closing:
    """One site's season. Each family is counted once, each pupil once, each of a pupil's courses once."""

    site: Site
    season: str
    families: Counter[Step | None] = field(default_factory=Counter)  # None: nothing begun
    apart: int = 0
    pupils: Counter[State] = field(default_factory=Counter)
    disciplines: dict[str, Discipline] = field(default_factory=dict)
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)  # from one discipline to another
    leavers: list[Leaver] = field(default_factory=list)
    to_call: list[ToCall] = field(default_factory=list)
    to_look_at: list[ToLookAt] = field(default_factory=list)

    def reached(self, *steps: Step) -> int:
        """Count the families that stand at one of some steps."""
        return sum(self.families[step] for step in steps)

    @property
    def reasons(self) -> Counter[str]:
        """Count the leavers by the reason they gave, an empty one where they gave none."""
        return Counter(each.reason for each in self.leavers)

    def add(self, family: Family) -> None:
        """Count a family, and each of its pupils."""
        if apart(family.account):
            self.apart += 1
            return
        step = enrolled(family.account, family.enrolment)
        self.families[step] += 1
        if step in {None, "started"} or family.household_waits or _changed(family):
            self.to_call.append(ToCall.of(family, step))
        for pupil in family.pupils:
            self._add(pupil)

    def _add(self, pupil: EnrolledPupil) -> None:
        self.pupils[pupil.file.state] += 1
        if pupil.household_since:
            names = pupil.family.account.name, _identifier(pupil.family), pupil.file.name
            self.to_look_at.append(ToLookAt(*names, *pupil.household_since))
        sent = pupil.file.sent
        if sent and sent.answers.stays is False:
            taken = tuple(each.discipline for each in pupil.pupil.courses)
            family = pupil.family
            reason = sent.answers.reason
            self.leavers.append(Leaver(family.account.name, _identifier(family), pupil.file.name, taken, reason))
        for before, becoming, after in _becomings(pupil):
            place = self._discipline(before)
            place.counts[becoming] += 1
            place.states[pupil.file.state] += 1
            if after:
                come = self._discipline(after)
                come.counts["come"] += 1
                self.moves[place.name, come.name] += 1

    def _discipline(self, name: str) -> Discipline:
        return self.disciplines.setdefault(folded(name), Discipline(name))


def _changed(family: Family) -> tuple[str, ...]:
    return tuple(each.file.name for each in family.pupils if each.file.state == "changed")


def _identifier(family: Family) -> str:
    return family.account.written or family.account.ref.identifier


def _becomings(pupil: EnrolledPupil) -> list[tuple[str, Becoming, str]]:
    """Give each course of a pupil, what becomes of it, and the discipline that takes its place, if one does."""
    sent, courses = pupil.file.sent, pupil.pupil.courses
    if sent is None:
        return [(each.discipline, "waiting", "") for each in courses]
    if sent.answers.stays is False:
        return [(each.discipline, "left", "") for each in courses]
    found: list[tuple[str, Becoming, str]] = []
    for course, wish in paired(courses, sent.answers.wishes):
        if pupil.file.verdict == "declined":
            found.append((course.discipline, "declined", ""))
        elif wish is None:
            found.append((course.discipline, "waiting", ""))
        elif wish.choice == "change" and folded(wish.wanted) != folded(wish.discipline):
            found.append((course.discipline, "moved", wish.wanted))
        else:
            found.append((course.discipline, "stopped" if wish.choice == "stop" else "kept", ""))
    return found


def closings(services: Services, asked: Asked, now: datetime, advance: Callable[[], None]) -> list[Closing]:
    """Report of each site asked about; memory holds those who leave and those to call. Raises `Refused`."""
    made = []
    for site, season in seasons_asked(services, asked, now).items():
        closing = Closing(site, season)
        for family in families(services, site.code, season):
            closing.add(family)
            advance()
        made.append(closing)
    return made
