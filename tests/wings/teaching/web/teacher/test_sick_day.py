"""A teacher's day or week cancelled in three clicks: one mail to each address about all courses of its family."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest

from chalicelib.domain.family.households import Course, Pupil
from chalicelib.domain.family.teacher_keys import teacher_key
from chalicelib.wings.teaching.domain.courses import course_key
from chalicelib.wings.teaching.office.timetables import rebuild
from tests.support.aws import When
from tests.support.cancel_form import READERS, recipients
from tests.support.staff import DESK, READER, TEACHER, at_once, enter
from tests.support.teaching import (
    CELLO,
    DOOR,
    LORIOT,
    MESANGE,
    ODETTE,
    PINSON,
    SITE,
    course_address,
    enter_as_teacher,
    settle_pupil,
    stores,
)
from tests.support.world import ROSSIGNOL, Visitor, World

DAY = date(2026, 11, 18)
WEEK = f"{DOOR}/semaine?jour={DAY}"
PAGE = f"{DOOR}/journee/{DAY}/{DAY}"
OFFICE = f"{DESK}/journee/{SITE}/{teacher_key(PINSON)}/{DAY}/{DAY}"
COURSES = tuple(Course(name, "", PINSON, f"mercredi {13 + at} h - {14 + at} h") for at, name in enumerate("ABCDEF"))


@pytest.fixture
def teacher(world: World, visitor: Visitor) -> Visitor:
    """Log in a teacher of six courses on Wednesdays, of two families, and of a third without an address."""
    enter_as_teacher(world, visitor)
    lea, leo = (
        Pupil("Léa Rossignol", date(2015, 5, 4), COURSES[:3]),
        Pupil("Léo Rossignol", date(2016, 5, 4), COURSES[2:5]),
    )
    settle_pupil(world, ROSSIGNOL, lea, leo, emails=READERS[:2])
    settle_pupil(world, MESANGE, Pupil("Basile Mésange", date(2014, 2, 11), COURSES[5:]))
    odette = replace(ODETTE, courses=(CELLO, COURSES[0]))
    world.settle(LORIOT, household=settle_pupil(world, LORIOT, odette).household, emails=(), name="Famille Loriot")
    rebuild(world.services, (SITE,), world.now)
    return visitor


def cancelled(world: World) -> dict[str, str]:
    """Map the cancelled courses of the day by discipline, each to its reason."""
    changes = {course.discipline: stores(world).changes.find(SITE, course_key(course)) for course in COURSES}
    return {name: one.cancelled[DAY].why for name, one in changes.items() if DAY in one.cancelled}


def form(visitor: Visitor, page: str, action: str) -> dict[str, str]:
    """Read the hidden fields of a page's form."""
    inside = visitor.get(page).text.partition(f'action="{action}"')[2].partition("</form>")[0]
    return {name: unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', inside)}


def send(visitor: Visitor, page: str = PAGE, ending: str = "", **fields: str) -> str:
    """Fill in a form of the page, and submit it. Returns the address that follows."""
    answer = visitor.post(page + ending, form(visitor, page, page + ending) | fields)
    return str(answer.headers.get("Location", answer.status_code))


def test_a_day_of_six_courses_is_cancelled_in_three_clicks_at_most(world: World, teacher: Visitor) -> None:
    links = re.findall(r'href="([^"]+)">Annuler ma journée', teacher.get(WEEK).text)
    page = next(link for link in links if str(DAY) in link)  # click 1
    look = teacher.get(page).text
    address = send(teacher, page, annulation="Mme Pinson est souffrante.")  # click 2

    assert page == PAGE
    assert "6 séances, 4 élèves" in look
    assert "2 familles, 3 adresses" not in look  # the third has none, and is named
    assert "3 familles, 3 adresses : un seul mail" in look.replace("\xa0", " ")
    assert "à appeler : Odette Loriot" in look.replace("\xa0", " ")
    assert address == f"{PAGE}?fait=annule"
    assert cancelled(world) == dict.fromkeys("ABCDEF", "Mme Pinson est souffrante.")
    assert recipients(world) == READERS
    mail = next(mail for mail in world.mails() if mail.to == READERS[1])
    assert mail.subject == "5 cours annulés : mercredi 18 novembre 2026 - Evry - Xénakis"
    assert re.findall(r"Cours : (\w)", mail.text) == [*"ABCDE"]
    assert re.findall(r"Élèves? : (.+)", mail.text)[2] == "Léa Rossignol, Léo Rossignol"
    assert "Mme Pinson est souffrante." in mail.text
    assert "Mésange" not in mail.text + mail.html


def test_a_week_is_cancelled_as_a_day_is(world: World, teacher: Visitor) -> None:
    (page,) = re.findall(r'href="([^"]+)">Annuler ma semaine', teacher.get(WEEK).text)

    send(teacher, page)

    assert page == f"{DOOR}/journee/2026-11-16/2026-11-21"
    assert len(cancelled(world)) == 6
    assert recipients(world) == READERS


@pytest.mark.parametrize("page", [PAGE, OFFICE])
def test_what_is_taken_back_within_thirty_seconds_is_silent(world: World, teacher: Visitor, page: str) -> None:
    enter(
        world,
        teacher,
        TEACHER if page == PAGE else "troglodyte@example.org",
        role="teacher" if page == PAGE else "secretary",
    )
    send(teacher, page)
    assert "Jusqu'à 14 h 00 min 30, aucun mail ne part" in teacher.get(page).text.replace("\xa0", " ")
    world.wait(timedelta(seconds=29))

    assert send(teacher, page, "/retablir") == f"{page}?fait=lieu"
    assert cancelled(world) == {}
    assert recipients(world) == []
    send(teacher, page)
    assert recipients(world) == READERS  # cancelled again, it is mailed again


def test_what_is_taken_back_later_has_one_mail_to_each_that_had_the_first(world: World, teacher: Visitor) -> None:
    send(teacher)
    assert recipients(world) == READERS
    world.wait(timedelta(minutes=10))

    assert send(teacher, ending="/retablir") == f"{PAGE}?fait=lieu_mail"
    assert recipients(world) == sorted(2 * READERS)
    mail = world.mails()[-1]
    assert "ont bien lieu" in next(mail.subject for mail in world.mails()[3:] if mail.to == READERS[0])
    assert "n'y venez pas" not in mail.text
    world.wait(timedelta(minutes=10))
    send(teacher, ending="/retablir")
    assert recipients(world) == sorted(2 * READERS)


def test_one_lesson_of_a_day_taken_back_at_once_is_in_no_mail(world: World, teacher: Visitor) -> None:
    send(teacher)

    send(teacher, course_address(COURSES[2], "annuler"), "/retablir")

    assert recipients(world) == READERS
    assert [mail.to for mail in world.mails() if "Cours : C" in mail.text or "bien lieu" in mail.text] == []


def test_a_mail_that_had_not_left_yet_is_followed_by_none(world: World, teacher: Visitor) -> None:
    send(teacher)
    world.wait(timedelta(minutes=1))  # the queue is late

    send(teacher, ending="/retablir")

    assert recipients(world) == []


@pytest.mark.parametrize("is_held", [False, True])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("at", [0, 1, 4, 6])
def test_a_day_interrupted_at_any_call_is_resumed_and_mails_nobody_twice(
    world: World, teacher: Visitor, at: int, when: When, is_held: bool
) -> None:
    ending, before = ("/retablir", READERS) if is_held else ("", [])
    if is_held:
        send(teacher)
        assert recipients(world) == READERS
        world.wait(timedelta(minutes=10))
    fields = form(teacher, PAGE, PAGE + ending)

    with world.aws.failing("UpdateItem" if at else "SendMessageBatch", when, skips=max(at - 1, 0)):
        assert teacher.post(PAGE + ending, fields).status_code == 503
    if (at, when) != (6, "after"):
        assert recipients(world) == before  # some lessons are missing, and the mails wait for them
    world.wait(timedelta(seconds=20))
    assert teacher.post(PAGE + ending, fields).status_code == 303

    world.aws.come_again()
    world.deliver_patiently()
    assert len(cancelled(world)) == (0 if is_held else 6)
    assert recipients(world) == sorted([*READERS, *before])
    subjects: Mapping[str, int] = {mail.to: mail.text.count("Cours :") for mail in world.mails()[len(before) :]}
    assert subjects == {READERS[0]: 5, READERS[1]: 5, READERS[2]: 1}


def test_what_was_left_and_is_resumed_much_later_has_a_mail_of_its_own(world: World, teacher: Visitor) -> None:
    fields = form(teacher, PAGE, PAGE)
    with world.aws.failing("UpdateItem", "before", skips=3):
        teacher.post(PAGE, fields)
    world.deliver_patiently()
    assert recipients(world) == READERS[:2]

    teacher.post(PAGE, fields)

    assert recipients(world) == sorted([*READERS, *READERS[:2]])
    assert sorted(len(re.findall("Cours :", mail.text)) for mail in world.mails()) == [1, 2, 2, 3, 3]


def test_a_teacher_and_the_office_at_once_mail_each_lesson_once(world: World, teacher: Visitor, front: Any) -> None:
    secretary = Visitor(front, world=world)
    enter(world, secretary)
    fields = form(teacher, PAGE, PAGE), form(secretary, OFFICE, OFFICE)

    at_once(lambda: teacher.post(PAGE, fields[0]), lambda: secretary.post(OFFICE, fields[1]))
    world.deliver()
    world.aws.come_again()
    world.deliver_patiently()
    recipients(world)

    assert len(cancelled(world)) == 6
    lessons = [(mail.to, course) for mail in world.mails() for course in re.findall(r"Cours : (\w)", mail.text)]
    assert len(lessons) == len(set(lessons)) == 11


def test_only_own_courses_the_member_s_sites_and_days_of_a_week_are_there(world: World, teacher: Visitor) -> None:
    send(teacher)
    assert DAY not in stores(world).changes.find(SITE, course_key(CELLO)).cancelled

    days = [f"{DAY}/2026-11-17", f"{DAY}/2026-11-25", "2020-01-01/2020-01-01", f"{DAY}/x"]
    pages = [PAGE.replace(f"{DAY}/{DAY}", some) for some in days]
    assert {page: teacher.post(page, {}).status_code for page in pages} == dict.fromkeys(pages, 404)
    enter(world, teacher)
    pages = [PAGE, OFFICE.replace(SITE, "evry-magnard"), OFFICE.replace(teacher_key(PINSON), "0" * 16)]
    assert {page: teacher.get(page).status_code for page in pages} == dict.fromkeys(pages, 404)
    enter(world, teacher, READER)
    assert [teacher.get(OFFICE).status_code, teacher.post(OFFICE, {}).status_code] == [404, 404]
