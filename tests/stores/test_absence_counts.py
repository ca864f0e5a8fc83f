"""Unexcused absences: stored by pupil, listed by site and family, with the counted pupils of each lesson."""

from datetime import date

from chalicelib.domain.enrolment.periods import year_ends_at
from chalicelib.domain.teaching.courses import course_key
from chalicelib.domain.teaching.rolls import RollRef
from tests.support.teaching import BASILE, MESANGE, SITE, VIOLIN, ZELIE, ref_of, stores
from tests.support.world import ROSSIGNOL, World

DAY = date(2026, 11, 4)
LESSON = (course_key(VIOLIN), DAY)
REF = RollRef(SITE, *LESSON)
ZELIE_REF, BASILE_REF = ref_of(ROSSIGNOL, ZELIE), ref_of(MESANGE, BASILE)


def test_a_lesson_is_counted_taken_back_and_forgotten_with_the_school_year(world: World) -> None:
    unexcused = stores(world).absences
    unexcused.revise_at(SITE, ZELIE_REF, lambda before: before.with_lesson(LESSON, "Violon"))

    absences = unexcused.find(SITE, ZELIE_REF)
    assert absences.lessons == {LESSON: "Violon"}
    assert absences.item["expires"] == int(year_ends_at("2026").timestamp())
    assert [one.pupil for one in unexcused.all(SITE)] == [ZELIE_REF]
    assert list(unexcused.all(SITE, MESANGE.identifier)) == []

    unexcused.revise_at(SITE, ZELIE_REF, lambda before: before.without(LESSON))
    left = unexcused.find(SITE, ZELIE_REF)
    assert left.lessons == {}
    assert left.item["expires"] == absences.item["expires"]


def test_whom_a_lesson_was_ever_counted_of_is_kept_beside(world: World) -> None:
    unexcused = stores(world).absences
    unexcused.counted.note(REF, {ZELIE_REF})
    unexcused.counted.note(REF, {BASILE_REF})
    world.aws.calls.clear()
    unexcused.counted.note(REF, {ZELIE_REF})

    assert world.aws.calls == ["GetItem"]
    assert world.database.read(unexcused.counted.lookup(REF)).pupils == {ZELIE_REF, BASILE_REF}
    assert list(unexcused.all(SITE)) == []
