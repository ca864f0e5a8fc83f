"""A file in the hands of one member at a time, of its site and with the right, and the calls that it waits for."""

from datetime import date, timedelta

import pytest

from chalicelib.domain.account.audit import AuditAction
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.staff.members import Member
from chalicelib.domain.staff.turns import Turn
from chalicelib.office.helpdesk.turns import OwnFiles, TurnAct, change_turn, holders_at, own_files
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.values import version_of
from tests.support.aws import When, faults_of
from tests.support.desk_acts import COLLEAGUE
from tests.support.desk_family import acts, settle
from tests.support.staff import MANAGER, READER, SECRETARY, SITES, TEACHER, enter_as_manager, member, stores
from tests.support.world import ROSSIGNOL, World

TODAY = date(2026, 9, 1)


def turn(world: World) -> Turn:
    return stores(world).turns.find(ROSSIGNOL.site, ROSSIGNOL.identifier)


def handed(world: World, by: Member, holder: Member | None = None) -> TurnAct:
    """Give the file to a member, or back, on the page as it is now."""
    kind: AuditAction = "file_returned" if holder is None else "file_taken" if holder is by else "file_given"
    return TurnAct(kind, by, version_of(turn(world)), holder)


def call(world: World, by: Member, day: date | None = None) -> bool:
    act = TurnAct("call_planned" if day else "call_done", by, version_of(turn(world)), call_on=day)
    return change_turn(world.services, ROSSIGNOL, act, world.now)


def files(world: World, person: Member, day: date = TODAY) -> OwnFiles:
    return own_files(world.services, person, SITES, stores(world).managers.read(), day, {})


def test_of_two_members_who_take_a_file_at_once_one_has_it(world: World) -> None:
    settle(world)
    people = [member(world), member(world, COLLEAGUE, "secretary")]
    forms = [handed(world, person, person) for person in people]

    def take(act: TurnAct) -> str:
        try:
            return str(change_turn(world.services, ROSSIGNOL, act, world.now))
        except OfficeRefusal as refusal:
            return refusal.code

    with world.aws.interrupted("BatchWriteItem", lambda: take(forms[1])):  # once the first read the turn
        assert take(forms[0]) == "turn_overtaken"

    colleague, holder = people
    assert turn(world).holder == holder.email
    assert take(handed(world, holder, holder)) == "False", "the same form sent twice"
    assert take(handed(world, colleague, colleague)) == "True", "taken over by one who reads it"


def test_a_file_taken_given_and_given_back_is_in_the_trail_without_a_name_for_the_family(world: World) -> None:
    settle(world)
    by, colleague = member(world), member(world, COLLEAGUE, "secretary")

    for holder in (by, colleague, None):
        world.wait(timedelta(minutes=1))
        assert change_turn(world.services, ROSSIGNOL, handed(world, by, holder), world.now)
    call(world, by, TODAY)
    call(world, by)

    pair = f"{by.known_as}, à {colleague.known_as}"
    expected = [("file_taken", by.known_as), ("file_given", pair), ("file_returned", by.known_as)]
    assert sorted(acts(world)) == sorted([*expected, ("call_planned", by.known_as), ("call_done", by.known_as)])
    pseudonym = world.services.record.pseudonyms.of(ROSSIGNOL.site, ROSSIGNOL.identifier)
    whys = {entry.author.why for entry in world.services.audit_trail.on(ROSSIGNOL.site, pseudonym)}
    assert whys == {"", "le 1er septembre 2026"}, "what the family's copy of its data has"


def test_who_may_hold_a_file_acts_at_its_site_now(world: World) -> None:
    for email in (SECRETARY, READER, TEACHER, MANAGER):
        member(world, email)
    enter_as_manager(world)
    member(world, "magnard@example.org", "secretary", sites=("evry-magnard",))
    former = member(world, COLLEAGUE, "secretary")
    stores(world).members.change(former, former.with_disabled(is_disabled=True))
    member(world, "ancienne@example.org", "manager")
    stores(world).managers.remove("ancienne@example.org")

    assert holders_at(stores(world).members.all(), SITES[:1], stores(world).managers.read()).keys() == {
        SECRETARY,
        MANAGER,
    }


def test_calls_that_are_due_are_the_holder_s_and_of_a_member_who_left_everybody_s(world: World) -> None:
    settle(world)
    by, colleague = member(world), member(world, COLLEAGUE, "secretary")
    change_turn(world.services, ROSSIGNOL, handed(world, by, colleague), world.now)
    call(world, by, TODAY + timedelta(days=3))
    due = TODAY + timedelta(days=3)
    stores(world).turns.change(None, Turn("evry-xenakis", "erased", SECRETARY, world.now, TODAY))

    def calls(person: Member, day: date) -> list[str]:
        return [one.identifier for one in files(world, person, day).to_call if one.identifier != "erased"]

    assert calls(colleague, due - timedelta(days=1)) == []
    assert (calls(colleague, due), calls(by, due)) == (["xen1"], [])
    assert [one.identifier for one in files(world, colleague).in_hand] == ["xen1"]
    assert files(world, by).files == {}, "of an erased family none is named"
    stores(world).members.change(colleague, colleague.with_role("reader", SITES))
    assert calls(by, due) == ["xen1"]


def test_a_day_before_or_far_away_is_refused(world: World) -> None:
    settle(world)
    by = member(world)

    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=400)):
        with pytest.raises(OfficeRefusal, match="turn_day"):
            call(world, by, day)
    assert (turn(world).item, acts(world)) == ({}, [])


@faults_of("GetItem", "BatchWriteItem", "UpdateItem")
def test_after_a_failure_the_same_form_takes_the_file(world: World, call: str, when: When) -> None:
    settle(world)
    by = member(world)
    act = handed(world, by, by)
    try:
        with world.aws.failing(call, when):
            change_turn(world.services, ROSSIGNOL, act, world.now)
    except Unavailable:
        change_turn(world.services, ROSSIGNOL, act, world.now)

    assert turn(world).holder == by.email
    assert {kind for kind, _ in acts(world)} == {"file_taken"}
