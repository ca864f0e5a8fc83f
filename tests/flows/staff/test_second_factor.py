"""An application that is taken up: by a code of the key that the page proposed, sealed for its member."""

from chalicelib.domain.staff.members import Totp
from chalicelib.domain.staff.totp import code_at, step_at
from chalicelib.flows.staff.code import open_key
from chalicelib.flows.staff.second_factor import application
from tests.support.staff import KEY, SECRETARY
from tests.support.world import World


def test_a_code_of_the_key_takes_it_up_and_is_used_by_it(world: World) -> None:
    step = step_at(world.now)

    factor = application(world.services, SECRETARY, KEY, f" {code_at(KEY, step)} ", world.now)

    assert isinstance(factor.totp, Totp)
    assert factor.totp.last_step == step
    assert open_key(world.services, SECRETARY, factor.totp) == KEY
    assert not factor.refused


def test_no_code_and_another_one_are_told_apart(world: World) -> None:
    assert application(world.services, SECRETARY, KEY, " ", world.now).refused == {"code": ("staff_code_missing",)}
    assert application(world.services, SECRETARY, KEY, "12345", world.now).refused == {"code": ("staff_code_differs",)}
