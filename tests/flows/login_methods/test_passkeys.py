"""Passkeys of a family's login: one assertion opens one session, and a new one is added once, after a proof."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.account.login_methods import CHOSEN, PASSKEYS_AT_MOST
from chalicelib.domain.account.rate_limits import LOGIN_OF_ADDRESS
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.identity.challenges import LASTS, ChallengeExpired
from chalicelib.domain.refusals import Unavailable
from chalicelib.flows.family.visit import Visitor, enter
from chalicelib.flows.login_methods.passkeys import (
    PasskeyNotMade,
    PasskeysFull,
    add_passkey,
    ask_for_new,
    ask_to_log_in,
    log_in,
)
from chalicelib.stores.attempts import AttemptTimes
from tests.support.authenticator import FLAG, HERE, Authenticator, field, words
from tests.support.aws import When, faults_of
from tests.support.logins import attempt, is_in
from tests.support.passkeys import NAME, give, outcome, response, telephone
from tests.support.staff import in_parallel
from tests.support.two_logins import COMES, settle_two_logins
from tests.support.world import ROSSIGNOL, World

IN = ROSSIGNOL.identifier
NO = "PasskeyUnusable"


def owner(world: World, phone: Authenticator) -> Authenticator:
    world.settle()
    give(world, phone)
    world.aws.calls.clear()
    return phone


def refusals(world: World) -> list[str]:
    return [event["why"] for event in world.events() if event["event"] == "passkey_refused"]


def test_a_passkey_opens_a_session_with_nothing_typed(world: World) -> None:
    phone = owner(world, telephone())
    before, later = world.account(), world.wait(timedelta(days=30))

    session = log_in(world.visit(), response(world, phone))

    visitor = enter(world.visit(session.token))
    assert (visitor.session.opened_by, visitor.session.is_proven(later)) == ("passkey", False)
    after = world.account()
    assert (after.last_login, after.stamp, after.passkeys[0].used_at) == (later, before.stamp, later)
    assert [event["event"] for event in world.events()] == ["login_ok"]
    world.deliver()
    assert world.mails() == []


def test_an_old_windows_opens_by_rs256_and_a_security_key_counts(world: World) -> None:
    world.settle()
    windows, key = Authenticator.of_old_windows(), telephone(b"a key")
    windows.origin, windows.party, key.count = key.origin, key.party, 4
    add(world, visitor(world), windows)
    give(world, key)
    key.count = 9

    assert [outcome(world, response(world, made)) for made in (windows, key)] == [IN, IN]

    assert [passkey.sign_count for passkey in world.account().passkeys] == [0, 9]
    assert outcome(world, response(world, key, count=8)) == NO
    assert refusals(world) == ["counter"]


OTHER_KEY = telephone(b"another").private
HOSTILE: dict[str, dict[str, Any]] = {
    "unverified": {"flags": FLAG.UP},
    "party": {"party": "extranet.example.net"},
    "origin": {"client": {"origin": "https://extranet.example.net"}},
    "origin ": {"client": {"crossOrigin": True}},
    "signature": {"private": OTHER_KEY},
    "challenge": {"client": {"challenge": words(b"1788246000~a~1.b")}},
}


def test_a_hostile_answer_opens_nothing_and_says_nothing(world: World) -> None:
    phone = owner(world, telephone())
    old, to_make = response(world, phone), ask_for_new(world.services, world.account(), world.now).challenge

    outcomes = [outcome(world, response(world, phone, **bent)) for bent in HOSTILE.values()]
    outcomes += [outcome(world, sent) for sent in ("", response(world, phone, challenge=to_make))]

    assert outcomes == [NO] * len(outcomes)
    assert refusals(world) == [*map(str.strip, HOSTILE), "nothing", "challenge"]
    world.wait(LASTS)
    assert outcome(world, old) == ChallengeExpired.__name__
    assert world.account().last_login is None


def test_a_guardian_s_passkey_opens_their_login_while_the_family_names_it(world: World) -> None:
    settle_two_logins(world)
    phone = telephone()
    give(world, phone, COMES)
    assert outcome(world, response(world, phone)) == COMES.identifier
    family = world.account()
    guardian = replace(family.household.guardians[1], login="")

    household = replace(family.household, guardians=(family.household.guardians[0], guardian))
    world.services.accounts.change(family, replace(family, household=household))

    assert outcome(world, response(world, phone)) == NO


def test_an_unknown_passkey_a_removed_one_and_a_closed_account_look_like_a_wrong_signature(world: World) -> None:
    phone = owner(world, telephone())
    token = log_in(world.visit(), response(world, phone)).token
    calls = []

    def refuse(**changes: Any) -> None:
        world.aws.calls.clear()
        assert outcome(world, response(world, changes.pop("phone", phone), **changes)) == NO
        calls.append(world.aws.calls.copy())

    refuse(private=OTHER_KEY)
    refuse(phone=telephone(b"a stranger"))
    account = world.account()
    closure = world.services.accounts.change(account, account.with_disabled(is_disabled=True))
    refuse()
    reopening = world.services.accounts.change(closure, closure.with_disabled(is_disabled=False))
    world.services.accounts.change(reopening, reopening.without_login_method(words(phone.id)))
    refuse()

    assert calls == [["BatchGetItem", "Query", "BatchGetItem", "UpdateItem"]] * 4
    assert not is_in(world, token)


def test_a_client_address_is_slowed_down_after_as_many_failures_as_at_login(world: World) -> None:
    phone = owner(world, telephone())
    crowd = AttemptTimes.from_address("192.0.2.7")
    for _ in range(LOGIN_OF_ADDRESS.free - 1):
        world.services.attempts.reserve(crowd, LOGIN_OF_ADDRESS, world.now)

    ends = [outcome(world, response(world, phone, flags=flags)) for flags in (FLAG.UP, FLAG.UP, HERE)]

    assert ends == [NO, "SlowedDown", "SlowedDown"]
    assert outcome(world, response(world, phone), address="198.51.100.9") == IN


def test_an_answer_opens_one_session_also_at_two_browsers_at_once(world: World) -> None:
    phone = owner(world, telephone())
    text = response(world, phone)

    assert sorted(map(str, in_parallel(2, lambda _: outcome(world, text)))) == [NO, IN]
    assert outcome(world, text) == NO
    assert refusals(world) == ["replayed", "replayed"]

    world.wait(LASTS)
    assert outcome(world, response(world, phone)) == IN
    assert len(world.account().passkeys[0].challenges) == 1, "an expired one is not kept"


def test_a_synced_passkey_opens_at_two_browsers_at_once(world: World) -> None:
    phone = owner(world, telephone())
    answers = [response(world, phone) for _ in range(2)]

    assert in_parallel(2, lambda which: outcome(world, answers[which])) == [IN, IN]
    assert len(world.account().passkeys[0].challenges) == 2


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("call", "calls"),
    [("BatchGetItem", 0), ("Query", 0), ("BatchGetItem", 1), ("BatchWriteItem", 0), ("UpdateItem", 0)],
)
def test_a_fault_lets_nobody_in_and_the_next_answer_opens(world: World, call: str, calls: int, when: When) -> None:
    phone = owner(world, telephone())

    with world.aws.failing(call, when, skips=calls):
        assert outcome(world, response(world, phone)) == Unavailable.__name__

    assert [event for event in world.events() if event["event"] == "login_ok"] == []
    assert outcome(world, response(world, phone)) == IN


def visitor(world: World, token: Token | None = None) -> Visitor:
    return enter(world.visit(token or attempt(world)))


def make(world: World, me: Visitor, phone: Authenticator, **changes: Any) -> str:
    challenge = changes.pop("challenge", "") or ask_for_new(world.services, me.login, world.now).challenge
    return field(phone.make(challenge, **changes))


def add(world: World, me: Visitor, phone: Authenticator, **changes: Any) -> None:
    add_passkey(world.visit(), me, make(world, me, phone, **changes), NAME)


def test_the_browser_is_told_what_it_needs_and_no_identifier_of_ours_but_the_shown_one(world: World) -> None:
    world.settle(display_identifier="XEN 1")
    give(world, telephone())

    options = ask_for_new(world.services, world.account(), world.now)

    assert (options.address, options.name) == ("XEN 1 - Evry - Xénakis", "Famille Rossignol")
    assert (options.relying_party, options.resident, options.ids) == ("127.0.0.1", "required", (words(b"a telephone"),))
    assert IN not in options.user


def test_a_new_passkey_that_is_not_as_asked_is_not_stored(world: World) -> None:
    settle_two_logins(world)
    me, phone = visitor(world), telephone()
    give(world, telephone(b"Come's"), COMES)
    text = make(world, me, phone)
    bad = {
        "unverified": make(world, me, phone, flags=FLAG.UP | FLAG.AT),
        "another site's": make(world, me, phone, client={"origin": "https://extranet.example.net"}),
        "another network's": make(world, me, phone, party="extranet.example.net"),
        "neither ES256 nor RS256": make(world, me, phone, key=b"\xa1\x01\x01"),
        "made for another login": make(world, replace(me, login=world.account(COMES)), phone),
        "from before a removal": make(world, replace(me, login=replace(me.login, stamp="former")), phone),
        "for a login": make(world, me, phone, challenge=ask_to_log_in(world.services, world.now).challenge),
        "opens another login": make(world, me, telephone(b"Come's")),
    }

    for reason, answer in bad.items():
        with pytest.raises(PasskeyNotMade):
            add_passkey(world.visit(), me, answer, NAME)
        assert world.account().passkeys == (), reason
    world.wait(LASTS)
    with pytest.raises(ChallengeExpired):
        add_passkey(world.visit(), me, text, NAME)


def test_the_same_form_again_changes_nothing_and_nothing_that_was_open_ends(world: World) -> None:
    world.settle()
    me, phone = visitor(world), telephone()
    text = make(world, me, phone)
    for name in (NAME, "Autre nom"):
        add_passkey(world.visit(), me, text, name)

    assert world.account().passkeys == (replace(phone.passkey(NAME, world.now), by=me.author, proof=CHOSEN),)
    assert is_in(world, me.token)
    world.deliver()
    assert len(world.mails()) == 1


def test_a_ninth_is_refused_also_when_two_come_at_once(world: World) -> None:
    world.settle()
    for number in range(PASSKEYS_AT_MOST - 1):
        give(world, telephone(bytes([number + 1])))
    me, phones = visitor(world), (telephone(b"one"), telephone(b"two"))

    results = in_parallel(2, lambda which: add(world, me, phones[which]))

    assert sorted(map(str, results)) == sorted(map(str, (PasskeysFull, None)))
    assert len(world.account().passkeys) == PASSKEYS_AT_MOST
    with pytest.raises(PasskeysFull):
        ask_for_new(world.services, world.account(), world.now)


@faults_of("Query", "BatchGetItem", "SendMessageBatch", "BatchWriteItem", "UpdateItem")
def test_a_fault_stores_all_or_nothing_and_the_same_form_again_works(world: World, call: str, when: When) -> None:
    world.settle()
    me, phone = visitor(world), telephone()
    text = make(world, me, phone)

    with world.aws.failing(call, when), pytest.raises(Unavailable):
        add_passkey(world.visit(), me, text, NAME)

    assert len(world.account().passkeys) == ((call, when) == ("UpdateItem", "after"))
    add_passkey(world.visit(), me, text, NAME)
    assert outcome(world, response(world, phone)) == IN
