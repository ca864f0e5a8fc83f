"""The second half of a login: a code works once, for one session, however often its form is sent."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import FormRefusal, NotLoggedIn
from chalicelib.domain.staff.members import Member, Totp
from chalicelib.domain.staff.recent_logins import SENT_AGAIN_WITHIN
from chalicelib.domain.staff.recovery import new_codes, recovery_digest
from chalicelib.domain.staff.totp import code_at, step_at
from chalicelib.flows.staff.entry import StaffContext, enter
from chalicelib.flows.staff.login import StaffSlowedDown, device_scope, log_out
from chalicelib.flows.staff.login_code import CodeRefused, enter_half_open, open_key, prove_code, seal_key
from chalicelib.services.family import Client
from tests.support.aws import When, faults_of
from tests.support.staff import (
    KEY,
    MANAGER,
    SECRETARY,
    code,
    half_enter,
    half_open,
    in_parallel,
    is_in,
    member,
    outcome_of,
    read_member,
    stores,
)
from tests.support.world import World


def on_paper(world: World) -> tuple[str, ...]:
    """Store a member with recovery codes, and return the codes."""
    person, codes = member(world), new_codes()
    digests = tuple(recovery_digest(world.services.settings.key_ring("staff-codes"), SECRETARY, one) for one in codes)
    stores(world).members.change(person, replace(person, recovery=digests))
    return codes


def prove(world: World, context: StaffContext, text: str, devices: str = "") -> Token:
    """Send the form with the context read when its page was shown: the worst case for a concurrent change."""
    return prove_code(world.visit(devices=devices, use="staff-devices"), context, text)


def outcome(world: World, context: StaffContext, text: str, devices: str = "") -> str:
    return outcome_of(lambda: prove(world, context, text, devices), "in")


def test_a_code_of_the_application_opens_the_desk(world: World) -> None:
    member(world)
    context, digits = half_enter(world), code(world)

    token = prove(world, context, f"{digits[:3]} {digits[3:]}")

    assert is_in(world, token)
    assert token != context.token
    assert read_member(world).last_login == world.now


def test_one_code_opens_one_session_of_two(world: World) -> None:
    member(world)
    digits = code(world)

    assert [outcome(world, half_enter(world), digits) for _ in range(2)] == ["in", "CodeRefused"]


def resend(world: World, context: StaffContext, text: str, client: Client | None = None) -> str:
    """Send a half-open session's form by its cookie alone, as a browser does, and return the outcome."""
    visit = world.visit(context.token)
    visit = replace(visit, client=client) if client else visit
    try:
        token = prove_code(visit, enter_half_open(visit), text)
    except (FormRefusal, NotLoggedIn) as refusal:
        return type(refusal).__name__
    return "in" if is_in(world, token) else "given a session that is over"


def test_the_same_form_sent_twice_gives_the_same_session_for_a_minute_until_it_is_left(world: World) -> None:
    member(world)
    context, digits = half_enter(world), code(world)
    token = prove(world, context, digits)

    world.wait(SENT_AGAIN_WITHIN - timedelta(seconds=1))
    visit = world.visit(context.token)
    assert prove_code(visit, enter_half_open(visit), digits) == token
    log_out(world.visit(token))
    assert resend(world, context, digits) == "NotLoggedIn"


def test_after_a_minute_and_from_elsewhere_the_same_form_opens_nothing(world: World) -> None:
    """Otherwise a thief with a code and the cookie of their half-open session would share the session."""
    member(world)
    context, digits = half_enter(world), code(world)
    prove(world, context, digits)

    assert resend(world, context, digits, world.new_client("198.51.100.9")) == "NotLoggedIn"
    assert world.events()[-1]["event"] == "staff_code_refused"
    assert resend(world, context, digits) == "in"
    world.wait(SENT_AGAIN_WITHIN)
    assert resend(world, context, digits) == "NotLoggedIn"


def test_a_login_ends_its_half_open_session(world: World) -> None:
    member(world)
    context, second = half_enter(world), half_enter(world)
    prove(world, context, code(world))

    with pytest.raises(NotLoggedIn):
        enter(world.visit(context.token), "password")
    assert resend(world, context, code(world)) == "NotLoggedIn", "another code is another form"
    assert resend(world, second, code(world)) == "in", "two browsers of one member"
    assert resend(world, context, code(world)) == "NotLoggedIn"


def test_tries_at_a_form_that_was_answered_are_slowed_down(world: World) -> None:
    member(world)
    context = half_enter(world)
    prove(world, context, code(world))

    assert [resend(world, context, "000000") for _ in range(6)] == ["NotLoggedIn"] * 5 + ["StaffSlowedDown"]


def test_of_eight_sessions_that_show_one_code_at_once_one_opens(world: World) -> None:
    member(world)
    contexts = [half_open(world) for _ in range(8)]
    digits = code(world)

    came = in_parallel(8, lambda which: prove(world, contexts[which], digits))

    tokens = [one for one in came if isinstance(one, Token)]
    assert len(tokens) == 1
    assert is_in(world, tokens[0])
    assert {one for one in came if not isinstance(one, Token)} <= {CodeRefused, StaffSlowedDown}


def test_eight_clicks_on_one_form_open_one_session(world: World) -> None:
    member(world)
    context, digits = half_enter(world), code(world)

    came = in_parallel(8, lambda _: resend(world, context, digits))

    assert set(came) <= {"in", "StaffSlowedDown"}
    assert "in" in came
    assert len(read_member(world).logins) == 1


def test_a_code_on_paper_opens_once_and_its_use_is_told(world: World) -> None:
    codes = on_paper(world)
    text = codes[2].upper().replace("-", " ")

    assert outcome(world, half_enter(world), text) == "in"
    assert outcome(world, half_enter(world), codes[2]) == "CodeRefused"

    assert len(read_member(world).recovery) == 7
    world.deliver_patiently()
    (mail,) = world.mails()
    assert (mail.to, mail.subject) == (SECRETARY, "Un de vos codes de secours a servi - Evry - Xénakis")


def test_of_sessions_that_show_one_code_on_paper_at_once_one_opens(world: World) -> None:
    codes = on_paper(world)
    contexts = [half_open(world) for _ in range(8)]

    came = in_parallel(8, lambda which: prove(world, contexts[which], codes[0]))

    assert len([one for one in came if isinstance(one, Token)]) == 1
    assert len(read_member(world).recovery) == 7


def test_guesses_at_the_code_are_slowed_down(world: World) -> None:
    member(world)
    context = half_enter(world)

    refusals = [outcome(world, context, "000000") for _ in range(6)]

    assert refusals == ["CodeRefused"] * 5 + ["StaffSlowedDown"]
    world.wait(timedelta(minutes=1))
    assert outcome(world, context, code_at(KEY, step_at(world.now))) == "in"


def test_who_knows_the_password_only_shuts_no_known_browser_out(world: World) -> None:
    member(world)
    browser = world.device(device_scope(SECRETARY), use="staff-devices")
    stranger = half_enter(world)
    for _ in range(6):
        outcome(world, stranger, "000000")

    context = half_enter(world, devices=browser)

    assert outcome(world, context, code_at(KEY, step_at(world.now)), browser) == "in"


def test_a_success_forgets_the_tries(world: World) -> None:
    member(world)
    context = half_enter(world)
    for _ in range(4):
        outcome(world, context, "000000")
    prove(world, context, code(world))

    again = half_enter(world)

    assert [outcome(world, again, "000000") for _ in range(5)] == ["CodeRefused"] * 5


@pytest.mark.parametrize("why", ["of another member", "of the first versions", "of a retired key", "changed"])
def test_a_key_that_does_not_open_asks_for_a_reset(world: World, why: str) -> None:
    person = member(world)
    assert person.totp
    keys = {
        "of another member": Totp(seal_key(world.services, MANAGER, KEY)),
        "of the first versions": Totp(""),
        "of a retired key": person.totp,
        "changed": Totp(person.totp.key[:-1]),
    }
    stores(world).members.change(person, replace(person, totp=keys[why]))
    if why == "of a retired key":
        world.rotate("staff-totp", 2)

    assert outcome(world, half_enter(world), code(world)) == "KeyLost"
    assert world.events()[-1]["event"] == "staff_key_lost"


def test_a_code_on_paper_of_a_retired_key_asks_for_a_reset_and_a_slip_of_the_application_does_not(world: World) -> None:
    codes = on_paper(world)
    world.rotate("staff-codes", 2)
    context = half_enter(world)

    assert [outcome(world, context, typed) for typed in (codes[0], "12345", "000000")] == [
        *("KeyLost", "CodeRefused", "CodeRefused")
    ]
    assert outcome(world, context, code(world)) == "in"


def test_both_factors_open_after_two_rotations(world: World) -> None:
    codes = on_paper(world)
    for use in ("staff-totp", "staff-codes", "staff-tokens"):
        world.rotate(use, 3, 2, 1)

    assert outcome(world, half_enter(world), code(world)) == "in"
    assert outcome(world, half_enter(world), codes[0]) == "in"


def test_a_key_is_nowhere_to_be_read(world: World) -> None:
    person = member(world)

    assert person.totp
    assert open_key(world.services, SECRETARY, person.totp) == KEY
    assert KEY not in world.aws.everything(world.resources) + repr(person)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("call", "calls"), [("UpdateItem", 0), ("UpdateItem", 1), ("BatchWriteItem", 0), ("BatchWriteItem", 1)]
)
def test_after_a_failure_the_same_form_works(world: World, call: str, calls: int, when: When) -> None:
    member(world)
    context, digits = half_enter(world), code(world)
    with world.aws.failing(call, when, skips=calls):
        first = outcome(world, context, digits)

    assert first == ("in" if (call, calls) == ("BatchWriteItem", 1) else "Unavailable"), "tries forgotten later"
    assert resend(world, context, digits) == "in"


@faults_of("SendMessageBatch", "BatchWriteItem", "UpdateItem")
def test_after_a_failure_the_same_code_on_paper_works(world: World, call: str, when: When) -> None:
    codes = on_paper(world)
    context = half_enter(world)
    with world.aws.failing(call, when, skips=int(call == "UpdateItem")):
        assert outcome(world, context, codes[0]) == "Unavailable"

    assert resend(world, context, codes[0]) == "in"
    assert isinstance(read_member(world), Member)
    assert len(read_member(world).recovery) == 7


def test_a_manager_who_enters_counts_as_one_who_is_left(world: World) -> None:
    member(world, MANAGER)
    email = "busard@example.org"
    member(world, email, "manager")
    stores(world).managers.mark_unenrolled(email, even_last=False)

    prove(world, half_open(world, email), code(world))

    assert email in stores(world).managers.read().entered
