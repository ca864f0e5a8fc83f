"""The period: announced for all sites or one, withdrawn, and never written over a concurrent change."""

import threading
from datetime import date, datetime

import pytest

from chalicelib import wiring
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.domain.refusals import Unavailable
from chalicelib.office.enrolment.period import PeriodChange, clear_period, set_period
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.office import OfficeServices
from tests.support.aws import When
from tests.support.world import World

FIRST, LAST = date(2026, 9, 1), date(2026, 9, 15)
SEPTEMBER = EnrolmentPeriod(FIRST, LAST)


def announce(world: World, site: str | None = None, first: date = FIRST, last: date = LAST) -> PeriodChange:
    return set_period(world.services, site, first, last, world.now)


def test_a_site_has_its_own_until_it_is_taken_back(world: World) -> None:
    announce(world)
    periods = announce(world, "evry-xenakis", date(2026, 10, 1), date(2026, 10, 2)).after

    assert periods.of("evry-xenakis") != SEPTEMBER
    assert periods.of("evry-magnard") == SEPTEMBER
    assert clear_period(world.services, "evry-xenakis", world.now).after == Periods(SEPTEMBER)
    assert clear_period(world.services, "evry-xenakis", world.now) == PeriodChange(
        Periods(SEPTEMBER), Periods(SEPTEMBER)
    )


@pytest.mark.parametrize(
    ("now", "doubts"),
    [
        pytest.param("2025-08-30T12:00:00+02:00", 1, id="a year and two days before"),
        pytest.param("2025-08-31T12:00:00+02:00", 0, id="a year and a day before"),
        pytest.param("2026-09-15T23:59:59+02:00", 0, id="its last second"),
        pytest.param("2026-09-16T00:00:00+02:00", 1, id="over"),
    ],
)
def test_a_slip_of_the_year_is_announced_and_doubted(world: World, now: str, doubts: int) -> None:
    world.now = datetime.fromisoformat(now)

    change = announce(world)

    assert len(change.warnings) == doubts
    assert world.services.periods.read() == Periods(SEPTEMBER)


def test_of_those_who_announce_at_once_nobody_is_lost_in_silence(world: World) -> None:
    codes = [site.code for site in world.services.settings.network.sites]
    errors: list[str] = []

    def set_one(code: str) -> None:
        services = OfficeServices.over(wiring.build(world.services.settings, calls=1, patience=20))
        try:
            set_period(services, code, FIRST, LAST, world.now)
        except OfficeRefusal:
            errors.append(code)

    racers = [threading.Thread(target=set_one, args=(code,)) for code in codes]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()

    sites = [code for code, _ in world.services.periods.read().of_sites]
    assert sorted(sites + errors) == sorted(codes)
    assert sites


@pytest.mark.parametrize(("call", "when"), [("GetItem", "before"), ("UpdateItem", "before"), ("UpdateItem", "after")])
def test_whatever_call_fails_the_same_again_does_it(world: World, call: str, when: When) -> None:
    with world.aws.failing(call, when), pytest.raises(Unavailable):
        announce(world)

    assert announce(world).after == Periods(SEPTEMBER)
    assert world.services.periods.read() == Periods(SEPTEMBER)


@pytest.mark.wing("admission")
def test_the_period_of_applications_is_another_one(world: World) -> None:
    announce(world)
    october = EnrolmentPeriod(date(2026, 10, 1), date(2026, 10, 2))

    change = set_period(world.services, None, october.opens_on, october.closes_on, world.now, of="new_requests")

    assert (change.before, change.after) == (Periods(), Periods(october))
    assert clear_period(world.services, None, world.now, of="new_requests").after == Periods()
    assert world.services.periods.read() == Periods(SEPTEMBER)
