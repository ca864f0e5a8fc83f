"""Calendars of families and teachers: the life of their secret address, and the size that programs read again."""

from collections.abc import Callable
from datetime import date

import pytest

from chalicelib.presentation.calendar import CalendarLesson, subscribed_calendar
from chalicelib.settings.environment import load_network
from chalicelib.wings.teaching.domain.calendars import CalendarCourse, planned_lessons
from chalicelib.wings.teaching.services.lessons import school_year
from tests.support.calendars import CalendarPage, of_family, of_teacher
from tests.support.teaching import WEDNESDAY
from tests.support.world import Visitor, World

MOST = 300_000  # bytes
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi")
WORDS = ("Formation musicale", "salle Lully, Evry - Xénakis", "Professeur : Mme Pinson")


def test_a_teacher_of_thirty_courses_has_a_calendar_of_less_than_300_kb() -> None:
    year = school_year(load_network(), date(2026, 11, 4))
    slots = [f"{day} {hour} h - {hour + 1} h" for day in DAYS for hour in range(14, 19)]
    courses = [CalendarCourse("evry-xenakis", f"{number:016x}", "", slot, "", "") for number, slot in enumerate(slots)]
    lessons = [
        CalendarLesson(f"{row.course.key}-{row.day:%Y%m%d}-agenda@extranet.example.fr", row.begins, row.ends, *WORDS)
        for row in planned_lessons([year], courses, {})
    ]

    assert len(lessons) > 900
    assert len(subscribed_calendar("Mes cours", lessons, WEDNESDAY).encode()) < MOST


@pytest.fixture(params=[of_family, of_teacher])
def calendar(world: World, visitor: Visitor, request: pytest.FixtureRequest) -> CalendarPage:
    owner: Callable[[World, Visitor], CalendarPage] = request.param
    return owner(world, visitor)


def test_an_address_renewed_or_taken_away_shows_nothing_and_the_new_one_does(calendar: CalendarPage) -> None:
    first = calendar.made()
    calendar.act("renew")
    second = calendar.address
    assert [calendar.visitor.get(path).status_code for path in (first, second)] == [404, 200]

    calendar.act("revoke")

    assert (calendar.address, calendar.status(second)) == ("", 404)


def test_an_unknown_malformed_or_foreign_address_is_the_same_404(calendar: CalendarPage) -> None:
    beginning, _, link = calendar.made().rpartition("/")
    wrong = ("a", "a" * 64, link[:-2], f"{link}AA", link.swapcase())
    answers = [calendar.visitor.get(f"{beginning}/{one}") for one in wrong]

    assert {(answer.status_code, answer.text) for answer in answers} == {(404, answers[0].text)}


def test_an_address_takes_no_form(calendar: CalendarPage) -> None:
    assert calendar.visitor.post(calendar.made()).status_code == 405


@pytest.mark.parametrize("action", ["", "other"])
def test_no_other_act_is_there(calendar: CalendarPage, action: str) -> None:
    assert calendar.visitor.post(calendar.path, {"action": action, calendar.field: ""}).status_code == 404
