"""Announce an absence or take it back: one write, with its author, for one's own pupil, until the lesson is over."""

from datetime import timedelta

import pytest

from chalicelib.domain.refusals import FieldsRefused, Unavailable
from chalicelib.wings.teaching.domain.announcements import PupilAbsences
from chalicelib.wings.teaching.flows.family.lessons import LessonsContext, announce, enter, take_back
from tests.support.absences import DAY, LESSON, REF, ZELIES, begin
from tests.support.aws import When
from tests.support.enrolment import IN_JUNE
from tests.support.function_policy import held_to_the_policy
from tests.support.households import open_session
from tests.support.staff import in_parallel
from tests.support.teaching import SITE, stores
from tests.support.two_logins import COMES, settle_two_logins
from tests.support.world import World

NAME = f"{REF.course}#{DAY.isoformat()}"


def come(world: World, key: str = ZELIES.key) -> LessonsContext:
    token = open_session(world, world.account())
    world.aws.calls.clear()
    return enter(world.visit(token), key)


def say(world: World, context: LessonsContext, name: str = NAME, why: str = "") -> None:
    announce(world.visit(), context, name, why)


def kept(world: World) -> PupilAbsences:
    return stores(world).announcements.find(SITE, ZELIES)


def test_an_absence_is_announced_by_one_write_after_three_reads_and_taken_back(world: World) -> None:
    begin(world)
    with held_to_the_policy("family", world.aws, world.resources):
        say(world, come(world), why="Rendez-vous")
    assert world.aws.calls == ["GetItem", "BatchGetItem", "BatchGetItem", "UpdateItem"]
    assert kept(world).announced[LESSON].why == "Rendez-vous"

    take_back(world.visit(), come(world), NAME)
    assert world.aws.calls == ["GetItem", "BatchGetItem", "BatchGetItem", "UpdateItem"]
    assert kept(world).announced == {}
    assert [event["event"] for event in world.events()] == ["absence_announced", "absence_taken_back"]


def test_what_is_sent_again_stays_as_it_was_first_told(world: World) -> None:
    begin(world)
    say(world, come(world), why="Rendez-vous")

    say(world, come(world), why="Autre chose")
    assert "UpdateItem" not in world.aws.calls
    assert kept(world).announced[LESSON].why == "Rendez-vous"

    take_back(world.visit(), come(world), NAME)
    take_back(world.visit(), come(world), NAME)
    assert "UpdateItem" not in world.aws.calls


def test_the_lesson_counts_until_it_is_over(world: World) -> None:
    begin(world)
    context = come(world)
    world.wait(timedelta(minutes=40))  # the lesson ends

    say(world, context)
    with pytest.raises(FieldsRefused):
        say(world, come(world))
    with pytest.raises(FieldsRefused):
        take_back(world.visit(), come(world), NAME)

    assert kept(world).is_announced(*LESSON)


@pytest.mark.parametrize("name", ["", "x", f"{REF.course}#2026-11-05", f"{REF.course}#2026-11-11", "0123#2026-11-18"])
def test_what_is_no_lesson_of_the_pupil_is_refused(world: World, name: str) -> None:
    begin(world)

    with pytest.raises(FieldsRefused):
        say(world, come(world), name)

    assert kept(world).announced == {}


def test_words_of_one_guardian_tell_the_other_no_coordinates_where_they_are_separated(world: World) -> None:
    (key, *_) = settle_two_logins(world, separated_at=IN_JUNE).household.pupils_by_key
    hers = come(world, key)
    say(world, hers, hers.lessons[0].name, "Chez moi, 3 allée des Tilleuls, 06 99 00 10 01")

    his = enter(world.visit(open_session(world, world.account(COMES))), key)

    (why,) = (lesson.announced.why for lesson in his.lessons if lesson.announced)
    assert his.read(why) == "Chez moi, non communiqué, non communiqué"
    assert hers.read(why) == why


def test_two_guardians_at_once_announce_two_lessons_and_neither_is_lost(world: World) -> None:
    begin(world)
    context = come(world)
    names = [lesson.name for lesson in context.lessons[:2]]

    in_parallel(2, lambda number: say(world, context, names[number]))

    assert len(kept(world).announced) == 2


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_write_that_fails_is_made_good_by_sending_again(world: World, when: When) -> None:
    begin(world)
    context = come(world)

    with world.aws.failing("UpdateItem", when), pytest.raises(Unavailable):
        say(world, context, why="Rendez-vous")
    say(world, context, why="Rendez-vous")

    assert kept(world).announced[LESSON].why == "Rendez-vous"
