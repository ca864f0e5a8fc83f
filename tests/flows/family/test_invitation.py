"""Invite a second guardian to their own login: the inviter, the address, once, with its races and faults."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.refusals import FieldsRefused, NotThere, Unavailable
from chalicelib.flows.family.invitation import InvitationForm, invite
from chalicelib.flows.family.visit import Visitor
from chalicelib.flows.family.visit import enter as authenticate
from tests.support.aws import When
from tests.support.email_change import back
from tests.support.households import open_session
from tests.support.login_methods import LINK
from tests.support.logins import WRONG, attempt, lose_password, opens
from tests.support.two_logins import AIMEE, COME, COMES, COMES_PASSWORD, put, settle_family, settle_two_logins
from tests.support.world import PASSWORD, ROSSIGNOL, World

AIMEES_EMAIL: Final = "rossignol@example.org"
COMES_EMAIL: Final = "come@example.net"


def enter(world: World, account: Account | None = None) -> Visitor:
    return back(world, open_session(world, account or world.account()))


def password_of_come(world: World) -> str:
    """Read the password in the first mail to the second guardian."""
    (text,) = [mail.text for mail in world.mails() if mail.to == COMES_EMAIL]
    return text.split("Mot de passe : ")[1].split()[0]


def send(world: World, guardian: str = "2", by: str = "1", current: str = PASSWORD) -> None:
    invite(world.visit(), enter(world), InvitationForm(guardian, by, current))


def login_of(world: World) -> str:
    return world.account().household.guardians[1].login


def refused(world: World, **fields: str) -> dict[str, tuple[str, ...]]:
    with pytest.raises(FieldsRefused) as refusal:
        send(world, **fields)
    world.deliver_patiently()
    assert (login_of(world), world.mails()) == ("", [])
    return refusal.value.fields


def test_an_invitation_reaches_the_guardian_and_the_first_login_is_told(world: World) -> None:
    settle_family(world)

    send(world)
    world.deliver()

    mails = {mail.to: mail for mail in world.mails()}
    assert login_of(world) == COMES.identifier
    assert set(mails) == {AIMEES_EMAIL, COMES_EMAIL}
    assert f"{AIMEE} vous invite" in mails[COMES_EMAIL].text
    assert "Identifiant : XEN 1 R2" in mails[COMES_EMAIL].text
    assert "valable jusqu'au 9 juin 2027 à 20 h 00" in mails[COMES_EMAIL].text
    assert f"{AIMEE} a donné à {COME} son propre accès" in mails[AIMEES_EMAIL].text
    assert "Mot de passe :" not in mails[AIMEES_EMAIL].text
    last = world.account().corrections[-1]
    assert (last.what, last.new, last.actor.who) == ("logins", (COME,), AIMEE)


def test_its_first_login_makes_it_live_within_a_week_and_after_that_a_lost_password_does(world: World) -> None:
    settle_family(world)
    send(world)
    world.deliver()
    password, before = password_of_come(world), world.account(COMES)

    world.wait(timedelta(days=6, hours=23))
    visitor = authenticate(world.visit(attempt(world, password, COMES)))

    assert (visitor.account.ref, visitor.speaker_chosen("")) == (ROSSIGNOL, COME)
    world.deliver()
    assert [mail.to for mail in world.mails()][2:] == [COMES_EMAIL], "its notice is its own"
    put(world, before)
    world.wait(timedelta(hours=1))
    assert not opens(world, password, COMES)
    lose_password(world, "xen1r2", COMES_EMAIL)
    world.deliver()
    assert "Identifiant : XEN 1 R2" in world.mails()[-1].text
    assert opens(world, world.mailed_password(), COMES)


def test_of_guardians_written_alike_the_one_chosen_has_the_login(world: World) -> None:
    family = settle_family(world)
    first, second = (replace(guardian, name="Merle") for guardian in family.household.guardians)
    third = replace(second, email="lou@example.net")
    emails = (*family.emails, third.email)
    put(world, replace(family, emails=emails, household=replace(family.household, guardians=(first, second, third))))

    send(world, guardian="3")
    send(world, guardian="2")
    world.deliver()

    assert [one.login for one in world.account().household.guardians] == ["", "xen1r3", "xen1r2"]
    assert [world.account(AccountRef(ROSSIGNOL.site, f"xen1r{n}")).emails for n in (2, 3)] == [
        (third.email,),
        (second.email,),
    ]


def test_what_lacks_or_cannot_be_is_refused_and_nothing_leaves(world: World) -> None:
    family = settle_family(world)
    aimee, second = family.household.guardians
    assert refused(world, guardian="", current="") == {
        "responsable": ("guardian_missing",),
        "actuel": ("current_missing",),
    }
    assert refused(world, guardian="1") == {"responsable": ("guardian_missing",)}, "the first login stays with somebody"
    assert refused(world, by="") == {"par": ("speaker_missing",)}
    assert refused(world, current=WRONG) == {"actuel": ("current_wrong",)}
    for of_aimee, of_come, emails, code in (
        (aimee.email, "", (AIMEES_EMAIL,), "login_without_email"),
        (aimee.email, "elsewhere@example.org", (AIMEES_EMAIL,), "login_without_email"),
        (aimee.email, AIMEES_EMAIL, (AIMEES_EMAIL,), "login_email_shared"),
        ("", COMES_EMAIL, (COMES_EMAIL,), "login_last_email"),
    ):
        guardians = (replace(aimee, email=of_aimee), replace(second, email=of_come))
        put(world, replace(family, household=replace(family.household, guardians=guardians), emails=emails))
        assert refused(world) == {"responsable": (code,)}


def test_a_second_login_invites_nobody(world: World) -> None:
    settle_two_logins(world)

    with pytest.raises(NotThere):
        invite(world.visit(), enter(world, world.account(COMES)), InvitationForm("1", "", COMES_PASSWORD))


def test_sent_again_it_mails_again_and_adds_nothing(world: World) -> None:
    settle_family(world)
    send(world)
    world.deliver()
    before = world.account()
    world.wait(timedelta(minutes=3))

    send(world)
    world.deliver()

    assert world.account().corrections == before.corrections
    assert [mail.to for mail in world.mails()].count(COMES_EMAIL) == 2
    assert [mail.to for mail in world.mails()].count(AIMEES_EMAIL) == 1


@pytest.mark.parametrize("given", [{}, {"disabled": True}, {"password": None, "links": (LINK,)}])
def test_a_login_that_serves_or_is_closed_is_said_so_and_mailed_nothing(world: World, given: dict[str, Any]) -> None:
    settle_two_logins(world)
    put(world, replace(world.account(COMES), **given))

    with pytest.raises(FieldsRefused) as refusal:
        send(world)
    world.deliver()

    assert refusal.value.fields == {"responsable": ("login_closed" if "disabled" in given else "login_in_use",)}
    assert world.mails() == []


def test_a_login_that_is_used_before_its_mail_leaves_is_mailed_no_password(world: World) -> None:
    settle_family(world)
    send(world)
    put(world, replace(world.account(COMES), password=world.account().password))

    world.deliver()

    assert COMES_EMAIL not in [mail.to for mail in world.mails()]
    assert "in_use" in [event.get("reason") for event in world.events()]


def test_another_family_s_identifier_is_passed_over(world: World) -> None:
    settle_family(world)
    account = world.settle(COMES, name="Famille Cormoran", emails=("cormoran@example.org",))

    send(world)

    assert login_of(world) == "xen1r3"
    assert world.account(COMES) == account


def test_two_invitations_at_once_give_one_login(world: World) -> None:
    settle_family(world)
    requests = [enter(world) for _ in range(3)]

    with ThreadPoolExecutor(3) as pool:
        jobs = [pool.submit(invite, world.visit(), request, InvitationForm("2", "1", PASSWORD)) for request in requests]
        assert {future.result().name for future in jobs} == {COME}
    world.deliver()

    assert login_of(world) == COMES.identifier
    assert [change.what for change in world.account().corrections].count("logins") == 1
    assert world.services.accounts.find(AccountRef(ROSSIGNOL.site, "xen1r3")) is None
    assert {mail.to for mail in world.mails()} == {AIMEES_EMAIL, COMES_EMAIL}


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("call", "calls"), [("PutItem", 0), ("SendMessageBatch", 0), ("UpdateItem", 1), ("BatchGetItem", 1)]
)
def test_whatever_fails_the_same_form_makes_it(world: World, call: str, calls: int, when: When) -> None:
    """`UpdateItem`: the try at the password first, then the family's account."""
    settle_family(world)
    me = enter(world)

    with world.aws.failing(call, when, skips=calls), suppress(Unavailable):
        invite(world.visit(), me, InvitationForm("2", "1", PASSWORD))
    half_done = world.account().household.guardians[1].login
    world.deliver_patiently()
    assert half_done or world.mails() == [], "of what never was nobody is told"
    send(world)
    world.deliver()

    assert login_of(world) == COMES.identifier
    assert {mail.to for mail in world.mails()} == {AIMEES_EMAIL, COMES_EMAIL}
    assert world.services.accounts.find(AccountRef(ROSSIGNOL.site, "xen1r3")) is None
