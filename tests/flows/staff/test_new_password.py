"""A password that a member chooses: what is refused of it, of its person and of the network."""

import pytest

from chalicelib.flows.staff.new_password import NewPassword
from tests.support.staff import member
from tests.support.world import World


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ("", "new_missing"),
        ("onze lettre", "staff_password_too_short"),
        ("Basile-Troglodyte", "staff_password_own_name"),
        ("conservatoire xenakis 91", "staff_password_own_name"),
        ("motdepasse123", "staff_password_common"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused(world: World, new: str, code: str) -> None:
    assert NewPassword(new, new or "x").refusals(world.services, member(world))["nouveau"] == (code,)


def test_a_confirmation_is_asked_for_and_must_be_the_same(world: World) -> None:
    made, new = member(world), "quatre hautbois sous la neige"

    assert NewPassword(new, new).refusals(world.services, made) == {}
    assert NewPassword(new, "").refusals(world.services, made) == {"confirmation": ("confirmation_missing",)}
    assert NewPassword(new, new + " ").refusals(world.services, made) == {"confirmation": ("confirmation_differs",)}
