"""Log in: accepted, refused and slowed down, with races and faults."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher, extract_parameters

from chalicelib.domain.account import passwords
from chalicelib.domain.account.accounts import AccountRef, MailedPassword
from chalicelib.domain.account.hasher import Hasher
from chalicelib.domain.account.rate_limits import LOGIN_OF_ADDRESS
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import LoginRefused, NotLoggedIn, SlowedDown, Unavailable
from chalicelib.flows.family.change_password import PasswordChange, change_password
from chalicelib.flows.family.login import Credentials, log_in
from chalicelib.flows.family.visit import authenticate
from chalicelib.infra.dynamo.revise import RACES
from chalicelib.stores.attempts import AttemptTimes
from tests.support.aws import OVERTAKEN, When
from tests.support.world import CHEAP, EMAIL, PASSWORD, ROSSIGNOL, World

NOBODY = AccountRef("evry-xenakis", "nobody")


def attempt(world: World, password: str = PASSWORD, ref: AccountRef = ROSSIGNOL, address: str = "192.0.2.7") -> Token:
    return log_in(world.services, Credentials(ref, password), world.new_client(address), world.now)


def mail_a_password(world: World) -> str:
    made = passwords.mailed_password()
    before = world.account()
    world.services.accounts.change(before, before.with_mailed_password(made, world.new_client().request, world.now))
    return made


def is_in(world: World, token: Token) -> bool:
    try:
        authenticate(world.services, token, world.client, world.now)
    except NotLoggedIn:
        return False
    return True


def outcome(world: World, password: str = "Faux1234", ref: AccountRef = ROSSIGNOL) -> str:
    try:
        attempt(world, password, ref)
    except (LoginRefused, SlowedDown, Unavailable) as refusal:
        return type(refusal).__name__
    return "in"


def test_2_4_the_right_password_opens_a_session(world: World) -> None:
    world.settle()

    token = attempt(world)

    assert is_in(world, token)
    assert world.account().last_login == world.now


def test_the_session_recalls_the_login_before(world: World) -> None:
    world.settle()
    first = world.now
    attempt(world)
    world.wait(timedelta(days=3))

    token = attempt(world)

    session = world.services.sessions.find(token)
    assert session
    assert session.previous_login == first


@pytest.mark.parametrize(
    ("ref", "password", "disabled"),
    [
        pytest.param(ROSSIGNOL, "Faux1234", False, id="wrong password"),
        pytest.param(NOBODY, PASSWORD, False, id="unknown identifier"),
        pytest.param(AccountRef("evry-magnard", "xen1"), "Faux1234", False, id="wrong site and password"),
        pytest.param(ROSSIGNOL, PASSWORD, True, id="disabled account"),
        pytest.param(AccountRef("evry-magnard", "xen1"), PASSWORD, True, id="disabled at another site"),
    ],
)
def test_every_refusal_is_the_same(world: World, ref: AccountRef, password: str, disabled: bool) -> None:
    world.settle(disabled=disabled)

    assert outcome(world, password, ref) == "LoginRefused"


def test_an_account_without_a_password_opens_for_none(world: World) -> None:
    world.settle(password=None)

    assert outcome(world, "") == "LoginRefused"


def test_2_4_the_mailed_password_opens_the_account_and_becomes_its_password(world: World) -> None:
    world.settle(password=None)
    mailed = mail_a_password(world)
    world.wait(timedelta(hours=23, minutes=59))

    token = attempt(world, mailed)

    assert is_in(world, token)
    account = world.account()
    assert account.password
    assert account.password.origin == "mailed"
    assert account.mailed_passwords == ()
    world.wait(timedelta(days=300))
    assert outcome(world, mailed) == "in"


def test_a_mailed_password_expires_unused_after_24_hours(world: World) -> None:
    world.settle()
    mailed = mail_a_password(world)
    world.wait(timedelta(hours=24))

    assert outcome(world, mailed) == "LoginRefused"
    assert outcome(world, PASSWORD) == "in"


def test_any_of_three_mailed_passwords_opens_and_its_use_drops_the_others(world: World) -> None:
    world.settle()
    first, second, third = (mail_a_password(world) for _ in range(3))

    assert outcome(world, second) == "in"

    assert [outcome(world, each) for each in (first, third, PASSWORD)] == ["LoginRefused"] * 3


def test_the_first_use_ends_other_sessions(world: World) -> None:
    world.settle()
    stranger = attempt(world)
    mailed = mail_a_password(world)

    family = attempt(world, mailed)

    assert not is_in(world, stranger)
    assert is_in(world, family)


def test_the_first_use_is_told_to_every_address_on_file_and_its_later_uses_are_not(world: World) -> None:
    world.settle(emails=(EMAIL, "come@example.org"))
    mailed = mail_a_password(world)

    attempt(world, mailed)
    world.wait(timedelta(days=1))
    attempt(world, mailed)

    world.deliver_patiently()
    assert sorted(mail.to for mail in world.mails()) == ["come@example.org", EMAIL]
    for mail in world.mails():
        assert "pour la première fois le 1er septembre 2026 à 9 h 00 (heure de Paris)" in mail.text
        assert "l'ancien n'ouvre plus le compte" in mail.text
        assert mailed not in mail.text + mail.html


@pytest.mark.parametrize("mode", ["keep", "must_change"])
def test_the_first_use_of_a_first_password_is_told_too(world: World, mode: str) -> None:
    world.set_mode(mode)
    world.settle(password=None)

    attempt(world, mail_a_password(world))

    world.deliver()
    (mail,) = world.mails()
    assert (mail.to, mail.subject) == (EMAIL, "Votre mot de passe reçu par mail a été utilisé - Evry - Xénakis")
    assert "l'ancien" not in mail.text


def test_the_first_use_leaves_its_trace_without_a_secret(world: World) -> None:
    world.settle()

    attempt(world, mail_a_password(world))

    (trace,) = world.account().access_corrections
    assert (trace.what, trace.old, trace.new, trace.at) == ("password", ("chosen",), ("mailed",), world.now)
    assert (trace.actor.side, trace.session) == ("family", "login")


def test_a_login_with_the_password_tells_nobody_and_a_rehash_neither(world: World) -> None:
    account = world.settle(password=None)
    weak = Hasher(memory=16, passes=1)
    world.services.accounts.change(account, account.with_password(weak.hash(PASSWORD), "chosen", world.now))

    attempt(world)

    assert (world.aws.queue_bodies(), world.account().access_corrections) == ("", ())


def test_asking_for_a_password_changes_nothing_for_who_has_one(world: World) -> None:
    world.settle()
    token = attempt(world)

    mail_a_password(world)

    assert is_in(world, token)
    assert outcome(world, PASSWORD) == "in"


def test_after_five_failures_even_the_right_password_waits_a_minute(world: World) -> None:
    world.settle()
    for _ in range(5):
        outcome(world)

    with pytest.raises(SlowedDown) as slowed:
        attempt(world)

    assert slowed.value.until == world.now + timedelta(minutes=1)
    world.wait(timedelta(minutes=1))
    assert outcome(world, PASSWORD) == "in"


def test_tries_made_while_waiting_lengthen_nothing(world: World) -> None:
    world.settle()
    for _ in range(5):
        outcome(world)
    for _ in range(20):
        assert outcome(world) == "SlowedDown"

    world.wait(timedelta(minutes=1))

    assert outcome(world, PASSWORD) == "in"


def test_waits_grow_and_a_success_clears_them(world: World) -> None:
    world.settle()
    for _ in range(5):
        outcome(world)
    waits = []
    for _ in range(6):
        with pytest.raises(SlowedDown) as slowed:
            attempt(world)
        waits.append((slowed.value.until - world.now).seconds // 60)
        world.now = slowed.value.until
        assert outcome(world) == "LoginRefused"
    assert waits == [1, 2, 4, 8, 15, 15]
    world.wait(timedelta(minutes=15))

    assert outcome(world, PASSWORD) == "in"

    assert [outcome(world) for _ in range(6)] == ["LoginRefused"] * 5 + ["SlowedDown"]


def test_after_25_failures_in_a_day_only_a_mailed_password_opens_it(world: World) -> None:
    world.settle()
    start = world.now
    failures = 0
    while failures < 25:
        if outcome(world, "Faux1234") == "LoginRefused":
            failures += 1
        else:
            world.wait(timedelta(minutes=1))
    world.wait(timedelta(minutes=16))

    with pytest.raises(SlowedDown) as slowed:
        attempt(world)

    assert slowed.value.until == start + timedelta(hours=24)
    assert outcome(world, mail_a_password(world)) == "in"


def test_an_identifier_that_does_not_exist_is_slowed_down_alike(world: World) -> None:
    assert [outcome(world, ref=NOBODY) for _ in range(7)] == ["LoginRefused"] * 5 + ["SlowedDown"] * 2


def test_a_hundred_failures_of_one_address_stop_it_but_not_its_mailed_passwords(world: World) -> None:
    world.settle()
    crowd = AttemptTimes.from_address("192.0.2.7")
    for _ in range(99):
        world.services.attempts.reserve(crowd, LOGIN_OF_ADDRESS, world.now)
    assert outcome(world, PASSWORD) == "in"
    assert outcome(world, ref=NOBODY) == "LoginRefused"

    assert outcome(world, PASSWORD) == "SlowedDown"

    attempt(world, address="192.0.2.8")
    assert outcome(world, mail_a_password(world)) == "in"


def test_successes_of_one_address_never_count(world: World) -> None:
    world.settle()

    assert [outcome(world, PASSWORD) for _ in range(8)] == ["in"] * 8

    assert world.database.read(world.services.attempts.lookup(AttemptTimes.from_address("192.0.2.7"))).times == ()


def test_a_password_is_rehashed_when_the_settings_change(world: World) -> None:
    account = world.settle(password=None)
    weak = Hasher(memory=16, passes=1)
    world.services.accounts.change(account, account.with_password(weak.hash(PASSWORD), "chosen", world.now))
    before = world.account()

    attempt(world)

    after = world.account()
    assert after.password
    assert world.services.hasher.is_outdated(weak.hash(PASSWORD))
    assert not world.services.hasher.is_outdated(after.password.hash)
    assert after.stamp == before.stamp
    assert outcome(world, PASSWORD) == "in"


# Round trips: four at most for a login, and as many for every refusal, known account or not.


def test_a_login_costs_four_round_trips(world: World) -> None:
    world.settle()
    world.aws.calls.clear()

    attempt(world)

    assert world.aws.calls == ["BatchGetItem", "UpdateItem", "BatchWriteItem", "UpdateItem"]


def test_the_first_use_of_a_mailed_password_costs_a_message_more_and_no_try(world: World) -> None:
    world.settle()
    mailed = mail_a_password(world)
    world.aws.calls.clear()

    attempt(world, mailed)

    assert world.aws.calls == ["BatchGetItem", "SendMessageBatch", "BatchWriteItem", "UpdateItem"]


def test_a_refusal_costs_the_same_for_known_and_unknown(world: World) -> None:
    world.settle()
    costs = []
    for ref in (ROSSIGNOL, NOBODY):
        world.aws.calls.clear()
        outcome(world, "Faux1234", ref)
        costs.append(list(world.aws.calls))

    assert costs == [["BatchGetItem", "UpdateItem", "UpdateItem"]] * 2


class Counting(Hasher):
    """Counts its Argon2 operations."""

    def __init__(self) -> None:
        super().__init__(memory=8, passes=1)
        self.operations = 0

    def hash(self, password: str) -> str:
        self.operations += 1
        return super().hash(password)

    def verify(self, encoded: str | None, password: str) -> bool:
        self.operations += 1
        return super().verify(encoded, password)


def counting(world: World) -> Counting:
    hasher = Counting()
    world.services = replace(world.services, hasher=hasher)
    return hasher


@pytest.mark.parametrize(
    ("ref", "password", "given"),
    [
        pytest.param(ROSSIGNOL, PASSWORD, {}, id="right password"),
        pytest.param(ROSSIGNOL, "Faux1234", {}, id="wrong password"),
        pytest.param(ROSSIGNOL, "Faux1234", {"password": None}, id="no password yet"),
        pytest.param(ROSSIGNOL, PASSWORD, {"disabled": True}, id="disabled"),
        pytest.param(NOBODY, PASSWORD, {}, id="unknown identifier"),
        pytest.param(AccountRef("evry-magnard", "xen1"), PASSWORD, {}, id="wrong site"),
    ],
)
def test_every_try_costs_one_argon2_operation(
    world: World, ref: AccountRef, password: str, given: dict[str, Any]
) -> None:
    """Their time in milliseconds is measured by `python -m tools.bench.logins`."""
    world.settle(**given)
    hasher = counting(world)

    outcome(world, password, ref)

    assert hasher.operations == 1


def test_the_first_use_of_a_mailed_password_costs_one_argon2_operation(world: World) -> None:
    world.settle()
    mailed = mail_a_password(world)
    hasher = counting(world)

    assert outcome(world, mailed) == "in"

    assert hasher.operations == 1


def test_a_slowed_login_costs_one_round_trip(world: World) -> None:
    for _ in range(5):
        outcome(world)
    world.aws.calls.clear()

    assert outcome(world) == "SlowedDown"

    assert world.aws.calls == ["BatchGetItem"]


# Damaged hashes, in every form that a table can hold.


def damage(world: World, stored: object, ref: AccountRef = ROSSIGNOL) -> None:
    """Overwrite a stored hash. None removes it."""
    key = {"site": ref.site, "identifier": ref.identifier}
    password = {"hash": stored, "changed_at": world.now, "origin": "chosen"}
    table = world.resources.accounts_table
    world.database.update(table, key, "SET #password = :password", "attribute_exists(site)", password=password)


DAMAGES = {
    "nothing": "",
    "no hash": "garbage",
    "cut": CHEAP.hash(PASSWORD)[:-2],
    "too long": CHEAP.hash(PASSWORD) + "\0",
    "4 GB of memory": CHEAP.hash(PASSWORD).replace("m=8", "m=4194304"),
    "a million passes": CHEAP.hash(PASSWORD).replace("t=1", "t=1000000"),
    "a number": 19,
    "no attribute": None,
}


@pytest.mark.parametrize("stored", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_hash_is_refused_as_an_unknown_identifier_is_recorded_and_mended_by_mail(
    world: World, stored: object
) -> None:
    world.settle()
    costs = []
    damage(world, stored)
    for ref in (ROSSIGNOL, NOBODY):
        world.aws.calls.clear()
        costs.append((outcome(world, PASSWORD, ref), list(world.aws.calls)))

    assert costs == [("LoginRefused", ["BatchGetItem", "UpdateItem", "UpdateItem"])] * 2
    submission = [event for event in world.events() if event["event"] == "hash_damaged"]
    assert [set(event) for event in submission] == [{"time", "event", "request", "site", "account", "client"}]
    mailed = mail_a_password(world)
    assert outcome(world, mailed) == "in"
    assert outcome(world, mailed) == "in"


def test_a_damaged_digest_of_a_mailed_password_is_a_mismatch_too(world: World) -> None:
    damaged = MailedPassword("é" * 64, world.now + timedelta(hours=1), "request-0")
    world.settle(mailed_passwords=(damaged,))

    assert outcome(world, "Merle7Rouge") == "LoginRefused"
    assert outcome(world, PASSWORD) == "in"


def test_a_try_at_a_damaged_hash_costs_the_decoy_s_operation(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """`Counting` counts our own calls. This test counts Argon2's, with the parameters of each."""
    world.settle()
    tried = []
    real = PasswordHasher.verify

    def verify(argon2: PasswordHasher, encoded: str, password: str) -> bool:
        tried.append(extract_parameters(encoded))
        return real(argon2, encoded, password)

    monkeypatch.setattr(PasswordHasher, "verify", verify)
    for stored in DAMAGES.values():
        damage(world, stored)
        world.wait(timedelta(hours=25))
        assert outcome(world) == "LoginRefused"
    outcome(world, ref=NOBODY)

    assert len(tried) == len(DAMAGES) + 1
    assert {(each.memory_cost, each.time_cost, each.parallelism) for each in tried} == {(8, 1, 1)}


# Races: real threads against atomic conditional writes.


def test_fifty_parallel_guesses_never_verify_more_than_the_limit(world: World) -> None:
    world.settle()

    with ThreadPoolExecutor(50) as pool:
        outcomes = list(pool.map(lambda number: outcome(world, f"Devine{number:02d}"), range(50)))

    assert (outcomes.count("LoginRefused"), outcomes.count("SlowedDown")) == (5, 45)


def test_two_logins_with_one_mailed_password_both_get_in(world: World) -> None:
    world.settle()
    mailed = mail_a_password(world)

    with ThreadPoolExecutor(2) as pool:
        tokens = list(pool.map(lambda _: attempt(world, mailed), range(2)))

    assert [is_in(world, token) for token in tokens] == [True, True]
    assert world.account().mailed_passwords == ()
    world.deliver_patiently()
    assert [mail.to for mail in world.mails()] == [EMAIL], "told once, however many asked for it to be"


def test_a_login_that_is_overtaken_each_time_is_unavailable_and_opens_nothing(world: World) -> None:
    world.settle()
    world.aws.calls.clear()

    with world.aws.failing("UpdateItem", "before", spared=1, error=OVERTAKEN), pytest.raises(Unavailable):
        attempt(world)

    assert world.aws.calls.count("UpdateItem") == 1 + RACES, "the try is counted once"
    assert world.account().last_login is None


def test_a_change_against_a_first_use_has_one_winner(world: World) -> None:
    for _ in range(5):
        world.settle()
        token = attempt(world)
        mailed = mail_a_password(world)
        me = authenticate(world.services, token, world.client, world.now)

        def change_it(me=me) -> str:  # type: ignore[no-untyped-def]  # noqa: ANN001 - bound to this round
            try:
                change_password(
                    world.services,
                    me,
                    PasswordChange(PASSWORD, "Merle7Moqueur", "Merle7Moqueur"),
                    world.client,
                    world.now,
                )
            except NotLoggedIn:
                return "overtaken"
            return "changed"

        with ThreadPoolExecutor(2) as pool:
            changed = pool.submit(change_it)
            used = pool.submit(outcome, world, mailed)
            results = {changed.result(), used.result()}

        works = {each for each in (PASSWORD, "Merle7Moqueur", mailed) if outcome(world, each) == "in"}
        assert results in ({"changed", "LoginRefused"}, {"overtaken", "in"})
        assert works == ({"Merle7Moqueur"} if "changed" in results else {mailed})


# Faults: each call fails before and after it took effect.


WHENS: tuple[When, ...] = ("before", "after")


@pytest.mark.parametrize("when", WHENS)
@pytest.mark.parametrize(
    ("call", "spared", "with_mailed"),
    [
        ("BatchGetItem", 0, False),
        ("UpdateItem", 0, False),
        ("UpdateItem", 1, False),
        ("BatchWriteItem", 0, False),
        ("BatchGetItem", 0, True),
        ("SendMessageBatch", 0, True),
        ("UpdateItem", 0, True),
        ("BatchWriteItem", 0, True),
    ],
)
def test_a_fault_lets_nobody_in_and_the_next_try_works(
    world: World, call: str, spared: int, with_mailed: bool, when: When
) -> None:
    world.settle()
    password = mail_a_password(world) if with_mailed else PASSWORD

    with world.aws.failing(call, when, spared=spared):
        assert outcome(world, password) == "Unavailable"

    assert [event for event in world.events() if event["event"] == "login_ok"] == []
    origin = world.account().password
    assert origin
    is_used = (call, when, with_mailed) == ("UpdateItem", "after", True)
    assert origin.origin == ("mailed" if is_used else "chosen"), "posted and not written: nothing has changed"
    assert outcome(world, password) == "in"
    world.deliver_patiently()
    assert [mail.to for mail in world.mails()] == [EMAIL] * with_mailed


@pytest.mark.parametrize("when", WHENS)
def test_a_refusal_whose_count_fails_is_no_refusal(world: World, when: When) -> None:
    world.settle()

    with world.aws.failing("UpdateItem", when, spared=1):
        assert outcome(world) == "Unavailable"


def test_a_new_login_closes_the_browser_s_former_session(world: World) -> None:
    world.settle()
    former = attempt(world)

    log_in(world.services, Credentials(ROSSIGNOL, PASSWORD, former), world.new_client(), world.now)

    assert not is_in(world, former)


def test_a_login_lets_letters_leave_again_so_that_nobody_uses_up_a_family_s_way_out(world: World) -> None:
    world.settle()
    for _ in range(6):
        mailed = mail_a_password(world)
        world.wait(timedelta(minutes=2))
    assert not world.account().may_be_mailed("another", world.now)

    attempt(world, mailed)

    assert world.account().may_be_mailed("another", world.now)


def test_parallel_uses_of_one_mailed_password_all_get_in_even_while_slowed_down(world: World) -> None:
    world.settle()
    mailed = mail_a_password(world)
    for _ in range(5):
        outcome(world)

    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(lambda _: outcome(world, mailed), range(3)))

    assert outcomes == ["in"] * 3


@pytest.mark.parametrize("when", WHENS)
def test_a_fault_before_the_mailed_password_is_used_leaves_it_unused(world: World, when: When) -> None:
    world.settle()
    mailed = mail_a_password(world)

    with world.aws.failing("BatchWriteItem", when):
        assert outcome(world, mailed) == "Unavailable"

    assert outcome(world, PASSWORD) == "in"
    assert outcome(world, mailed) == "in"


# A known browser is counted on its own: strangers' tries do not lock it out.


def from_browser(
    world: World, cookie: str, password: str = "Faux1234", ref: AccountRef = ROSSIGNOL, address: str = "192.0.2.7"
) -> str:
    try:
        log_in(world.services, Credentials(ref, password), world.new_client(address, cookie), world.now)
    except (LoginRefused, SlowedDown) as refusal:
        return type(refusal).__name__
    return "in"


def lock_out(world: World, ref: AccountRef = ROSSIGNOL) -> None:
    while outcome(world, ref=ref) != "SlowedDown":
        pass


def test_strangers_keep_no_family_out_of_a_browser_that_logged_in_before(world: World) -> None:
    world.settle(emails=())
    cookie = world.device()
    for _ in range(25):
        lock_out(world)
        world.wait(timedelta(minutes=15))
    assert outcome(world, PASSWORD) == "SlowedDown"

    assert from_browser(world, cookie, PASSWORD) == "in"


def test_an_address_that_used_up_its_failures_does_not_stop_a_known_browser(world: World) -> None:
    world.settle()
    for _ in range(100):
        world.services.attempts.reserve(AttemptTimes.from_address("192.0.2.7"), LOGIN_OF_ADDRESS, world.now)
    cookie = world.device()

    assert outcome(world, PASSWORD) == "SlowedDown"
    assert from_browser(world, cookie) == "LoginRefused"
    assert from_browser(world, cookie, PASSWORD) == "in"


def test_a_known_browser_has_a_count_of_its_own_at_the_same_pace(world: World) -> None:
    world.settle()
    cookie, other = world.device(), world.device()

    assert [from_browser(world, cookie) for _ in range(7)] == ["LoginRefused"] * 5 + ["SlowedDown"] * 2
    assert from_browser(world, cookie, PASSWORD) == "SlowedDown"
    assert from_browser(world, other, PASSWORD) == "in"
    assert from_browser(world, "", PASSWORD) == "in"
    world.wait(timedelta(minutes=1))
    assert from_browser(world, cookie, PASSWORD) == "in"
    assert [from_browser(world, cookie) for _ in range(6)] == ["LoginRefused"] * 5 + ["SlowedDown"]


def test_a_family_that_goes_in_and_out_gives_strangers_no_guess_more(world: World) -> None:
    world.settle()
    cookie = world.device()
    lock_out(world)

    assert [from_browser(world, cookie, PASSWORD) for _ in range(3)] == ["in"] * 3

    assert outcome(world) == outcome(world, PASSWORD) == "SlowedDown"


def test_parallel_guesses_from_a_known_browser_never_pass_the_limit(world: World) -> None:
    world.settle()
    cookie = world.device()

    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(lambda number: from_browser(world, cookie, f"Devine{number:02d}"), range(20)))

    assert (outcomes.count("LoginRefused"), outcomes.count("SlowedDown")) == (5, 15)


@pytest.mark.parametrize("whose", ["another account's", "another site's", "a made up one", "an old one", "none"])
def test_who_shows_no_cookie_of_this_account_is_a_stranger(world: World, whose: str) -> None:
    world.settle()
    cookies = {
        "another account's": world.device(AccountRef("evry-xenakis", "xen2")),
        "another site's": world.device(AccountRef("evry-magnard", "xen1")),
        "a made up one": world.device()[:-1] + "~",
        "an old one": world.device(),
        "none": "",
    }
    if whose == "an old one":
        world.wait(timedelta(days=395))
    lock_out(world)

    assert from_browser(world, cookies[whose], PASSWORD) == "SlowedDown"


def test_a_cookie_of_an_account_helps_with_no_unknown_one_and_costs_the_same(world: World) -> None:
    world.settle()
    cookie = world.device()
    costs = []
    for ref in (AccountRef("evry-xenakis", "xen2"), NOBODY):
        world.aws.calls.clear()
        costs.append(([from_browser(world, cookie, ref=ref) for _ in range(6)], list(world.aws.calls)))

    assert costs[0] == costs[1]
    assert costs[0][0] == ["LoginRefused"] * 5 + ["SlowedDown"]


def test_a_login_from_a_known_browser_costs_four_round_trips_and_one_argon2_operation(world: World) -> None:
    world.settle()
    cookie, hasher = world.device(), counting(world)
    world.aws.calls.clear()

    assert from_browser(world, cookie, PASSWORD) == "in"

    assert world.aws.calls == ["BatchGetItem", "UpdateItem", "BatchWriteItem", "UpdateItem"]
    assert hasher.operations == 1


def test_browsers_known_before_a_change_of_password_share_one_count_apart_from_strangers(world: World) -> None:
    """A user with the old password may have many such cookies: together they allow as many guesses as one."""
    account = world.settle()
    cookies = [world.device() for _ in range(6)]
    world.wait(timedelta(minutes=1))
    hashed = world.services.hasher.hash("Merle7Moqueur")
    world.services.accounts.change(account, account.with_password(hashed, "chosen", world.now))
    current = world.device()
    lock_out(world)

    assert [from_browser(world, cookie) for cookie in cookies] == ["LoginRefused"] * 5 + ["SlowedDown"]
    assert from_browser(world, current) == "LoginRefused"
    world.wait(timedelta(minutes=1))
    assert from_browser(world, cookies[0], "Merle7Moqueur") == "in"
    assert [from_browser(world, cookie) for cookie in cookies] == ["LoginRefused"] * 5 + ["SlowedDown"]


def test_a_mailed_password_is_accepted_from_a_known_browser_that_waits(world: World) -> None:
    world.settle()
    cookie, mailed = world.device(), mail_a_password(world)
    for _ in range(6):
        from_browser(world, cookie)

    assert from_browser(world, cookie, mailed) == "in"
