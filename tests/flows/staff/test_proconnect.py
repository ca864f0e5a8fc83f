"""Login by ProConnect: invited members with two factors enter. `test_identity_provider.py` has the hostile answers."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.refusals import NotLoggedIn, NotThere, Unavailable
from chalicelib.domain.staff.members import Member
from chalicelib.domain.staff.staff_sessions import StaffSession, new_token
from chalicelib.flows.staff.entry import StaffContext, enter
from chalicelib.flows.staff.login import ProofRefused
from chalicelib.flows.staff.proconnect import (
    AgentElsewhere,
    AgentMoved,
    AgentUnattached,
    AgentUnknown,
    ProviderSilent,
    ProviderUnclear,
    ask,
    ask_to_attach,
    take_answer,
)
from tests.support.aws import When, faults_of
from tests.support.provider import EMAIL, Provider, serving, with_proconnect
from tests.support.staff import MANAGER, invite, member, read_member, stores
from tests.support.world import World

Change = Callable[[Provider], object]
CONFIGURATION = "/.well-known/openid-configuration"
ELSEWHERE = "https://elsewhere.example"


@pytest.fixture
def provider(world: World) -> Iterator[Provider]:
    with serving(Provider(), lambda: int(world.now.timestamp())) as peer:
        world.services = with_proconnect(world.services, peer.issuer)
        yield peer


def come_in(world: World, provider: Provider, inside: StaffContext | None = None, **changes: str) -> Any:
    """Log in, or prove it again from inside."""
    address, cookie = ask(world.services, world.now, again=inside is not None)
    assert inside is None or {"prompt=login", "max_age=0"} <= set(address.split("&"))
    return take_answer(world.visit(), cookie, provider.allow(address) | changes, inside)


def attached(world: World, email: str = EMAIL) -> Member:
    """Store a member with a password and a ProConnect agent."""
    return member(world, email, agent="agent-1")


def inside(world: World, email: str = EMAIL) -> StaffContext:
    """Enter with both factors, and prove the password again."""
    token = new_token()
    session = StaffSession.open(token, read_member(world, email), "open", world.now)
    world.database.write_together(stores(world).sessions.put(session))
    stores(world).sessions.prove(session, world.now)
    return enter(world.visit(token))


def attach(world: World, provider: Provider, person: StaffContext, back_as: StaffContext | None) -> Any:
    address, cookie = ask_to_attach(world.services, person, world.now)
    assert "prompt=login" in address
    return take_answer(world.visit(), cookie, provider.allow(address), back_as)


def whys(world: World) -> list[str]:
    return [event["why"] for event in world.events() if event["event"] == "staff_proconnect_refused"]


def test_who_is_invited_enters_with_the_second_factor_given_there(world: World, provider: Provider) -> None:
    attached(world)

    token = come_in(world, provider)

    assert enter(world.visit(token)).member.email == EMAIL
    assert provider.paths == [CONFIGURATION, "/jwks_uri", "/token_endpoint", "/userinfo_endpoint"]


def test_an_invitation_that_was_not_accepted_is_by_the_first_login(world: World, provider: Provider) -> None:
    invite(world)

    come_in(world, provider)

    member = stores(world).members.find(EMAIL)
    assert member
    assert (member.agent, member.invitation, member.is_active) == ("agent-1", None, True)


def test_that_another_door_opens_the_access_is_told_by_mail_once(world: World, provider: Provider) -> None:
    invite(world)

    come_in(world, provider)
    come_in(world, provider)

    world.deliver_patiently()
    (mail,) = world.mails()
    assert (mail.to, mail.subject) == (EMAIL, "ProConnect ouvre votre accès au bureau - Evry - Xénakis")


def claims(**changes: object) -> Change:
    return lambda provider: provider.claims.update(changes)


HOSTILE: dict[str, Change] = {
    "of one factor": claims(acr="eidas1"),
    "of another issuer": claims(iss=ELSEWHERE),
    "signed by no key": lambda provider: provider.header.update(alg="none"),
    "of an address that was not verified": lambda provider: provider.userinfo.update(email_verified=False),
}


@pytest.mark.parametrize("change", HOSTILE.values(), ids=HOSTILE.keys())
def test_an_answer_that_does_not_hold_opens_nothing(world: World, provider: Provider, change: Change) -> None:
    person = member(world)
    change(provider)

    with pytest.raises(ProviderUnclear):
        come_in(world, provider)

    assert stores(world).members.find(EMAIL) == person
    assert "@session" not in world.aws.everything(world.resources)


def test_the_record_tells_why_and_names_nobody(world: World, provider: Provider) -> None:
    member(world)
    claims(acr="eidas1")(provider)

    with pytest.raises(ProviderUnclear):
        come_in(world, provider)

    assert (world.events()[-1]["event"], world.events()[-1]["why"]) == ("staff_proconnect_refused", "acr")
    assert EMAIL not in world.log.getvalue()


def test_a_provider_that_describes_itself_wrongly_is_not_asked(world: World, provider: Provider) -> None:
    provider.answers[CONFIGURATION] = (200, "text/html", b"<html>")

    with pytest.raises(ProviderSilent):
        ask(world.services, world.now)


def test_who_is_not_invited_or_no_more_stays_out(world: World, provider: Provider) -> None:
    with pytest.raises(AgentUnknown):
        come_in(world, provider)
    person = member(world)
    stores(world).members.change(person, person.with_disabled(is_disabled=True))
    with pytest.raises(AgentUnknown):
        come_in(world, provider)


def test_an_address_that_went_to_somebody_else_there_opens_nothing(world: World, provider: Provider) -> None:
    attached(world)
    provider.claims["sub"] = provider.userinfo["sub"] = "agent-2"

    with pytest.raises(AgentUnknown):
        come_in(world, provider)


def test_who_was_reset_or_let_an_invitation_pass_waits_for_another(world: World, provider: Provider) -> None:
    person = member(world)
    reset = stores(world).members.change(person, person.without_proofs())
    with pytest.raises(AgentUnknown):
        come_in(world, provider)
    again = stores(world).members.find(reset.email)
    assert again
    stores(world).members.change(again, again.with_invitation("digest", MANAGER, world.now))

    world.wait(timedelta(hours=24))
    with pytest.raises(AgentUnknown):
        come_in(world, provider)


def test_who_is_inside_proves_it_again_there(world: World, provider: Provider) -> None:
    attached(world)
    token = come_in(world, provider)

    assert come_in(world, provider, enter(world.visit(token))) == token

    assert enter(world.visit(token)).session.is_proven(world.now)


def test_a_login_of_before_the_question_proves_nothing_again(world: World, provider: Provider) -> None:
    attached(world)
    token = come_in(world, provider)
    world.wait(timedelta(minutes=10))
    provider.claims["auth_time"] = int((world.now - timedelta(minutes=5)).timestamp())

    with pytest.raises(ProviderUnclear):
        come_in(world, provider, enter(world.visit(token)))

    assert not enter(world.visit(token)).session.is_proven(world.now)


# An access with a password: ProConnect is attached to it from inside only.


def test_an_access_with_a_password_is_not_opened_from_the_door(world: World, provider: Provider) -> None:
    person = member(world)

    with pytest.raises(AgentUnattached):
        come_in(world, provider)

    assert read_member(world) == person
    assert "@session" not in world.aws.everything(world.resources)
    assert whys(world) == ["unattached"]


def test_a_member_inside_attaches_it_is_told_by_mail_and_enters_by_it(world: World, provider: Provider) -> None:
    person = member(world)
    me = inside(world)

    assert attach(world, provider, me, me) == me.token

    after = read_member(world)
    assert replace(after, changes=()) == replace(person, agent="agent-1")
    assert [changed.what for changed in after.changes] == ["agent"]
    assert world.events()[-1]["event"] == "staff_proconnect_attached"
    world.deliver_patiently()
    assert [mail.subject for mail in world.mails()] == ["ProConnect ouvre votre accès au bureau - Evry - Xénakis"]
    assert come_in(world, provider)


def test_attaching_the_same_again_changes_nothing_and_another_takes_its_place(world: World, provider: Provider) -> None:
    person = attached(world)
    me = inside(world)
    attach(world, provider, me, me)
    assert read_member(world) == person
    provider.claims["sub"] = provider.userinfo["sub"] = "agent-2"

    attach(world, provider, me, me)

    assert read_member(world).agent == "agent-2"


def test_attaching_asks_for_the_password_shown_again_and_for_one_that_is_there(world: World) -> None:
    world.services = with_proconnect(world.services, "http://127.0.0.1:9")
    member(world)
    me = inside(world)
    world.wait(timedelta(minutes=5))

    with pytest.raises(ProofRefused):
        ask_to_attach(world.services, me, world.now)
    without = replace(me, member=replace(me.member, password=None, agent="agent-1"))
    with pytest.raises(NotThere):
        ask_to_attach(world.services, without, world.now)


def test_an_answer_is_attached_to_the_session_that_asked_and_to_no_other(world: World, provider: Provider) -> None:
    person = member(world)
    me, second = inside(world), inside(world)

    for back_as in (second, None):
        with pytest.raises(ProviderUnclear):
            attach(world, provider, me, back_as)

    assert read_member(world) == person
    assert whys(world) == ["session", "session"]


@pytest.mark.parametrize("claim", [{"auth_time": 1}, {"acr": "eidas1"}], ids=["an old login", "one factor"])
def test_what_is_attached_was_proven_there_at_this_moment_with_two_factors(
    world: World, provider: Provider, claim: dict[str, Any]
) -> None:
    person = member(world)
    me = inside(world)
    provider.claims.update(claim)

    with pytest.raises(ProviderUnclear):
        attach(world, provider, me, me)

    assert read_member(world) == person


def test_an_account_of_another_address_is_not_attached(world: World, provider: Provider) -> None:
    person = member(world, MANAGER)
    me = inside(world, MANAGER)

    with pytest.raises(AgentElsewhere):
        attach(world, provider, me, me)

    assert read_member(world, MANAGER) == person
    assert whys(world) == ["elsewhere"]


def test_an_account_that_opens_another_address_is_refused_until_that_is_reset(world: World, provider: Provider) -> None:
    former = attached(world, MANAGER)
    pseudonym = world.services.record.pseudonyms.of_mailbox(MANAGER)
    with pytest.raises(AgentMoved):  # to an address that was not invited
        come_in(world, provider)
    made = member(world)
    me = inside(world)
    with pytest.raises(AgentMoved):
        attach(world, provider, me, me)
    stores(world).members.change(made, made.without_proofs().with_invitation("digest", MANAGER, world.now))
    with pytest.raises(AgentMoved):
        come_in(world, provider)
    assert whys(world) == ["moved"] * 3
    assert {event["member"] for event in world.events()} == {pseudonym}
    assert read_member(world).agent == ""

    stores(world).members.change(former, former.without_proofs())

    assert come_in(world, provider)
    assert read_member(world).agent == "agent-1"


def test_an_access_that_was_closed_while_its_member_was_away_stays_closed(world: World, provider: Provider) -> None:
    person = member(world)
    me = inside(world)
    closure = stores(world).members.change(person, person.with_disabled(is_disabled=True))

    with pytest.raises(NotLoggedIn):
        attach(world, provider, me, me)

    assert read_member(world) == closure


def test_two_at_once_attach_one_account_each_told_and_what_else_changed_stays(world: World, provider: Provider) -> None:
    person = member(world)
    me = inside(world)
    questions = [ask_to_attach(world.services, me, world.now) for _ in range(2)]
    stores(world).members.change(person, replace(person, recovery=("a",)))  # since `me` was read

    for address, cookie in questions:
        take_answer(world.visit(), cookie, provider.allow(address), me)

    assert (read_member(world).agent, read_member(world).recovery) == ("agent-1", ("a",))


@faults_of("Query", "SendMessageBatch", "UpdateItem")
def test_a_fault_while_attaching_leaves_all_or_nothing(world: World, provider: Provider, call: str, when: When) -> None:
    made = member(world)
    me = inside(world)

    with world.aws.failing(call, when), pytest.raises(Unavailable):
        attach(world, provider, me, me)
    assert read_member(world).agent == ("agent-1" if (call, when) == ("UpdateItem", "after") else made.agent)
    attach(world, provider, me, me)

    assert replace(read_member(world), changes=()) == replace(made, agent="agent-1")


def test_a_provider_that_is_gone_leaves_the_other_door(world: World) -> None:
    world.services = with_proconnect(world.services, "http://127.0.0.1:9")  # the discard port: nothing listens

    with pytest.raises(ProviderSilent):
        ask(world.services, world.now)
