"""The mail of an invitation: its link is made at its sending, and the newest one opens."""

import pytest

from chalicelib.domain.account.audit import Author
from chalicelib.domain.refusals import Unavailable
from chalicelib.mail.staff_jobs import StaffInvited
from chalicelib.office.staff.invitations import Invitee, invite
from chalicelib.office.staff.mails import MAIL
from chalicelib.office.staff.members import StaffInput
from chalicelib.work.post import job_from_json
from tests.support.aws import When, faults_of
from tests.support.staff import MANAGER, SECRETARY, SITES, links, opens
from tests.support.world import World

AUTHOR = Author("Odile Fauvette <fauvette@example.org>", "arrive en septembre")


def ask(world: World) -> None:
    invitee = Invitee("Basile Troglodyte", "secretary", SITES)
    invite(world.services, StaffInput(SECRETARY, AUTHOR, by=MANAGER), invitee, "mailed", world.now)


@faults_of("GetItem", "UpdateItem", "SendEmail")
def test_whatever_fails_while_the_mail_is_written_its_newest_link_opens(world: World, call: str, when: When) -> None:
    ask(world)
    job = job_from_json(world.aws.queue_bodies())
    assert isinstance(job, StaffInvited)
    with world.aws.failing(call, when, times=1), pytest.raises(Unavailable):
        MAIL.send(world.services, job, world.now)

    MAIL.send(world.services, job, world.now)

    email, secret = links(world)[-1]
    assert (email, opens(world, secret)) == (SECRETARY, True)
