"""Facts of the current day for a walk through the teachers' pages: upcoming lessons, open periods."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final

from chalicelib.domain.enrolment.opinions import OpinionWindow
from chalicelib.domain.enrolment.periods import name_of_year, today
from chalicelib.domain.family.households import Course
from chalicelib.settings.environment import load_network
from chalicelib.wings.teaching.domain.assessments import periods_open
from chalicelib.wings.teaching.domain.school_years import Slot
from chalicelib.wings.teaching.services.lessons import assessment_periods, school_years
from tests.support.service import Running
from tools.local.families import FAMILIES, SampleFamily
from tools.local.school_year import with_lessons_around
from tools.local.staff import STAFF, Staff

NETWORK: Final = load_network()
TEACHER: Final[Staff] = next(staff for staff in STAFF if "groupes" in staff.note)
FAMILY: Final[SampleFamily] = next(
    family for family in FAMILIES if "deux enseignants ; deux responsables" in family.note
)
PUPIL: Final = FAMILY.household.pupils[0]
GROUP: Final[Course] = next(course for course in PUPIL.courses if course.discipline == "Ensemble à cordes")


def this_day() -> date:
    """Read the current day in Paris."""
    return today(datetime.now(UTC))


def lessons_ahead(service: Running, courses: Iterable[Course], weeks: int) -> Iterator[date]:
    """List the days from tomorrow on which courses meet within some weeks. `make run` has lessons around any day."""
    day = this_day()
    network = NETWORK if service.is_deployed else with_lessons_around(NETWORK, day)
    for course in courses:
        slot, until = Slot.parse(course.slot), day + timedelta(weeks=weeks)
        yield from school_years(network).lessons(slot, day + timedelta(days=1), until)


def are_opinions_open() -> bool:
    """Whether teachers give opinions today."""
    teaching = NETWORK.teaching
    return OpinionWindow(teaching.opinions_from, teaching.opinions_until).has(this_day())


def is_first_period_published() -> bool:
    """Whether families can already read today's assessments of the first open period."""
    now = datetime.now(UTC)
    first, *_ = periods_open(assessment_periods(NETWORK, name_of_year(this_day())), now)
    return first.is_published(now)
