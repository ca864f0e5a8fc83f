"""Change one's password of the desk: the current one proves who asks, and the other sessions end."""

from datetime import timedelta

import pytest

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, NotLoggedIn, Unavailable
from chalicelib.flows.staff.change_password import PasswordChange, change_password
from chalicelib.flows.staff.entry import StaffContext, enter
from chalicelib.flows.staff.new_password import NewPassword
from tests.support.aws import When
from tests.support.staff import PASSWORD, entered, found, half_enter, in_parallel, is_in
from tests.support.world import World

NEW = "quatre hautbois sous la neige"


def change(world: World, context: StaffContext, current: str = PASSWORD, new: str = NEW) -> Token:
    typed = PasswordChange(current, NewPassword(new, new))
    return change_password(world.services, context, typed, world.new_client(), world.now)


def outcome(world: World, context: StaffContext, current: str = PASSWORD, new: str = NEW) -> str:
    try:
        change(world, enter(world.services, context.token, world.now), current, new)
    except (FormRefusal, NotLoggedIn, Unavailable) as refusal:
        return type(refusal).__name__
    return "changed"


def test_the_new_password_opens_the_former_does_not_and_the_others_are_out(world: World) -> None:
    context, other = entered(world), entered(world)
    world.wait(timedelta(minutes=1))

    token = change(world, context)

    assert [is_in(world, one) for one in (token, other.token)] == [True, False]
    assert half_enter(world, password=NEW).member.password_changed_at == world.now
    assert not world.services.hasher.verify(found(world).password, PASSWORD)


@pytest.mark.parametrize(
    ("current", "new", "refused"),
    [
        ("", NEW, {"actuel": ("current_missing",)}),
        ("ce n'est pas le bon", NEW, {"actuel": ("staff_current_wrong",)}),
        (PASSWORD, PASSWORD, {"nouveau": ("password_same",)}),
        (PASSWORD, "court", {"nouveau": ("staff_password_too_short",)}),
    ],
)
def test_what_is_refused_changes_nothing(
    world: World, current: str, new: str, refused: dict[str, tuple[str, ...]]
) -> None:
    context = entered(world)
    before = found(world)

    with pytest.raises(FieldsRefused) as refusal:
        change(world, context, current, new)

    assert refusal.value.fields == refused
    assert found(world) == before
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
    assert world.services.hasher.verify(found(world).password, f"{NEW} {winner}")


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("call", "spared"),
    [("UpdateItem", 0), ("BatchWriteItem", 0), ("SendMessageBatch", 0), ("BatchWriteItem", 1), ("UpdateItem", 1)],
)
def test_a_failure_leaves_all_as_it_was_or_all_changed(world: World, call: str, spared: int, when: When) -> None:
    context = entered(world)
    with world.aws.failing(call, when, spared=spared):
        assert outcome(world, context) == "Unavailable"

    is_written = (call, spared, when) == ("UpdateItem", 1, "after")
    assert world.services.hasher.verify(found(world).password, NEW if is_written else PASSWORD)
    assert outcome(world, context) == ("NotLoggedIn" if is_written else "changed"), "the way on is to log in"
    assert half_enter(world, password=NEW)
    world.deliver_patiently()
    assert len(world.mails()) == 1
