"""The mails of a course's news: once to each address of its families, if it is written and still applies."""

from datetime import date, timedelta

import pytest

from chalicelib.domain.family.households import Household, Pupil
from chalicelib.domain.family.teacher_keys import teacher_key
from chalicelib.domain.refusals import Unavailable
from chalicelib.mail.jobs import NotConfirmedYet
from chalicelib.mail.outbox import PATIENCE
from chalicelib.wings.teaching.domain.announcements import LessonCancellation
from chalicelib.wings.teaching.domain.courses import course_key
from chalicelib.wings.teaching.mail import CourseMail, CourseMessagePosted, LessonsChanged
from chalicelib.wings.teaching.office import course_mails
from chalicelib.wings.teaching.office.timetables import rebuild
from chalicelib.work.post import job_from_json
from tests.support.absences import deliver
from tests.support.course_messages import send, shown_form
from tests.support.teaching import (
    MESANGE,
    PINSON,
    SITE,
    VIOLIN,
    WEDNESDAY,
    ZELIE,
    enter_as_teacher,
    settle_courses,
    settle_pupil,
    stores,
)
from tests.support.world import EMAIL, ROSSIGNOL, Visitor, World

NEXT = date(2026, 11, 11 + 7)
READERS = ["autre.rossignol@example.org", "rossignol@example.org", "xen2@example.org"]


def cancel(world: World, day: date = NEXT, why: str = "") -> None:
    cancellation = LessonCancellation("Gaspard Roitelet <roitelet@example.org>", world.now, why)
    stores(world).changes.revise_at(SITE, course_key(VIOLIN), lambda changes: changes.with_cancelled(day, cancellation))


def job(world: World, day: date = NEXT) -> LessonsChanged:
    return LessonsChanged(
        request=world.new_client().request,
        asked_at=world.now,
        site=SITE,
        course=course_key(VIOLIN),
        teacher=teacher_key(PINSON),
        day=day.isoformat(),
    )


def post(world: World, day: date = NEXT) -> None:
    world.services.post_box.post(job(world, day))


def begin(world: World) -> None:
    settle_courses(world, WEDNESDAY)


def test_each_address_of_each_family_of_the_course_is_told_and_nobody_else(world: World) -> None:
    begin(world)
    cancel(world, why="Mme Pinson est souffrante.")

    post(world)
    deliver(world)

    mails = world.mails()
    assert sorted(mail.to for mail in mails) == READERS
    to_family = next(mail for mail in mails if mail.to == "rossignol@example.org")
    assert to_family.subject == "Cours annulé : Violon, mercredi 18 novembre 2026 - Evry - Xénakis"
    assert "Élève : Zélie Rossignol" in to_family.text
    assert "Mme Pinson est souffrante." in to_family.text
    assert "Mésange" not in to_family.text + to_family.html


def test_who_left_the_course_before_the_mail_is_written_is_told_nothing(world: World) -> None:
    begin(world)
    cancel(world)
    account = world.account(ROSSIGNOL)
    household = Household(account.household.guardians, (), ())
    settle_pupil(world, ROSSIGNOL, ZELIE, emails=account.emails, household=household)
    settle_pupil(world, MESANGE, ZELIE, gone_at=world.now)

    post(world)
    deliver(world)

    assert world.mails() == []


def test_the_mail_of_today_says_so(world: World) -> None:
    begin(world)
    cancel(world, WEDNESDAY.date())

    post(world, WEDNESDAY.date())
    deliver(world)

    assert [mail.subject.partition(",")[0] for mail in world.mails()] == 3 * ["Aujourd'hui"]


def test_mails_that_were_posted_in_part_are_posted_again_and_leave_once(world: World) -> None:
    begin(world)
    cancel(world)

    with world.aws.failing("SendMessageBatch", "after"), pytest.raises(Unavailable):
        course_mails.post_lessons(world.services, job(world), world.now)
    course_mails.post_lessons(world.services, job(world), world.now)
    deliver(world)

    assert sorted(mail.to for mail in world.mails()) == READERS


def course_mail(world: World, identifier: str = "xen1", email: str = EMAIL) -> CourseMail:
    return CourseMail(
        request="request-1",
        asked_at=world.now,
        site=SITE,
        about="cancelled",
        subject=f"{course_key(VIOLIN)}#2026-11-18",
        identifier=identifier,
        mailbox=world.services.record.pseudonyms.of_mailbox(email),
    )


def test_what_is_not_so_is_told_to_nobody(world: World) -> None:
    settle_courses(world, WEDNESDAY)

    course_mails.MAIL.send(world.services, course_mail(world), world.now)  # the lesson takes place
    course_mails.MAIL.send(world.services, course_mail(world, email="not.on.file@example.org"), world.now)
    course_mails.MAIL.send(world.services, course_mail(world, identifier="xen99"), world.now)
    course_mails.MAIL.send(world.services, course_mail(world), world.now + timedelta(days=5))

    assert world.mails() == []
    assert [event["reason"] for event in world.events()] == 4 * ["not_so"]


def test_a_family_of_two_pupils_of_the_course_gets_one_mail_an_address_and_the_queue_holds_none(world: World) -> None:
    begin(world)
    brother = Pupil("Léo Rossignol", None, (VIOLIN,))
    settle_pupil(world, ROSSIGNOL, ZELIE, brother, emails=("rossignol@example.org",))
    rebuild(world.services, (SITE,), world.now)
    cancel(world)

    course_mails.post_lessons(world.services, job(world), world.now)

    assert "example.org" not in world.aws.queue_bodies()
    deliver(world)
    assert sorted(mail.to for mail in world.mails()) == READERS[1:]


@pytest.fixture
def message(world: World, visitor: Visitor) -> CourseMessagePosted:
    """Send a teacher's message and deliver its mails. Returns its job."""
    enter_as_teacher(world, visitor)
    form = shown_form(visitor)
    send(visitor, form)
    world.wait(timedelta(seconds=5))
    deliver(world)
    name = f"2026-11-04#{course_key(VIOLIN)}#{form}"
    return CourseMessagePosted(request="request-9", asked_at=world.now, site=SITE, message=name)


def test_a_job_that_is_delivered_again_mails_nobody_twice(world: World, message: CourseMessagePosted) -> None:
    assert len(world.mails()) == 3

    course_mails.post_message(world.services, message, world.now)
    deliver(world)

    assert len(world.mails()) == 3
    assert job_from_json(message.to_json()) == message


def test_words_that_were_never_written_are_waited_for_then_dropped(world: World, message: CourseMessagePosted) -> None:
    never = CourseMessagePosted(request="r", asked_at=world.now, site=SITE, message=message.message[:-1] + "g")

    with pytest.raises(NotConfirmedYet):
        course_mails.post_message(world.services, never, world.now)
    course_mails.post_message(world.services, never, world.wait(PATIENCE))
    deliver(world)

    assert len(world.mails()) == 3
    assert world.events()[-1]["reason"] == "not_written"
