"""A family changes its addresses: the password first, a code to the new mailbox, and no word of other families."""

import hashlib
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account.email_addresses import AddressesSlowedDown, CodesSlowedDown
from chalicelib.domain.family.corrections import Actor, Correction
from chalicelib.domain.refusals import FieldsRefused, NotThere, SlowedDown, Unavailable
from chalicelib.flows.family.family import CoordinatesMoved
from chalicelib.flows.family.family_email import CODE
from chalicelib.mail.account_jobs import EmailCode
from tests.support.aws import When
from tests.support.email_change import (
    AIMEE,
    COME,
    NEW,
    ask_for_code,
    back,
    enter,
    leave_to_the_office,
    mailed_code,
    name_of,
    notices,
    send_form,
    settle,
)
from tests.support.households import MERLE, change_account
from tests.support.logins import facts_of_job, is_in, opens, tries_at
from tests.support.staff import in_parallel
from tests.support.world import PASSWORD, World

ENDED = "Le mot de passe reçu par mail n'ouvre plus le compte"


def refused(world: World, *values: str, **more: str) -> dict[str, tuple[str, ...]]:
    with pytest.raises(FieldsRefused) as refusal:
        send_form(world, enter(world), *values, **more)
    return refusal.value.fields


def reasons(world: World) -> list[str]:
    return [each["reason"] for each in world.events() if each["event"] == "email_code_dropped"]


def test_a_code_leaves_for_the_new_address_only_even_another_family_s_and_nothing_counts_yet(world: World) -> None:
    me = settle(world)
    world.settle(MERLE, name="Famille Merle", emails=(NEW,))

    code, _ = ask_for_code(world, me)

    assert [mail.to for mail in world.mails()] == [NEW]
    assert "Merle" not in world.mails()[-1].text
    assert len(code) == 7
    assert replace(world.account(), pending_email=None, code_times=()) == me.account


def test_neither_code_nor_address_stands_in_the_queue_and_no_code_in_a_table_or_the_record(world: World) -> None:
    send_form(world, settle(world))
    queue = world.aws.queue_bodies()
    world.deliver()
    code = mailed_code(world)

    assert "@" not in queue
    assert name_of(world) in queue
    digits, items = code.replace(" ", ""), world.aws.everything(world.resources)
    for spelling in (code, digits, hashlib.sha256(f"evry-xenakis\0xen1\0{NEW}\0{digits}".encode()).hexdigest()):
        assert spelling not in queue + items
    for words in (NEW, "xen1", "Rossignol", code.replace(" ", ""), PASSWORD):
        assert words not in world.log.getvalue()
    assert [each["event"] for each in world.events()] == ["email_code_asked", "email_code_mailed"]


def test_it_costs_five_round_trips_one_of_which_clears_the_try(world: World) -> None:
    me = settle(world)
    world.aws.calls.clear()

    send_form(world, back(world, me.token))

    assert world.aws.calls == ["GetItem", "GetItem", "UpdateItem", "BatchWriteItem", "UpdateItem", "SendMessageBatch"]


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"action": ""}, {"action": ("action_missing",)}),
        ({"action": "retirer-3"}, {"action": ("action_missing",)}),
        ({"email": ""}, {"email": ("email_new_missing",)}),
        ({"email": "nouvelle"}, {"email": ("email_malformed",)}),
        ({"email": "été@example.org"}, {"email": ("email_not_ascii",)}),
        ({"email": COME.upper()}, {"email": ("email_known",)}),
        ({"current": ""}, {"actuel": ("current_missing",)}),
        ({"current": "Faux1234"}, {"actuel": ("current_wrong",)}),
    ],
)
def test_each_refusal_is_beside_its_field_and_changes_nothing(
    world: World, values: dict[str, str], fields: dict[str, tuple[str, ...]]
) -> None:
    before = settle(world).account

    assert refused(world, **values) == fields

    assert world.account() == before
    assert world.aws.queue_bodies() == ""


@pytest.mark.parametrize("given", [(), ("retirer-1",)], ids=["a code asked for", "an address taken away"])
def test_the_right_password_leaves_no_try_behind_in_a_refused_form(world: World, given: tuple[str, ...]) -> None:
    settle(world)
    for _ in range(6):
        with pytest.raises(CoordinatesMoved):
            send_form(world, enter(world), *given, shown="another page's")

    assert tries_at(world) == 0
    send_form(world, enter(world), *given)
    assert tries_at(world) == 0


def test_who_shows_a_session_only_is_slowed_down_like_at_login(world: World) -> None:
    settle(world)
    for _ in range(5):
        refused(world, current="Faux1234")

    with pytest.raises(SlowedDown):
        send_form(world, enter(world))

    assert world.account().pending_email is None
    assert [each["event"] for each in world.events()] == [*["email_refused"] * 5, "login_slowed"]


def test_the_network_may_leave_addresses_to_the_office(world: World) -> None:
    me = settle(world)
    leave_to_the_office(world)

    with pytest.raises(NotThere):
        send_form(world, me)


def test_many_forms_at_once_make_no_more_codes_leave(world: World) -> None:
    me = settle(world)

    def attempt(number: int) -> bool:
        with suppress(CodesSlowedDown, SlowedDown, Unavailable):
            send_form(world, me, email=f"n{number}@example.org")
            return True
        return False

    assert in_parallel(8, attempt).count(True) == len(world.account().code_times) <= 3


def test_addresses_changed_too_often_in_a_day_stay_and_no_code_leaves(world: World) -> None:
    trace = Correction("emails", (), (AIMEE, COME), Actor("family", "Aimée"), world.now, "decision")
    me = settle(world, access_corrections=(trace,) * 12)
    before = world.account()

    for action, email in (("retirer-1", ""), ("remplacer-1", NEW)):
        with pytest.raises(AddressesSlowedDown) as error:
            send_form(world, me, action, email)
        assert error.value.until == world.now + timedelta(hours=24)

    assert (world.account(), world.aws.queue_bodies()) == (before, "")


def test_addresses_that_the_office_changed_meanwhile_are_shown_first(world: World) -> None:
    me = settle(world)
    change_account(world, emails=(COME,))

    for action in ("remplacer-1", "retirer-1"):
        with pytest.raises(CoordinatesMoved):
            send_form(world, me, action)

    assert world.account().emails == (COME,)


def test_an_address_is_taken_away_at_once_and_those_on_file_were_told(world: World) -> None:
    me = settle(world)
    world.aws.calls.clear()

    assert send_form(world, back(world, me.token), "retirer-2", "", by="1") is None

    to_tables = [each for each in world.aws.calls if each != "SendMessageBatch"]
    assert to_tables == ["GetItem", "GetItem", "UpdateItem", "BatchWriteItem", "UpdateItem"]
    account = world.account()
    assert (account.emails, [each.email for each in account.household.guardians]) == ((AIMEE,), [AIMEE, ""])
    (trace,) = account.access_corrections
    assert (trace.old, trace.new, trace.actor) == ((AIMEE, COME), (AIMEE,), Actor("family", "Aimée Rossignol"))
    world.deliver()
    assert notices(world) == [COME, AIMEE]
    assert "Aimée Rossignol a changé les adresses e-mail" in world.mails()[-1].text


def test_two_guardians_who_take_each_other_away_leave_one(world: World) -> None:
    pages = (settle(world), enter(world))

    results = in_parallel(2, lambda place: send_form(world, pages[place], f"retirer-{place + 1}", ""))

    assert set(results) == {None, CoordinatesMoved}
    assert len(world.account().emails) == 1
    world.deliver_patiently()
    assert notices(world) == [COME, AIMEE]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("call", "spared"), [("UpdateItem", 0), ("UpdateItem", 1), ("SendMessageBatch", 0)])
@pytest.mark.parametrize("action", ["retirer-2", "remplacer-1"])
def test_a_fault_leaves_one_or_the_other_told(world: World, action: str, call: str, spared: int, when: When) -> None:
    me = settle(world)

    with world.aws.failing(call, when, skips=spared), pytest.raises(Unavailable):
        send_form(world, me, action)

    world.deliver_patiently()
    removed = action == "retirer-2" and (call, spared, when) == ("UpdateItem", 1, "after")
    assert world.account().emails == ((AIMEE,) if removed else (AIMEE, COME))
    assert notices(world) == ([COME, AIMEE] if removed else [])
    if action == "remplacer-1":
        ask_for_code(world, enter(world))
        assert world.mails()[-1].to == NEW


@pytest.mark.parametrize("origin", ["chosen", "mailed"])
def test_a_mailed_password_ends_with_its_mailbox_and_who_is_here_stays(world: World, origin: str) -> None:
    me, visitor = settle(world, origin=origin), enter(world)

    token = send_form(world, me, "retirer-2", "")

    world.deliver()
    ends = origin == "mailed"
    assert [(each.to, ENDED in each.text, ENDED in each.html) for each in world.mails()] == [
        *((AIMEE, ends, ends), (COME, ends, ends))
    ]
    assert (token is not None, opens(world, PASSWORD)) == (ends, not ends)
    assert [is_in(world, former.token) for former in (me, visitor)] == [not ends] * 2
    if token:
        assert back(world, token).account.password is None


def test_why_no_code_leaves_is_told(world: World) -> None:
    send_form(world, settle(world))
    name, facts = name_of(world), facts_of_job(world)

    with world.aws.failing("SendEmail", "before", error=(400, "BadRequestException")):
        CODE.send(world.services, EmailCode(**facts, name=name), world.now)
    CODE.send(world.services, EmailCode(**facts, name="another"), world.now)
    CODE.send(world.services, EmailCode(**facts, name=name), world.now + timedelta(minutes=30))
    world.services.accounts.change(world.account(), world.account().with_disabled(is_disabled=True))
    CODE.send(world.services, EmailCode(**facts, name=name), world.now)
    world.services.accounts.erase(world.account())
    CODE.send(world.services, EmailCode(**facts, name=name), world.now)

    assert world.mails() == []
    assert reasons(world) == ["undeliverable", "superseded", "stale", "closed", "closed"]
