"""The two mails of an identifier that changes families: sealed in the queue, sent once true, else never."""

import pytest

from chalicelib.mail.jobs import NotConfirmedYet
from chalicelib.mail.outbox import PATIENCE
from chalicelib.office.roster.identifier_mails import jobs_to_former, jobs_to_new, mail
from tests.support.world import World


def test_the_queue_holds_no_address_and_no_name(world: World) -> None:
    account = world.settle(display_identifier="XEN 1")

    for (job,) in (jobs(world.services, account, "request", world.now) for jobs in (jobs_to_former, jobs_to_new)):
        assert not any(word in job.to_json() for word in ("rossignol", "Rossignol", "XEN 1"))


def test_nobody_is_told_while_the_account_is_the_former_familys(world: World) -> None:
    (job,) = jobs_to_former(world.services, world.settle(), "request", world.now)

    with pytest.raises(NotConfirmedYet):
        mail(world.services, job, world.now)
    mail(world.services, job, world.wait(PATIENCE))

    assert world.mails() == []
    assert world.events()[-1]["reason"] == "not_written"


def test_the_new_family_is_told_at_an_address_on_file_alone(world: World) -> None:
    account = world.settle()
    (job,) = jobs_to_new(world.services, account, "request", world.now)
    world.settle(emails=("autre@example.org",))

    mail(world.services, job, world.now)

    assert world.mails() == []
