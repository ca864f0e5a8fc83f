"""« Mes élèves »: by day and course, with what the re-enrolment says of each in this course."""

from chalicelib.domain.enrolment.answers import CourseWish, PupilAnswers
from tests.support.enrolled_families import keep, new_enrolment, open_period, send_pupils
from tests.support.staff import TEACHER, enter
from tests.support.teaching import (
    BASILE,
    DOOR,
    MESANGE,
    VIOLIN,
    ZELIE,
    course_address,
    enter_as_teacher,
    pupil_address,
    ref_of,
)
from tests.support.world import ROSSIGNOL, Visitor, World

PUPILS = f"{DOOR}/eleves"
WISHES = (
    CourseWish("Violon", "change", "Violon", ("mardi", "jeudi")),
    CourseWish("Ensemble à cordes", "stop"),
)


def test_a_teacher_sees_the_own_pupils_by_day_and_course(world: World, visitor: Visitor) -> None:
    enter_as_teacher(world, visitor)

    page = visitor.get(PUPILS).text

    wednesday, _, friday = page.partition("Vendredi</h2>")
    assert "2 élèves en tout" in page
    assert f'<a href="{course_address(VIOLIN)}">Violon</a>, mercredi 14 h 30 - 15 h 15, salle Lully' in wednesday
    for ref, pupil, said in ((MESANGE, BASILE, "12 ans"), (ROSSIGNOL, ZELIE, "11 ans")):
        link = f'<a href="{pupil_address(ref, pupil)}">{pupil.name}</a>'
        assert f"{link}</strong>, {said}, Cycle 1 - 2e année" in wednesday
    assert "Zélie Rossignol" in friday
    assert "Basile" not in friday
    assert "Odette" not in page
    assert "Réinscription" not in page  # nothing is asked yet


def test_what_was_sent_is_told_course_by_course_and_a_draft_is_no_answer(world: World, visitor: Visitor) -> None:
    enter_as_teacher(world, visitor)
    open_period(world)
    enter(world, visitor, TEACHER)
    stays = PupilAnswers(stays=True, wishes=WISHES, image_rights=False)
    leaves = PupilAnswers(stays=False, reason="Départ pour Brest")
    sent = new_enrolment(ROSSIGNOL, [(ref_of(ROSSIGNOL, ZELIE).key, ZELIE.name, stays)])
    begun = new_enrolment(MESANGE, [(ref_of(MESANGE, BASILE).key, BASILE.name, leaves)])
    keep(world, send_pupils(sent, "R27-K4TN-8WCB"))
    keep(world, begun)

    wednesday, _, friday = visitor.get(PUPILS).text.partition("Vendredi</h2>")

    assert "Continue l'an prochain, souhaite un autre jour (mardi, puis jeudi)" in wednesday
    assert "Réinscription : réponse commencée, pas encore envoyée" in wednesday
    assert "Arrête ce cours" in friday
    assert "Quitte" not in wednesday

    keep(world, send_pupils(begun, "R27-B3CD-4FGH"))
    page = visitor.get(PUPILS).text
    assert "Quitte le conservatoire" in page
    assert "Brest" not in page


def test_the_list_takes_three_round_trips(world: World, visitor: Visitor) -> None:
    enter_as_teacher(world, visitor)
    open_period(world)
    enter(world, visitor, TEACHER)
    visitor.get(PUPILS)
    before = len(world.aws.calls)

    page = visitor.get(PUPILS)

    assert world.aws.calls[before:] == ["GetItem", "BatchGetItem", "BatchGetItem"]
    assert "Réinscription : pas encore de réponse" in page.text
