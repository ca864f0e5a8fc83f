"""The roll of a lesson, as a teacher calls it, corrects it, comes second, or comes too late."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.family.households import Pupil
from chalicelib.wings.teaching.domain.announcements import AnnouncedAbsence, LessonCancellation
from chalicelib.wings.teaching.domain.courses import course_key
from chalicelib.wings.teaching.domain.rolls import Roll, RollRef
from chalicelib.wings.teaching.office.timetables import rebuild
from chalicelib.wings.teaching.web.teacher.roll import fields_of
from tests.support.forms import Form, forms_of
from tests.support.staff import TEACHER, enter
from tests.support.teaching import (
    BASILE,
    MESANGE,
    OTHER,
    SITE,
    VIOLIN,
    WEDNESDAY,
    ZELIE,
    course_address,
    enter_as_teacher,
    lend,
    ref_of,
    settle_pupil,
    stores,
)
from tests.support.world import ROSSIGNOL, Visitor, World

DAY = WEDNESDAY.date()
PAGE = course_address(VIOLIN, "appel", DAY.isoformat())
SUBSTITUTE = "rougequeue@example.org"
SAVED = f"{PAGE}?fait=appel"


def mark(account: AccountRef, pupil: Pupil) -> str:
    ref = ref_of(account, pupil)
    return fields_of([ref])[ref]


ZELIE_S, BASILE_S = mark(ROSSIGNOL, ZELIE), mark(MESANGE, BASILE)


def form_in(text: str, page: str = PAGE) -> Form:
    return next(form for form in forms_of(text) if form.path.partition("?")[0] == page)


def roll(world: World, day: date = DAY) -> Roll:
    return stores(world).rolls.find(RollRef(SITE, course_key(VIOLIN), day))


def call(visitor: Visitor, page: str = PAGE, texts: dict[str, str] | None = None, **marks: str) -> TestResponse:
    """Open the page, or use an earlier form, set the marks, and press the button."""
    form = texts or form_in(visitor.get(page).text, page).fields
    choices = {{"zelie": ZELIE_S, "basile": BASILE_S}[name]: value for name, value in marks.items()}
    return visitor.post(page, form | choices)


def marks_of(world: World) -> dict[str, str]:
    marks = roll(world).marks
    return {
        name: marks[ref].mark
        for name, ref in (("zelie", ref_of(ROSSIGNOL, ZELIE)), ("basile", ref_of(MESANGE, BASILE)))
        if ref in marks
    }


def posted(world: World) -> list[dict[str, Any]]:
    """Read the jobs that wait in the queue."""
    client = world.aws.client("sqs")
    world.aws.hurry()
    answer = client.receive_message(QueueUrl=world.resources.mail_queue_url, MaxNumberOfMessages=10)
    return [json.loads(message["Body"]) for message in answer.get("Messages", [])]


def announce(world: World, why: str = "") -> None:
    absence = AnnouncedAbsence(world.now, "Mme Mésange", why)
    lesson = (course_key(VIOLIN), DAY)
    stores(world).announcements.revise_at(
        SITE, ref_of(MESANGE, BASILE), lambda known: known.with_announced(lesson, absence)
    )


def cancel(world: World) -> None:
    cancellation = LessonCancellation("Gaspard Roitelet", world.now, "Concert à Corbeil")
    stores(world).changes.revise_at(SITE, course_key(VIOLIN), lambda known: known.with_cancelled(DAY, cancellation))


@pytest.fixture(autouse=True)
def inside(world: World, visitor: Visitor) -> None:
    """Enter as the teacher of the violin course."""
    enter_as_teacher(world, visitor)


def test_everybody_is_present_until_marked_and_an_announced_absence_is_excused(world: World, visitor: Visitor) -> None:
    announce(world, "Rendez-vous chez l'orthodontiste")

    page = visitor.get(PAGE)

    form = form_in(page.text)
    assert (form.fields[ZELIE_S], form.fields[BASILE_S]) == ("present", "excuse")
    assert "Absence annoncée par la famille : « Rendez-vous chez l'orthodontiste »" in page.text
    assert "Mercredi 4 novembre 2026 (cours du mercredi 14 h 30 - 15 h 15), salle Lully" in page.text
    assert "2 élèves" in page.text
    assert "Odette Loriot" not in page.text
    assert page.headers["Cache-Control"] == "private, no-cache"


def test_a_roll_is_one_write_and_tells_of_the_mail_that_will_leave(world: World, visitor: Visitor) -> None:
    world.wait(timedelta(minutes=32))
    enter(world, visitor, TEACHER)
    visitor.get(PAGE)
    fields = form_in(visitor.get(PAGE).text).fields

    before = len(world.aws.calls)
    answer = call(visitor, texts=fields, zelie="absent", basile="retard")

    assert (answer.status_code, answer.headers["Location"]) == (303, SAVED)
    assert world.aws.calls[before:] == ["GetItem", "BatchGetItem", "BatchGetItem", "SendMessageBatch", "UpdateItem"]
    assert marks_of(world) == {"zelie": "absent", "basile": "late"}
    before = len(world.aws.calls)
    page = visitor.get(SAVED).text
    assert world.aws.calls[before:] == ["GetItem", "BatchGetItem", "BatchGetItem"]
    assert "Appel enregistré à 14 h 32." in page
    assert "Appel enregistré le 4 novembre 2026 à 14 h 32 par Gaspard Roitelet." in page
    assert "Un mail part vers 15 h 02 aux responsables de Zélie Rossignol, si l'absence n'est pas corrigée" in page
    assert TEACHER not in page
    [job] = posted(world)
    assert (job["kind"], job["course"], job["day"]) == ("absences_due", course_key(VIOLIN), "2026-11-04")
    assert job["due_at"] == "2026-11-04T14:02:00Z"


def test_a_lesson_where_all_are_there_tells_nobody(world: World, visitor: Visitor) -> None:
    call(visitor)

    assert roll(world).taken_at == world.now
    assert "Un mail part" not in visitor.get(PAGE).text
    assert posted(world) == []


def test_a_roll_is_corrected_the_same_day_and_the_post_looks_again(world: World, visitor: Visitor) -> None:
    call(visitor, zelie="absent")
    world.wait(timedelta(minutes=10))

    answer = call(visitor, zelie="retard")

    assert answer.status_code == 303
    assert marks_of(world) == {"zelie": "late"}
    page = visitor.get(PAGE).text
    assert "Un mail part" not in page
    assert "(premier appel le 4 novembre 2026 à 14 h 00)" in page
    assert len(posted(world)) == 2


def test_who_stays_absent_is_told_once_and_who_was_announced_not_at_all(world: World, visitor: Visitor) -> None:
    announce(world)
    call(visitor, zelie="absent", basile="absent")
    page = visitor.get(PAGE).text
    call(visitor, basile="absent", zelie="absent")

    assert "aux responsables de Zélie Rossignol, si" in page
    assert len(posted(world)) == 1
    world.wait(timedelta(minutes=30))
    enter(world, visitor, TEACHER)
    assert "Un mail part" not in visitor.get(PAGE).text


def test_leaving_clears_what_the_browser_kept(visitor: Visitor) -> None:
    assert visitor.post("/extranet/bureau/deconnexion").headers["Clear-Site-Data"] == '"cache"'


def test_the_day_after_a_roll_that_was_taken_is_read_and_the_office_asked(world: World, visitor: Visitor) -> None:
    call(visitor, zelie="absent")
    fields = form_in(visitor.get(PAGE).text).fields
    world.wait(timedelta(days=1))
    enter(world, visitor, TEACHER)

    page = visitor.get(PAGE).text
    answer = call(visitor, texts=fields, zelie="excuse")

    assert "Un appel se corrige le jour même" in page
    assert 'href="tel:' in page.split("Un appel se corrige")[1]
    assert "Enregistrer l'appel" not in page
    assert answer.status_code == 422
    assert "Ce que vous aviez choisi" in answer.text
    assert marks_of(world) == {"zelie": "absent"}


def test_a_roll_that_was_forgotten_is_taken_later_in_the_week(world: World, visitor: Visitor) -> None:
    world.wait(timedelta(days=7))
    enter(world, visitor, TEACHER)

    assert call(visitor, basile="absent").status_code == 303
    assert marks_of(world) == {"basile": "absent"}
    assert call(visitor, basile="present").status_code == 303


@pytest.mark.parametrize(
    ("day", "message"), [("2026-11-11", "ce jour est à venir"), ("2026-10-21", "ce jour est plus ancien")]
)
def test_a_day_to_come_or_long_past_has_no_roll(visitor: Visitor, day: str, message: str) -> None:
    page = visitor.get(course_address(VIOLIN, "appel", day))

    assert page.status_code == 200
    assert message in page.text
    assert ZELIE_S not in page.text


@pytest.mark.parametrize("day", ["2026-02-30", "20261104", "2026-W45-3", "hier", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_or_far_is_not_there(visitor: Visitor, day: str) -> None:
    assert visitor.get(course_address(VIOLIN, "appel", day)).status_code == 404
    assert visitor.post(course_address(VIOLIN, "appel", day)).status_code == 404


def test_a_lesson_made_up_for_on_another_day_has_a_roll(world: World, visitor: Visitor) -> None:
    monday = course_address(VIOLIN, "appel", "2026-11-02")

    page = visitor.get(monday).text

    assert "Ce cours n'a pas lieu ce jour-là d'habitude." in page
    assert "Ce cours n'a pas lieu" not in visitor.get(PAGE).text
    assert call(visitor, monday, zelie="absent").status_code == 303
    assert roll(world, date(2026, 11, 2)).absent == {ref_of(ROSSIGNOL, ZELIE)}


def test_a_cancelled_lesson_has_no_roll_and_loses_no_choice_made_meanwhile(world: World, visitor: Visitor) -> None:
    fields = form_in(visitor.get(PAGE).text).fields
    cancel(world)

    answer = call(visitor, texts=fields, zelie="absent")

    assert answer.status_code == 422
    assert "Ce cours est annulé ce jour-là : « Concert à Corbeil »" in answer.text
    assert "<dt>Absences</dt><dd>Zélie Rossignol</dd>" in answer.text
    assert roll(world).taken_at is None
    assert ZELIE_S not in visitor.get(PAGE).text


def test_who_comes_second_sees_both_and_decides(world: World, visitor: Visitor, front: Any) -> None:
    lend(world, VIOLIN, SUBSTITUTE, DAY, DAY)
    browser = Visitor(front, world=world)
    enter(world, browser, SUBSTITUTE, role="teacher")
    fields = form_in(visitor.get(PAGE).text).fields
    world.wait(timedelta(minutes=5))
    call(browser, basile="absent")

    answer = call(visitor, texts=fields, zelie="retard")

    assert answer.status_code == 422
    assert "L'appel a été enregistré par Gaspard Roitelet à 14 h 05" in answer.text
    assert marks_of(world) == {"basile": "absent"}
    form = form_in(answer.text)
    assert (form.fields[ZELIE_S], form.fields[BASILE_S]) == ("retard", "present")
    assert "<dt>Absences</dt><dd>Basile Mésange</dd>" in answer.text
    assert call(visitor, texts=form.fields).status_code == 303
    assert marks_of(world) == {"zelie": "late"}


def test_pupils_who_came_or_left_meanwhile_are_looked_at_again(world: World, visitor: Visitor) -> None:
    fields = form_in(visitor.get(PAGE).text).fields
    settle_pupil(world, MESANGE, replace(BASILE, name="Aglaé Mésange"))
    rebuild(world.services, (SITE,), world.now + timedelta(minutes=1))

    answer = call(visitor, texts=fields, zelie="absent")

    assert answer.status_code == 422
    assert "La liste des élèves a changé" in answer.text
    form = form_in(answer.text)
    assert form.fields[ZELIE_S] == "absent"
    assert BASILE_S not in form.fields
    assert roll(world).taken_at is None
    assert call(visitor, texts=form.fields).status_code == 303


def test_who_left_the_course_since_stays_in_its_roll(world: World, visitor: Visitor) -> None:
    call(visitor, basile="absent")
    settle_pupil(world, MESANGE, replace(BASILE, courses=()))
    rebuild(world.services, (SITE,), world.now + timedelta(minutes=1))

    page = visitor.get(PAGE).text

    assert "Reste aussi dans cet appel : un élève qui a quitté ce cours" in page
    assert call(visitor, zelie="retard").status_code == 303
    assert marks_of(world) == {"zelie": "late", "basile": "absent"}


def test_a_mark_that_no_page_offers_is_refused(world: World, visitor: Visitor) -> None:
    assert call(visitor, zelie="ailleurs").status_code == 422
    assert roll(world).taken_at is None


def test_a_substitute_calls_the_roll_of_the_days_that_are_lent_only(world: World, visitor: Visitor) -> None:
    enter_as_teacher(world, visitor, email=SUBSTITUTE, name=OTHER)
    lend(world, VIOLIN, SUBSTITUTE, DAY, date(2026, 11, 11))

    assert visitor.get(PAGE).status_code == 200
    assert visitor.get(course_address(VIOLIN, "appel", "2026-11-03")).status_code == 404


def test_the_next_lesson_of_the_day_is_one_step_away(world: World, visitor: Visitor) -> None:
    later = replace(VIOLIN, slot="mercredi 16 h - 16 h 30", discipline="Alto")
    settle_pupil(world, MESANGE, replace(BASILE, courses=(VIOLIN, later)))
    rebuild(world.services, (SITE,), world.now + timedelta(minutes=1))

    assert f'href="{course_address(later, "appel", DAY.isoformat())}"' in visitor.get(PAGE).text
    assert "Cours suivant" not in visitor.get(course_address(later, "appel", DAY.isoformat())).text


@pytest.mark.parametrize(
    ("call_name", "when", "stands"),
    [
        ("SendMessageBatch", "before", False),
        ("SendMessageBatch", "after", False),
        ("UpdateItem", "before", False),
        ("UpdateItem", "after", True),
        ("BatchGetItem", "before", False),
        ("BatchGetItem", "after", False),
    ],
)
def test_sending_again_heals_a_fault(world: World, visitor: Visitor, call_name: str, when: Any, stands: bool) -> None:
    shown = form_in(visitor.get(PAGE).text).fields

    with world.aws.failing(call_name, when):
        answer = call(visitor, texts=shown, zelie="absent")

    assert answer.status_code == 503
    assert bool(roll(world).taken_at) is stands
    assert call(visitor, texts=shown, zelie="absent").status_code == 303
    assert marks_of(world) == {"zelie": "absent"}
    assert posted(world) != []


def test_a_choir_of_three_hundred_is_called_by_one_form_of_any_identifiers(world: World, visitor: Visitor) -> None:
    zelie, singer = ref_of(ROSSIGNOL, ZELIE), replace(BASILE, name="Choriste Mésange")
    choir = [AccountRef(SITE, f"choeur-des-adultes-de-l-agglomeration-{number:03}") for number in range(298)]
    for ref in choir:
        settle_pupil(world, ref, singer)
    enter_as_teacher(world, visitor)
    pupils = [zelie, ref_of(MESANGE, BASILE), *(ref_of(ref, singer) for ref in choir)]

    answer = call(visitor, texts=form_in(visitor.get(PAGE).text).fields | {fields_of(pupils)[zelie]: "absent"})

    assert (answer.status_code, answer.headers["Location"]) == (303, SAVED)
    assert roll(world).absent == {zelie}
