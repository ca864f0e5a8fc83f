"""The morning job: a run for each site, tried again and reported by itself. A repeated run changes nothing."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.refusals import Unavailable
from chalicelib.wings.teaching import work as job
from chalicelib.wings.teaching.mail import MAX_DELAY
from chalicelib.wings.teaching.work import rolls
from tests.support.events import scheduled
from tests.support.function_policy import held_to_the_policy
from tests.support.missing_rolls import settle_lesson
from tests.support.teaching import SITE, stores
from tests.support.world import World

SITES = ("bondoufle-gounod", "evry-magnard", "evry-xenakis", "ris-orangis-messiaen", "villabe-yves-henry")


@pytest.fixture(autouse=True)
def lesson(world: World) -> None:
    settle_lesson(world)


def run(world: World, event: dict[str, Any]) -> None:
    with held_to_the_policy("rolls", world.aws, world.resources):
        rolls(event, None)


def started(world: World) -> dict[str, dict[str, Any]]:
    """Have the post start the runs that are due. Returns their events, by site."""
    world.deliver()
    runs = {event["detail"]["site"]: event for event in world.aws.functions.events}
    world.aws.functions.events.clear()
    return runs


def recalled(world: World) -> list[tuple[str, int]]:
    """List the sites that were done, and how many reminders each posted."""
    return [(line["site"], line["posted"]) for line in world.events() if line["event"] == "rolls_recalled"]


def test_a_run_that_is_cut_at_any_site_stops_no_other_and_goes_on_there(world: World) -> None:
    for text in SITES:
        run(world, scheduled())
        runs, before = started(world), len(recalled(world))
        with world.aws.failing("Query", "before"), pytest.raises(Unavailable):
            run(world, runs[text])
        for site in (*(site for site in SITES if site != text), text):  # the last is Lambda's retry, or a redrive
            run(world, runs[site])
        assert sorted(recalled(world)[before:]) == [(site, int(site == SITE)) for site in SITES], text
        world.deliver()

    assert len(world.mails()) == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_start_that_fails_at_any_site_is_made_again_and_leaves_no_site_out(world: World, when: Any) -> None:
    for calls in range(len(SITES)):
        with world.aws.failing("SendMessageBatch", when, skips=calls), pytest.raises(Unavailable):
            run(world, scheduled())
        run(world, scheduled())
        with world.aws.failing("Invoke", when, skips=calls):
            runs = started(world)
        world.aws.come_again()
        assert set(runs | started(world)) == set(SITES), calls


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_fault_at_any_call_of_a_site_is_recorded_and_made_up_for(world: World, when: Any) -> None:
    event = scheduled() | {"detail": {"site": SITE}}
    world.aws.calls.clear()
    run(world, event)
    calls = list(world.aws.calls)

    for number, call in enumerate(calls):
        before = len(world.events())
        with world.aws.failing(call, when, skips=calls[:number].count(call)), pytest.raises(Unavailable):
            run(world, event)
        assert [line["event"] for line in world.events()[before:]] == ["unavailable"], (number, call)
        run(world, event)
    world.deliver()

    assert len(world.mails()) == 1
    assert [len(timetable.courses) for timetable in stores(world).timetables.all(SITE)] == [1, 2]


@pytest.mark.parametrize("call", ["Query", "UpdateItem", "BatchGetItem", "SendMessageBatch"])
def test_of_two_runs_of_a_site_at_once_each_ends_and_mails_leave_once(world: World, call: str) -> None:
    event = scheduled() | {"detail": {"site": SITE}}

    with world.aws.interrupted(call, lambda: rolls(event, None)):
        run(world, event)
    world.deliver()

    assert (recalled(world), len(world.mails())) == ([(SITE, 1)] * 2, 1)
    assert [len(timetable.courses) for timetable in stores(world).timetables.all(SITE)] == [1, 2]


def test_sites_begin_a_second_apart_before_a_queue_s_age_rings(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    run(world, scheduled())
    assert world.aws.delays()[1:] == [1, 2, 3, 4]

    monkeypatch.setattr(job, "_PACE", timedelta(minutes=3))  # more than there is time for, as a second for 800 sites
    run(world, scheduled())
    assert timedelta(seconds=max(world.aws.delays())) == MAX_DELAY / len(SITES) * 4
