"""A pupil's calendar from « Elèves »: its secret address, the lessons it serves, and the refusals of other requests."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from chalicelib.domain.account.coordinates import record_freeze
from chalicelib.domain.family.corrections import Actor
from chalicelib.domain.family.households import Household, pupil_key
from chalicelib.domain.teaching.announcements import LessonCancellation
from chalicelib.domain.teaching.courses import course_key
from tests.support.calendars import PARIS, hours, on, opened, texts_of
from tests.support.staff import in_parallel
from tests.support.teaching import SITE, VIOLIN, WEDNESDAY, ZELIE, settle_courses, stores
from tests.support.world import Visitor, World

PAGE = f"/extranet/compte/eleves/{pupil_key(ZELIE)}/agenda"
ADDRESS = re.compile(r'value="http://[^/"]+(/extranet/compte/agenda/[\w-]+)"')


@pytest.fixture
def family(world: World, visitor: Visitor) -> Visitor:
    """Log in the family of a pupil of two courses."""
    world.now = WEDNESDAY
    settle_courses(world)
    visitor.log_in()
    return visitor


def act(family: Visitor, action: str, page: str | None = None) -> None:
    """Press a button of the current page, or of an earlier one."""
    seen = re.search(r'name="vu" value="(\w*)"', page or family.get(PAGE).text)
    assert seen
    answer = family.post(PAGE, {"action": action, "vu": seen[1]})
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)


def address(family: Visitor) -> str:
    """Read the address on the page. Empty without one."""
    match = ADDRESS.search(family.get(PAGE).text)
    return match[1] if match else ""


def made(family: Visitor) -> str:
    """Create an address."""
    act(family, "create")
    return address(family)


def stranger(family: Visitor, path: str) -> int:
    """Request an address as a program does, without a session."""
    family.show(None)
    return family.get(path).status_code


def test_a_reader_finds_the_lessons_of_the_year_at_the_right_hours(family: Visitor) -> None:
    path = made(family)
    family.show(None)

    calendar = opened(family, path)

    assert str(calendar["X-WR-CALNAME"]).startswith("Cours de Zélie - ")
    # Both sides of the last Sundays of October and March.
    for day in (date(2026, 10, 14), date(2026, 11, 4), date(2027, 3, 24), date(2027, 3, 31)):
        (lesson,) = on(calendar, day)
        assert [f"{hour:%H:%M}" for hour in hours(lesson)] == ["14:30", "15:15"]
    assert texts_of(lesson) == {
        "SUMMARY": "Violon",
        "LOCATION": "salle Lully, Evry - Xénakis",
        "DESCRIPTION": "Professeur\N{NO-BREAK SPACE}: Mme Pinson",
    }
    for day in (date(2026, 11, 11), date(2026, 10, 21), date(2026, 12, 23), date(2026, 11, 8)):
        assert on(calendar, day) == []
    assert [texts_of(event)["SUMMARY"] for event in on(calendar, date(2026, 11, 6))] == ["Ensemble à cordes"]
    assert "Rossignol" not in calendar.to_ical().decode()


def test_a_cancelled_lesson_says_so_and_is_the_same_lesson(world: World, family: Visitor) -> None:
    path, day = made(family), date(2026, 11, 18)
    family.show(None)
    (before,) = on(opened(family, path), day)

    cancellation = LessonCancellation("Gaspard Roitelet", world.now, "souffrante")
    stores(world).changes.revise_at(SITE, course_key(VIOLIN), lambda changes: changes.with_cancelled(day, cancellation))

    (after,) = on(opened(family, path), day)
    assert texts_of(after)["SUMMARY"] == "Annulé\N{NO-BREAK SPACE}: Violon"
    assert (texts_of(after)["STATUS"], after["UID"], after["SEQUENCE"]) == ("CANCELLED", before["UID"], 1)
    assert "souffrante" not in after.to_ical().decode()


def test_an_address_renewed_or_taken_away_shows_nothing_and_the_new_one_does(family: Visitor) -> None:
    first = made(family)
    act(family, "renew")
    second = address(family)
    assert [family.get(path).status_code for path in (first, second)] == [404, 200]

    act(family, "revoke")

    assert (address(family), stranger(family, second)) == ("", 404)


def test_a_page_of_before_changes_nothing_that_somebody_else_made(family: Visitor) -> None:
    page = family.get(PAGE).text
    first = made(family)

    for action in ("create", "renew", "revoke"):
        act(family, action, page)

    assert address(family) == first
    for action in ("", "other"):
        assert family.post(PAGE, {"action": action, "vu": ""}).status_code == 404


def test_two_who_make_an_address_at_once_see_the_same(family: Visitor) -> None:
    page = family.get(PAGE).text

    in_parallel(2, lambda _: act(family, "create", page))

    assert address(family) == address(family) != ""


def test_an_unknown_malformed_or_foreign_address_is_the_same_404(family: Visitor) -> None:
    path = made(family)
    beginning, _, link = path.rpartition("/")
    answers = [family.get(f"{beginning}/{wrong}") for wrong in ("a", "a" * 64, link[:-2], f"{link}AA", link.swapcase())]

    assert {(answer.status_code, answer.text) for answer in answers} == {(404, answers[0].text)}


def test_a_closed_account_one_that_left_and_a_pupil_who_left_show_nothing(world: World, family: Visitor) -> None:
    path, account = made(family), world.account()
    gone = replace(account, household=Household(account.household.guardians))

    for changed in (replace(account, disabled=True), replace(account, gone_at=world.now), gone):
        world.database.write_together(world.services.accounts.put(changed))
        assert stranger(family, path) == 404

    world.database.write_together(world.services.accounts.put(account))
    assert stranger(family, path) == 200


def test_not_me_closes_the_addresses_of_before_and_a_new_one_opens(world: World, family: Visitor) -> None:
    path, account = made(family), world.account()
    frozen = record_freeze(account, account, Actor("family"), world.wait(timedelta(minutes=5)), "decision")
    world.services.accounts.change(account, frozen)
    assert (family.get(path).status_code, address(family)) == (404, "")

    world.wait(timedelta(minutes=5))

    assert family.get(made(family)).status_code == 200


def test_an_address_ends_with_the_school_year_and_the_page_says_so(world: World, family: Visitor) -> None:
    path = made(family)
    page = family.get(PAGE).text
    assert "Créée le 4 novembre 2026 à 14 h 00, pour tout votre dossier." in page
    assert "Elle sert jusqu'au 31 août 2027" in page
    assert 'href="webcal://' in page
    assert path.rpartition("/")[2] not in world.aws.everything(world.resources), "the table alone makes no address"

    world.now = datetime(2027, 9, 1, 0, 1, tzinfo=PARIS)

    assert stranger(family, path) == 404


def test_a_page_and_an_address_read_in_three_round_trips(world: World, family: Visitor) -> None:
    path = made(family)
    world.aws.calls.clear()
    family.get(PAGE)
    assert world.aws.calls == ["GetItem", "GetItem", "BatchGetItem"]

    family.show(None)
    world.aws.calls.clear()
    answer = family.get(path)

    assert world.aws.calls == ["GetItem", "BatchGetItem", "BatchGetItem"]
    assert answer.headers["Cache-Control"] == "private, max-age=600"
    assert family.send("HEAD", path).status_code == 200
