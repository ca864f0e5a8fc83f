"""The mail of a receipt: for a stored application only, once, however often and late the job is delivered."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.refusals import Unavailable
from chalicelib.flows.applicant.application import find, mail_receipt
from chalicelib.mail.admission_jobs import AdmissionSubmitted
from chalicelib.mail.jobs import NotConfirmedYet
from tests.support.admission import MERLE, announce, application_of
from tests.support.application_form import context_of, draft, only, send_as_shown
from tests.support.applications import ALBA, NILS
from tests.support.world import World


@pytest.fixture(autouse=True)
def ready(world: World) -> None:
    announce(world)
    draft(world, MERLE)


def subjects(world: World) -> list[str]:
    world.deliver_patiently()
    return [mail.subject for mail in world.mails()]


def test_a_sending_that_failed_is_told_by_nobody(world: World) -> None:
    with world.aws.failing("UpdateItem", "before"), pytest.raises(Unavailable):
        send_as_shown(world, context_of(world, MERLE))

    assert subjects(world) == []
    assert [event["reason"] for event in world.events() if event["event"] == "admission_receipt_dropped"] == [
        "not_written"
    ]


def test_what_is_not_written_yet_is_looked_at_again(world: World) -> None:
    job = AdmissionSubmitted(
        request="r",
        asked_at=world.now,
        mailbox=application_of(world).ref.mailbox,
        season="2026",
        number="P26-2222-2222",
    )

    with pytest.raises(NotConfirmedYet):
        mail_receipt(world.services, job, world.now)


def test_each_sending_has_its_mail_and_one_that_was_overtaken_has_none(world: World) -> None:
    send_as_shown(world, context_of(world, MERLE))
    world.wait(timedelta(minutes=3))
    draft(world, MERLE, only(ALBA, replace(NILS, first_name="Ode")))
    send_as_shown(world, context_of(world, MERLE))

    assert len(subjects(world)) == 1
    assert "Ode Geai" in world.mails()[0].text


def test_before_it_is_sent_there_is_no_receipt(world: World) -> None:
    assert find(context_of(world, MERLE)) is None
