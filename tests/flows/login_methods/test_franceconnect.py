"""Login by FranceConnect: linked by two proofs, it opens its own logins only, and every other answer opens nothing."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.login_codes import LoginCodeRequest
from chalicelib.domain.account.login_methods import LINKS_AT_MOST
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.identity.openid import Identity
from chalicelib.domain.refusals import NotLoggedIn, Unavailable
from chalicelib.flows.family.visit import Visitor
from chalicelib.flows.family.visit import enter as let_in
from chalicelib.flows.login_methods.code import code_request_of, prove_code
from chalicelib.flows.login_methods.franceconnect import (
    FranceConnectSilent,
    FranceConnectUnclear,
    TooManyLinks,
    ask,
    ask_link_code,
    enter,
    identify,
    is_linking,
    link,
    linked_logins,
    open_identity,
    seal_identity,
)
from chalicelib.flows.staff import proconnect
from chalicelib.flows.staff.proconnect import ProviderUnclear
from tests.support.admission import mailed_code
from tests.support.aws import When, faults_of
from tests.support.logins import attempt, is_in
from tests.support.provider import CLIENT, MFA, Provider, serving, with_franceconnect, with_proconnect
from tests.support.staff import in_parallel
from tests.support.two_logins import COMES, COMES_PASSWORD, settle_two_logins
from tests.support.world import EMAIL, ROSSIGNOL, World

TWIN = AccountRef("villabe-yves-henry", "vil9")
PARTNER = "person-2"


@pytest.fixture(autouse=True)
def provider(world: World) -> Iterator[Provider]:
    peer = Provider(claims={"acr": "eidas1"}, userinfo={"email": EMAIL, "email_verified": None})
    with serving(peer, lambda: int(world.now.timestamp())):
        world.services = with_franceconnect(world.services, peer.issuer)
        yield peer


def settle(world: World, ref: AccountRef = ROSSIGNOL, **values: Any) -> Account:
    account = world.settle(ref, **values)
    world.services.accounts.enter_mailboxes(account)
    return account


def come_back(world: World, provider: Provider, visitor: Visitor | None = None, **changes: str) -> Identity:
    """Go to FranceConnect and come back with its answer."""
    address, cookie = ask(world.services, world.now, visitor)
    assert visitor is None or "prompt=login" in address
    return identify(world.visit(), cookie, provider.allow(address) | changes, visitor)


def come_in(world: World, provider: Provider, ref: AccountRef = ROSSIGNOL) -> Token:
    return enter(world.visit(), come_back(world, provider), world.account(ref))


def be(provider: Provider, sub: str) -> None:
    provider.claims["sub"] = provider.userinfo["sub"] = sub


def link_to(world: World, provider: Provider, *refs: AccountRef) -> Identity:
    """Link the person to some logins, as the page of a code does."""
    identity = come_back(world, provider)
    link(world.visit(), map(world.account, refs), asked_for(world, identity.subject))
    return identity


def asked_for(world: World, subject: str) -> LoginCodeRequest:
    return LoginCodeRequest("link", ROSSIGNOL.site, ROSSIGNOL.identifier, "", subject, world.now)


def prove(world: World, cookie: str, code: str) -> tuple[Account, ...]:
    request = code_request_of(world.services, cookie)
    assert request
    return prove_code(world.visit(), request, code)


def inside(world: World, password: str = "", ref: AccountRef = ROSSIGNOL) -> Visitor:
    return let_in(world.visit(attempt(world, password, ref) if password else attempt(world)))


def opened(world: World, identity: Identity) -> list[AccountRef]:
    return [login.ref for login in linked_logins(world.services, identity)]


def whys(world: World) -> list[str]:
    return [event["why"] for event in world.events() if event["event"] == "franceconnect_refused"]


# The request, and the login that opens.


def test_the_request_has_only_what_franceconnect_lists(world: World, provider: Provider) -> None:
    address, _ = ask(world.services, world.now)

    query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    random = {name: query.pop(name) for name in ("state", "nonce")}
    assert query == {
        "response_type": "code", "client_id": CLIENT, "scope": "openid email", "acr_values": "eidas1",
        "redirect_uri": world.services.settings.network.url("/extranet/compte/acces/franceconnect/retour"),
    }  # fmt: skip
    assert all(len(value) == 64 and value.isalnum() for value in random.values())

    world.services = with_franceconnect(world.services, provider.issuer, pkce=True)
    assert "code_challenge" in ask(world.services, world.now)[0]


def test_a_linked_person_enters_and_its_session_knows_how_it_ends_there(world: World, provider: Provider) -> None:
    settle(world)
    link_to(world, provider, ROSSIGNOL)

    come_in(world, provider)
    world.wait(timedelta(days=1))
    world.aws.calls.clear()

    identity = come_back(world, provider)
    (login,) = linked_logins(world.services, identity)
    token = enter(world.visit(), identity, login)

    assert world.aws.calls == ["Query", "BatchGetItem", "BatchWriteItem", "UpdateItem"], "as many as by a password"
    session = let_in(world.visit(token)).session
    query = parse_qs(urlsplit(session.logout).query)
    assert session.opened_by == "franceconnect"
    assert session.logout.startswith(f"{provider.issuer}/end_session_endpoint?")
    assert query["post_logout_redirect_uri"] == [world.services.settings.network.url("/extranet/usager")]
    assert query["id_token_hint"][0].count(".") == 2
    assert len(query["state"][0]) >= 32
    assert world.account().links[0].used_at == world.now


def test_a_person_chooses_among_several_accounts_in_the_order_of_the_sites(world: World, provider: Provider) -> None:
    for ref in (TWIN, ROSSIGNOL):
        settle(world, ref)
    identity = link_to(world, provider, TWIN, ROSSIGNOL)

    assert opened(world, identity) == [ROSSIGNOL, TWIN]
    assert come_in(world, provider, TWIN).site == TWIN.site


def test_each_guardian_s_person_opens_its_own_view_only(world: World, provider: Provider) -> None:
    settle_two_logins(world, separated_at=world.now)
    first = link_to(world, provider, ROSSIGNOL)
    be(provider, PARTNER)
    second = link_to(world, provider, COMES)

    assert (opened(world, first), opened(world, second)) == ([ROSSIGNOL], [COMES])
    visitor = let_in(world.visit(come_in(world, provider, COMES)))
    assert (visitor.login.ref, visitor.is_guardians) == (COMES, True)
    assert EMAIL not in str(visitor.account)
    with pytest.raises(FranceConnectUnclear):
        come_in(world, provider, ROSSIGNOL)


def test_two_people_open_one_login_and_the_ninth_waits(world: World, provider: Provider) -> None:
    settle(world)
    for number in range(LINKS_AT_MOST):
        be(provider, f"person-{number}")
        link_to(world, provider, ROSSIGNOL)
    assert is_in(world, come_in(world, provider))

    be(provider, "the ninth")
    with pytest.raises(TooManyLinks):
        link_to(world, provider, ROSSIGNOL)
    assert len(world.account().links) == LINKS_AT_MOST


def test_a_family_that_drops_a_guardian_closes_its_link(world: World, provider: Provider) -> None:
    family = settle_two_logins(world)
    identity = link_to(world, provider, COMES)
    household = replace(family.household, guardians=family.household.guardians[:1])
    world.services.accounts.change(family, replace(family, household=household))

    assert opened(world, identity) == []


def test_a_link_that_was_removed_opens_nothing(world: World, provider: Provider) -> None:
    settle(world)
    identity = link_to(world, provider, ROSSIGNOL)
    account = world.account()
    world.services.accounts.change(account, account.without_login_method(identity.subject))

    assert opened(world, identity) == []
    with pytest.raises(FranceConnectUnclear):
        come_in(world, provider)


# First use: a code to an address on file.


@pytest.mark.parametrize("named", [None, ROSSIGNOL], ids=["by the e-mail on file", "by site and identifier"])
def test_first_a_mailed_code_links_and_one_notice(world: World, provider: Provider, named: AccountRef | None) -> None:
    settle(world)
    provider.userinfo["email"] = None if named else EMAIL
    identity = come_back(world, provider)
    assert opened(world, identity) == []
    cookie = ask_link_code(world.visit(), identity, named)
    world.deliver()

    logins = link(world.visit(), prove(world, cookie, mailed_code(world)), asked_for(world, identity.subject))
    enter(world.visit(), identity, logins[0])

    assert opened(world, identity) == [ROSSIGNOL]
    assert [(change.new, change.session) for change in world.account().access_corrections] == [
        (("franceconnect",), "code")
    ]
    world.deliver_patiently()
    assert [mail.to for mail in world.mails()] == [EMAIL] * 2


def test_another_family_s_address_is_mailed_there_and_opens_nothing_here(world: World, provider: Provider) -> None:
    settle(world)
    settle(world, TWIN, emails=("voisin@example.net",))
    provider.userinfo["email"] = "voisin@example.net"
    identity = come_back(world, provider)

    ask_link_code(world.visit(), identity, None)
    world.deliver()

    assert [mail.to for mail in world.mails()] == ["voisin@example.net"]
    assert (opened(world, identity), world.account().links, world.account(TWIN).links) == ([], (), ())


# From inside.


def test_a_visitor_links_its_login_told_by_mail_then_and_at_the_first_use(world: World, provider: Provider) -> None:
    settle_two_logins(world)
    me = inside(world, COMES_PASSWORD, COMES)
    come_back(world, provider, me)
    come_back(world, provider, inside(world, COMES_PASSWORD, COMES))
    session = let_in(world.visit(me.token)).session
    assert "end_session_endpoint" in session.logout, "« Déconnexion » ends the login there too"

    assert [link.by for link in world.account(COMES).links] == ["M. Côme Merle"]
    assert is_in(world, come_in(world, provider, COMES))
    come_in(world, provider, COMES)
    trail = [change.new for change in world.account(COMES).access_corrections]
    assert trail == [("franceconnect",), ("franceconnect_used",)]
    world.deliver_patiently()
    assert [mail.to for mail in world.mails()] == ["come@example.net"] * 2


def test_an_answer_links_the_session_that_asked_and_no_other(world: World, provider: Provider) -> None:
    settle(world)
    address, cookie = ask(world.services, world.now, inside(world))
    assert is_linking(world.services, cookie, world.now)

    for back_as in (inside(world), None):
        with pytest.raises(FranceConnectUnclear):
            identify(world.visit(), cookie, provider.allow(address), back_as)

    assert (world.account().links, whys(world)) == ((), ["session", "session"])


# Closed concurrently, raced, replayed, mixed up.


def test_a_login_closed_at_any_moment_stays_closed(world: World, provider: Provider) -> None:
    settle(world)
    identity = link_to(world, provider, ROSSIGNOL)
    account = world.account()
    world.services.accounts.change(account, account.with_disabled(is_disabled=True))

    assert opened(world, identity) == []
    with pytest.raises(FranceConnectUnclear):  # between the page of the choice and the choice
        enter(world.visit(), identity, account)
    with pytest.raises(NotLoggedIn):  # between the code and the link
        link(world.visit(), [account], asked_for(world, "another"))
    assert world.account().links == account.links


def test_a_login_closed_just_before_the_write_opens_nothing(world: World, provider: Provider) -> None:
    settle(world)
    identity = link_to(world, provider, ROSSIGNOL)

    def close() -> None:
        account = world.account()
        world.services.accounts.change(account, account.with_disabled(is_disabled=True))

    with world.aws.interrupted("BatchWriteItem", close), pytest.raises(FranceConnectUnclear):
        enter(world.visit(), identity, world.account())


def test_browsers_that_link_at_once_all_link_and_each_person_once(world: World) -> None:
    account = settle(world)
    subjects = ("a", "b") * 3

    in_parallel(6, lambda which: link(world.visit(), [account], asked_for(world, subjects[which])))

    assert sorted(link.subject for link in world.account().links) == ["a", "b"]
    assert len(world.account().access_corrections) == 2


def test_an_answer_counts_once_and_for_a_quarter_of_an_hour(world: World, provider: Provider) -> None:
    address, cookie = ask(world.services, world.now)
    answer = provider.allow(address)
    identity = identify(world.visit(), cookie, answer, None)
    token = seal_identity(world.services, identity, world.now)
    with pytest.raises(FranceConnectSilent):  # the provider has already taken the code
        identify(world.visit(), cookie, answer, None)

    assert open_identity(world.services, token, world.now) == identity
    later = world.wait(timedelta(minutes=15, seconds=1))
    with pytest.raises(FranceConnectUnclear):
        identify(world.visit(), cookie, provider.allow(address), None)
    assert open_identity(world.services, token, later) is None


def test_the_level_of_another_federation_is_refused_and_recorded(world: World, provider: Provider) -> None:
    provider.claims["acr"] = MFA

    with pytest.raises(FranceConnectUnclear):
        come_back(world, provider)

    assert whys(world) == ["acr"]


def test_neither_federation_s_request_or_cookie_is_the_other_s(world: World, provider: Provider) -> None:
    world.services = with_proconnect(world.services, provider.issuer)
    to_us, our_cookie = ask(world.services, world.now)
    to_staff, foreign_cookie = proconnect.ask(world.services, world.now)
    identity = seal_identity(world.services, Identity("a-person", EMAIL), world.now)

    for cookie in (foreign_cookie, identity):
        with pytest.raises(FranceConnectUnclear):
            identify(world.visit(), cookie, provider.allow(to_us), None)
    with pytest.raises(ProviderUnclear):
        proconnect.take_answer(world.visit(), our_cookie, provider.allow(to_staff), None)
    assert (open_identity(world.services, our_cookie, world.now), whys(world)) == (None, ["question_unknown"] * 2)
    code = provider.allow(to_staff) | {"state": parse_qs(urlsplit(to_us).query)["state"][0]}
    with pytest.raises((FranceConnectSilent, FranceConnectUnclear)):  # another redirect URI
        identify(world.visit(), our_cookie, code, None)


# Faults.


@faults_of("SendMessageBatch", "BatchWriteItem", "UpdateItem")
def test_after_a_fault_the_code_s_login_is_linked_once(world: World, provider: Provider, call: str, when: When) -> None:
    known = settle(world)
    identity = come_back(world, provider)

    with world.aws.failing(call, when), pytest.raises(Unavailable):
        link(world.visit(), [known], asked_for(world, identity.subject))
    link(world.visit(), [world.account()], asked_for(world, identity.subject))

    assert (len(world.account().links), len(world.account().access_corrections)) == (1, 1)


@faults_of("Query", "BatchGetItem", "BatchWriteItem", "UpdateItem")
def test_after_a_fault_the_person_returns_and_enters(world: World, provider: Provider, call: str, when: When) -> None:
    settle(world)
    identity = link_to(world, provider, ROSSIGNOL)

    def open_first() -> Token:
        return enter(world.visit(), identity, linked_logins(world.services, identity)[0])

    with world.aws.failing(call, when), pytest.raises(Unavailable):
        open_first()

    assert is_in(world, come_in(world, provider))


def test_a_provider_slow_at_each_call_is_given_three_seconds_in_all(world: World, provider: Provider) -> None:
    provider.delay, began = 1.6, time.monotonic()

    with pytest.raises(FranceConnectSilent):
        ask(world.services, world.now)

    assert time.monotonic() - began < 3.5


def test_no_log_or_table_names_the_person_or_its_address(world: World, provider: Provider) -> None:
    settle(world, emails=("autre@example.org",))
    be(provider, "a-very-own-subject")
    link_to(world, provider, ROSSIGNOL)
    come_in(world, provider)
    with pytest.raises(FranceConnectUnclear):
        come_back(world, provider, state="x")

    tables = world.aws.everything(world.resources) + world.aws.queue_bodies()
    assert "a-very-own-subject" not in world.log.getvalue() + tables
    assert EMAIL not in world.log.getvalue() + tables
    assert world.account().links[0].subject in tables


def test_a_logout_address_too_long_for_a_cookie_is_left_out(world: World, provider: Provider) -> None:
    provider.claims["more"] = "x" * 2_500

    assert come_back(world, provider).logout == ""
