"""Change a password: its rule, its proof, the sessions it ends, the notices it sends, races and faults."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.family.households import Guardian, Household, Pupil
from chalicelib.domain.refusals import FieldsRefused, NotLoggedIn, SlowedDown, Unavailable
from chalicelib.flows.family.change_password import PasswordChange, change_password, is_current, repeat
from chalicelib.flows.family.visit import Visitor
from chalicelib.flows.family.visit import enter as authenticate
from tests.support.aws import When
from tests.support.logins import WRONG, attempt, is_in, mail_a_password, opens, tries_at
from tests.support.world import PASSWORD, ROSSIGNOL, World

NEW = "Merle7Moqueur"


def enter(world: World, password: str = PASSWORD) -> Visitor:
    return authenticate(world.visit(attempt(world, password)))


def family(world: World) -> Visitor:
    world.settle(emails=("a@example.org", "b@example.fr"))
    return enter(world)


def wish(world: World, me: Visitor, current: str = PASSWORD, new: str = NEW, again: str | None = None) -> Token:
    return change_password(world.visit(), me, PasswordChange(current, new, new if again is None else again))


def refused(world: World, me: Visitor, **fields: str) -> dict[str, tuple[str, ...]]:
    with pytest.raises(FieldsRefused) as refusal:
        wish(world, me, **fields)
    return refusal.value.fields


def test_2_7_the_new_password_opens_alone_and_other_sessions_end(world: World) -> None:
    me, visitor = family(world), enter(world)
    account = world.account()
    password = mail_a_password(world)
    me = authenticate(world.visit(me.token))
    assert me.account.mailed_passwords != account.mailed_passwords

    token = wish(world, me)

    assert [is_in(world, shown) for shown in (token, me.token, visitor.token)] == [True, False, False]
    assert [opens(world, typed) for typed in (NEW, PASSWORD, password)] == [True, False, False]


def test_2_7_a_notice_goes_to_every_address_on_file_one_letter_each(world: World) -> None:
    me = family(world)
    wish(world, me)

    world.deliver()

    assert sorted(mail.to for mail in world.mails()) == ["a@example.org", "b@example.fr"]
    assert all("a été modifié le 1er septembre 2026 à 9 h 00" in mail.text for mail in world.mails())
    assert not any(NEW in mail.text + mail.html for mail in world.mails())


@pytest.mark.parametrize(
    ("entries", "fields"),
    [
        ({"current": ""}, {"actuel": ("current_missing",)}),
        ({"current": "Faux1234"}, {"actuel": ("current_wrong",)}),
        ({"new": "", "again": ""}, {"nouveau": ("new_missing",), "confirmation": ("confirmation_missing",)}),
        ({"again": "Merle7moqueur"}, {"confirmation": ("confirmation_differs",)}),
        ({"new": PASSWORD}, {"nouveau": ("password_same",)}),
        ({"new": "court"}, {"nouveau": ("password_too_short", "password_no_upper", "password_no_digit")}),
        ({"new": "Motdepasse1"}, {"nouveau": ("password_common",)}),
        ({"new": "Xenakis91"}, {"nouveau": ("password_own_name",)}),
        ({"new": "MaxXEN1max"}, {"nouveau": ("password_own_name",)}),
    ],
)
def test_2_6_each_refusal_is_beside_its_field_and_changes_nothing(
    world: World, entries: dict[str, str], fields: dict[str, tuple[str, ...]]
) -> None:
    me = family(world)
    before = world.account()

    assert refused(world, me, **entries) == fields

    assert world.account() == before
    world.deliver()
    assert world.mails() == []


def test_two_changes_at_once_have_one_winner(world: World) -> None:
    changes = ((family(world), "Grive1Draine"), (enter(world), "Pinson2Nord"))

    def change(pair: tuple[Visitor, str]) -> str:
        try:
            wish(world, pair[0], new=pair[1])
        except NotLoggedIn:
            return "overtaken"
        return pair[1]

    with ThreadPoolExecutor(2) as pool:
        results = set(pool.map(change, changes))

    works = {typed for typed in ("Grive1Draine", "Pinson2Nord", PASSWORD) if opens(world, typed)}
    assert len(works) == 1
    assert results == works | {"overtaken"}
    world.deliver_patiently()
    assert len(world.mails()) == 2


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("call", "spared"), [("UpdateItem", 0), ("SendMessageBatch", 0), ("UpdateItem", 1), ("BatchWriteItem", 0)]
)
def test_a_fault_leaves_one_working_password_and_a_true_page(world: World, call: str, spared: int, when: When) -> None:
    me = family(world)

    with world.aws.failing(call, when, skips=spared), pytest.raises(Unavailable):
        wish(world, me)

    works = {password for password in (PASSWORD, NEW) if opens(world, password)}
    changed = call == "UpdateItem" and spared == 1 and when == "after"
    assert works == ({NEW} if changed else {PASSWORD})
    world.deliver_patiently()
    assert len(world.mails()) == (2 if changed else 0)


def test_a_family_s_own_names_are_refused_and_login_applies_no_rule(world: World) -> None:
    guardians = (Guardian("Aimée Rossignol", "lucarne.bleue@example.org"), Guardian("Côme Dubalai"))
    household = Household(guardians, pupils=(Pupil("Zoé"), Pupil("Timothée")), payer="Mme Vertbois")
    world.settle(password="Azerty2026", household=household)
    me = enter(world, "Azerty2026")

    passwords = ("Rossignol2026", "Aimee1980", "Dubalai91", "ZoeTimothee1", "Timoth33!", "LucarneBleue9", "Vertbois77")
    outcomes = {new: refused(world, me, current="Azerty2026", new=new) for new in passwords}

    assert outcomes == {new: {"nouveau": ("password_own_name",)} for new in passwords}
    assert wish(world, me, current="Azerty2026", new="Trois-Pommes7")


def check(world: World, me: Visitor, text: str) -> bool | str:
    try:
        return is_current(world.visit(), me.account, text)
    except SlowedDown:
        return "slowed"


def test_the_right_password_clears_the_failures_before_it_and_a_wrong_one_never_does(world: World) -> None:
    me = family(world)
    for _ in range(30):
        refused(world, me, new="court")  # a slip in the new one costs no try
    assert [check(world, me, PASSWORD) for _ in range(7)] == [True] * 7

    for right in (lambda: check(world, me, PASSWORD), lambda: refused(world, me, current=PASSWORD, new=PASSWORD)):
        assert [check(world, me, WRONG) for _ in range(4)] == [False] * 4
        assert right()
        assert check(world, me, PASSWORD) is True

    assert [check(world, me, WRONG) for _ in range(6)] == [False] * 5 + ["slowed"]
    assert tries_at(world) == 5
    with pytest.raises(SlowedDown) as error:
        wish(world, me)
    assert error.value.until == world.now + timedelta(minutes=1)


def test_parallel_guesses_behind_a_session_never_pass_the_limit(world: World) -> None:
    me = family(world)

    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(lambda number: check(world, me, f"Devine{number:02d}"), range(20)))

    assert (outcomes.count(False), outcomes.count("slowed")) == (5, 15)


def test_a_form_sent_again_opens_only_if_its_confirmation_is_the_same(world: World) -> None:
    me = family(world)
    wish(world, me)

    with pytest.raises(NotLoggedIn):
        repeat(world.visit(), ROSSIGNOL, PasswordChange(PASSWORD, NEW, "Merle8Moqueur"))
    assert repeat(world.visit(), ROSSIGNOL, PasswordChange(PASSWORD, NEW, NEW))


def test_browsers_known_before_a_change_share_one_count_at_this_form_too(world: World) -> None:
    me = family(world)
    cookies = [world.device() for _ in range(6)]
    world.wait(timedelta(minutes=1))
    account = world.account()
    password_hash = world.services.hasher.hash(NEW)
    world.services.accounts.change(account, account.with_password(password_hash, "chosen", world.now))

    def guess(cookie: str) -> bool | str:
        try:
            return is_current(world.visit(devices=cookie), world.account(), WRONG)
        except SlowedDown:
            return "slowed"

    assert [guess(cookie) for cookie in cookies] == [False] * 5 + ["slowed"]
    assert check(world, replace(me, login=world.account(), account=world.account()), NEW) is True
