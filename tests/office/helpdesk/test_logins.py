"""Guardians' logins at the desk: invited, closed, coordinates separated, each act audited."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import Author
from chalicelib.domain.refusals import LoginRefused, NotLoggedIn, SlowedDown, Unavailable
from chalicelib.flows.family.visit import enter as authenticate
from chalicelib.office.account import find_account, find_login
from chalicelib.office.find import find_at
from chalicelib.office.helpdesk import access, logins
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.helpdesk.show import account_overview
from chalicelib.office.refusals import OfficeRefusal
from tests.support.aws import When, faults_of
from tests.support.helpdesk import enter, kinds
from tests.support.households import open_session
from tests.support.login_methods import LINK, TELEPHONE
from tests.support.two_logins import COME, COMES, COMES_PASSWORD, put, settle_family, settle_two_logins
from tests.support.world import ROSSIGNOL, World

FAMILY: Final = HelpdeskCase("XEN 1", None, Author("Mme Houx", "les parents l'ont demandé"))
LOGIN: Final = replace(FAMILY, identifier="XEN 1 R2")


def enter_as_come(world: World, password: str = COMES_PASSWORD) -> None:
    enter(world, password, COMES)


def test_the_office_invites_a_guardian_who_is_mailed_what_opens_its_login(world: World) -> None:
    settle_family(world)

    result = logins.invite(world.services, FAMILY, "merle", world.now)
    world.deliver()

    assert (result.guardian.name, result.login.ref, result.had_one) == (COME, COMES, False)
    mails = {mail.to: mail.text for mail in world.mails()}
    assert "L'administration vous invite" in mails["come@example.net"]
    assert f"L'administration a donné à {COME} son propre accès" in mails["rossignol@example.org"]
    assert "Houx" not in "".join(mails.values())
    assert kinds(world) == ["login_invited"]
    last = world.account().corrections[-1]
    assert (last.what, last.actor.side, last.actor.who) == ("logins", "office", "Mme Houx")


def test_an_invitation_may_be_sent_again_and_its_name_may_be_left_out(world: World) -> None:
    settle_family(world)
    logins.invite(world.services, FAMILY, None, world.now)
    world.deliver()
    world.wait(timedelta(minutes=3))

    again = logins.invite(world.services, LOGIN, None, world.now)
    world.deliver()

    assert again.had_one
    assert [mail.to for mail in world.mails()].count("come@example.net") == 2
    assert len(world.account().corrections) == 1


@pytest.mark.parametrize("methods", [{}, {"password": None, "passkeys": (TELEPHONE,)}])
def test_a_guardian_whose_login_serves_is_said_to_have_it(world: World, methods: dict[str, Any]) -> None:
    settle_two_logins(world)
    put(world, replace(world.account(COMES), **methods))

    with pytest.raises(OfficeRefusal, match="login_in_use"):
        logins.invite(world.services, FAMILY, None, world.now)
    world.deliver()

    assert world.mails() == []


def test_what_cannot_be_is_said(world: World) -> None:
    family = settle_family(world)
    aimee, second = family.household.guardians

    with pytest.raises(OfficeRefusal, match="login_which"):
        logins.invite(world.services, FAMILY, "Aimée", world.now)
    put(world, replace(family, household=replace(family.household, guardians=(aimee, replace(second, email="")))))
    with pytest.raises(OfficeRefusal, match="invite_without_email"):
        logins.invite(world.services, FAMILY, None, world.now)
    assert kinds(world) == []


@faults_of("BatchWriteItem", "PutItem", "SendMessageBatch", "UpdateItem")
def test_a_fault_in_an_invitation_is_mended_by_the_same_command(world: World, call: str, when: When) -> None:
    settle_family(world)

    with world.aws.failing(call, when), pytest.raises(Unavailable):
        logins.invite(world.services, FAMILY, None, world.now)
    logins.invite(world.services, FAMILY, None, world.now)
    world.deliver()

    assert world.account().household.guardians[1].login == COMES.identifier
    assert {mail.to for mail in world.mails()} == {"come@example.net", "rossignol@example.org"}
    assert world.services.accounts.find(AccountRef(COMES.site, "xen1r3")) is None


def test_one_login_is_closed_with_a_reason_and_the_other_stays_in(world: World) -> None:
    family = settle_two_logins(world)
    his, hers = open_session(world, world.account(COMES)), open_session(world, family)

    assert access.switch(world.services, LOGIN, world.now, is_disabled=True)

    assert (kinds(world, COMES), kinds(world)) == (["disabled"], [])
    with pytest.raises(NotLoggedIn):
        authenticate(world.visit(his))
    with pytest.raises(LoginRefused):
        enter_as_come(world)
    assert authenticate(world.visit(hers))
    with pytest.raises(OfficeRefusal, match="login_closed"):
        logins.invite(world.services, FAMILY, None, world.now)
    access.switch(world.services, LOGIN, world.now, is_disabled=False)
    enter_as_come(world)


@faults_of("BatchWriteItem", "UpdateItem")
def test_a_login_is_closed_or_not_whatever_fails_and_never_unnoted(world: World, call: str, when: When) -> None:
    settle_two_logins(world)

    with world.aws.failing(call, when), pytest.raises(Unavailable):
        access.switch(world.services, LOGIN, world.now, is_disabled=True)

    assert not world.account(COMES).disabled or kinds(world, COMES)
    access.switch(world.services, LOGIN, world.now, is_disabled=True)
    assert world.account(COMES).disabled


def test_a_family_that_is_closed_closes_both(world: World) -> None:
    family = settle_two_logins(world)
    sessions = [open_session(world, world.account(COMES)), open_session(world, family)]

    for is_disabled in (True, False):
        access.switch(world.services, FAMILY, world.now, is_disabled=is_disabled)
        for token in sessions:
            with pytest.raises(NotLoggedIn):
                authenticate(world.visit(token))
    enter_as_come(world)


def test_no_session_of_either_goes_on_once_a_closed_family_is_open_whatever_fails(world: World) -> None:
    family = settle_two_logins(world)
    sessions = [open_session(world, world.account(COMES)), open_session(world, family)]
    for is_disabled in (True, False):
        with world.aws.failing("UpdateItem", "before", skips=1), suppress(Unavailable):
            access.switch(world.services, FAMILY, world.now, is_disabled=is_disabled)
        access.switch(world.services, FAMILY, world.now, is_disabled=is_disabled)

    for token in sessions:
        with pytest.raises(NotLoggedIn):
            authenticate(world.visit(token))


def test_either_identifier_finds_the_family_and_a_login_is_found_by_its_own(world: World) -> None:
    family = settle_two_logins(world)

    assert find_account(world.services, "XEN 1 R2", None) == find_account(world.services, "XEN 1", None) == family
    assert find_login(world.services, "XEN 1 R2", None).ref == COMES
    assert [account.ref for account in find_at(world.services, "XEN1R2", [ROSSIGNOL.site], world.now).accounts] == [
        ROSSIGNOL
    ]


def test_the_desk_shows_both_logins_and_says_why_each_cannot_log_in(world: World) -> None:
    settle_two_logins(world)
    for _ in range(6):
        with pytest.raises((LoginRefused, SlowedDown)):
            enter_as_come(world, "Faux1234")

    first = account_overview(world.services, "XEN 1", None, world.now)
    second = account_overview(world.services, "XEN 1 R2", None, world.now)

    assert [login.ref for login in first.logins] == [COMES]
    assert [login.ref for login in second.logins] == [ROSSIGNOL]
    assert [cause.code for cause in first.causes] == ["nothing"]
    assert "waiting" in {cause.code for cause in second.causes}
    assert [address.email for address in second.addresses] == ["come@example.net"]


def test_a_password_is_resent_to_the_addresses_of_its_own_login(world: World) -> None:
    settle_two_logins(world)

    first = access.resend(world.services, FAMILY, None, world.now)
    second = access.resend(world.services, LOGIN, None, world.now)
    with pytest.raises(OfficeRefusal, match="resend_to_another"):
        access.resend(world.services, FAMILY, "come@example.net", world.now)
    world.deliver()

    assert (first.to, second.to) == (("rossignol@example.org",), ("come@example.net",))
    assert (first.left_out, second.left_out) == ((), ())
    assert [(mail.to, "XEN 1 R2" in mail.text) for mail in world.mails()] == [
        ("rossignol@example.org", False),
        ("come@example.net", True),
    ]


def test_separated_coordinates_end_the_password_that_both_may_know(world: World) -> None:
    family = settle_two_logins(world, passkeys=(TELEPHONE,), links=(LINK,))
    his, hers = open_session(world, world.account(COMES)), open_session(world, family)

    assert logins.separate(world.services, FAMILY, world.now, is_on=True)
    assert not logins.separate(world.services, FAMILY, world.now, is_on=True)

    assert kinds(world) == ["separated"]
    assert not world.account().has_login_methods, "the other guardian may have linked its own"
    with pytest.raises(LoginRefused):
        enter(world)
    with pytest.raises(NotLoggedIn):
        authenticate(world.visit(hers))
    assert authenticate(world.visit(his))
    assert logins.separate(world.services, FAMILY, world.now, is_on=False)
    assert world.account().separated_at is None
    world.deliver()
    assert [(mail.to, mail.subject[:16]) for mail in world.mails()] == [("rossignol@example.org", "L'accès à votre ")]


def test_coordinates_are_not_separated_where_the_first_guardian_would_be_shut_out(world: World) -> None:
    family = settle_two_logins(world)
    aimee, second = family.household.guardians
    household = replace(family.household, guardians=(replace(aimee, email=""), second))
    put(world, replace(family, emails=("come@example.net",), household=household))

    with pytest.raises(OfficeRefusal, match="separate_without_email"):
        logins.separate(world.services, FAMILY, world.now, is_on=True)

    assert kinds(world) == []
