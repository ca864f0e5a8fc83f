"""Remove a login method: sessions and notices, races with another browser and the office, faults at each call."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account.audit import Author
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import NotLoggedIn, Unavailable
from chalicelib.flows.family.visit import Visitor, enter
from chalicelib.flows.login_methods.methods import method_name, remove_method
from chalicelib.office.helpdesk.access import HelpdeskCase, remove_methods
from tests.support.aws import When, faults_of
from tests.support.households import open_session
from tests.support.login_methods import COMPUTER, LINK, TELEPHONE
from tests.support.logins import attempt, is_in
from tests.support.two_logins import COMES, put, settle_two_logins
from tests.support.world import EMAIL, World


@pytest.fixture
def me(world: World) -> Visitor:
    world.settle(passkeys=(TELEPHONE, COMPUTER), links=(LINK,))
    return enter(world.visit(attempt(world)))


def remove(world: World, visitor: Visitor, key: str = TELEPHONE.id) -> Token | None:
    return remove_method(world.visit(), visitor, method_name(key))


def test_it_opens_nothing_more_and_only_the_session_that_removed_it_continues(world: World, me: Visitor) -> None:
    second = attempt(world)
    world.services.sessions.remember(me.session, "Mme Aimée Rossignol", world.now)
    visitor = enter(world.visit(me.token))

    token = remove(world, visitor)

    assert token
    assert world.account().passkeys == (COMPUTER,)
    assert [is_in(world, one) for one in (second, me.token, token)] == [False, False, True]
    after = enter(world.visit(token))
    assert (after.session.speaker, after.session.opened_by) == ("Mme Aimée Rossignol", "login")
    assert remove(world, after, LINK.subject), "without another proof"
    assert world.account().links == ()
    world.deliver()
    assert [(mail.to, " est retiré" in mail.text) for mail in world.mails()] == [(EMAIL, True)] * 2
    assert "par Mme Aimée Rossignol" in world.mails()[0].text


def test_one_that_is_gone_already_or_of_another_login_changes_nothing(world: World) -> None:
    settle_two_logins(world, passkeys=(TELEPHONE,))
    put(world, replace(world.account(COMES), links=(LINK,)))
    his = enter(world.visit(open_session(world, world.account(COMES))))

    assert remove(world, his) is None
    assert remove(world, his, COMPUTER.id) is None
    assert is_in(world, his.token)
    assert world.account().passkeys == (TELEPHONE,)


def by_another_browser(world: World) -> None:
    assert remove(world, enter(world.visit(attempt(world))))


def by_the_desk(world: World) -> None:
    case = HelpdeskCase("XEN1", None, Author("Mme Houx", "téléphone volé"))
    assert remove_methods(world.services, case, world.now)


@pytest.mark.parametrize("other", [by_another_browser, by_the_desk])
def test_a_session_that_a_change_ended_stays_ended(world: World, me: Visitor, other: Callable[[World], None]) -> None:
    other(world)
    before = world.account()

    with pytest.raises(NotLoggedIn):
        remove(world, me, LINK.subject)

    assert world.account() == before


@faults_of("SendMessageBatch", "UpdateItem", "PutItem", "BatchWriteItem")
def test_after_a_fault_it_is_removed_once_and_told(world: World, me: Visitor, call: str, when: When) -> None:
    """A fault after the write ends the session: it is proven again by logging in."""
    try:
        with world.aws.failing(call, when):
            remove(world, me)
    except Unavailable:
        world.wait(timedelta(minutes=1))
        remove(world, me if is_in(world, me.token) else enter(world.visit(attempt(world))))

    assert world.account().passkeys == (COMPUTER,)
    world.deliver_patiently()
    assert {mail.to for mail in world.mails()} == {EMAIL}
    assert len([change for change in world.account().access_corrections if change.what == "sign_in"]) == 1
