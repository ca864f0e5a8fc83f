"""« Famille »: corrected part by part and confirmed, no change by another login overwritten, races and faults."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.account.coordinates import Part, is_confirmed, part_of
from chalicelib.domain.family.corrections import Actor, Confirmation
from chalicelib.domain.family.households import Guardian
from chalicelib.domain.refusals import NotLoggedIn, NotThere, Unavailable
from chalicelib.flows.family.family import (
    CoordinatesMoved,
    CorrectionsSlowedDown,
    PartUpdate,
    confirm,
    correct,
    version_of_all,
    version_of_part,
)
from chalicelib.flows.family.reenrolment import StepSubmission
from chalicelib.flows.family.visit import Visitor
from tests.support.aws import When
from tests.support.email_change import AIMEE, enter, leave_to_the_office, settle
from tests.support.households import HOUSEHOLD, change_account, change_household
from tests.support.staff import in_parallel
from tests.support.world import World

VALUES: dict[Part, tuple[str, ...]] = {
    "telephones": ("01 99 00 56 78", "01 99 00 99 99"),
    "address": ("5 rue du Blé", "91000 Evry"),
    "payer": ("Aimée Rossignol",),
}
OFFICE = Actor("office", "Mme Houx")
PARTS = pytest.mark.parametrize("part", VALUES)


@pytest.fixture
def inside(world: World) -> Visitor:
    return settle(world)


def give(world: World, me: Visitor, part: Part = "payer", by: str = "1", **more: Any) -> None:
    version = more.get("shown", version_of_part(me.account, part))
    correct(world.visit(), me, PartUpdate(part, more.get("values", VALUES[part])), StepSubmission(by, version))


def say_exact(world: World, me: Visitor, by: str = "1") -> None:
    confirm(world.visit(), me, StepSubmission(by, version_of_all(me.account)))


@PARTS
def test_a_part_is_corrected_with_who_and_when_in_one_write(world: World, inside: Visitor, part: Part) -> None:
    world.aws.calls.clear()

    give(world, inside, part, by="2")

    assert world.aws.calls == ["UpdateItem"]
    account = world.account()
    assert part_of(account.household, part) == VALUES[part]
    assert {(each.what, each.actor, each.at) for each in account.corrections} == {
        (part, Actor("family", "Côme Rossignol"), world.now)
    }
    assert account.correction_times == (world.now,)
    assert replace(account, household=HOUSEHOLD, corrections=(), correction_times=()) == inside.account


def test_what_the_network_lets_no_family_correct_is_not_there(world: World, inside: Visitor) -> None:
    leave_to_the_office(world)

    for part in ("telephones", "address"):
        with pytest.raises(NotThere):
            give(world, inside, part)

    assert world.account() == inside.account
    give(world, inside)


def test_a_form_sent_twice_is_one_change(world: World, inside: Visitor) -> None:
    give(world, inside)
    again = enter(world)

    give(world, again, shown=version_of_part(inside.account, "payer"))

    assert len(world.account().corrections) == 1


def test_what_the_office_changed_meanwhile_stands_and_no_agent_is_named(world: World, inside: Visitor) -> None:
    shown = version_of_part(inside.account, "payer")
    now = change_household(world, OFFICE, payer="M. Sorbier")
    world.wait(timedelta(minutes=1))
    now = change_household(world, Actor("family", "Aimée Rossignol"), address=("5 rue du Blé",))

    for me in (enter(world), inside):  # the second one read before the office wrote
        with pytest.raises(CoordinatesMoved) as moved:
            give(world, me, shown=shown)
        assert moved.value.saved
        assert (moved.value.saved.by, moved.value.saved.at) == ("l'administration", world.now - timedelta(minutes=1))
        assert (moved.value.account, moved.value.version) == (now, version_of_part(now, "payer"))
    assert world.account() == now
    change_household(world, OFFICE, guardians=(Guardian("Mme Houx"), *HOUSEHOLD.guardians))
    with pytest.raises(CoordinatesMoved):
        give(world, inside, "telephones")  # a new guardian gets no other's
    change_account(world, household=now.household, corrections=())
    with pytest.raises(CoordinatesMoved) as moved:
        give(world, inside)
    assert moved.value.saved is None


def test_another_part_changed_meanwhile_is_no_hindrance(world: World, inside: Visitor) -> None:
    change_household(world, OFFICE, address=("5 rue du Blé",))

    give(world, inside)

    assert (world.account().household.payer, world.account().household.address) == (
        "Aimée Rossignol",
        ("5 rue du Blé",),
    )


def test_two_guardians_at_once_one_wins_and_the_other_is_told(world: World, inside: Visitor) -> None:
    pages = (inside, enter(world))

    def attempt(place: int) -> str:
        try:
            give(world, pages[place], by=str(place + 1), values=(f"Payeur {place}",))
        except CoordinatesMoved as error:
            return error.saved.by if error.saved else "somebody"
        return "won"

    results = in_parallel(2, attempt)

    (correction,) = world.account().corrections
    assert set(results) == {correction.actor.who, "won"}


def test_two_guardians_at_once_at_two_parts_both_win(world: World, inside: Visitor) -> None:
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda part: give(world, inside, part), VALUES))

    assert {each.what for each in world.account().corrections} == set(VALUES)


def test_whoever_was_disabled_or_erased_meanwhile_changes_nothing(world: World, inside: Visitor) -> None:
    world.services.accounts.change(world.account(), world.account().with_disabled(is_disabled=True))
    for act in (give, say_exact):
        with pytest.raises(NotLoggedIn):
            act(world, inside)
    assert world.account().corrections == ()
    world.services.accounts.erase(world.account())
    with pytest.raises(NotLoggedIn):
        give(world, inside)
    assert world.services.accounts.find(inside.account.ref) is None


def test_all_is_confirmed_with_who_and_when_in_one_write(world: World, inside: Visitor) -> None:
    world.aws.calls.clear()

    say_exact(world, inside, by="2")

    assert world.aws.calls == ["UpdateItem"]
    assert world.account().confirmed == Confirmation("Côme Rossignol", world.now)
    assert is_confirmed(world.account())
    assert replace(world.account(), confirmed=None) == inside.account


@pytest.mark.parametrize(
    "household",
    [
        {"address": ("5 rue du Blé",)},
        {"guardians": (replace(HOUSEHOLD.guardians[0], email=""), replace(HOUSEHOLD.guardians[1], email=AIMEE))},
    ],
    ids=["an address", "an e-mail that went to another guardian"],
)
def test_what_changed_meanwhile_is_not_confirmed(world: World, inside: Visitor, household: dict[str, Any]) -> None:
    change_household(world, OFFICE, **household)

    with pytest.raises(CoordinatesMoved):
        say_exact(world, inside)
    assert world.account().confirmed is None


def test_after_ten_corrections_one_waits_and_nothing_is_kept_of_the_next(world: World, inside: Visitor) -> None:
    assert inside
    for number in range(10):
        give(world, enter(world), values=(f"Payeur {number}",))
    before = world.account()

    with pytest.raises(CorrectionsSlowedDown) as error:
        give(world, enter(world), "telephones")

    assert world.account() == before
    assert error.value.until == world.now + timedelta(minutes=1)
    world.now = error.value.until
    give(world, enter(world), "telephones")
    assert len(world.account().correction_times) == 11


def test_what_changes_nothing_counts_for_nothing(world: World, inside: Visitor) -> None:
    for _ in range(12):
        give(world, inside)
        say_exact(world, enter(world))

    assert len(world.account().correction_times) == 1


def test_many_corrections_at_once_are_no_more_than_the_pace_allows(world: World, inside: Visitor) -> None:
    assert inside
    for number in range(7):
        give(world, enter(world), values=(f"Payeur {number}",))
    visitors = [enter(world) for _ in range(8)]
    parts: list[Part] = ["payer", "telephones", "address"]

    def attempt(number: int) -> bool:
        part = parts[number % 3]
        values = tuple(f"{line} {number}" for line in VALUES[part])
        try:
            give(world, visitors[number], part, values=values)
        except (CorrectionsSlowedDown, CoordinatesMoved, Unavailable):
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(attempt, range(8)))

    assert 7 + results.count(True) == len(world.account().correction_times) <= 10


@pytest.mark.parametrize("when", ["before", "after"])
@PARTS
def test_a_fault_changes_all_or_nothing(world: World, inside: Visitor, part: Part, when: When) -> None:
    with world.aws.failing("UpdateItem", when), pytest.raises(Unavailable):
        give(world, inside, part)

    assert bool(world.account().corrections) is (when == "after")
    give(world, inside, part)
    assert part_of(world.account().household, part) == VALUES[part]
    assert len({each.decision for each in world.account().corrections}) == 1


@pytest.mark.usefixtures("inside")
def test_the_record_tells_what_was_done_and_nothing_personal(world: World) -> None:
    for part in VALUES:
        give(world, enter(world), part)
    world.wait(timedelta(seconds=1))
    say_exact(world, enter(world))

    assert [each["event"] for each in world.events()] == ["family_corrected"] * 3 + ["family_confirmed"]
    record = world.log.getvalue()
    for words in ("Rossignol", "xen1", "01 99", "rue du", "example.org"):
        assert words not in record
