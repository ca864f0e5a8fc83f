"""SES on this machine: its quotas, and the outcome of each mail, soon after it left."""

from typing import Any

import pytest

from chalicelib.mail.mailer import Quota
from tests.support.campaigns import announce, begin, job, settle, states, work
from tests.support.world import World
from tools.local.post import DeliveryEvents
from tools.local.ses import MAILS_A_DAY, MAILS_A_SECOND


def test_it_tells_what_it_allows_and_counts_what_it_took(world: World) -> None:
    before = world.services.mailer.quota()
    announce(world)
    begin(world)
    world.services.post_box.post(job(world, *settle(world, 1)))
    work(world)

    after = world.services.mailer.quota()

    assert before.a_second == MAILS_A_SECOND
    assert before.left_today is not None
    assert before.left_today <= MAILS_A_DAY
    assert after == Quota(MAILS_A_SECOND, before.left_today - 1, is_sending=True)


@pytest.mark.parametrize(
    ("email", "state"),
    [
        ("famille{}@example.org", "delivered"),
        ("rebond{}@example.org", "bounced"),
        ("famille{}@rebond.example.org", "bounced"),
        ("grebond{}@example.org", "delivered"),
        ("plainte{}@example.org", "complained"),
    ],
)
def test_an_address_says_what_becomes_of_its_mails(world: World, email: str, state: str) -> None:
    announce(world)
    begin(world)
    (family,) = settle(world, 1, email=email)
    world.services.post_box.post(job(world, family))

    work(world)

    assert states(world, family) == [state]


def test_an_address_that_failed_is_written_to_no_more_until_it_is_taken_off_the_list(world: World) -> None:
    ses = world.aws.client("sesv2")
    announce(world)
    begin(world)
    (family,) = settle(world, 1)
    ses.put_suppressed_destination(EmailAddress=family.emails[0], Reason="COMPLAINT")
    world.services.post_box.post(job(world, family))
    work(world)
    assert states(world, family) == ["bounced"]
    entry = ses.get_suppressed_destination(EmailAddress=family.emails[0])["SuppressedDestination"]
    assert (entry["Reason"], entry["LastUpdateTime"]) == ("COMPLAINT", world.now)

    ses.delete_suppressed_destination(EmailAddress=family.emails[0])

    for call in (ses.get_suppressed_destination, ses.delete_suppressed_destination):
        with pytest.raises(ses.exceptions.NotFoundException):
            call(EmailAddress=family.emails[0])


def test_news_that_fail_come_again(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    announce(world)
    begin(world)
    (family,) = settle(world, 1)
    world.services.post_box.post(job(world, family))
    work(world, news=False)

    with world.aws.failing("UpdateItem", "before", times=1):
        DeliveryEvents(world.aws.ses).work_once()
    assert states(world, family) == ["sent"]
    DeliveryEvents(world.aws.ses).work_once()

    assert states(world, family) == ["delivered"]
    assert capsys.readouterr().out.startswith("bounces: Unavailable")


def test_a_mail_that_it_did_not_take_has_no_news(world: World) -> None:
    announce(world)
    begin(world)
    world.services.post_box.post(job(world, *settle(world, 1)))

    error: dict[str, Any] = {"error": (400, "MessageRejected")}
    with world.aws.failing("SendEmail", "before", **error):
        work(world)

    assert list(world.aws.ses.mails) == []
