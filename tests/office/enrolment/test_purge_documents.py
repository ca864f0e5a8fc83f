"""The retention of documents: only those of ended seasons and of erased families are deleted."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.domain.refusals import Unavailable
from chalicelib.office.enrolment.purge_documents import due, purge
from chalicelib.office.refusals import OfficeRefusal
from tests.support.aws import When
from tests.support.households import settle_whole
from tests.support.old_documents import GONE, put
from tests.support.world import ROSSIGNOL, World

NEXT_YEAR = datetime(2027, 3, 1, tzinfo=UTC)


def announce(world: World, period: EnrolmentPeriod, **of_sites: EnrolmentPeriod) -> None:
    sites = tuple((site.replace("_", "-"), period) for site, period in of_sites.items())
    world.services.periods.write(world.services.periods.read(), Periods(period, sites))


def of(year: int, month: int = 6) -> EnrolmentPeriod:
    return EnrolmentPeriod(date(year, month, 1), date(year, month, 15))


def run(world: World, season: str) -> None:
    purge(world.services, due(world.services, season, world.now), "Mme Houx", world.now)


def test_all_of_a_season_goes_and_the_others_bills_and_answers_stay(world: World) -> None:
    account = settle_whole(world)
    before = dict(world.aws.documents(world.resources))
    enrolments = world.services.enrolments.of_account(account.ref, ("2025", "2026"))

    run(world, "2025")

    after = world.aws.documents(world.resources)
    assert after == {key: content for key, content in before.items() if not key.startswith("documents/2025/")}
    assert len(after) == len(before) - 2
    assert world.services.enrolments.of_account(account.ref, ("2025", "2026")) == enrolments


def test_what_a_family_left_that_is_no_more_goes_too_whatever_its_season(world: World) -> None:
    world.settle()
    key = put(world, "2026")
    rest = put(world, "2026", GONE)

    documents = due(world.services, "2025", world.now)
    run(world, "2025")

    assert [file.key for file in documents.of_nobody] == [rest]
    assert list(world.aws.documents(world.resources)) == [key]


def test_a_file_counts_once_that_is_of_the_season_and_of_nobody(world: World) -> None:
    key = put(world, "2025", GONE)

    documents = due(world.services, "2025", world.now)

    assert [file.key for file in documents.files] == [key]


@pytest.mark.parametrize(("season", "is_over"), [("2025", True), ("2026", False), ("2027", False)])
def test_without_a_period_a_season_is_over_with_its_year(world: World, season: str, *, is_over: bool) -> None:
    if is_over:
        due(world.services, season, world.now)
        return
    with pytest.raises(OfficeRefusal, match="documents_season_open"):
        due(world.services, season, world.now)


def test_a_season_is_over_once_its_period_is_at_every_site(world: World) -> None:
    announce(world, of(2027), evry_magnard=of(2027, 7))

    for now, is_over in (
        (datetime(2027, 6, 20, tzinfo=UTC), False),
        (datetime(2027, 7, 15, 21, 59, tzinfo=UTC), False),
        (datetime(2027, 7, 15, 22, 0, tzinfo=UTC), True),
    ):
        if is_over:
            due(world.services, "2027", now)
            continue
        with pytest.raises(OfficeRefusal, match="documents_season_open"):
            due(world.services, "2027", now)


def test_last_year_s_season_is_over_while_this_year_s_is_open(world: World) -> None:
    announce(world, of(2027))

    due(world.services, "2026", datetime(2027, 6, 5, tzinfo=UTC))


@pytest.mark.parametrize("season", ["27", "deux mille", "", "documents/", "1999"])
def test_what_is_no_season_is_refused(world: World, season: str) -> None:
    with pytest.raises(OfficeRefusal, match="season_malformed"):
        due(world.services, season, world.now)


def test_it_is_noted_by_sites_and_numbers_of_files_and_names_nobody(world: World) -> None:
    world.settle()
    put(world, "2025")
    put(world, "2025", GONE)

    run(world, "2025")

    (erasure,) = world.services.audit_trail.erasures()
    assert (erasure.who, erasure.reason) == ("Mme Houx", "documents")
    assert erasure.asked == erasure.erased == (("evry-magnard", 1), ("evry-xenakis", 1))


def test_what_came_since_it_was_listed_stays(world: World) -> None:
    world.settle()
    put(world, "2025")
    documents = due(world.services, "2025", world.now)
    second = put(world, "2025", replace(ROSSIGNOL, identifier="xen2"))

    purge(world.services, documents, "Mme Houx", world.now)

    assert list(world.aws.documents(world.resources)) == [second]


@pytest.mark.parametrize("when", ["before", "after"])
def test_after_a_fault_the_same_command_ends_it(world: World, when: When) -> None:
    world.settle()
    put(world, "2025")

    with world.aws.failing("POST", when, times=1), pytest.raises(Unavailable):
        run(world, "2025")
    (erasure,) = world.services.audit_trail.erasures()
    assert erasure.erased is None
    world.wait(timedelta(seconds=1))
    run(world, "2025")

    assert world.aws.documents(world.resources) == {}
