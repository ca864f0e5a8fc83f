"""The office is let in to fill in a family's re-enrolment for it, by one read."""

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import NotThere
from chalicelib.flows.staff.counter import enter
from tests.support.enrolment import open_season
from tests.support.two_logins import COMES, settle_two_logins
from tests.support.world import ROSSIGNOL, World


def test_a_family_is_found_in_one_read_and_the_office_speaks_for_it(world: World) -> None:
    open_season(world)

    context = enter(world.visit(), ROSSIGNOL, Token.new("bureau"), print)

    assert world.aws.calls == ["BatchGetItem"]
    assert (context.is_open, context.names) == (True, ("l'administration",))
    assert "documents" not in {step.kind for step in context.steps(world.services)}


def test_a_closed_account_a_guardian_s_own_and_one_that_does_not_exist_are_not_there(world: World) -> None:
    settle_two_logins(world)
    world.settle(AccountRef(ROSSIGNOL.site, "xen9"), disabled=True)

    for ref in (COMES, AccountRef(ROSSIGNOL.site, "xen9"), AccountRef(ROSSIGNOL.site, "xen8")):
        with pytest.raises(NotThere):
            enter(world.visit(), ref, Token.new("bureau"), print)
