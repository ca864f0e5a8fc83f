"""The purge: families gone for long and not seen since are erased; nobody else, and whatever is interrupted goes on."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.refusals import Unavailable
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.rights.erasure import ErasureHooks
from chalicelib.office.rights.purge import due, purge
from tests.support.households import MERLE, open_session, settle_whole, traces
from tests.support.world import OPENING_MORNING, ROSSIGNOL, World

DAY = timedelta(days=1)
AT_ONCE = ErasureHooks(lambda: None)
BEFORE = date(2025, 9, 1)
LIMIT = datetime(2025, 8, 31, 22, 0, tzinfo=UTC)  # midnight in Paris


def ref(number: int) -> AccountRef:
    return AccountRef("evry-magnard" if number % 2 else "evry-xenakis", f"nid{number}")


def settle_gone(world: World, number: int, gone: datetime | None, seen: datetime | None = None) -> None:
    world.settle(ref(number), name=f"Famille Nid {number}", emails=(), password=None, gone_at=gone, last_login=seen)


def due_names(world: World) -> set[str]:
    return {account.ref.identifier for account in due(world.services, BEFORE, world.now)}


def run(world: World) -> None:
    accounts = tuple(due(world.services, BEFORE, world.now))
    purge(world.services, accounts, "Mme Houx", world.now, AT_ONCE)


def test_who_is_gone_before_the_day_and_not_seen_since_is_due(world: World) -> None:
    settle_gone(world, 1, LIMIT - DAY)
    settle_gone(world, 2, LIMIT - timedelta(seconds=1), LIMIT - timedelta(seconds=1))
    settle_gone(world, 3, LIMIT)
    settle_gone(world, 4, LIMIT - DAY, LIMIT)
    settle_gone(world, 5, None)
    settle_gone(world, 6, None, LIMIT - 900 * DAY)

    assert due_names(world) == {"nid1", "nid2"}


def test_a_day_to_come_is_refused(world: World) -> None:
    due(world.services, OPENING_MORNING.date(), world.now)
    with pytest.raises(OfficeRefusal, match="purge_in_future"):
        due(world.services, OPENING_MORNING.date() + DAY, world.now)


def test_those_due_go_without_a_trace_and_the_others_stay(world: World) -> None:
    account = settle_whole(world)
    world.services.accounts.change(account, replace(account, gone_at=LIMIT - DAY, last_login=LIMIT - DAY))
    settle_gone(world, 1, LIMIT - DAY)
    settle_gone(world, 2, LIMIT)

    run(world)

    assert traces(world, account) == []
    assert {account.ref for account in world.services.accounts.all()} == {MERLE, ref(2)}


def test_a_purge_is_noted_as_one_with_its_counts(world: World) -> None:
    for number in range(5):
        settle_gone(world, number, LIMIT - DAY)

    run(world)

    (erasure,) = world.services.audit_trail.erasures()
    assert erasure.reason == "purged"
    assert erasure.asked == erasure.erased == (("evry-magnard", 2), ("evry-xenakis", 3))


def test_a_family_that_came_back_or_logged_in_since_it_was_listed_is_left(world: World) -> None:
    for number in range(3):
        settle_gone(world, number, LIMIT - DAY)
    accounts = tuple(due(world.services, BEFORE, world.now))
    settle_gone(world, 0, None)
    settle_gone(world, 1, LIMIT - DAY, world.now)

    done = purge(world.services, accounts, "Mme Houx", world.now, AT_ONCE)

    assert done.erased == (("evry-xenakis", 1),)
    assert {account.ref for account in world.services.accounts.all()} == {ref(0), ref(1)}
    assert not world.account(ref(0)).disabled


def test_an_interrupted_purge_goes_on_with_those_left(world: World) -> None:
    for number in range(6):
        settle_gone(world, number, LIMIT - DAY)
    with world.aws.failing("DeleteItem", "before", spared=2), pytest.raises(Unavailable):
        run(world)
    assert len(due_names(world)) == 4

    world.wait(timedelta(seconds=1))
    run(world)

    assert list(world.services.accounts.all()) == []
    first, second = world.services.audit_trail.erasures()
    assert (sum(dict(first.asked).values()), first.erased) == (6, None)
    assert sum(dict(second.erased or ()).values()) == 4


def test_each_family_advances_the_bar_twice(world: World) -> None:
    for number in range(3):
        settle_gone(world, number, LIMIT - DAY)
    steps: list[int] = []

    accounts, pace = tuple(due(world.services, BEFORE, world.now)), ErasureHooks(lambda: None, lambda: steps.append(1))
    purge(world.services, accounts, "Mme Houx", world.now, pace)

    assert len(steps) == 6


def test_a_session_of_a_family_due_goes_and_that_of_another_stays(world: World) -> None:
    settle_gone(world, 1, LIMIT - DAY)
    token = open_session(world, world.account(ref(1)))
    other = open_session(world, world.settle(replace(ROSSIGNOL, site="evry-magnard")))

    run(world)

    assert world.services.sessions.find(token) is None
    assert world.services.sessions.find(other)
