"""Log in and out: accepted, refused and slowed down, with races and faults."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.account.accounts import CANARY, AccountRef, MailedPassword
from chalicelib.domain.account.hasher import Hasher
from chalicelib.domain.account.rate_limits import LOGIN_OF_ADDRESS
from chalicelib.domain.refusals import NotLoggedIn, SlowedDown, Unavailable
from chalicelib.flows.family.change_password import PasswordChange, change_password
from chalicelib.flows.family.login import Credentials, log_in, log_out
from chalicelib.flows.family.visit import Visitor
from chalicelib.flows.family.visit import enter as authenticate
from chalicelib.infra.dynamo.revise import RACES
from chalicelib.stores.attempts import AttemptTimes
from tests.support.aws import OVERTAKEN, When
from tests.support.logins import HERE, WRONG, attempt, enter, is_in, lock_out, mail_a_password, outcome
from tests.support.world import CHEAP, EMAIL, PASSWORD, ROSSIGNOL, World

NOBODY = AccountRef("evry-xenakis", "nobody")
WRONG_SITE = AccountRef("evry-magnard", "xen1")
IN = ROSSIGNOL.site
TWO_DEVICES = pytest.mark.parametrize("is_known", [False, True], ids=["a stranger", "a known browser"])
WHENS: tuple[When, ...] = ("before", "after")


def test_2_4_the_right_password_opens_a_session_that_recalls_the_login_before(world: World) -> None:
    world.settle()
    first = world.now
    former = attempt(world)
    world.wait(timedelta(minutes=3))

    token = log_in(world.visit(former), Credentials(ROSSIGNOL, PASSWORD))

    assert (is_in(world, token), is_in(world, former)) == (True, False), "the browser's former session ends"
    assert world.account().last_login == world.now
    session = world.services.sessions.find(token)
    assert session
    assert session.previous_login == first


def test_a_login_of_the_canary_is_recorded_under_its_role(world: World) -> None:
    world.settle(role=CANARY)

    assert world.services.sessions.find(attempt(world))
    world.settle()
    attempt(world)

    assert [event.get("role") for event in world.events() if event["event"] == "login_ok"] == [CANARY, None]


@pytest.mark.parametrize(
    ("ref", "password", "given"),
    [
        pytest.param(ROSSIGNOL, WRONG, {}, id="wrong password"),
        pytest.param(ROSSIGNOL, "", {"password": None}, id="no password yet"),
        pytest.param(NOBODY, PASSWORD, {}, id="unknown identifier"),
        pytest.param(WRONG_SITE, WRONG, {}, id="wrong site and password"),
        pytest.param(ROSSIGNOL, PASSWORD, {"disabled": True}, id="disabled account"),
        pytest.param(WRONG_SITE, PASSWORD, {"disabled": True}, id="disabled at another site"),
    ],
)
def test_refusals_are_and_cost_the_same(world: World, ref: AccountRef, password: str, given: dict[str, Any]) -> None:
    """Their time in milliseconds is measured by `python -m tools.bench.logins`."""
    world.settle(**given)
    hasher = counting(world)
    world.aws.calls.clear()

    assert outcome(world, password, ref) == "LoginRefused"

    reads, writes = ["BatchGetItem"] * 2, ["UpdateItem"] * 2
    assert (sorted(world.aws.calls), hasher.operations) == ([*reads, *writes], 1)


# Mailed passwords.


def test_2_4_the_mailed_password_opens_the_account_and_becomes_its_password(world: World) -> None:
    world.settle(password=None)
    password = mail_a_password(world)
    world.wait(timedelta(hours=23, minutes=59))

    token = attempt(world, password)

    assert is_in(world, token)
    account = world.account()
    assert account.password
    assert account.password.origin == "mailed"
    assert account.mailed_passwords == ()
    world.wait(timedelta(days=300))
    assert outcome(world, password) == IN


def test_a_mailed_password_expires_unused_after_24_hours(world: World) -> None:
    world.settle()
    password = mail_a_password(world)
    world.wait(timedelta(hours=24))

    assert [outcome(world, typed) for typed in (password, PASSWORD)] == ["LoginRefused", IN]


def test_the_first_use_of_one_of_three_drops_the_others_and_ends_other_sessions(world: World) -> None:
    world.settle()
    stranger = attempt(world)
    first, second, third = (mail_a_password(world) for _ in range(3))

    family = attempt(world, second)

    assert [outcome(world, typed) for typed in (first, third, PASSWORD)] == ["LoginRefused"] * 3
    assert (is_in(world, stranger), is_in(world, family)) == (False, True)
    (trace,) = world.account().access_corrections
    assert (trace.what, trace.old, trace.new, trace.at) == ("password", ("chosen",), ("mailed",), world.now)
    assert (trace.actor.side, trace.session) == ("family", "login")


@pytest.mark.parametrize(("mode", "former"), [("keep", PASSWORD), ("keep", None), ("must_change", None)])
def test_the_first_use_alone_is_told_to_every_address_on_file(world: World, mode: str, former: str | None) -> None:
    world.set_mode(mode)
    world.settle(emails=(EMAIL, "come@example.org"), password=former)
    mailed = mail_a_password(world)

    attempt(world, mailed)
    world.wait(timedelta(days=1))
    attempt(world, mailed)

    world.deliver_patiently()
    assert sorted(mail.to for mail in world.mails()) == ["come@example.org", EMAIL]
    for mail in world.mails():
        subject = "Votre mot de passe a été modifié" if former else "Votre mot de passe reçu par mail a été utilisé"
        assert mail.subject == f"{subject} - Evry - Xénakis"
        assert "pour la première fois le 1er septembre 2026 à 9 h 00 (heure de Paris)" in mail.text
        assert ("l'ancien n'ouvre plus le compte" in mail.text) is (former is not None)
        assert mailed not in mail.text + mail.html


def test_a_login_lets_letters_leave_again_so_that_nobody_uses_up_a_family_s_way_out(world: World) -> None:
    world.settle()
    for _ in range(6):
        password = mail_a_password(world)
        world.wait(timedelta(minutes=2))
    assert not world.account().may_be_mailed("another", world.now)

    attempt(world, password)

    assert world.account().may_be_mailed("another", world.now)


def test_a_damaged_digest_of_a_mailed_password_is_a_mismatch_too(world: World) -> None:
    password = MailedPassword("é" * 64, world.now + timedelta(hours=1), "request-0")
    world.settle(mailed_passwords=(password,))

    assert [outcome(world, typed) for typed in ("Merle7Rouge", PASSWORD)] == ["LoginRefused", IN]


def test_a_password_is_rehashed_when_the_settings_change_and_nobody_is_told(world: World) -> None:
    account = world.settle(password=None)
    weak = Hasher(memory=16, passes=1)
    world.services.accounts.change(account, account.with_password(weak.hash(PASSWORD), "chosen", world.now))
    before = world.account()

    attempt(world)

    after = world.account()
    assert after.password
    assert world.services.hasher.is_outdated(weak.hash(PASSWORD))
    assert not world.services.hasher.is_outdated(after.password.hash)
    assert (after.stamp, after.access_corrections, world.aws.queue_bodies()) == (before.stamp, (), "")
    assert outcome(world, PASSWORD) == IN


# Slowed down.


def test_after_five_failures_even_the_right_password_waits_and_a_success_clears_them(world: World) -> None:
    world.settle()
    assert [outcome(world) for _ in range(5)] == ["LoginRefused"] * 5

    with pytest.raises(SlowedDown) as error:
        attempt(world)

    assert error.value.until == world.now + timedelta(minutes=1)
    world.wait(timedelta(minutes=1))
    assert outcome(world, PASSWORD) == IN
    assert [outcome(world) for _ in range(6)] == ["LoginRefused"] * 5 + ["SlowedDown"]


def test_a_hundred_failures_of_one_address_stop_it_but_not_its_mailed_passwords(world: World) -> None:
    world.settle()
    cookie = world.device()
    crowd = AttemptTimes.from_address(HERE)
    for _ in range(99):
        world.services.attempts.reserve(crowd, LOGIN_OF_ADDRESS, world.now)
    assert [outcome(world, PASSWORD) for _ in range(3)] == [IN] * 3, "successes do not count"
    assert outcome(world, ref=NOBODY) == "LoginRefused"

    assert outcome(world, PASSWORD) == "SlowedDown"

    enter(world, address="192.0.2.8")
    assert [outcome(world, typed, cookie=cookie) for typed in (WRONG, PASSWORD)] == ["LoginRefused", IN]
    assert outcome(world, mail_a_password(world)) == IN


# What a login costs: four round trips and one Argon2 operation at most.


class Counting(Hasher):
    """Counts its Argon2 operations."""

    def __init__(self) -> None:
        super().__init__(memory=8, passes=1)
        self.operations = 0

    def hash(self, password: str) -> str:
        self.operations += 1
        return super().hash(password)

    def verify(self, code: str | None, password: str) -> bool:
        self.operations += 1
        return super().verify(code, password)


def counting(world: World) -> Counting:
    hasher = Counting()
    world.services = replace(world.services, hasher=hasher)
    return hasher


@TWO_DEVICES
def test_a_login_costs_four_round_trips(world: World, *, is_known: bool) -> None:
    world.settle()
    cookie, hasher = world.device() if is_known else "", counting(world)
    world.aws.calls.clear()

    enter(world, cookie=cookie)

    assert world.aws.calls == ["BatchGetItem", "UpdateItem", "BatchWriteItem", "UpdateItem"]
    assert hasher.operations == 1


def test_the_first_use_of_a_mailed_password_costs_a_message_more_and_no_try(world: World) -> None:
    world.settle()
    password, hasher = mail_a_password(world), counting(world)
    world.aws.calls.clear()

    attempt(world, password)

    assert world.aws.calls == ["BatchGetItem", "SendMessageBatch", "BatchWriteItem", "UpdateItem"]
    assert hasher.operations == 1


def test_a_slowed_login_costs_two_reads(world: World) -> None:
    lock_out(world, NOBODY)
    world.aws.calls.clear()

    assert outcome(world, ref=NOBODY) == "SlowedDown"

    assert world.aws.calls == ["BatchGetItem"] * 2


# Damaged hashes, in every form that a table can hold.


def damage(world: World, secret: object) -> None:
    """Overwrite a stored hash. None removes it."""
    key = {"site": ROSSIGNOL.site, "identifier": ROSSIGNOL.identifier}
    password = {"hash": secret, "changed_at": world.now, "origin": "chosen"}
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
def test_a_damaged_hash_is_refused_as_unknown_recorded_and_mended_by_mail(world: World, stored: object) -> None:
    world.settle()
    damage(world, stored)
    world.aws.calls.clear()

    assert outcome(world, PASSWORD) == "LoginRefused"

    assert world.aws.calls == ["BatchGetItem", "UpdateItem", "UpdateItem", "BatchGetItem"]
    damaged = [event for event in world.events() if event["event"] == "hash_damaged"]
    assert [set(event) for event in damaged] == [{"time", "event", "request", "site", "account", "client"}]
    mailed = mail_a_password(world)
    assert [outcome(world, mailed) for _ in range(2)] == [IN] * 2


# Races: real threads against atomic conditional writes.


@TWO_DEVICES
def test_parallel_guesses_never_pass_the_limit(world: World, *, is_known: bool) -> None:
    world.settle()
    cookie = world.device() if is_known else ""

    with ThreadPoolExecutor(20) as pool:
        guesses = pool.map(lambda number: outcome(world, f"Devine{number:02d}", cookie=cookie), range(20))
        outcomes = list(guesses)

    assert (outcomes.count("LoginRefused"), outcomes.count("SlowedDown")) == (5, 15)


@TWO_DEVICES
def test_parallel_uses_of_one_mailed_password_get_in_even_slowed_down(world: World, *, is_known: bool) -> None:
    world.settle()
    mailed, cookie = mail_a_password(world), world.device() if is_known else ""
    for _ in range(6):
        outcome(world, cookie=cookie)

    with ThreadPoolExecutor(3) as pool:
        tokens = list(pool.map(lambda _: enter(world, mailed, cookie=cookie).token, range(3)))

    assert [is_in(world, token) for token in tokens] == [True] * 3
    assert world.account().mailed_passwords == ()
    world.deliver_patiently()
    assert [mail.to for mail in world.mails()] == [EMAIL], "told once, however many asked for it to be"


def test_a_login_that_is_overtaken_each_time_is_unavailable_and_opens_nothing(world: World) -> None:
    world.settle()
    world.aws.calls.clear()

    with world.aws.failing("UpdateItem", "before", skips=1, error=OVERTAKEN), pytest.raises(Unavailable):
        attempt(world)

    assert world.aws.calls.count("UpdateItem") == 1 + RACES, "the try is counted once"
    assert world.account().last_login is None


def test_a_change_against_a_first_use_has_one_winner(world: World) -> None:
    change = PasswordChange(PASSWORD, "Merle7Moqueur", "Merle7Moqueur")

    def change_it(me: Visitor) -> str:
        try:
            change_password(world.visit(), me, change)
        except NotLoggedIn:
            return "overtaken"
        return "changed"

    for _ in range(5):
        world.settle()
        token, password = attempt(world), mail_a_password(world)
        me = authenticate(world.visit(token))

        with ThreadPoolExecutor(2) as pool:
            future, used = pool.submit(change_it, me), pool.submit(outcome, world, password)
            results = {future.result(), used.result()}

        works = {typed for typed in (PASSWORD, change.new, password) if outcome(world, typed) == IN}
        assert results in ({"changed", "LoginRefused"}, {"overtaken", IN})
        assert works == ({change.new} if "changed" in results else {password})


# Faults: each call fails before and after it took effect.


@pytest.mark.parametrize("when", WHENS)
@pytest.mark.parametrize(
    ("call", "spared", "typed"),
    [
        ("BatchGetItem", 0, "right"),
        ("UpdateItem", 0, "right"),
        ("UpdateItem", 1, "right"),
        ("UpdateItem", 1, "wrong"),
        ("BatchWriteItem", 0, "right"),
        ("BatchGetItem", 0, "mailed"),
        ("SendMessageBatch", 0, "mailed"),
        ("UpdateItem", 0, "mailed"),
        ("BatchWriteItem", 0, "mailed"),
    ],
)
def test_after_a_fault_only_the_next_try_works(world: World, call: str, spared: int, typed: str, when: When) -> None:
    world.settle()
    password = mail_a_password(world) if typed == "mailed" else {"right": PASSWORD, "wrong": WRONG}[typed]

    with world.aws.failing(call, when, skips=spared):
        assert outcome(world, password) == "Unavailable"

    assert [event for event in world.events() if event["event"] == "login_ok"] == []
    stored = world.account().password
    assert stored
    is_used = (call, when, typed) == ("UpdateItem", "after", "mailed")
    assert stored.origin == ("mailed" if is_used else "chosen"), "posted and not written: nothing has changed"
    assert outcome(world, password) == ("LoginRefused" if typed == "wrong" else IN)
    world.deliver_patiently()
    assert [mail.to for mail in world.mails()] == [EMAIL] * (typed == "mailed")


# A known browser is counted on its own: strangers' tries do not lock it out.


def test_strangers_keep_no_family_out_of_a_browser_that_logged_in_before(world: World) -> None:
    world.settle(emails=())
    cookie = world.device()
    for _ in range(2):
        lock_out(world)
        world.wait(timedelta(minutes=15))
    lock_out(world)

    assert [outcome(world, PASSWORD, cookie=cookie) for _ in range(3)] == [IN] * 3

    assert outcome(world) == outcome(world, PASSWORD) == "SlowedDown", "that gives strangers no guess more"


def test_a_known_browser_has_a_count_of_its_own_at_the_same_pace(world: World) -> None:
    world.settle()
    cookie, second_cookie = world.device(), world.device()

    assert [outcome(world, cookie=cookie) for _ in range(7)] == ["LoginRefused"] * 5 + ["SlowedDown"] * 2

    assert [outcome(world, PASSWORD, cookie=shown) for shown in (cookie, second_cookie, "")] == ["SlowedDown", IN, IN]
    world.wait(timedelta(minutes=1))
    assert outcome(world, PASSWORD, cookie=cookie) == IN
    assert [outcome(world, cookie=cookie) for _ in range(6)] == ["LoginRefused"] * 5 + ["SlowedDown"]


def test_browsers_known_before_a_change_of_password_share_one_count_apart_from_strangers(world: World) -> None:
    """A user with the old password may have many such cookies: together they allow as many guesses as one."""
    account = world.settle()
    cookies = [world.device() for _ in range(6)]
    world.wait(timedelta(minutes=1))
    password_hash = world.services.hasher.hash("Merle7Moqueur")
    world.services.accounts.change(account, account.with_password(password_hash, "chosen", world.now))
    current = world.device()
    lock_out(world)

    assert [outcome(world, cookie=cookie) for cookie in cookies] == ["LoginRefused"] * 5 + ["SlowedDown"]
    assert outcome(world, cookie=current) == "LoginRefused"

    world.wait(timedelta(minutes=1))
    assert outcome(world, "Merle7Moqueur", cookie=cookies[0]) == IN
    assert [outcome(world, cookie=cookie) for cookie in cookies] == ["LoginRefused"] * 5 + ["SlowedDown"]


# Log out.


def test_logging_out_ends_this_session_and_no_other(world: World) -> None:
    world.settle()
    here, elsewhere = attempt(world), attempt(world)

    log_out(world.visit(here))

    assert (is_in(world, here), is_in(world, elsewhere)) == (False, True)
    assert world.events()[-1]["reason"] == "logout"
    before = world.events()
    for token in (here, None):
        log_out(world.visit(token))
    assert world.events() == before


@pytest.mark.parametrize("when", WHENS)
def test_a_fault_is_told_and_logging_out_again_works(world: World, when: When) -> None:
    world.settle()
    token = attempt(world)

    with world.aws.failing("BatchWriteItem", when), pytest.raises(Unavailable):
        log_out(world.visit(token))

    log_out(world.visit(token))
    assert world.services.sessions.find(token) is None
