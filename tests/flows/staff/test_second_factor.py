"""A new authenticator: proven by a code of the key that its page drew, sealed for its member."""

from chalicelib.domain.staff.members import Totp
from chalicelib.domain.staff.totp import step_at
from chalicelib.flows.staff.login_code import open_key
from chalicelib.flows.staff.second_factor import KEY_LASTS, AuthenticatorInput, propose, verify_authenticator
from tests.support.staff import SECRETARY, code_of
from tests.support.world import World

PAGE = "the digest of a link"


def test_a_code_of_the_key_takes_it_up_and_is_used_by_it(world: World) -> None:
    page = propose(world.services, SECRETARY, PAGE, "", world.now)
    sent = AuthenticatorInput(page.sealed, f" {code_of(world, page.key)} ")

    factor = verify_authenticator(world.services, SECRETARY, PAGE, sent, world.now)

    assert isinstance(factor.totp, Totp)
    assert factor.totp.last_step == step_at(world.now)
    assert open_key(world.services, SECRETARY, factor.totp) == page.key
    assert not factor.refused
    assert page.key not in repr(page) + page.sealed


def test_no_code_another_one_and_one_of_an_old_page_are_told_apart(world: World) -> None:
    page = propose(world.services, SECRETARY, PAGE, "", world.now)

    def refused(code: str) -> tuple[str, ...]:
        sent = AuthenticatorInput(page.sealed, code)
        return verify_authenticator(world.services, SECRETARY, PAGE, sent, world.now).refused["code"]

    assert [refused(" "), refused("12345")] == [("staff_code_missing",), ("staff_code_differs",)]
    world.wait(KEY_LASTS)
    assert refused(code_of(world, page.key)) == ("staff_key_gone",)
