"""Missing rolls: past lessons, mailed the next morning to the teachers who may take them: once, if still missing."""

from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest

from chalicelib.domain.family.households import Course
from chalicelib.domain.family.teacher_keys import teacher_key
from chalicelib.wings.teaching.domain.courses import course_key
from chalicelib.wings.teaching.office.recall import missing_rolls, post_reminder
from chalicelib.wings.teaching.office.timetables import rebuild
from tests.support.french import plain
from tests.support.function_policy import held_to_the_policy
from tests.support.missing_rolls import LESSON, call_roll, cancel, move, recall_rolls, settle_lesson
from tests.support.staff import TEACHER, member
from tests.support.staff import stores as staff
from tests.support.teaching import (
    BASILE,
    CELLO,
    ENSEMBLE,
    MESANGE,
    SITE,
    VIOLIN,
    WEDNESDAY,
    lend,
    link,
    settle_pupil,
    stores,
)
from tests.support.world import World

SUBSTITUTE = "merle@example.org"


@pytest.fixture(autouse=True)
def lesson(world: World) -> None:
    """Let it be the morning after a lesson without roll."""
    settle_lesson(world)


def mornings(world: World, number: int = 1) -> list[tuple[str, str]]:
    """Let some mornings come. Returns the recipients and subjects."""
    for _ in range(number):
        recall_rolls(world)
        world.deliver()
        world.wait(timedelta(days=1))
    return [(mail.to, mail.subject) for mail in world.mails()]


TOLD = (TEACHER, "Appel à faire : mercredi 4 novembre 2026 - Evry - Xénakis")


def test_a_teacher_is_told_which_roll_is_missing_and_until_when_it_may_be_taken(world: World) -> None:
    assert mornings(world) == [TOLD]

    text = world.mails()[0].text
    path = f"/extranet/enseignant/cours/{SITE}/{course_key(VIOLIN)}/appel/2026-11-04"
    assert f"Violon, mercredi 14 h 30 - 15 h 15 :\n{world.services.settings.network.url(path)}" in text
    assert "jusqu'au 11 novembre 2026 inclus" in text
    assert "Zélie" not in text


def test_no_morning_tells_it_twice_and_one_that_failed_is_made_up_for(world: World) -> None:
    world.wait(timedelta(days=1))

    mails = mornings(world, 4)

    assert mails.count(TOLD) == 1
    assert sorted(subject for _, subject in mails) == [TOLD[1], TOLD[1].replace("mercredi 4", "vendredi 6")]


def test_what_was_called_or_cancelled_before_the_mail_leaves_is_not_recalled(world: World) -> None:
    recall_rolls(world)
    call_roll(world)
    world.deliver()

    assert world.mails() == []
    assert world.events()[-1]["event"] == "rolls_mail_dropped"


def test_a_cancelled_lesson_is_not_recalled(world: World) -> None:
    cancel(world)

    assert mornings(world) == []


def test_a_moved_lesson_is_recalled_after_its_new_day_with_its_new_hour(world: World) -> None:
    move(world, WEDNESDAY.replace(hour=17, minute=30) + timedelta(days=1))
    assert mornings(world) == []

    assert mornings(world) == [(TOLD[0], TOLD[1].replace("mercredi 4", "jeudi 5"))]
    mail = world.mails()[0]
    for text in (mail.text, unescape(mail.html)):
        assert "Violon, 18 h 30 - 19 h 15 (séance déplacée)" in plain(text)
        assert "mercredi" not in text
    assert f"/appel/{LESSON + timedelta(days=1)}" in mail.text


def test_a_moved_lesson_that_was_called_is_not_recalled_and_one_at_another_hour_is(world: World) -> None:
    thursday = LESSON + timedelta(days=1)
    move(world, WEDNESDAY.replace(hour=17) + timedelta(days=1))
    move(world, WEDNESDAY.replace(hour=8), CELLO)
    assert found(world, LESSON, thursday) == [(CELLO.discipline, LESSON), (VIOLIN.discipline, thursday)]

    call_roll(world, day=thursday)
    assert found(world, LESSON, thursday) == [(CELLO.discipline, LESSON)]


def test_the_substitute_of_a_moved_lesson_is_told_if_the_course_is_lent_on_its_new_day(world: World) -> None:
    member(world, SUBSTITUTE, "teacher")
    thursday = LESSON + timedelta(days=1)
    lend(world, VIOLIN, SUBSTITUTE, thursday, thursday + timedelta(days=1))
    move(world, WEDNESDAY.replace(hour=17) + timedelta(days=1))

    assert sorted(to for to, _ in mornings(world, 2)) == [SUBSTITUTE, TEACHER]


@pytest.mark.parametrize(("hour", "courses"), [(7, [VIOLIN, CELLO]), (21, [CELLO, VIOLIN])])
def test_a_moved_lesson_is_listed_at_its_new_hour(world: World, hour: int, courses: list[Course]) -> None:
    move(world, WEDNESDAY.replace(hour=hour))

    assert [discipline for discipline, _ in found(world, LESSON, LESSON)] == [course.discipline for course in courses]


@pytest.mark.parametrize("closed", [{"disabled": True}, {"sites": ("ris-messiaen",)}, {"role": "reader"}])
def test_a_name_without_a_link_or_a_roll_there_is_told_nothing(world: World, closed: dict[str, Any]) -> None:
    recall_rolls(world)
    staff(world).members.revise(TEACHER, lambda known: replace(known, **closed))
    world.deliver()

    assert world.mails() == []
    assert len([event for event in world.events() if event["event"] == "rolls_mail_dropped"]) == 1


@pytest.mark.parametrize(("days", "items"), [(0, [TEACHER]), (1, [SUBSTITUTE, TEACHER])])
def test_a_substitute_is_told_where_it_may_take_the_roll_still(world: World, days: int, items: list[str]) -> None:
    member(world, SUBSTITUTE, "teacher")
    lend(world, VIOLIN, SUBSTITUTE, LESSON, LESSON + timedelta(days=days))

    assert sorted(to for to, _ in mornings(world)) == items
    assert next(event["posted"] for event in world.events() if event["event"] == "rolls_recalled") == len(items)


def test_several_lessons_of_a_day_are_one_mail(world: World) -> None:
    link(world, CELLO.teacher)

    assert mornings(world) == [(TEACHER, TOLD[1].replace("Appel", "Appels"))]
    assert "Violoncelle, mercredi" in world.mails()[0].text


def remind(world: World, name: str = VIOLIN.teacher) -> str:
    """Let the office remind a teacher, under the desk's policy, and the mail leave."""
    with held_to_the_policy("desk", world.aws, world.resources):
        answer = post_reminder(world.services, SITE, teacher_key(name), "click", world.now)
    world.deliver()
    return answer


def test_the_office_reminds_of_the_week_in_one_mail_a_day_beside_the_morning_s(world: World) -> None:
    mornings(world, 2)
    world.wait(timedelta(days=1))

    assert [remind(world), remind(world)] == ["rappel", "rappel_fait"]

    *_, mail = world.mails()
    assert len(world.mails()) == 2
    assert (mail.to, mail.subject) == (TEACHER, "Appels à faire - Evry - Xénakis")
    assert "Violon, mercredi 14 h 30 - 15 h 15, le 4 novembre 2026 :" in mail.text
    assert "vendredi 18 h - 19 h, le 6 novembre 2026 :" in mail.text
    assert "jusqu'au 11 novembre 2026 inclus pour le plus ancien." in mail.text
    world.wait(timedelta(days=1))
    assert remind(world) == "rappel"
    assert len(world.mails()) == 3


def test_two_clicks_at_once_are_one_mail(world: World) -> None:
    for _ in range(2):
        post_reminder(world.services, SITE, teacher_key(VIOLIN.teacher), "click", world.now)
    world.deliver()

    assert len(world.mails()) == 1


def test_a_name_without_access_or_missing_roll_gets_no_reminder(world: World) -> None:
    assert remind(world, CELLO.teacher) == "rappel_sans"
    call_roll(world)
    assert remind(world) == "rappel_sans"
    assert world.mails() == []


def test_timetables_follow_the_families_files_each_morning(world: World) -> None:
    settle_pupil(world, MESANGE, replace(BASILE, courses=(replace(VIOLIN, discipline="Alto"),)))

    mornings(world)

    assert "Alto, mercredi" in world.mails()[0].text
    assert sum(len(timetable.courses) for timetable in stores(world).timetables.all(SITE)) == 4


def found(world: World, first_on: date = LESSON, last_on: date = LESSON) -> list[tuple[str, date]]:
    rolls = missing_rolls(world.services, stores(world).timetables.all(SITE), first_on, last_on)
    return [(roll.course.discipline, roll.day) for roll in rolls]


def test_lessons_that_nobody_called_are_found_by_day_and_hour(world: World) -> None:
    friday = LESSON + timedelta(days=2)

    assert found(world, LESSON, friday) == [
        (VIOLIN.discipline, LESSON),
        (CELLO.discipline, LESSON),
        (ENSEMBLE.discipline, friday),
    ]


def test_a_lesson_called_cancelled_or_of_no_weekday_is_none(world: World) -> None:
    settle_pupil(world, MESANGE, replace(BASILE, courses=(replace(VIOLIN, slot=""),)))
    rebuild(world.services, (SITE,), world.now)
    call_roll(world)
    cancel(world, CELLO)

    assert found(world) == []


def test_in_holidays_nothing_is_forgotten(world: World) -> None:
    assert found(world, date(2026, 10, 21), date(2026, 10, 30)) == []  # « Vacances de la Toussaint »


def test_over_a_summer_each_lesson_is_of_its_own_year(world: World) -> None:
    assert found(world, date(2027, 8, 30), date(2027, 9, 1)) == [
        (VIOLIN.discipline, date(2027, 9, 1)),
        (CELLO.discipline, date(2027, 9, 1)),
    ]
