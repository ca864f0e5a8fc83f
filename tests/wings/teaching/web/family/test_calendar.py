"""A pupil's calendar from « Elèves »: its secret address, the lessons it serves, and the refusals of other requests."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from chalicelib.domain.account.coordinates import record_freeze
from chalicelib.domain.family.corrections import Actor
from chalicelib.domain.family.households import Household
from chalicelib.wings.teaching.domain.announcements import LessonCancellation, LessonChange
from chalicelib.wings.teaching.domain.courses import course_key
from tests.support.calendars import PARIS, CalendarPage, hours, of_family, on, opened, texts_of
from tests.support.staff import in_parallel
from tests.support.teaching import SITE, VIOLIN, stores
from tests.support.world import Visitor, World


@pytest.fixture
def owner(world: World, visitor: Visitor) -> CalendarPage:
    return of_family(world, visitor)


def test_a_reader_finds_the_lessons_of_the_year_at_the_right_hours(owner: CalendarPage) -> None:
    path = owner.made()
    owner.visitor.show(None)

    calendar = opened(owner.visitor, path)

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


def test_a_cancelled_lesson_says_so_and_is_the_same_lesson(world: World, owner: CalendarPage) -> None:
    path, day = owner.made(), date(2026, 11, 18)
    owner.visitor.show(None)
    (before,) = on(opened(owner.visitor, path), day)

    cancellation = LessonCancellation("Gaspard Roitelet", world.now, "souffrante")
    stores(world).changes.revise_at(SITE, course_key(VIOLIN), lambda changes: changes.with_cancelled(day, cancellation))

    (after,) = on(opened(owner.visitor, path), day)
    assert texts_of(after)["SUMMARY"] == "Annulé\N{NO-BREAK SPACE}: Violon"
    assert (texts_of(after)["STATUS"], after["UID"], after["SEQUENCE"]) == ("CANCELLED", before["UID"], 1)
    assert "souffrante" not in after.to_ical().decode()
    change = LessonChange("Gaspard Roitelet", world.now)
    stores(world).changes.revise_at(SITE, course_key(VIOLIN), lambda changes: changes.with_change(day, change))
    (lesson,) = on(opened(owner.visitor, path), day)
    assert (texts_of(lesson)["STATUS"], lesson["UID"], lesson["SEQUENCE"]) == ("CONFIRMED", before["UID"], 2)
    assert texts_of(lesson)["SUMMARY"] == "Violon"


def test_a_page_of_before_changes_nothing_that_somebody_else_made(owner: CalendarPage) -> None:
    page = owner.text
    first = owner.made()

    for action in ("create", "renew", "revoke"):
        owner.act(action, page)

    assert owner.address == first
    for action in ("", "other"):
        assert owner.visitor.post(owner.path, {"action": action, "vu": ""}).status_code == 404


def test_two_who_make_an_address_at_once_see_the_same(owner: CalendarPage) -> None:
    page = owner.text

    in_parallel(2, lambda _: owner.act("create", page))

    assert owner.address == owner.address != ""


def test_a_closed_account_one_that_left_and_a_pupil_who_left_show_nothing(world: World, owner: CalendarPage) -> None:
    path, account = owner.made(), world.account()
    former = replace(account, household=Household(account.household.guardians))

    for state in (replace(account, disabled=True), replace(account, gone_at=world.now), former):
        world.database.write_together(world.services.accounts.put(state))
        assert owner.status(path) == 404

    world.database.write_together(world.services.accounts.put(account))
    assert owner.status(path) == 200


def test_not_me_closes_the_addresses_of_before_and_a_new_one_opens(world: World, owner: CalendarPage) -> None:
    path, account = owner.made(), world.account()
    frozen = record_freeze(account, account, Actor("family"), world.wait(timedelta(minutes=5)), "decision")
    world.services.accounts.change(account, frozen)
    assert (owner.visitor.get(path).status_code, owner.address) == (404, "")

    world.wait(timedelta(minutes=5))

    assert owner.visitor.get(owner.made()).status_code == 200


def test_an_address_ends_with_the_school_year_and_the_page_says_so(world: World, owner: CalendarPage) -> None:
    path = owner.made()
    page = owner.text
    assert "Créée le 4 novembre 2026 à 14 h 00, pour tout votre dossier." in page
    assert "Elle sert jusqu'au 31 août 2027" in page
    assert 'href="webcal://' in page
    assert path.rpartition("/")[2] not in world.aws.everything(world.resources), "the table alone makes no address"

    world.now = datetime(2027, 9, 1, 0, 1, tzinfo=PARIS)

    assert owner.status(path) == 404


def test_a_page_and_an_address_read_in_three_round_trips(world: World, owner: CalendarPage) -> None:
    path = owner.made()
    world.aws.calls.clear()
    owner.visitor.get(owner.path)
    assert world.aws.calls == ["GetItem", "GetItem", "BatchGetItem"]

    owner.visitor.show(None)
    world.aws.calls.clear()
    answer = owner.visitor.get(path)

    assert world.aws.calls == ["GetItem", "BatchGetItem", "BatchGetItem"]
    assert answer.headers["Cache-Control"] == "max-age=600, s-maxage=3600, stale-if-error=0"
    assert owner.visitor.send("HEAD", path).status_code == 200
