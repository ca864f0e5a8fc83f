"""The start page's request: neither of an unripe page nor while closed, its limit per client, and a fault."""

from datetime import timedelta

import pytest

from chalicelib.domain.refusals import Unavailable
from chalicelib.wings.admission.flows.access import code_request_of
from chalicelib.wings.admission.flows.entry import read_admission_periods
from chalicelib.wings.admission.flows.start import AdmissionClosed, PageUnripe, ask_for_place, page_stamp
from tests.support.admission import MERLE, SEASON, announce
from tests.support.aws import When, faults_of
from tests.support.world import World


@pytest.fixture(autouse=True)
def opened(world: World) -> None:
    announce(world)


def ask(world: World, email: str = MERLE) -> str:
    stamp = page_stamp(world.services, world.now)
    world.wait(timedelta(seconds=3))
    return ask_for_place(world.visit(), email, stamp, read_admission_periods(world.services, world.now))


def test_the_question_holds_the_address_the_season_and_the_moment(world: World) -> None:
    code_request = code_request_of(world.services, ask(world))

    assert code_request
    assert (code_request.kind, code_request.words, code_request.season, code_request.asked_at) == (
        "email",
        MERLE,
        SEASON,
        world.now,
    )


def test_nothing_leaves_while_applications_are_closed_nor_for_a_page_that_is_not_ripe(world: World) -> None:
    announce(world, None)
    with pytest.raises(AdmissionClosed):
        ask(world)
    announce(world)
    stamp, admission_periods = page_stamp(world.services, world.now), read_admission_periods(world.services, world.now)
    with pytest.raises(PageUnripe):
        ask_for_place(world.visit(), MERLE, stamp, admission_periods)

    assert world.aws.queue_bodies() == ""


def test_what_is_refused_before_the_post_box_counts_for_nobody(world: World) -> None:
    stamp, admission_periods = page_stamp(world.services, world.now), read_admission_periods(world.services, world.now)
    for _ in range(40):
        with pytest.raises(PageUnripe):
            ask_for_place(world.visit(), MERLE, stamp, admission_periods)

    assert ask(world)


@faults_of("UpdateItem", "SendMessageBatch")
def test_a_call_that_fails_is_told_and_the_form_may_be_sent_again(world: World, call: str, when: When) -> None:
    with world.aws.failing(call, when), pytest.raises(Unavailable):
        ask(world)

    ask(world)
    world.deliver()

    assert {mail.to for mail in world.mails()} == {MERLE}
