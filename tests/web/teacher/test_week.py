"""A teacher's week."""

from dataclasses import replace
from datetime import date, timedelta

from chalicelib.domain.teaching.announcements import AnnouncedAbsence
from chalicelib.domain.teaching.cancellations import Cancellation
from chalicelib.domain.teaching.courses import course_key
from chalicelib.office.teaching.timetables import rebuild
from tests.support.staff import TEACHER
from tests.support.teaching import (
    BASILE,
    CELLO,
    DOOR,
    ENSEMBLE,
    MESANGE,
    SITE,
    VIOLIN,
    ZELIE,
    course_address,
    enter_as_teacher,
    lend,
    ref_of,
    settle_pupil,
    stores,
)
from tests.support.world import ROSSIGNOL, Visitor, World

WEEK = f"{DOOR}/semaine"


def test_a_teacher_sees_the_own_lessons_of_the_week_with_the_roll_to_take(world: World, visitor: Visitor) -> None:
    enter_as_teacher(world, visitor)

    page = visitor.get(WEEK).text

    assert "semaine du lundi 2 novembre 2026" in page
    assert "Mercredi 4 novembre 2026 (aujourd'hui)" in page
    assert f'14 h 30 - 15 h 15 <a href="{course_address()}">Violon</a></strong>, salle Lully, 2 élèves' in page
    assert "Appel à faire aujourd'hui" in page
    assert f'href="{course_address(VIOLIN, "appel", "2026-11-04")}"' in page
    assert "Ensemble à cordes" in page
    assert course_address(ENSEMBLE, "appel", "2026-11-06") not in page
    assert "Violoncelle" not in page


def test_another_week_is_asked_for_by_one_of_its_days(world: World, visitor: Visitor) -> None:
    enter_as_teacher(world, visitor)
    this = visitor.get(WEEK).text
    assert f'href="{WEEK}?jour=2026-10-26"' in this
    assert f'href="{WEEK}?jour=2026-11-09"' in this

    closed, holiday, over = (
        visitor.get(f"{WEEK}?jour={day}").text for day in ("2026-10-28", "2026-11-12", "2027-08-04")
    )

    assert "Vacances de la Toussaint, jusqu'au 1er novembre 2026" in closed
    assert "Violon" not in closed
    assert "Jour férié" in holiday
    assert "cette semaine est hors de l'année scolaire" in over
    assert visitor.get(f"{WEEK}?jour=demain").text == this


def test_a_cancelled_lesson_says_why_and_an_announced_absence_is_counted(world: World, visitor: Visitor) -> None:
    enter_as_teacher(world, visitor)
    friday = date(2026, 11, 6)
    stores(world).changes.revise(
        SITE,
        course_key(ENSEMBLE),
        lambda known: known.with_cancelled(friday, Cancellation("Gaspard Roitelet", world.now, "Répétition générale")),
    )
    lesson = (course_key(VIOLIN), world.now.date())
    stores(world).announcements.revise(
        SITE, ref_of(ROSSIGNOL, ZELIE), lambda known: known.with_announced(lesson, AnnouncedAbsence(world.now))
    )

    page = visitor.get(WEEK).text

    assert "Cours annulé : Répétition générale" in page
    assert "1 absence annoncée" in page


def test_a_lent_course_says_whose_it_is_and_until_when(world: World, visitor: Visitor) -> None:
    enter_as_teacher(world, visitor)
    today = world.now.date()
    lend(world, CELLO, TEACHER, today, today + timedelta(days=2))

    assert "Violoncelle" in visitor.get(WEEK).text
    assert "Remplacement de M. Choucas jusqu'au 6 novembre 2026" in visitor.get(WEEK).text
    assert "Violoncelle" not in visitor.get(f"{WEEK}?jour=2026-11-18").text


def test_a_course_without_a_known_day_stands_apart(world: World, visitor: Visitor) -> None:
    enter_as_teacher(world, visitor)
    settle_pupil(world, MESANGE, replace(BASILE, courses=(replace(VIOLIN, slot="à convenir"),)))
    rebuild(world.services, (SITE,), world.now)

    page = visitor.get(WEEK).text

    assert "Violon</a>, à convenir, salle Lully, 1 élève" in page.partition("Cours sans jour connu")[2]


def test_a_week_takes_three_round_trips(world: World, visitor: Visitor) -> None:
    enter_as_teacher(world, visitor)
    visitor.get(WEEK)
    before = len(world.aws.calls)

    visitor.get(WEEK)

    assert world.aws.calls[before:] == ["GetItem", "BatchGetItem", "BatchGetItem"]
