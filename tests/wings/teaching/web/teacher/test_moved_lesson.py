"""A lesson moved to another day or hour, or given by another teacher: one mail, and shown wherever lessons are."""

import re
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.wings.teaching.domain.courses import course_key
from tests.support.calendars import hours, of_family, on, opened, texts_of
from tests.support.cancel_form import READERS, recipients, send
from tests.support.staff import TEACHER, enter
from tests.support.teaching import SITE, VIOLIN, ZELIE, course_address, enter_as_teacher, stores
from tests.support.world import ROSSIGNOL, Visitor, World

FORM = course_address(VIOLIN, "annuler")
DAY, NEW = "2026-11-18", date(2026, 11, 19)
PUPIL = "/extranet/compte/eleves/"
MOVE = {"du": "19/11/2026", "heure": "16 h 30", "nom": "Mme Sorbier"}


@pytest.fixture
def teacher(world: World, visitor: Visitor) -> Visitor:
    """Log in a teacher on a Wednesday."""
    enter_as_teacher(world, visitor)
    return visitor


def change(visitor: Visitor, day: str = DAY, **fields: str) -> Any:
    """Submit the form that moves a lesson."""
    return visitor.post(f"{FORM}/changer", {"jour": day} | fields)


def changes(world: World) -> Any:
    """Read the changes of the course."""
    return stores(world).changes.find(SITE, course_key(VIOLIN))


def test_a_moved_lesson_is_mailed_once_and_shown_in_the_week_and_its_roll(world: World, teacher: Visitor) -> None:
    assert change(teacher, **MOVE).headers["Location"] == f"{FORM}?fait=change"

    assert recipients(world) == READERS
    mail = world.mails()[0]
    assert mail.subject == "Cours déplacé : Violon, jeudi 19 novembre 2026 - Evry - Xénakis"
    assert "Jour : jeudi 19 novembre 2026, 16 h 30 - 17 h 15" in mail.text
    assert "Au lieu du : mercredi 18 novembre 2026" in mail.text
    assert "Professeur : Mme Sorbier, au lieu de Mme Pinson" in mail.text
    week = teacher.get(f"/extranet/enseignant/semaine?jour={DAY}").text
    wednesday, thursday = (part.partition("</section>")[0] for part in week.split('id="jour-2026-11-1')[3:5])
    assert "Violon" not in wednesday
    assert "16 h 30 - 17 h 15" in thursday.replace("\xa0", " ")
    assert "Remplacement par Mme Sorbier" in thursday.replace("\xa0", " ")
    world.wait(timedelta(days=15))
    enter(world, teacher, TEACHER)
    assert "déplacé à un autre jour" in teacher.get(course_address(VIOLIN, "appel", DAY)).text
    assert "Enregistrer" in teacher.get(course_address(VIOLIN, "appel", str(NEW))).text


def test_its_calendar_event_is_the_same_one_and_its_revisions_only_grow(world: World, visitor: Visitor) -> None:
    path = of_family(world, visitor).made()
    (before,) = on(opened(visitor, path), date(2026, 11, 18))
    enter_as_teacher(world, visitor)

    change(visitor, **MOVE)
    (lesson,) = on(opened(visitor, path), NEW)
    assert (lesson["UID"], lesson["SEQUENCE"], str(lesson["STATUS"])) == (before["UID"], 1, "CONFIRMED")
    assert [f"{hour:%H:%M}" for hour in hours(lesson)] == ["16:30", "17:15"]
    assert "Mme Sorbier" in texts_of(lesson)["DESCRIPTION"]
    send(visitor, FORM, day=str(NEW))
    (lesson,) = on(opened(visitor, path), NEW)
    assert (lesson["UID"], lesson["SEQUENCE"], str(lesson["STATUS"])) == (before["UID"], 2, "CANCELLED")


def test_a_move_taken_back_before_its_mail_is_silent_and_later_has_one(world: World, teacher: Visitor) -> None:
    change(teacher, **MOVE)
    change(teacher, day=str(NEW))
    assert recipients(world) == []
    assert changes(world).moves == {}
    change(teacher, nom="Mme Sorbier")
    assert recipients(world) == READERS
    assert world.mails()[0].subject.startswith("Remplacement par Mme Sorbier : Violon, mercredi 18 novembre 2026")

    change(teacher)

    assert recipients(world) == sorted(2 * READERS)
    assert world.mails()[-1].subject.startswith("Le cours a bien lieu")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"du": "25/11/2026"}, "un jour où ce cours n'a pas déjà lieu"),
        ({"du": "03/11/2026"}, "Choisissez un moment à venir"),
        ({"du": "31/02/2027"}, "Ce jour n'existe pas"),
        ({"heure": "tôt"}, "Écrivez l'heure du début"),
        ({"day": "2026-11-11"}, "Choisissez la séance"),
    ],
)
def test_an_impossible_move_comes_back(world: World, teacher: Visitor, fields: dict[str, str], says: str) -> None:
    answer = change(teacher, **fields)

    assert (answer.status_code, says in re.sub("\xa0", " ", answer.text)) == (422, True)
    assert changes(world).changes == {}


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", ["SendMessageBatch", "UpdateItem"])
def test_a_fault_is_made_good_by_the_same_form(world: World, teacher: Visitor, call: str, when: Any) -> None:
    teacher.get(FORM)
    with world.aws.failing(call, when):
        assert change(teacher, vu="2026-11-04-0123456789abcdef", **MOVE).status_code == 503

    assert change(teacher, vu="2026-11-04-0123456789abcdef", **MOVE).status_code == 303
    assert recipients(world) == READERS


def test_the_change_of_another_member_meanwhile_stays(world: World, teacher: Visitor) -> None:
    with world.aws.interrupted("SendMessageBatch", lambda: change(teacher, nom="M. Choucas")):
        answer = change(teacher, **MOVE)

    assert answer.status_code == 422
    assert [one.teacher for one in changes(world).changes.values()] == ["M. Choucas"]


def test_a_family_reads_the_new_hour_and_who_gives_it(world: World, visitor: Visitor) -> None:
    enter_as_teacher(world, visitor)
    change(visitor, **MOVE)
    of_family(world, visitor)

    page = visitor.get(f"{PUPIL}{next(iter(world.account(ROSSIGNOL).household.pupils_by_key))}").text

    assert ZELIE.name in page
    assert "Jeudi 19 novembre 2026, 16 h 30 - 17 h 15" in page.replace("\xa0", " ")
    assert "au lieu du mercredi 18 novembre 2026 : avec Mme Sorbier" in page.replace("\xa0", " ")
    assert "Mercredi 18 novembre 2026" not in page
