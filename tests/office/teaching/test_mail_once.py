"""A mail is sent once, under repeated deliveries, faults and crashes."""

from datetime import timedelta

import pytest

from chalicelib.domain.refusals import Unavailable
from chalicelib.mail.jobs import NotConfirmedYet
from chalicelib.mail.letters import Letter
from chalicelib.office.teaching.mail_once import DeliveryResult, mail_once
from chalicelib.stores.notices import CLAIMED_FOR
from tests.support.teaching import stores
from tests.support.world import EMAIL, ROSSIGNOL, World

ABOUT = ("absence", "a mailbox")


def send(world: World) -> DeliveryResult:
    letter = Letter(EMAIL, "Absence", "Texte\n", "<p>Texte</p>", world.now)
    return mail_once(world.services.mailer, stores(world).deliveries, letter, ROSSIGNOL, ABOUT, world.now)


def test_a_mail_leaves_once(world: World) -> None:
    assert [send(world), send(world)] == ["mailed", "already"]
    assert len(world.mails()) == 1


def test_a_mail_that_ses_refused_for_now_is_sent_by_the_next_try(world: World) -> None:
    with world.aws.failing("SendEmail", "before", error=(429, "TooManyRequestsException")), pytest.raises(Unavailable):
        send(world)

    assert send(world) == "mailed"
    assert len(world.mails()) == 1


def test_a_mail_whose_answer_was_lost_is_waited_for_then_told_again(world: World) -> None:
    with world.aws.failing("SendEmail", "after", error=(500, "InternalFailure")), pytest.raises(Unavailable):
        send(world)

    with pytest.raises(NotConfirmedYet):
        send(world)
    world.wait(CLAIMED_FOR + timedelta(seconds=1))
    assert send(world) == "mailed"
