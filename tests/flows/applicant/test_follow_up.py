"""« Où en est ma demande »: every number gets the same work, and only the address of its application is mailed."""

from dataclasses import replace

import pytest

from chalicelib.domain.admission.applications import Answers, ApplicationRef, Sent
from chalicelib.domain.refusals import FieldsRefused
from chalicelib.flows.applicant.access import ask_for_status
from tests.support.admission import MERLE, SEASON, announce, application_of, mailbox_of, stores
from tests.support.world import World

NUMBER = "P26-K4TN-8WCB"
NOBODY = "pie@example.org"


@pytest.fixture
def sent(world: World) -> None:
    """Store an application as sent under a number."""
    announce(world)
    applications, ref = stores(world).applications, ApplicationRef(mailbox_of(world, MERLE), SEASON)
    applications.add_number(NUMBER, ref)
    begun = replace(applications.find(ref), email=MERLE, started_at=world.now, saved_at=world.now)
    applications.change(applications.find(ref), replace(begun, sent=Sent(Answers(), NUMBER, world.now, world.now)))


def mailed_to(world: World) -> list[str]:
    world.deliver()
    return [mail.to for mail in world.mails()]


@pytest.mark.usefixtures("sent")
def test_a_number_of_nobody_costs_and_says_the_same(world: World) -> None:
    calls = []
    for number in (NUMBER, "P26-BBBB-CCCC"):
        world.aws.calls.clear()
        ask_for_status(world.services, number, world.new_client(), world.now)
        calls.append(list(world.aws.calls))

    assert calls[0] == calls[1] == ["UpdateItem", "SendMessageBatch"]
    assert mailed_to(world) == [MERLE]
    dropped = [event["reason"] for event in world.events() if event["event"] == "admission_dropped"]
    assert dropped == ["unknown"]


@pytest.mark.usefixtures("sent")
def test_an_address_of_nobody_costs_and_says_the_same_and_begins_nothing(world: World) -> None:
    calls = []
    for email in (MERLE, NOBODY):
        world.aws.calls.clear()
        ask_for_status(world.services, email, world.new_client(), world.now)
        calls.append(list(world.aws.calls))

    assert calls[0] == calls[1] == ["GetItem", "UpdateItem", "SendMessageBatch"]
    assert mailed_to(world) == [MERLE]
    assert application_of(world, NOBODY).started_at is None


@pytest.mark.parametrize(
    "typed", ["", "P26", "P26-K4TN-8WC", "R27-K4TN-8WCBX", "P26-K4TN-8WÇB", "merle@", "mérle@example.org"]
)
def test_what_is_no_number_is_said(world: World, typed: str) -> None:
    with pytest.raises(FieldsRefused):
        ask_for_status(world.services, typed, world.new_client(), world.now)
