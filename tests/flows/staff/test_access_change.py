"""What a member changes of the own access: told, in one write, and nothing half done."""

from dataclasses import replace

import pytest

from chalicelib.domain.refusals import NotLoggedIn
from chalicelib.domain.staff.members import Member
from chalicelib.flows.staff.access_change import AccessAct, change_access
from chalicelib.flows.staff.entry import enter
from tests.support.staff import SECRETARY, entered, found, in_parallel, is_in, stores
from tests.support.world import World


def with_no_codes(member: Member) -> Member:
    return replace(member, recovery=())


def test_a_change_is_kept_recorded_and_told(world: World) -> None:
    context = entered(world)

    token = change_access(world.services, context, AccessAct("recovery", with_no_codes), world.client, world.now)

    assert token == context.token
    assert [(one.what, one.at) for one in found(world).changes] == [("recovery", world.now)]
    assert world.events()[-1]["event"] == "staff_recovery_renewed"
    world.deliver()
    assert [mail.to for mail in world.mails()] == [SECRETARY]


def test_where_sessions_end_one_s_own_goes_on_and_ends_when_it_would_have(world: World) -> None:
    context, other = entered(world), entered(world)
    act = AccessAct("application", with_no_codes, ends_sessions=True)

    token = change_access(world.services, context, act, world.client, world.now)

    assert [is_in(world, one) for one in (context.token, other.token, token)] == [False, False, True]
    assert enter(world.services, token, world.now).session.opened_at == context.session.opened_at


def test_another_change_that_came_first_is_kept(world: World) -> None:
    context = entered(world)
    stores(world).members.revise(SECRETARY, lambda one: replace(one, last_login=world.now, entry="another"))
    stores(world).members.revise(SECRETARY, lambda one: replace(one, name="Basile T."))

    change_access(world.services, context, AccessAct("recovery", with_no_codes), world.client, world.now)

    assert (found(world).name, found(world).entry) == ("Basile T.", "another")


def test_who_was_shut_out_meanwhile_changes_nothing(world: World) -> None:
    context = entered(world)
    stores(world).members.revise(SECRETARY, lambda one: one.with_disabled(disabled=True))
    before = found(world)

    with pytest.raises(NotLoggedIn):
        change_access(world.services, context, AccessAct("recovery", with_no_codes), world.client, world.now)

    assert found(world) == before


def test_of_two_changes_that_end_sessions_one_wins(world: World) -> None:
    contexts = [entered(world) for _ in range(2)]
    act = AccessAct("application", with_no_codes, ends_sessions=True)

    came = in_parallel(2, lambda which: change_access(world.services, contexts[which], act, world.client, world.now))

    assert came.count(NotLoggedIn) == 1
    assert len(found(world).changes) == 1
