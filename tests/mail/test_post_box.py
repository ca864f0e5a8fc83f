"""The post box: all the jobs of a call wait in the queue, or the call fails."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.refusals import Unavailable
from chalicelib.flows.family import change_password, lost_password
from chalicelib.flows.family.login import Credentials, log_in
from chalicelib.flows.family.visit import enter as authenticate
from chalicelib.mail.account_jobs import LostPassword
from chalicelib.mail.enrolment_jobs import EnrolmentSubmitted
from chalicelib.mail.post_box import PostBox
from chalicelib.settings.environment import Settings
from chalicelib.wings.teaching.mail import CourseMail
from chalicelib.work.post import WRITERS, job_from_json
from tests.support.wing_examples import examples_here
from tests.support.world import EMAIL, OPENING_MORNING, PASSWORD, ROSSIGNOL, World

NEW = "Merle7Moqueur"


def job(number: int = 1) -> LostPassword:
    return LostPassword(
        request=f"request-{number}", asked_at=OPENING_MORNING, identifier="xen1", mailbox="0123456789abcdef0123"
    )


def waiting(world: World, *, is_hurried: bool = True) -> list[str]:
    """Read the bodies that wait in the queue."""
    if is_hurried:
        world.aws.hurry()
    sqs = world.aws.client("sqs")
    answer = sqs.receive_message(QueueUrl=world.resources.mail_queue_url, MaxNumberOfMessages=10, VisibilityTimeout=0)
    return sorted(message["Body"] for message in answer.get("Messages", []))


def test_a_job_waits_in_the_queue_as_it_was_dropped(world: World) -> None:
    world.services.post_box.post(job())

    assert [job_from_json(body) for body in waiting(world)] == [job()]


@pytest.mark.parametrize("count", [2, 10, 11, 25])
def test_any_number_of_jobs_is_dropped(world: World, count: int) -> None:
    world.services.post_box.post(*(job(number) for number in range(count)))

    sqs = world.aws.client("sqs")
    queue = {"QueueUrl": world.resources.mail_queue_url, "AttributeNames": ["ApproximateNumberOfMessages"]}
    assert sqs.get_queue_attributes(**queue)["Attributes"] == {"ApproximateNumberOfMessages": str(count)}


def test_a_job_with_a_delay_is_not_seen_before(world: World) -> None:
    world.services.post_box.post(job(), delay=timedelta(minutes=15))

    assert waiting(world, is_hurried=False) == []
    assert len(waiting(world)) == 1


def test_passwords_never_stand_behind_what_can_wait(world: World) -> None:
    receipts = [
        EnrolmentSubmitted(
            request="request-1",
            asked_at=OPENING_MORNING,
            site=ROSSIGNOL.site,
            identifier=ROSSIGNOL.identifier,
            season="2027",
            mailbox="0123456789abcdef0123",
            receipt=f"R27-AAAA-{number:04}",
        )
        for number in range(60)
    ]
    world.services.post_box.post(*receipts[:30])
    world.services.post_box.post(job(), *receipts[30:])

    assert [job_from_json(body) for body in waiting(world)] == [job()]
    assert world.services.post_box.waiting() == 61


@pytest.mark.wing
def test_what_nobody_waits_for_before_a_page_can_wait() -> None:
    can_wait = {job.__name__ for job in WRITERS if getattr(job, "can_wait", False) is True}

    of_examples = {case.job.__name__ for examples in examples_here() for case in examples.mails}
    assert can_wait - of_examples == {
        *("AdmissionDecided", "AdmissionOffer", "AdmissionSubmitted", "CampaignNotice", "EnrolmentDecided"),
        *("EnrolmentExtended", "EnrolmentSubmitted", "GuardianInvited", "IdentifierGiven"),
    }


@pytest.mark.wing("teaching", "campaign")
def test_a_family_is_told_of_a_lesson_cancelled_soon_before_any_campaign_and_of_others_after_it(world: World) -> None:
    mail = CourseMail(
        request="request-1",
        asked_at=OPENING_MORNING,
        site=ROSSIGNOL.site,
        about="cancelled",
        subject=f"0123456789abcdef#{OPENING_MORNING.date() + timedelta(days=2)}",
        identifier=ROSSIGNOL.identifier,
        mailbox="0123456789abcdef0123",
    )
    another_week = f"0123456789abcdef#{OPENING_MORNING.date() + timedelta(days=3)}"

    world.services.post_box.post(
        replace(mail, about="words", subject="words"), replace(mail, subject=another_week), mail
    )

    assert [job_from_json(body) for body in waiting(world)] == [mail]


def test_nothing_to_drop_is_no_error(world: World) -> None:
    world.services.post_box.post()

    assert waiting(world) == []


def test_the_queue_holds_neither_an_address_nor_a_password(world: World) -> None:
    world.settle()
    token = log_in(world.visit(), Credentials(ROSSIGNOL, PASSWORD))
    visitor = authenticate(world.visit(token))

    lost_password.request_password(world.visit(), lost_password.LostPasswordForm("xen1", EMAIL))
    change_password.change_password(world.visit(), visitor, change_password.PasswordChange(PASSWORD, NEW, NEW))

    bodies = waiting(world)
    assert sorted(json.loads(body)["kind"] for body in bodies) == ["lost_password", "password_changed"]
    account = world.account()
    assert account.password
    for secret in (EMAIL, EMAIL.partition("@")[0], "@", PASSWORD, NEW, account.password.hash, token.secret):
        assert secret not in "".join(bodies)


def forgetful(world: World) -> PostBox:
    """Make a post box whose queue takes all but the last job of a batch."""
    client = world.aws.make_client("sqs")

    def take_less(params: dict[str, Any], **_: Any) -> None:
        request = json.loads(params["body"])
        params["body"] = json.dumps({**request, "Entries": request["Entries"][:-1]}).encode()

    def say_so(parsed: dict[str, Any], **_: Any) -> None:
        parsed["Failed"] = [{"Id": "1", "Code": "InternalError", "SenderFault": False}]

    client.meta.events.register("before-call.sqs.SendMessageBatch", take_less)
    client.meta.events.register("after-call.sqs.SendMessageBatch", say_so)
    return PostBox(lambda: client, *world.resources.queues, lambda: None)


def test_a_part_of_a_batch_only_is_unavailable(world: World) -> None:
    post_box = forgetful(world)

    with pytest.raises(Unavailable):
        post_box.post(job(1), job(2))


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_queue_that_fails_is_unavailable(world: World, when: Any) -> None:
    with world.aws.failing("SendMessageBatch", when), pytest.raises(Unavailable):
        world.services.post_box.post(job())


@pytest.mark.parametrize(
    "answer", [b"<html>", b"[]", b"{}", b'{"Successful": []}', b'{"Successful": [{}]}', b'{"Successful": 3}']
)
def test_a_queue_that_does_not_say_that_it_took_the_job_is_unavailable(world: World, answer: bytes) -> None:
    with world.aws.failing("SendMessageBatch", "before", answer=answer), pytest.raises(Unavailable):
        world.services.post_box.post(job())


def test_a_queue_that_cannot_be_reached_is_unavailable(settings: Settings) -> None:
    nobody_listens = replace(settings, endpoint_url="http://127.0.0.1:9")

    with pytest.raises(Unavailable):
        wiring.build(nobody_listens, calls=1).post_box.post(job())


def test_jobs_that_wait_and_jobs_at_work_are_counted(world: World) -> None:
    world.services.post_box.post(job(1), job(2), job(3))
    world.aws.client("sqs").receive_message(QueueUrl=world.resources.mail_queue_url)

    assert world.services.post_box.waiting() == 3


def test_a_queue_that_cannot_be_counted_is_unavailable(world: World) -> None:
    with world.aws.failing("GetQueueAttributes", "before"), pytest.raises(Unavailable):
        world.services.post_box.waiting()
