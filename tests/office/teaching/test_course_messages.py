"""The mails of a teacher's message: only if it is written, once each, under repeated deliveries."""

from datetime import timedelta

import pytest

from chalicelib.domain.teaching.courses import course_key
from chalicelib.mail.jobs import NotConfirmedYet
from chalicelib.mail.lesson_jobs import CourseMessagePosted
from chalicelib.mail.outbox import PATIENCE
from chalicelib.office.teaching.course_messages import post_mails
from chalicelib.work.post import job_from_json
from tests.support.course_messages import send, shown_form
from tests.support.teaching import SITE, VIOLIN, enter_as_teacher
from tests.support.world import Visitor, World


@pytest.fixture
def job(world: World, visitor: Visitor) -> CourseMessagePosted:
    """Send a message and deliver its mails. Returns its job."""
    enter_as_teacher(world, visitor)
    form = shown_form(visitor)
    send(visitor, form)
    deliver(world)
    name = f"2026-11-04#{course_key(VIOLIN)}#{form}"
    return CourseMessagePosted(request="request-9", asked_at=world.now, site=SITE, message=name)


def deliver(world: World) -> None:
    world.wait(timedelta(seconds=5))
    for _ in range(3):
        world.deliver()


def test_a_job_that_is_delivered_again_mails_nobody_twice(world: World, job: CourseMessagePosted) -> None:
    assert len(world.mails()) == 3

    post_mails(world.services, job, world.now)
    deliver(world)

    assert len(world.mails()) == 3
    assert job_from_json(job.to_json()) == job


def test_words_that_were_never_written_are_waited_for_then_dropped(world: World, job: CourseMessagePosted) -> None:
    never = CourseMessagePosted(request="r", asked_at=world.now, site=SITE, message=job.message[:-1] + "g")

    with pytest.raises(NotConfirmedYet):
        post_mails(world.services, never, world.now)
    post_mails(world.services, never, world.wait(PATIENCE))
    deliver(world)

    assert len(world.mails()) == 3
    assert world.events()[-1]["reason"] == "not_written"
