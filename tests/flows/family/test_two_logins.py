"""Two guardians, two logins: each with its own password and sessions, in one family's area."""

import re
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest

from chalicelib.domain.account.accounts import AccountRef, Origin
from chalicelib.domain.account.email_addresses import choices
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.family.corrections import Actor, Correction
from chalicelib.domain.refusals import LoginRefused, NotLoggedIn, Unavailable
from chalicelib.flows.family.change_password import PasswordChange, change_password
from chalicelib.flows.family.family_email import EmailChangeForm, ask, prove, version_of_emails
from chalicelib.flows.family.lost_password import request_identifiers
from chalicelib.flows.family.not_me import disown_change, read_change
from chalicelib.flows.family.reenrolment import StepSubmission, enter
from chalicelib.flows.family.visit import Visitor
from chalicelib.flows.family.visit import enter as authenticate
from tests.support.aws import When
from tests.support.change_links import link_of
from tests.support.email_change import mailed_code, name_of
from tests.support.logins import attempt, is_in, lose_password, opens, outcome
from tests.support.two_logins import AIMEE, COME, COMES, COMES_PASSWORD, put, settle_two_logins
from tests.support.world import PASSWORD, ROSSIGNOL, World

IDENTIFIER: Final = re.compile(r"^Identifiant : (.+)$", re.MULTILINE)
PASSWORD_LINE: Final = re.compile(r"^Mot de passe : (\S+)$", re.MULTILINE)
AIMEES: Final = "rossignol@example.org"


def come(world: World, ref: AccountRef = COMES, password: str = COMES_PASSWORD) -> Any:
    return attempt(world, password, ref)


def inside(world: World, token: Any) -> Visitor:
    return authenticate(world.visit(token))


def test_each_logs_in_with_its_own_password_and_finds_the_same_family(world: World) -> None:
    family = settle_two_logins(world)

    first, second = inside(world, come(world, ROSSIGNOL, PASSWORD)), inside(world, come(world))

    assert (first.account.ref, second.account.ref) == (ROSSIGNOL, ROSSIGNOL)
    assert (first.login.ref, second.login.ref) == (ROSSIGNOL, COMES)
    assert second.account.household == family.household
    assert [choice.code for choice in choices(second.account)] == ["remplacer-2"], "no login touches another's address"
    assert [choice.code for choice in choices(first.account)] == ["remplacer-1", "ajouter"]
    assert (first.speaker_chosen(""), second.speaker_chosen("")) == (AIMEE, COME)
    for ref, password in ((ROSSIGNOL, COMES_PASSWORD), (COMES, PASSWORD)):
        with pytest.raises(LoginRefused):
            come(world, ref, password)


def test_a_login_costs_four_round_trips_and_a_page_two(world: World) -> None:
    settle_two_logins(world)

    token = come(world)
    assert len(world.aws.calls) == 4, world.aws.calls
    world.aws.calls.clear()
    inside(world, token)
    assert world.aws.calls == ["GetItem", "BatchGetItem"]
    world.aws.calls.clear()
    enter(world.visit(token))
    assert world.aws.calls == ["GetItem", "BatchGetItem"]


def test_one_that_changes_its_password_leaves_the_other_in(world: World) -> None:
    settle_two_logins(world)
    first, token = come(world, ROSSIGNOL, PASSWORD), come(world)

    for login, rest, current in ((token, first, COMES_PASSWORD), (first, None, PASSWORD)):
        again = change_own_password(world, login, current)
        assert (is_in(world, login), is_in(world, again)) == (False, True)
        assert rest is None or is_in(world, rest)
        token = again if rest else token

    assert inside(world, token), "the first one's change ended no session of the second"
    world.deliver()
    assert [(mail.to, "XEN 1 R2" in mail.text) for mail in world.mails()] == [
        ("come@example.net", True),
        ("rossignol@example.org", False),
    ]


@pytest.mark.parametrize("how", ["family closed", "login closed", "login taken back", "family gone"])
def test_a_login_that_is_closed_opens_no_page_and_is_refused_like_any(world: World, how: str) -> None:
    family = settle_two_logins(world)
    token = come(world)

    match how:
        case "family closed":
            put(world, replace(family, disabled=True))
        case "login closed":
            put(world, world.account(COMES).with_disabled(is_disabled=True))
        case "login taken back":
            guardians = tuple(replace(guardian, login="") for guardian in family.household.guardians)
            put(world, replace(family, household=replace(family.household, guardians=guardians)))
        case "family gone":
            world.services.accounts.erase(family)

    assert (is_in(world, token), opens(world, COMES_PASSWORD, COMES)) == (False, False)


def with_origin(world: World, origin: Origin) -> None:
    """Store the origin of the second login's password."""
    login = world.account(COMES)
    put(world, replace(login, password=login.password and replace(login.password, origin=origin)))


def change_own_password(world: World, token: Token, current: str = PASSWORD, new: str = "Pinson8Gris") -> Token:
    return change_password(world.visit(), inside(world, token), PasswordChange(current, new, new))


def lost(world: World, identifier: str, email: str) -> list[tuple[str, str]]:
    before = len(world.mails())
    lose_password(world, identifier, email)
    world.deliver()
    mails = [mail for mail in world.mails()[before:] if "Mot de passe : " in mail.text]
    return [(mail.to, match[1]) for mail in mails if (match := IDENTIFIER.search(mail.text))]


def test_a_lost_password_is_mailed_of_the_login_of_the_address_whichever_identifier_is_typed(world: World) -> None:
    settle_two_logins(world)

    assert lost(world, "xen1", "come@example.net") == [("come@example.net", "XEN 1 R2")]
    assert come(world, COMES, world.mailed_password())
    world.deliver()
    world.wait(timedelta(minutes=3))
    assert lost(world, "xen1r2", "rossignol@example.org") == [("rossignol@example.org", "XEN 1")]
    assert come(world, ROSSIGNOL, world.mailed_password())
    world.wait(timedelta(minutes=3))
    assert lost(world, "xen1r3", "come@example.net") == []


@pytest.mark.parametrize("closed", [ROSSIGNOL, COMES], ids=["family", "login"])
def test_no_password_of_any_login_is_mailed_to_a_closed_one_s_address(world: World, closed: AccountRef) -> None:
    settle_two_logins(world)
    put(world, world.account(closed).with_disabled(is_disabled=True))

    assert lost(world, "xen1", "come@example.net") == []
    assert lost(world, "xen1r2", "come@example.net") == []


def change_address(world: World, token: Token, new: str, current: str = COMES_PASSWORD) -> Token | None:
    """Replace the second guardian's address, with their password and the code mailed there."""
    form = EmailChangeForm(choices(inside(world, token).account)[0].code, new, current)
    submission = StepSubmission("", version_of_emails(inside(world, token).account))
    assert ask(world.visit(), inside(world, token), form, submission) is None
    world.deliver()
    return prove(world.visit(), inside(world, token), mailed_code(world), name_of(world))


@pytest.mark.parametrize("origin", ["chosen", "mailed"])
def test_each_changes_its_own_address_and_what_was_mailed_before_opens_nothing(world: World, origin: Origin) -> None:
    settle_two_logins(world)
    with_origin(world, origin)
    assert lost(world, "xen1r2", "come@example.net")
    former = world.mailed_password()
    first, token = come(world, ROSSIGNOL, PASSWORD), come(world)

    again = change_address(world, token, "merle@example.net")

    assert world.account().emails == ("rossignol@example.org", "merle@example.net")
    assert world.account(COMES).emails == ("merle@example.net",)
    assert not opens(world, former, COMES)
    assert inside(world, first), "the first login is untouched"
    assert (again is None, bool(inside(world, again or token))) == (origin == "chosen", True)
    world.wait(timedelta(minutes=3))
    assert lost(world, "xen1", "merle@example.net") == [("merle@example.net", "XEN 1 R2")]
    assert lost(world, "xen1", "come@example.net") == []


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("spared", [3, 4], ids=["the login", "the family"])
def test_a_fault_in_a_change_of_address_leaves_no_former_password(world: World, spared: int, when: When) -> None:
    """Whichever account is written first, the password mailed to a removed address opens nothing."""
    settle_two_logins(world)
    lost(world, "xen1r2", "come@example.net")
    former, token = world.mailed_password(), come(world)
    with world.aws.failing("UpdateItem", when, skips=spared), suppress(Unavailable):
        change_address(world, token, "merle@example.net")

    has_left = "come@example.net" not in world.account().emails
    opens_still = bool(world.account(COMES).mailed_digest_of(former, world.now))

    assert not (has_left and opens_still)


def test_a_lost_identifier_is_that_of_the_login_that_the_address_opens(world: World) -> None:
    world.services.accounts.enter_all_mailboxes((settle_two_logins(world), world.account(COMES)))

    for email, identifier in (("come@example.net", "XEN 1 R2"), ("rossignol@example.org", "XEN 1")):
        request_identifiers(world.visit(), email)
        world.deliver()
        mail = world.mails()[-1]
        assert (mail.to, re.findall(r"XEN 1(?: R2)?", mail.text)) == (email, [identifier])
        assert "Zélie" in mail.text


@pytest.mark.parametrize("is_closed", [False, True])
def test_a_wrong_site_is_forgiven_a_login_whose_family_is_open(world: World, *, is_closed: bool) -> None:
    put(world, replace(settle_two_logins(world), disabled=is_closed))
    elsewhere = AccountRef("evry-magnard", COMES.identifier)

    assert outcome(world, COMES_PASSWORD, elsewhere) == ("LoginRefused" if is_closed else COMES.site)


def test_this_is_not_me_ends_what_opened_the_login_of_that_address_and_mails_each_its_own(world: World) -> None:
    settle_two_logins(world)
    token = come(world)
    change_address(world, token, "stolen@example.net")
    world.deliver()
    link = notice_link(world, ROSSIGNOL, "emails", "come@example.net")

    disown_change(world.visit(), link)
    before = len(world.mails())
    world.deliver()

    assert world.account().emails == ("rossignol@example.org", "come@example.net")
    assert (is_in(world, token), opens(world, COMES_PASSWORD, COMES)) == (False, False)
    mailed = [mail for mail in world.mails()[before:] if "Mot de passe : " in mail.text]
    own = {mail.to: (IDENTIFIER.findall(mail.text), PASSWORD_LINE.findall(mail.text)) for mail in mailed}
    assert {to: identifier for to, (identifier, _) in own.items()} == {
        "rossignol@example.org": ["XEN 1"],
        "come@example.net": ["XEN 1 R2"],
    }, "a password of the first login goes to no other"
    assert inside(world, come(world, COMES, own["come@example.net"][1][0]))
    assert not opens(world, own["come@example.net"][1][0], ROSSIGNOL)


def notice_link(world: World, ref: AccountRef, text: str, email: str) -> str:
    """Make the link of the notice of the latest change of a kind, as mailed to an address."""
    change = next(one for one in reversed(world.account(ref).access_corrections) if one.what == text)
    return link_of(world, ref, change, email)


def test_the_notice_of_a_password_works_though_the_thief_took_the_login_s_address_away_since(world: World) -> None:
    settle_two_logins(world)
    token = change_own_password(world, come(world), COMES_PASSWORD, "Merle7Moqueur")
    link = notice_link(world, COMES, "password", "come@example.net")
    world.wait(timedelta(minutes=5))
    change_address(world, token, "stolen@example.net", "Merle7Moqueur")

    for _ in range(2):
        disown_change(world.visit(), link)

    assert world.account(COMES).emails == ("come@example.net",)
    assert not is_in(world, token)
    assert read_change(world.visit(), link).frozen_at == world.now
    before = len(world.mails())
    world.deliver()
    addresses = [mail.to for mail in world.mails()[before:] if PASSWORD_LINE.search(mail.text)]
    assert sorted(addresses) == ["come@example.net", AIMEES]


def test_a_login_that_a_thief_was_given_this_week_keeps_no_address_that_it_brought(world: World) -> None:
    """The thief replaces the second guardian's address, has them invited, and moves on from there."""
    family = settle_two_logins(world)
    correction = Correction("logins", (), (COME,), Actor("family", AIMEE), world.now, "given")
    put(world, replace(family, corrections=(correction,)))
    world.wait(timedelta(minutes=1))
    token = come(world)
    change_address(world, token, "stolen@example.net")
    change_own_password(world, come(world, ROSSIGNOL, PASSWORD))

    disown_change(world.visit(), notice_link(world, ROSSIGNOL, "password", AIMEES))

    assert "stolen@example.net" not in world.account().emails
    assert not is_in(world, token)


def test_a_password_mailed_in_a_race_to_an_address_that_has_left_opens_nothing(world: World) -> None:
    """The consumer read the family a moment earlier: it restores the login's former address, and mails there."""
    settle_two_logins(world)
    change_address(world, come(world), "merle@example.net")
    stale = replace(world.account(COMES), emails=("come@example.net",))
    put(world, stale.with_mailed_password("Mh4kWqzR7tXc9bPd", "r", world.now))

    assert not opens(world, "Mh4kWqzR7tXc9bPd", COMES)
    assert inside(world, come(world))


@pytest.mark.parametrize("origin", ["chosen", "mailed"])
def test_a_session_that_ends_while_it_changes_its_address_is_given_no_other(world: World, origin: Origin) -> None:
    """The password is changed, or the account frozen, between a page's read and its write."""
    settle_two_logins(world)
    with_origin(world, origin)
    token = come(world)
    form = EmailChangeForm("remplacer-2", "stolen@example.net", COMES_PASSWORD)
    thief = inside(world, token)
    ask(world.visit(), thief, form, StepSubmission("", version_of_emails(thief.account)))
    world.deliver()
    code, name = mailed_code(world), name_of(world)
    thief = inside(world, token)
    ended = world.account(COMES)
    put(world, ended.with_password(world.services.hasher.hash("Pinson8Gris"), "chosen", world.now))

    with pytest.raises(NotLoggedIn):
        prove(world.visit(), thief, code, name)

    assert world.account().emails == (AIMEES, "come@example.net")
    assert world.account(COMES).emails == ("come@example.net",)
