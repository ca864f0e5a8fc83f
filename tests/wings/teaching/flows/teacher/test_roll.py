"""Rolls saved concurrently."""

from collections import Counter
from collections.abc import Sequence

import pytest

from chalicelib.domain.refusals import Unavailable
from chalicelib.infra.dynamo.revise import RACES
from chalicelib.wings.teaching.domain.courses import course_key
from chalicelib.wings.teaching.domain.rolls import MARKS, Mark, RollMoved, RollRef
from chalicelib.wings.teaching.flows.teacher.entry import TeacherContext
from chalicelib.wings.teaching.flows.teacher.entry import enter as flow_enter
from chalicelib.wings.teaching.flows.teacher.roll import SentRoll, find_lesson, save_roll
from tests.support.aws import OVERTAKEN
from tests.support.staff import TEACHER, entered, in_parallel
from tests.support.teaching import BASILE, MESANGE, SITE, VIOLIN, WEDNESDAY, ZELIE, link, ref_of, settle_courses, stores
from tests.support.world import ROSSIGNOL, World

DAY = WEDNESDAY.date()
LESSON = RollRef(SITE, course_key(VIOLIN), DAY)


def teacher_of(world: World) -> TeacherContext:
    settle_courses(world, WEDNESDAY)
    link(world)
    return flow_enter(world.visit(entered(world, TEACHER).token))


def test_of_rolls_saved_at_the_same_moment_one_stands_and_the_others_are_told(world: World) -> None:
    teacher = teacher_of(world)
    course = teacher.course(SITE, course_key(VIOLIN))
    zelie, basile = ref_of(ROSSIGNOL, ZELIE), ref_of(MESANGE, BASILE)
    choices: Sequence[tuple[Mark | None, Mark]] = [(one, other) for one in (None, *MARKS) for other in MARKS]
    lesson = find_lesson(world.services, course, DAY, world.now)

    def save(index: int) -> int:
        roll = SentRoll(dict(zip((zelie, basile), choices[index], strict=True)), "", f"request-{index}", world.now)
        save_roll(world.services, teacher, lesson, roll)
        return index

    results = in_parallel(8, save)

    assert Counter(one for one in results if not isinstance(one, int)) == {RollMoved: 7}
    [winner] = [one for one in results if isinstance(one, int)]
    item = stores(world).rolls.find(LESSON)
    assert (item.mark_of(zelie), item.mark_of(basile)) == choices[winner]


def test_the_same_roll_sent_eight_times_at_once_is_one(world: World) -> None:
    teacher = teacher_of(world)
    lesson = find_lesson(world.services, teacher.course(SITE, course_key(VIOLIN)), DAY, world.now)
    roll = SentRoll({ref_of(ROSSIGNOL, ZELIE): "absent", ref_of(MESANGE, BASILE): None}, "", "request-1", world.now)

    assert in_parallel(8, lambda _: save_roll(world.services, teacher, lesson, roll)) == [None] * 8
    assert stores(world).rolls.find(LESSON).absent == {ref_of(ROSSIGNOL, ZELIE)}


def test_a_roll_that_is_overtaken_each_time_is_unavailable(world: World) -> None:
    teacher = teacher_of(world)
    lesson = find_lesson(world.services, teacher.course(SITE, course_key(VIOLIN)), DAY, world.now)
    roll = SentRoll({ref_of(MESANGE, BASILE): "late"}, "", "request-1", world.now)
    world.aws.calls.clear()

    with world.aws.failing("UpdateItem", "before", error=OVERTAKEN), pytest.raises(Unavailable):
        save_roll(world.services, teacher, lesson, roll)

    assert world.aws.calls.count("UpdateItem") == RACES
