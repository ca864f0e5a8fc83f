"""A member changes their own access: one write, with a notice, and nothing half done."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import FieldsRefused, NotLoggedIn, Unavailable
from chalicelib.domain.staff.members import Member
from chalicelib.domain.staff.recovery import recovery_digest
from chalicelib.flows.staff.access import (
    AccessAct,
    NewPassword,
    StaffPasswordChange,
    change_access,
    change_password,
    renew_codes,
)
from chalicelib.flows.staff.entry import StaffContext, enter
from tests.support.aws import When, faults_of
from tests.support.staff import (
    PASSWORD,
    SECRETARY,
    entered,
    half_enter,
    in_parallel,
    is_in,
    member,
    outcome_of,
    read_member,
    stores,
)
from tests.support.world import World


def test_a_new_password_is_held_to_the_rule_with_the_member_s_own_names_and_typed_twice(world: World) -> None:
    person, new = member(world), "quatre hautbois sous la neige"
    pairs = [("", "x"), (new, new), (new, ""), (new, new + " ")]
    weak = ["Basile-Troglodyte", "conservatoire xenakis 91", "motdepasse123"]

    errors = [NewPassword(*pair).refusals(world.services, person) for pair in (*pairs, *((one, one) for one in weak))]

    assert (errors[0]["nouveau"], errors[1]) == (("new_missing",), {})
    assert [fields["confirmation"] for fields in errors[2:4]] == [("confirmation_missing",), ("confirmation_differs",)]
    assert [fields["nouveau"] for fields in errors[4:]] == [
        *[("staff_password_own_name",)] * 2,
        ("staff_password_common",),
    ]


NEW = "quatre hautbois sous la neige"


def change(world: World, context: StaffContext, current: str = PASSWORD, new: str = NEW) -> Token:
    return change_password(world.visit(), context, StaffPasswordChange(current, NewPassword(new, new)))


def outcome(world: World, context: StaffContext, current: str = PASSWORD, new: str = NEW) -> str:
    return outcome_of(lambda: change(world, enter(world.visit(context.token)), current, new), "changed")


def test_the_new_password_opens_the_former_does_not_and_the_others_are_out(world: World) -> None:
    context, second = entered(world), entered(world)
    world.wait(timedelta(minutes=1))

    token = change(world, context)

    assert [is_in(world, one) for one in (token, second.token)] == [True, False]
    assert half_enter(world, password=NEW).member.password_changed_at == world.now
    assert not world.services.hasher.verify(read_member(world).password, PASSWORD)


@pytest.mark.parametrize(
    ("current", "new", "refused"),
    [
        ("", NEW, {"actuel": ("current_missing",)}),
        ("ce n'est pas le bon", NEW, {"actuel": ("staff_current_wrong",)}),
        (PASSWORD, PASSWORD, {"nouveau": ("password_same",)}),
        (PASSWORD, "court", {"nouveau": ("staff_password_too_short",)}),
    ],
)
def test_a_refusal_changes_nothing(world: World, current: str, new: str, refused: dict[str, tuple[str, ...]]) -> None:
    context = entered(world)
    before = read_member(world)

    with pytest.raises(FieldsRefused) as refusal:
        change(world, context, current, new)

    assert refusal.value.fields == refused
    assert read_member(world) == before
    assert is_in(world, context.token)


def test_guesses_at_the_current_one_are_slowed_down_and_slips_cost_no_try(world: World) -> None:
    context = entered(world)

    assert [outcome(world, context, new="court") for _ in range(6)] == ["FieldsRefused"] * 6
    assert [outcome(world, context, "pas le bon du tout") for _ in range(6)] == [
        *["FieldsRefused"] * 5,
        "StaffSlowedDown",
    ]


def test_of_eight_who_change_it_at_once_one_wins(world: World) -> None:
    contexts = [entered(world) for _ in range(4)]

    came = in_parallel(4, lambda which: change(world, contexts[which], new=f"{NEW} {which}"))

    (winner,) = (which for which, one in enumerate(came) if isinstance(one, Token))
    assert is_in(world, came[winner])  # type: ignore[arg-type]  # it is a token
    assert world.services.hasher.verify(read_member(world).password, f"{NEW} {winner}")


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("call", "calls"),
    [("UpdateItem", 0), ("BatchWriteItem", 0), ("SendMessageBatch", 0), ("BatchWriteItem", 1), ("UpdateItem", 1)],
)
def test_a_failure_leaves_all_as_it_was_or_all_changed(world: World, call: str, calls: int, when: When) -> None:
    context = entered(world)
    with world.aws.failing(call, when, skips=calls):
        assert outcome(world, context) == "Unavailable"

    is_written = (call, calls, when) == ("UpdateItem", 1, "after")
    assert world.services.hasher.verify(read_member(world).password, NEW if is_written else PASSWORD)
    assert outcome(world, context) == ("NotLoggedIn" if is_written else "changed"), "the way on is to log in"
    assert half_enter(world, password=NEW)
    world.deliver_patiently()
    assert len(world.mails()) == 1


def kept(world: World, codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(recovery_digest(world.services.settings.key_ring("staff-codes"), SECRETARY, code) for code in codes)


def test_eight_new_ones_take_the_place_of_those_there_were(world: World) -> None:
    context = entered(world)
    former = renew_codes(world.visit(), context)

    codes = renew_codes(world.visit(), context)

    assert not set(former) & set(codes)
    assert read_member(world).recovery == kept(world, codes)
    assert is_in(world, context.token)


def test_of_sheets_made_at_once_the_last_one_counts(world: World) -> None:
    context = entered(world)

    came = in_parallel(4, lambda _: renew_codes(world.visit(), context))

    assert read_member(world).recovery in [kept(world, codes) for codes in came if isinstance(codes, tuple)]


@faults_of("SendMessageBatch", "UpdateItem")
def test_after_a_failure_the_same_form_works(world: World, call: str, when: When) -> None:
    context = entered(world)
    with world.aws.failing(call, when), pytest.raises(Unavailable):
        renew_codes(world.visit(), context)

    codes = renew_codes(world.visit(), context)

    assert read_member(world).recovery == kept(world, codes)


def with_no_codes(member: Member) -> Member:
    return replace(member, recovery=())


def test_a_change_is_kept_recorded_and_told(world: World) -> None:
    context = entered(world)

    token = change_access(world.visit(), context, AccessAct("recovery", with_no_codes))

    assert token == context.token
    assert [(one.what, one.at) for one in read_member(world).changes] == [("recovery", world.now)]
    assert world.events()[-1]["event"] == "staff_recovery_renewed"
    world.deliver()
    assert [mail.to for mail in world.mails()] == [SECRETARY]


def test_where_sessions_end_one_s_own_goes_on_and_ends_when_it_would_have(world: World) -> None:
    context, second = entered(world), entered(world)
    act = AccessAct("application", with_no_codes, ends_sessions=True)

    token = change_access(world.visit(), context, act)

    assert [is_in(world, one) for one in (context.token, second.token, token)] == [False, False, True]
    assert enter(world.visit(token)).session.opened_at == context.session.opened_at


def test_another_change_that_came_first_is_kept(world: World) -> None:
    context = entered(world)
    stores(world).members.revise(SECRETARY, lambda one: replace(one, last_login=world.now, entry="another"))
    stores(world).members.revise(SECRETARY, lambda one: replace(one, name="Basile T."))

    change_access(world.visit(), context, AccessAct("recovery", with_no_codes))

    assert (read_member(world).name, read_member(world).entry) == ("Basile T.", "another")


def test_who_was_shut_out_meanwhile_changes_nothing(world: World) -> None:
    context = entered(world)
    stores(world).members.revise(SECRETARY, lambda one: one.with_disabled(is_disabled=True))
    before = read_member(world)

    with pytest.raises(NotLoggedIn):
        change_access(world.visit(), context, AccessAct("recovery", with_no_codes))

    assert read_member(world) == before


def test_of_two_changes_that_end_sessions_one_wins(world: World) -> None:
    contexts = [entered(world) for _ in range(2)]
    act = AccessAct("application", with_no_codes, ends_sessions=True)

    came = in_parallel(2, lambda which: change_access(world.visit(), contexts[which], act))

    assert came.count(NotLoggedIn) == 1
    assert len(read_member(world).changes) == 1
