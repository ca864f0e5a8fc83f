"""The periods in the office's table: their values, the winner of concurrent writes, and how often a page reads."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.domain.refusals import Unavailable
from chalicelib.stores.periods import FRESH, PeriodStore
from tests.support.world import World


def test_a_page_is_stored_with_its_type_and_for_how_long_it_may_be_kept(world: World) -> None:
    world.services.public_pages.put("extranet/aide", b"<p>Aide</p>")

    page = world.aws.client("s3").get_object(Bucket=world.services.settings.pages_bucket, Key="extranet/aide")

    assert (page["Body"].read(), page["ContentType"], page["CacheControl"]) == (
        b"<p>Aide</p>",
        "text/html; charset=utf-8",
        "public, max-age=300",
    )


def test_a_bucket_that_does_not_answer_is_unavailable(world: World) -> None:
    with world.aws.failing("PUT", "before"), pytest.raises(Unavailable):
        world.services.public_pages.put("extranet/aide", b"")


JUNE = Periods(EnrolmentPeriod(date(2027, 6, 1), date(2027, 6, 15)))
BY_SITE = Periods(
    EnrolmentPeriod(date(2027, 6, 1), date(2027, 6, 15)),
    (("evry-magnard", EnrolmentPeriod(date(2027, 6, 20), date(2027, 6, 20))),),
)

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
PERIODS = st.tuples(DAYS, DAYS).map(lambda days: EnrolmentPeriod(*sorted(days)))
SITES = st.dictionaries(st.from_regex("[a-z0-9-]{1,40}", fullmatch=True), PERIODS, max_size=4)
ANNOUNCED = st.builds(lambda all_, sites: Periods(all_, tuple(sorted(sites.items()))), st.none() | PERIODS, SITES)


@settings(max_examples=25)
@given(ANNOUNCED)
def test_what_is_announced_is_read(world: World, periods: Periods) -> None:
    world.services.periods.write(world.services.periods.read(), periods)

    assert world.services.periods.read() == periods


@pytest.mark.parametrize("before", [Periods(), JUNE])
def test_a_write_whose_answer_was_lost_may_be_made_again(world: World, before: Periods) -> None:
    if before != Periods():
        world.services.periods.write(Periods(), before)

    with world.aws.failing("UpdateItem", "after"), pytest.raises(Unavailable):
        world.services.periods.write(before, BY_SITE)
    world.services.periods.write(before, BY_SITE)

    assert world.services.periods.read() == BY_SITE


# The periods that a page uses.


def test_a_lambda_asks_once_in_five_minutes(world: World) -> None:
    periods, now = world.services.periods, world.now
    world.aws.calls.clear()

    for seconds in (0, 1, 299, 300, 599):
        periods.recent(now + timedelta(seconds=seconds))

    assert world.aws.calls == ["GetItem"] * 2


def test_a_page_reads_them_once_in_ten_seconds_and_after_a_change_of_its_own(world: World) -> None:
    """With its other items: before, each page read an item of 35 KB in a network of 830 sites."""
    periods, now = world.services.periods, world.now
    world.aws.calls.clear()
    reads = []
    for seconds in (0, 1, 9, 10, 19, 21):
        periods.current(now + timedelta(seconds=seconds))
        reads.append(len(world.aws.calls))

    assert reads == [1, 1, 1, 2, 2, 3]
    periods.write(Periods(), JUNE)
    (lookup,) = periods.lookups(now + timedelta(seconds=22))
    assert world.database.read(lookup) == periods.last_known == JUNE
    assert periods.lookups(now + timedelta(seconds=23)) == ()


def test_after_a_fault_no_page_decides_by_what_was_announced_long_ago(world: World) -> None:
    periods = world.services.periods
    with world.aws.failing("GetItem", "before"), pytest.raises(Unavailable):
        periods.recent(world.now)

    assert len(periods.lookups(world.now)) == 1


def test_when_the_table_does_not_answer_it_is_not_asked_again_at_once(world: World) -> None:
    periods, now = world.services.periods, world.now
    periods.write(Periods(), JUNE)
    periods.recent(now)
    world.aws.calls.clear()

    with world.aws.failing("GetItem", "before"):
        with pytest.raises(Unavailable):
            periods.recent(now + FRESH)
        assert periods.recent(now + FRESH + timedelta(seconds=1)) == JUNE

    assert world.aws.calls == ["GetItem"]


def test_a_lambda_that_never_read_knows_of_none(world: World) -> None:
    periods = PeriodStore(world.database, world.resources.office_table)
    world.services.periods.write(Periods(), JUNE)

    with world.aws.failing("GetItem", "before"), pytest.raises(Unavailable):
        periods.recent(world.now)

    assert periods.last_known == Periods()
    assert replace(world.services, periods=periods).periods.recent(world.now + FRESH) == JUNE
