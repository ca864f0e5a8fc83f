"""Passkeys of a member: an answer opens one session or proves one act, for their own member only."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.identity.webauthn import PasskeyRefused
from chalicelib.domain.refusals import NotLoggedIn
from chalicelib.domain.staff.members import Member
from chalicelib.domain.staff.recent_logins import SENT_AGAIN_WITHIN
from chalicelib.domain.staff.staff_sessions import PROVEN_FOR, StaffSession, Stage, new_token
from chalicelib.flows.staff.entry import StaffContext, enter
from chalicelib.flows.staff.login import ProofRefused, StaffSlowedDown
from chalicelib.flows.staff.login_code import enter_half_open, prove_code
from chalicelib.flows.staff.passkeys import (
    MOST,
    LastFactor,
    TooManyPasskeys,
    add_passkey,
    ask,
    enter_by_passkey,
    prove_by_passkey,
    remove_passkey,
)
from tests.support.authenticator import Authenticator, field, words
from tests.support.staff import MANAGER, SECRETARY, code, in_parallel, member, read_member, stores
from tests.support.world import PUBLIC_URL, World


def telephone(own_id: bytes = b"a telephone", count: int = 0) -> Authenticator:
    device = Authenticator(own_id, PUBLIC_URL)
    device.count = count
    return device


def with_passkeys(world: World, *authenticators: Authenticator, email: str = SECRETARY) -> Member:
    before = member(world, email)
    passkeys = tuple(made.passkey(f"Clé {number}", world.now) for number, made in enumerate(authenticators, 1))
    stores(world).members.change(before, replace(before, passkeys=passkeys))
    return read_member(world, email)


def context(world: World, owner: Member, stage: Stage = "open") -> StaffContext:
    token = new_token()
    world.database.write_together(stores(world).sessions.put(StaffSession.open(token, owner, stage, world.now)))
    return enter(world.visit(token), stage)


def asked(world: World, before: StaffContext) -> tuple[StaffContext, str]:
    """Request a passkey, then return as a browser does: by the token alone."""
    challenge = ask(world.services, before).challenge
    return enter(world.visit(before.token), before.session.stage), challenge


def proven(world: World, before: StaffContext) -> StaffContext:
    stores(world).sessions.prove(before.session, world.now)
    return enter(world.visit(before.token))


def use(world: World, before: StaffContext, answer: dict[str, Any]) -> Token:
    return enter_by_passkey(world.visit(), before, field(answer))


def refusals(world: World) -> list[str]:
    return [event["why"] for event in world.events() if event["event"] == "staff_passkey_refused"]


def test_a_passkey_opens_the_session_that_a_password_opened_half(world: World) -> None:
    phone = telephone(count=4)
    half, challenge = asked(world, context(world, with_passkeys(world, phone), "password"))
    phone.count = 9

    token = use(world, half, phone.use(challenge))

    assert enter(world.visit(token)).member.email == SECRETARY
    assert (read_member(world).passkeys[0].sign_count, read_member(world).last_login) == (9, world.now)
    assert [event["event"] for event in world.events()] == ["staff_login_ok"]


def test_an_answer_opens_one_session(world: World) -> None:
    phone = telephone()
    half, challenge = asked(world, context(world, with_passkeys(world, phone), "password"))
    answer = phone.use(challenge)
    token = use(world, half, answer)

    with pytest.raises(PasskeyRefused, match="challenge"):
        use(world, half, answer | {"signature": b"another"})
    sent_again = enter_half_open(world.visit(half.token))
    assert use(world, sent_again, answer) == token
    with pytest.raises(NotLoggedIn):
        use(world, sent_again, answer | {"signature": b"another"})
    with pytest.raises(NotLoggedIn):
        enter_half_open(world.visit(half.token, address="198.51.100.9"))
    world.wait(SENT_AGAIN_WITHIN)
    with pytest.raises(NotLoggedIn):
        enter_half_open(world.visit(half.token))


def test_a_session_that_a_code_opened_wholly_takes_no_passkey_that_was_asked_for_before(world: World) -> None:
    phone = telephone()
    half, challenge = asked(world, context(world, with_passkeys(world, phone), "password"))
    prove_code(world.visit(), half, code(world))

    with pytest.raises(NotLoggedIn):
        use(world, enter_half_open(world.visit(half.token)), phone.use(challenge))


def test_of_two_who_send_one_answer_at_once_one_enters(world: World) -> None:
    phone = telephone()
    half, challenge = asked(world, context(world, with_passkeys(world, phone), "password"))
    answer = phone.use(challenge)

    results = in_parallel(2, lambda _: use(world, half, answer))

    assert [isinstance(end, Token) for end in results].count(True) == 1
    assert refusals(world) == ["challenge"]


def test_an_answer_is_to_the_last_question_of_its_own_session(world: World) -> None:
    phone, second = telephone(), telephone(b"the manager's")
    with_passkeys(world, second, email=MANAGER)
    owner = with_passkeys(world, phone)
    half, before = asked(world, context(world, owner, "password"))
    _, elsewhere = asked(world, context(world, owner, "password"))

    for answering, challenge, why in (
        (phone, before, "challenge"),
        (phone, elsewhere, "challenge"),
        (second, "", "credential"),
    ):
        half, newest = asked(world, half)
        with pytest.raises(PasskeyRefused, match=why):
            use(world, half, answering.use(challenge or newest))


def test_a_copy_of_a_key_is_refused_and_recorded(world: World) -> None:
    phone = telephone(count=9)
    half, challenge = asked(world, context(world, with_passkeys(world, phone), "password"))

    with pytest.raises(PasskeyRefused):
        use(world, half, phone.use(challenge))

    assert refusals(world) == ["counter"]


def test_answers_are_slowed_down_as_codes_are(world: World) -> None:
    half = context(world, with_passkeys(world, telephone()), "password")

    def send_nothing_again_and_again() -> None:
        while True:
            with pytest.raises(PasskeyRefused):
                use(world, half, {})

    with pytest.raises(StaffSlowedDown):
        send_nothing_again_and_again()


def test_an_answer_is_refused_where_the_passkey_changed_meanwhile(world: World) -> None:
    phone = telephone()
    half, challenge = asked(world, context(world, with_passkeys(world, phone), "password"))
    current = read_member(world)
    stores(world).members.change(current, current.without_passkey(words(phone.id)))

    with pytest.raises(PasskeyRefused, match="overtaken"):
        use(world, half, phone.use(challenge))


def test_a_passkey_proves_again_who_acts_for_five_minutes(world: World) -> None:
    phone = telephone()
    inside, challenge = asked(world, context(world, with_passkeys(world, phone)))

    prove_by_passkey(world.visit(), inside, field(phone.use(challenge)))

    assert enter(world.visit(inside.token)).session.is_proven(world.now)
    assert not enter(world.visit(inside.token)).session.is_proven(world.now + PROVEN_FOR)


def test_an_answer_proves_nothing_twice(world: World) -> None:
    phone = telephone()
    inside, challenge = asked(world, context(world, with_passkeys(world, phone)))
    answer = field(phone.use(challenge))
    prove_by_passkey(world.visit(), inside, answer)
    later = world.wait(PROVEN_FOR)

    with pytest.raises(PasskeyRefused, match="challenge"):
        prove_by_passkey(world.visit(), enter(replace(world.visit(inside.token), now=later)), answer)


def add(world: World, before: StaffContext, phone: Authenticator, name: str = "Téléphone") -> None:
    inside, challenge = asked(world, before)
    add_passkey(world.visit(), inside, field(phone.make(challenge)), name)


def test_a_passkey_is_added_by_who_proved_the_password_again(world: World) -> None:
    inside, phone = context(world, member(world)), telephone()
    with pytest.raises(ProofRefused):
        add(world, inside, phone)

    add(world, proven(world, inside), phone)

    assert read_member(world).passkeys == (phone.passkey("Téléphone", world.now),)
    world.deliver()
    assert ["Une clé d'accès a été ajoutée" in mail.subject for mail in world.mails()] == [True]


def test_an_eleventh_is_refused(world: World) -> None:
    phones = [telephone(bytes([number + 1])) for number in range(MOST)]
    inside = proven(world, context(world, with_passkeys(world, *phones)))

    with pytest.raises(TooManyPasskeys):
        add(world, inside, telephone())


def test_two_added_at_once_are_both_kept(world: World) -> None:
    inside = proven(world, context(world, member(world)))
    current = read_member(world)
    stores(world).members.change(current, current.with_passkey(telephone(b"another").passkey("Autre", world.now)))

    add(world, inside, telephone())

    assert [passkey.name for passkey in read_member(world).passkeys] == ["Autre", "Téléphone"]


def remove(world: World, before: StaffContext, phone: Authenticator) -> None:
    remove_passkey(world.visit(), before, words(phone.id))


def test_a_passkey_that_was_removed_opens_nothing(world: World) -> None:
    phone = telephone()
    owner = with_passkeys(world, phone)

    elsewhere = context(world, owner)
    remove(world, context(world, owner), phone)

    with pytest.raises(NotLoggedIn):
        enter(world.visit(elsewhere.token))
    half, challenge = asked(world, context(world, read_member(world), "password"))
    with pytest.raises(PasskeyRefused, match="credential"):
        use(world, half, phone.use(challenge))


def test_the_only_second_factor_stays(world: World) -> None:
    phone = telephone()
    with_passkeys(world, phone)
    stores(world).members.change(read_member(world), replace(read_member(world), totp=None))
    owner = read_member(world)

    with pytest.raises(LastFactor):
        remove(world, context(world, owner), phone)

    assert read_member(world).passkeys == owner.passkeys


def test_of_two_last_ones_removed_at_once_one_stays(world: World) -> None:
    phones = telephone(b"one"), telephone(b"two")
    with_passkeys(world, *phones)
    stores(world).members.change(read_member(world), replace(read_member(world), totp=None))
    inside = context(world, read_member(world))

    results = in_parallel(2, lambda which: remove(world, inside, phones[which]))

    assert results.count(None) == 1  # the first one ends the other's session
    assert len(read_member(world).passkeys) == 1


def test_an_authenticator_is_told_a_pseudonym(world: World) -> None:
    options = ask(world.services, context(world, member(world)))

    assert SECRETARY not in options.user
    assert options.user == ask(world.services, context(world, read_member(world))).user
