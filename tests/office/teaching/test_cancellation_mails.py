"""A cancelled lesson is mailed to the families of that course: once to each address, if it is still cancelled."""

from datetime import date, timedelta

import pytest

from chalicelib.domain.family.households import Household
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.teaching.announcements import LessonCancellation
from chalicelib.domain.teaching.courses import course_key, teacher_key
from chalicelib.mail.lesson_jobs import LessonCancelled
from chalicelib.office.teaching import cancellation_mails
from tests.support.absences import deliver
from tests.support.teaching import (
    MESANGE,
    PINSON,
    SITE,
    VIOLIN,
    WEDNESDAY,
    ZELIE,
    settle_courses,
    settle_pupil,
    stores,
)
from tests.support.world import ROSSIGNOL, World

NEXT = date(2026, 11, 11 + 7)
READERS = ["autre.rossignol@example.org", "rossignol@example.org", "xen2@example.org"]


def cancel(world: World, day: date = NEXT, why: str = "") -> None:
    cancellation = LessonCancellation("Gaspard Roitelet <roitelet@example.org>", world.now, why)
    stores(world).changes.revise_at(SITE, course_key(VIOLIN), lambda changes: changes.with_cancelled(day, cancellation))


def job(world: World, day: date = NEXT) -> LessonCancelled:
    return LessonCancelled(
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
    world.now = WEDNESDAY
    settle_courses(world)


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


def test_jobs_that_run_twice_and_two_who_cancel_at_once_tell_once(world: World) -> None:
    begin(world)
    cancel(world)

    for _ in range(2):
        post(world)
        deliver(world)

    assert sorted(mail.to for mail in world.mails()) == READERS


def test_what_was_never_written_is_told_to_nobody(world: World) -> None:
    begin(world)

    post(world)
    world.deliver_patiently()

    assert world.mails() == []
    assert world.events()[-1]["reason"] == "not_written"


def test_who_left_the_course_before_the_mail_is_written_is_told_nothing(world: World) -> None:
    begin(world)
    cancel(world)
    account = world.account(ROSSIGNOL)
    left = Household(account.household.guardians, (), ())
    settle_pupil(world, ROSSIGNOL, ZELIE, emails=account.emails, household=left)
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


def test_the_mail_of_a_lesson_that_is_over_does_not_leave(world: World) -> None:
    begin(world)
    cancel(world, WEDNESDAY.date())

    post(world, WEDNESDAY.date())
    world.wait(timedelta(days=1))
    deliver(world)

    assert world.mails() == []


def test_mails_that_were_posted_in_part_are_posted_again_and_leave_once(world: World) -> None:
    begin(world)
    cancel(world)

    with world.aws.failing("SendMessageBatch", "after"), pytest.raises(Unavailable):
        cancellation_mails.post_mails(world.services, job(world), world.now)
    cancellation_mails.post_mails(world.services, job(world), world.now)
    deliver(world)

    assert sorted(mail.to for mail in world.mails()) == READERS
