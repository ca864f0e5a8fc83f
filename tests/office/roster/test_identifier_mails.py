"""The two mails of an identifier that changes families: sealed in the queue, sent once true, else never."""

from chalicelib.office.roster.identifier_mails import MAIL, jobs_to_new
from tests.support.world import World


def test_the_new_family_is_told_at_an_address_on_file_alone(world: World) -> None:
    (job,) = jobs_to_new(world.services, world.settle(), "request", world.now)
    world.settle(emails=("autre@example.org",))

    MAIL.send(world.services, job, world.now)

    assert world.mails() == []
