"""Leave the desk: the session is over on our side too (OWASP ASVS 5.0, 7.4.1)."""

from chalicelib.flows.staff.logout import log_out
from tests.support.staff import entered, half_open, is_in, stores
from tests.support.world import World


def test_a_token_that_was_left_opens_nothing_and_the_others_do(world: World) -> None:
    left, other = (entered(world).token for _ in range(2))

    log_out(world.services, left)

    assert (is_in(world, left), is_in(world, other)) == (False, True)


def test_half_a_session_is_left_too_and_leaving_nothing_is_no_error(world: World) -> None:
    entered(world)
    half = half_open(world).token

    log_out(world.services, half)
    log_out(world.services, None)

    assert stores(world).sessions.find(half) is None
