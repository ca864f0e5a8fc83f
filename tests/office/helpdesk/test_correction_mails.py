"""The notice of a correction is proven when it is sent: by its trace, and to those who may then read it."""

from dataclasses import replace

from chalicelib.domain.account.audit import Author
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.helpdesk.corrections import TELEPHONE, NewValues, correct
from tests.support.two_logins import COME, put, settle_two_logins
from tests.support.world import ROSSIGNOL, World


def test_guardians_separated_before_the_notice_leaves_read_their_own_only(world: World) -> None:
    """The job of a shared file is posted to both addresses, half a minute before it is sent."""
    account = settle_two_logins(world)
    case = HelpdeskCase(ROSSIGNOL.identifier, ROSSIGNOL.site, Author("Mme Lyre", "rappelé"))
    new = NewValues("2", ("06 99 00 30 03",), TELEPHONE.version_of(account))
    assert len(correct(world.services, case, TELEPHONE, new, world.now).emails) == 2

    put(world, replace(world.account(), separated_at=world.now))
    world.deliver_patiently()

    (mail,) = world.mails()
    assert mail.to == "come@example.net"
    assert COME in mail.text
