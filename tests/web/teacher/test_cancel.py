"""A teacher cancels a lesson: one write, and one mail to each address of the course's families."""

import re
from datetime import date, timedelta
from typing import Literal

import pytest

from chalicelib.domain.teaching.courses import course_key
from tests.support.cancel_form import READERS, recipients, send
from tests.support.staff import TEACHER, enter, in_parallel
from tests.support.teaching import CELLO, SITE, VIOLIN, course_address, enter_as_teacher, lend, stores
from tests.support.world import Visitor, World

FORM = course_address(VIOLIN, "annuler")
DAY = "2026-11-18"


@pytest.fixture
def teacher(world: World, visitor: Visitor) -> Visitor:
    """Log in a teacher on a Wednesday, half an hour before the lesson."""
    enter_as_teacher(world, visitor)
    return visitor


def cancelled(world: World) -> dict[date, str]:
    """Read the cancelled lessons of the course, each with its reason."""
    changes = stores(world).changes.find(SITE, course_key(VIOLIN))
    return {day: one.why for day, one in changes.cancelled.items()}


def offered(page: str) -> list[str]:
    """List the days that the form offers."""
    return re.findall(r'<option value="(\d{4}-\d\d-\d\d)"', page)


def test_the_lessons_of_eight_weeks_are_offered_but_no_holiday(teacher: Visitor) -> None:
    days = offered(teacher.get(FORM).text)

    assert days == ["2026-11-04", "2026-11-18", "2026-11-25", "2026-12-02", "2026-12-09", "2026-12-16"]


def test_a_lesson_is_cancelled_and_its_families_are_told(world: World, teacher: Visitor) -> None:
    answer = send(teacher, FORM, why="Le cours sera rattrapé.")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{FORM}?fait=annule")
    assert cancelled(world) == {date(2026, 11, 18): "Le cours sera rattrapé."}
    assert recipients(world) == READERS
    page = teacher.get(f"{FORM}?fait=annule").text
    assert "La séance est annulée" in page
    assert DAY not in offered(page)
    assert "mercredi 18 novembre 2026, annulée le 4 novembre 2026 à 14 h 00" in page


def test_the_same_form_again_is_content_and_tells_nobody_again(world: World, teacher: Visitor) -> None:
    assert [send(teacher, FORM).status_code for _ in range(2)] == [303, 303]
    assert recipients(world) == READERS
    assert send(teacher, FORM).status_code == 303

    assert recipients(world) == READERS


def test_what_somebody_else_cancelled_first_stays_and_the_words_come_back(world: World, teacher: Visitor) -> None:
    send(teacher, FORM, why="Le cours sera rattrapé.")

    answer = send(teacher, FORM, why="D'autres mots.")

    assert answer.status_code == 422
    assert "Cette séance est déjà annulée" in answer.text
    assert "D'autres mots." in answer.text
    assert set(cancelled(world).values()) == {"Le cours sera rattrapé."}


def test_two_at_once_tell_each_family_once(world: World, teacher: Visitor) -> None:
    in_parallel(2, lambda number: send(teacher, FORM, why=f"Mot {number}."))

    assert len(cancelled(world)) == 1
    assert recipients(world) == READERS


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"day": ""}, "Choisissez la séance qui n'a pas lieu"),
        ({"day": "2026-11-11"}, "Choisissez la séance qui n'a pas lieu"),  # a holiday
        ({"day": "2026-10-14"}, "Choisissez la séance qui n'a pas lieu"),  # over
        ({"day": "2027-03-31"}, "Choisissez la séance qui n'a pas lieu"),  # too far away
        ({"accord": ""}, "Relisez, puis cochez la case"),
        ({"why": "a" * 301}, "300"),
    ],
)
def test_a_form_that_lacks_something_comes_back_as_it_was(
    world: World, teacher: Visitor, sent: dict[str, str], says: str
) -> None:
    answer = send(teacher, FORM, **{"why": "Le cours sera rattrapé."} | sent)

    assert answer.status_code == 422
    assert says in answer.text
    assert sent.get("why", "Le cours sera rattrapé.") in answer.text
    assert cancelled(world) == {}
    assert recipients(world) == []


def test_a_lesson_of_today_may_be_cancelled_until_it_ends(world: World, teacher: Visitor) -> None:
    world.wait(timedelta(minutes=74))
    enter(world, teacher, TEACHER)
    assert "2026-11-04" in offered(teacher.get(FORM).text)

    world.wait(timedelta(minutes=1))

    assert send(teacher, FORM, day="2026-11-04").status_code == 422
    assert "2026-11-04" not in offered(teacher.get(FORM).text)


def test_a_substitute_cancels_on_its_own_days_only(world: World, teacher: Visitor) -> None:
    lend(world, CELLO, TEACHER, date(2026, 11, 1), date(2026, 11, 20))

    assert offered(teacher.get(course_address(CELLO, "annuler")).text) == ["2026-11-04", "2026-11-18"]
    assert send(teacher, course_address(CELLO, "annuler"), day="2026-11-25").status_code == 422


@pytest.mark.parametrize(
    ("call", "when"), [("SendMessageBatch", "before"), ("UpdateItem", "before"), ("UpdateItem", "after")]
)
def test_a_fault_writes_all_or_nothing_and_the_form_again_tells_each_once(
    world: World, teacher: Visitor, call: str, when: Literal["before", "after"]
) -> None:
    teacher.get(FORM)
    with world.aws.failing(call, when):
        assert send(teacher, FORM).status_code == 503
    assert bool(cancelled(world)) is (when == "after")
    assert when == "before" or recipients(world) == READERS

    assert send(teacher, FORM).status_code == 303
    assert recipients(world) == READERS
