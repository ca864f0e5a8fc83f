"""The state of a teacher's lessons: rolls, cancellations, absences announced beforehand."""

from datetime import date, timedelta

import pytest

from chalicelib.domain.teaching.announcements import AnnouncedAbsence, LessonCancellation
from chalicelib.domain.teaching.courses import PupilRef, TaughtCourse, TaughtPupil, course_key
from chalicelib.domain.teaching.rolls import RollRef
from chalicelib.domain.teaching.school_years import default_year
from chalicelib.domain.teaching.teachers import Share
from chalicelib.flows.teacher.entry import OwnCourse
from chalicelib.flows.teacher.lessons import meetings, read_lessons
from tests.support.teaching import BASILE, MESANGE, PINSON, SITE, VIOLIN, WEDNESDAY, ZELIE, ref_of, stores
from tests.support.world import ROSSIGNOL, World

TODAY = date(2026, 11, 4)
WEEK = timedelta(days=7)
KEY = course_key(VIOLIN)
PUPILS = (TaughtPupil(ref_of(ROSSIGNOL, ZELIE), "Zélie"), TaughtPupil(ref_of(MESANGE, BASILE), "Basile"))


@pytest.fixture(autouse=True)
def _wednesday(world: World) -> None:
    world.now = WEDNESDAY


def own(world: World, pupils: tuple[TaughtPupil, ...] = PUPILS, share: Share | None = None) -> OwnCourse:
    site = world.services.settings.network.site(SITE)
    assert site
    return OwnCourse(site, PINSON, TaughtCourse(KEY, "Violon", VIOLIN.slot, "", pupils), share)


def states(world: World, *days: date) -> list[str]:
    lessons, _ = read_lessons(world.services, [(own(world), day) for day in days], world.now)
    return [lesson.state for lesson in lessons]


def take(world: World, day: date) -> None:
    stores(world).rolls.revise_at(RollRef(SITE, KEY, day), lambda roll: roll.save({}, "Gaspard Roitelet", world.now))


def test_a_roll_is_to_come_to_take_correctable_taken_missed_or_closed(world: World) -> None:
    take(world, TODAY - WEEK)
    days = (TODAY - 2 * WEEK, TODAY - WEEK, TODAY, TODAY + WEEK)
    assert states(world, *days) == ["closed", "correctable", "to_take", "to_come"]

    take(world, TODAY)
    assert states(world, *days) == ["closed", "correctable", "correctable", "to_come"]

    world.wait(timedelta(days=1))
    assert states(world, *days) == ["closed", "taken", "taken", "to_come"]
    assert states(world, TODAY - timedelta(days=1)) == ["missed"]


def test_a_cancelled_lesson_has_no_roll(world: World) -> None:
    take(world, TODAY)
    cancellation = LessonCancellation("Gaspard Roitelet", world.now, "Concert")
    stores(world).changes.revise_at(SITE, KEY, lambda changes: changes.with_cancelled(TODAY, cancellation))

    (lesson,), _ = read_lessons(world.services, [(own(world), TODAY)], world.now)

    assert (lesson.state, lesson.cancellation, lesson.has_roll) == ("cancelled", cancellation, False)


def test_announced_absences_are_counted_of_lessons_to_come_in_the_same_round_trip(world: World) -> None:
    absence = AnnouncedAbsence(world.now, "Mme Rossignol")
    stores(world).announcements.revise_at(
        SITE, PUPILS[0].ref, lambda known: known.with_announced((KEY, TODAY), absence)
    )
    met = [(own(world), day) for day in (TODAY - WEEK, TODAY, TODAY + WEEK)]
    world.aws.calls.clear()

    lessons, _ = read_lessons(world.services, met, world.now)

    assert world.aws.calls == ["BatchGetItem"]
    assert [lesson.announced for lesson in lessons] == [None, 1, 0]


def test_a_choir_of_a_hundred_keeps_the_page_at_one_round_trip(world: World) -> None:
    choir = tuple(TaughtPupil(PupilRef(f"xen{number}", "00000000"), "Élève") for number in range(100))
    small = own(world)
    met = [(own(world, choir), TODAY), (small, TODAY + WEEK)]
    world.aws.calls.clear()

    lessons, _ = read_lessons(world.services, met, world.now)

    assert world.aws.calls == ["BatchGetItem"]
    assert [lesson.announced for lesson in lessons] == [None, 0]


def test_a_lent_course_meets_while_it_is_lent(world: World) -> None:
    share = Share(SITE, PINSON, KEY, TODAY, TODAY + 2 * WEEK)
    year = default_year(TODAY)

    met = meetings(own(world, share=share), year, TODAY - WEEK, TODAY + 3 * WEEK)

    assert [day for _, day in met] == [TODAY, TODAY + 2 * WEEK]  # the 11th of November is a public holiday
