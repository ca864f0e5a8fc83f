"""Unexcused absences: stored by pupil, listed by site and family, with the counted pupils of each lesson."""

from datetime import date

from chalicelib.domain.enrolment.periods import year_ends_at
from chalicelib.wings.teaching.domain.courses import course_key
from chalicelib.wings.teaching.domain.rolls import RollRef
from tests.support.teaching import BASILE, MESANGE, SITE, VIOLIN, ZELIE, ref_of, stores
from tests.support.world import ROSSIGNOL, World

DAY = date(2026, 11, 4)
LESSON = (course_key(VIOLIN), DAY)
REF = RollRef(SITE, *LESSON)
ZELIE_REF, BASILE_REF = ref_of(ROSSIGNOL, ZELIE), ref_of(MESANGE, BASILE)


def test_a_lesson_is_counted_taken_back_and_forgotten_with_the_school_year(world: World) -> None:
    store = stores(world).absences
    store.revise_at(SITE, ZELIE_REF, lambda before: before.with_lesson(LESSON, "Violon"))

    absences = store.find(SITE, ZELIE_REF)
    assert absences.lessons == {LESSON: "Violon"}
    assert absences.item["expires"] == int(year_ends_at("2026").timestamp())
    assert [one.pupil for one in store.all(SITE)] == [ZELIE_REF]
    assert list(store.all(SITE, MESANGE.identifier)) == []

    store.revise_at(SITE, ZELIE_REF, lambda before: before.without(LESSON))
    rest = store.find(SITE, ZELIE_REF)
    assert rest.lessons == {}
    assert rest.item["expires"] == absences.item["expires"]


def test_whom_a_lesson_was_ever_counted_of_is_kept_beside(world: World) -> None:
    store = stores(world).absences
    store.counted.note(REF, {ZELIE_REF})
    store.counted.note(REF, {BASILE_REF})
    world.aws.calls.clear()
    store.counted.note(REF, {ZELIE_REF})

    assert world.aws.calls == ["GetItem"]
    assert world.database.read(store.counted.lookup(REF)).pupils == {ZELIE_REF, BASILE_REF}
    assert list(store.all(SITE)) == []
