"""Each page and form of a teacher: its round trips, and the input given back after the session ended."""

import html
from datetime import timedelta

import pytest

from tests.support.assessments import PERIOD
from tests.support.forms import forms_of
from tests.support.opinions import enter_in_march
from tests.support.staff import DESK, TEACHER, enter
from tests.support.teaching import DOOR, VIOLIN, ZELIE, course_address, enter_as_teacher, pupil_address
from tests.support.world import ROSSIGNOL, Visitor, World

PUPIL = pupil_address(ROSSIGNOL, ZELIE)
ASSESSMENT = pupil_address(ROSSIGNOL, ZELIE, "appreciations", PERIOD)
ROLL = course_address(VIOLIN, "appel", "2026-11-04")
CANCEL = course_address(VIOLIN, "annuler")
ENTERING = ["GetItem", "BatchGetItem"]  # once the session knows its timetables
WORDS = "Le rythme\nest à travailler."


@pytest.mark.parametrize(
    ("page", "own"),
    [
        (f"{DOOR}/agenda", []),
        *((page, ["BatchGetItem"]) for page in (f"{DOOR}/semaine", course_address(), PUPIL, CANCEL)),
        *((page, ["BatchGetItem"]) for page in (course_address(VIOLIN, "mot"), ROLL, ASSESSMENT)),
    ],
)
def test_a_page_takes_one_round_trip_beyond_entering(world: World, visitor: Visitor, page: str, own: list[str]) -> None:
    enter_as_teacher(world, visitor)
    visitor.get(page)
    world.aws.calls.clear()

    assert visitor.get(page).status_code == 200

    assert world.aws.calls == [*ENTERING, *own]


def test_an_assessment_is_written_in_one_round_trip_more(world: World, visitor: Visitor) -> None:
    enter_as_teacher(world, visitor)
    (form,) = (form for form in forms_of(visitor.get(ASSESSMENT).text) if "appreciation" in form.kinds)
    world.aws.calls.clear()

    assert visitor.post(ASSESSMENT, form.fields | {"appreciation": WORDS}).status_code == 303

    assert world.aws.calls == [*ENTERING, "BatchGetItem", "UpdateItem"]


@pytest.mark.parametrize(
    ("page", "field", "fields"),
    [
        (ASSESSMENT, "appreciation", {}),
        (PUPIL, "avis_mots", {"avis": "reserved"}),
        (course_address(VIOLIN, "mot"), "mot", {"accord": "oui"}),
        (CANCEL, "annulation", {"jour": "2027-03-10", "accord": "oui"}),
        (course_address(VIOLIN, "appel", "2027-03-03"), "", {}),
    ],
)
def test_a_form_sent_after_the_session_waits_on_its_page_until_a_login(
    world: World, visitor: Visitor, page: str, field: str, fields: dict[str, str]
) -> None:
    enter_in_march(world, visitor)
    form = next(form for form in forms_of(visitor.get(page).text) if form.path.startswith(page))
    entries = form.fields | ({field: WORDS} if field else {}) | fields
    before = [item for item in world.aws.everything(world.resources).split("\n") if "@session" not in item]
    world.wait(timedelta(hours=2))

    answer = visitor.post(form.path, entries)

    assert answer.status_code == 401
    assert [item for item in world.aws.everything(world.resources).split("\n") if "@session" not in item] == before
    waiting = next(form for form in forms_of(answer.text) if set(entries) - {"jeton"} <= set(form.fields))
    assert {name: waiting.fields[name].replace("\r", "") for name in entries if name != "jeton"} == {
        name: value for name, value in entries.items() if name != "jeton"
    }
    assert not field or "Le rythme<br>est à travailler." in html.unescape(answer.text)
    enter(world, visitor, "corbeau@example.org", role="teacher")
    assert visitor.post(waiting.path, waiting.fields).headers["Location"] == DESK, "not in another's name"
    enter(world, visitor, TEACHER)
    assert DESK not in visitor.post(waiting.path, waiting.fields).headers["Location"]
