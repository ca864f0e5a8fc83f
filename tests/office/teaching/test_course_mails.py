"""The mail of a course's news to one address: an outdated one is dropped, and recorded as such."""

from datetime import timedelta

from chalicelib.domain.teaching.courses import course_key
from chalicelib.mail.lesson_jobs import CourseMail
from chalicelib.office.teaching.course_messages import send
from tests.support.teaching import SITE, VIOLIN, WEDNESDAY, settle_courses
from tests.support.world import EMAIL, World


def mail(world: World, identifier: str = "xen1", email: str = EMAIL) -> CourseMail:
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
    world.now = WEDNESDAY
    settle_courses(world)

    send(world.services, mail(world), world.now)  # the lesson takes place
    send(world.services, mail(world, email="not.on.file@example.org"), world.now)
    send(world.services, mail(world, identifier="xen99"), world.now)
    send(world.services, mail(world), world.now + timedelta(days=5))

    assert world.mails() == []
    assert [event["reason"] for event in world.events()] == 4 * ["not_so"]
