"""A teacher's week."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain.enrolment.answers import CourseWish, PupilAnswers
from chalicelib.office.account import consultations_of
from chalicelib.wings.teaching.domain.announcements import AnnouncedAbsence, LessonCancellation
from chalicelib.wings.teaching.domain.courses import course_key
from chalicelib.wings.teaching.office.timetables import rebuild
from tests.support.enrolled_families import keep, new_enrolment, open_period, send_pupils
from tests.support.opinions import enter_in_march, opinion_ref, say
from tests.support.staff import TEACHER, enter
from tests.support.teaching import (
    BASILE,
    CELLO,
    DOOR,
    ENSEMBLE,
    MESANGE,
    SITE,
    TELEPHONES,
    VIOLIN,
    ZELIE,
    course_address,
    enter_as_teacher,
    lend,
    pupil_address,
    ref_of,
    settle_pupil,
    stores,
    teaching,
)
from tests.support.world import ROSSIGNOL, Visitor, World

PUPIL = pupil_address(ROSSIGNOL, ZELIE)
PATH = f"{PUPIL}/telephones"


@pytest.fixture(autouse=True)
def inside(world: World, visitor: Visitor) -> None:
    """Enter as the teacher of the violin course."""
    enter_as_teacher(world, visitor)


def test_where_the_network_says_nothing_there_are_no_telephones(world: World, visitor: Visitor) -> None:
    teaching(world, telephones=False)

    with wiring.using(world.services):
        assert visitor.get(PATH).status_code == 404
        assert PATH not in visitor.get(PUPIL).text

    assert consultations_of(world.services, ROSSIGNOL, world.now) == ()


def test_a_teacher_sees_whom_to_call_and_that_is_noted(world: World, visitor: Visitor) -> None:
    assert PATH in visitor.get(PUPIL).text

    page = visitor.get(PATH)
    world.wait(timedelta(minutes=1))
    visitor.get(PATH)

    assert page.status_code == 200
    assert [number in page.text for number in TELEPHONES] == [True, True]
    assert f'href="tel:{TELEPHONES[0].replace(" ", "")}"' in page.text
    assert "example.org" not in page.text
    (note,) = consultations_of(world.services, ROSSIGNOL, world.now)
    assert (note.kind, note.times, note.who.split(" <")[0]) == ("telephones_read", 2, "Gaspard Roitelet")


def test_nothing_is_shown_that_could_not_be_noted(world: World, visitor: Visitor) -> None:
    visitor.get(PUPIL)

    with world.aws.failing("UpdateItem", "before"):
        page = visitor.get(PATH)

    assert page.status_code == 503
    assert TELEPHONES[0] not in page.text


COURSE = course_address()


def test_a_course_shows_its_pupils_its_lessons_and_what_is_done_in_it(visitor: Visitor) -> None:
    page = visitor.get(COURSE).text

    assert "<h1>Violon</h1>" in page
    assert f'href="{pupil_address(ROSSIGNOL, ZELIE)}"' in page
    assert f'href="{course_address(VIOLIN, "annuler")}"' in page
    assert f'href="{course_address(VIOLIN, "mot")}"' in page
    today, _, last = page.partition("Dernières séances")
    assert f'href="{course_address(VIOLIN, "appel", "2026-11-04")}"' in today
    assert "<strong>18 novembre 2026</strong>, 14 h 30 - 15 h 15" in today
    assert "7 octobre 2026" in last
    assert "Appel non fait : le délai est passé, voyez le secrétariat" in last


def test_no_word_is_offered_where_the_network_allows_none(world: World, visitor: Visitor) -> None:
    teaching(world, words=False)

    with wiring.using(world.services):
        assert course_address(VIOLIN, "mot") not in visitor.get(COURSE).text


def test_a_substitute_reads_whose_course_it_is(world: World, visitor: Visitor) -> None:
    today = world.now.date()
    lend(world, CELLO, TEACHER, today, today + timedelta(days=7))

    page = visitor.get(course_address(CELLO)).text

    assert "Remplacement de M. Choucas jusqu'au 11 novembre 2026" in page
    assert "Odette Loriot" in page


def test_a_course_names_the_pupils_without_an_opinion_while_opinions_are_given(world: World, visitor: Visitor) -> None:
    enter_in_march(world, visitor)
    basile, zelie = pupil_address(MESANGE, BASILE), pupil_address(ROSSIGNOL, ZELIE)
    say(world, opinion_ref(MESANGE, BASILE))
    page = visitor.get(COURSE).text
    assert "Sans avis sur la réinscription" in page
    assert f'href="{zelie}#avis-titre"' in page
    assert f'href="{basile}#avis-titre"' not in page

    say(world, opinion_ref(ROSSIGNOL, ZELIE))
    assert "Tous les élèves de ce cours ont un avis" in visitor.get(COURSE).text

    teaching(world, opinions_from="04-01", opinions_until="05-01")
    with wiring.using(world.services):
        assert "avis sur" not in visitor.get(COURSE).text


PUPILS = f"{DOOR}/eleves"
WISHES = (CourseWish("Violon", "change", "Violon", ("mardi", "jeudi")), CourseWish("Ensemble à cordes", "stop"))


def test_a_teacher_sees_the_own_pupils_by_day_and_course(visitor: Visitor) -> None:
    page = visitor.get(PUPILS).text

    wednesday, _, friday = page.partition("Vendredi</h2>")
    assert "2 élèves en tout" in page
    assert f'<a href="{course_address(VIOLIN)}">Violon</a>, mercredi 14 h 30 - 15 h 15, salle Lully' in wednesday
    for ref, pupil, age in ((MESANGE, BASILE, "12 ans"), (ROSSIGNOL, ZELIE, "11 ans")):
        link = f'<a href="{pupil_address(ref, pupil)}">{pupil.name}</a>'
        assert f"{link}</strong>, {age}, Cycle 1 - 2e année" in wednesday
    assert "Zélie Rossignol" in friday
    assert "Basile" not in friday
    assert "Odette" not in page
    assert "Réinscription" not in page  # no period is open yet


def test_what_was_sent_is_told_course_by_course_and_a_draft_is_no_answer(world: World, visitor: Visitor) -> None:
    open_period(world)
    enter(world, visitor, TEACHER)
    stays = PupilAnswers(stays=True, wishes=WISHES, image_rights=False)
    leaves = PupilAnswers(stays=False, reason="Départ pour Brest")
    enrolment = new_enrolment(ROSSIGNOL, [(ref_of(ROSSIGNOL, ZELIE).key, ZELIE.name, stays)])
    draft = new_enrolment(MESANGE, [(ref_of(MESANGE, BASILE).key, BASILE.name, leaves)])
    keep(world, send_pupils(enrolment, "R27-K4TN-8WCB"))
    keep(world, draft)

    wednesday, _, friday = visitor.get(PUPILS).text.partition("Vendredi</h2>")

    assert "Continue l'an prochain, souhaite un autre jour (mardi, puis jeudi)" in wednesday
    assert "Réinscription : réponse commencée, pas encore envoyée" in wednesday
    assert "Arrête ce cours" in friday
    assert "Quitte" not in wednesday

    keep(world, send_pupils(draft, "R27-B3CD-4FGH"))
    page = visitor.get(PUPILS).text
    assert "Quitte le conservatoire" in page
    assert "Brest" not in page


def test_the_list_takes_three_round_trips(world: World, visitor: Visitor) -> None:
    open_period(world)
    enter(world, visitor, TEACHER)
    visitor.get(PUPILS)
    before = len(world.aws.calls)

    page = visitor.get(PUPILS)

    assert world.aws.calls[before:] == ["GetItem", "BatchGetItem", "BatchGetItem"]
    assert "Réinscription : pas encore de réponse" in page.text


WEEK = f"{DOOR}/semaine"


def test_a_teacher_sees_the_own_lessons_of_the_week_with_the_roll_to_take(visitor: Visitor) -> None:
    page = visitor.get(WEEK).text

    assert "semaine du lundi 2 novembre 2026" in page
    assert "Mercredi 4 novembre 2026 (aujourd'hui)" in page
    assert f'14 h 30 - 15 h 15 <a href="{course_address()}">Violon</a></strong>, salle Lully, 2 élèves' in page
    assert "Appel à faire aujourd'hui" in page
    assert f'href="{course_address(VIOLIN, "appel", "2026-11-04")}"' in page
    assert "Ensemble à cordes" in page
    assert course_address(ENSEMBLE, "appel", "2026-11-06") not in page
    assert "Violoncelle" not in page


def test_another_week_is_asked_for_by_one_of_its_days(visitor: Visitor) -> None:
    week = visitor.get(WEEK).text
    assert f'href="{WEEK}?jour=2026-10-26"' in week
    assert f'href="{WEEK}?jour=2026-11-09"' in week

    closure, holiday, over = (
        visitor.get(f"{WEEK}?jour={day}").text for day in ("2026-10-28", "2026-11-12", "2027-08-04")
    )

    assert "Vacances de la Toussaint, jusqu'au 1er novembre 2026" in closure
    assert "Violon" not in closure
    assert "Jour férié" in holiday
    assert "cette semaine est hors de l'année scolaire" in over
    assert visitor.get(f"{WEEK}?jour=demain").text == week


def test_a_cancelled_lesson_says_why_and_an_announced_absence_is_counted(world: World, visitor: Visitor) -> None:
    friday = date(2026, 11, 6)
    stores(world).changes.revise_at(
        SITE,
        course_key(ENSEMBLE),
        lambda ref: ref.with_cancelled(
            friday, LessonCancellation("Gaspard Roitelet", world.now, "Répétition générale")
        ),
    )
    lesson = (course_key(VIOLIN), world.now.date())
    stores(world).announcements.revise_at(
        SITE, ref_of(ROSSIGNOL, ZELIE), lambda ref: ref.with_announced(lesson, AnnouncedAbsence(world.now))
    )

    page = visitor.get(WEEK).text

    assert "Cours annulé : Répétition générale" in page
    assert "1 absence annoncée" in page


def test_a_lent_course_says_whose_it_is_and_until_when(world: World, visitor: Visitor) -> None:
    today = world.now.date()
    lend(world, CELLO, TEACHER, today, today + timedelta(days=2))

    assert "Violoncelle" in visitor.get(WEEK).text
    assert "Remplacement de M. Choucas jusqu'au 6 novembre 2026" in visitor.get(WEEK).text
    assert "Violoncelle" not in visitor.get(f"{WEEK}?jour=2026-11-18").text


def test_a_course_without_a_known_day_stands_apart(world: World, visitor: Visitor) -> None:
    settle_pupil(world, MESANGE, replace(BASILE, courses=(replace(VIOLIN, slot="à convenir"),)))
    rebuild(world.services, (SITE,), world.now)

    page = visitor.get(WEEK).text

    assert "Violon</a>, à convenir, salle Lully, 1 élève" in page.partition("Cours sans jour connu")[2]
