"""The re-enrolments of a season: each family with its own, among all others, and the matching pupils."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.enrolments import State
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, EnrolmentRef, Periods
from chalicelib.domain.family.households import Household
from chalicelib.domain.refusals import Unavailable
from chalicelib.office.enrolment.reenrolments import PupilQuery, families, pupils, query_seasons
from chalicelib.office.refusals import OfficeRefusal
from tests.support.aws import When
from tests.support.enrolled_families import (
    CANARI,
    GOES_ON,
    GRIVE,
    MERLE,
    NUMBERS,
    SEASON,
    alone,
    judge,
    keep,
    key_of,
    new_enrolment,
    open_for_rossignol,
    open_period,
    submitted_alone,
)
from tests.support.enrolment import HOUSEHOLD, IN_JUNE, LEO, ZELIE
from tests.support.world import ROSSIGNOL, World


@pytest.fixture
def season(world: World) -> World:
    """Two sites: three pupils of one family, one that was sent, one that has not answered."""
    open_for_rossignol(world)
    submitted_alone(world, CANARI, "Famille Canari", "Ana Canari", NUMBERS[1])
    alone(world, MERLE, "Famille Merle", "Noé Merle", "Danse classique")
    return world


def states_of(world: World, query: PupilQuery = PupilQuery()) -> list[tuple[str, State]]:  # noqa: B008 - it never changes
    return [(pupil.file.name, pupil.file.state) for pupil in pupils(world.services, query, world.now)]


def test_every_pupil_is_listed_once_where_it_stands(season: World) -> None:
    assert states_of(season) == [
        ("Ana Canari", "submitted"),
        ("Zélie Rossignol", "submitted"),
        ("Léo Rossignol", "draft"),
        ("Ève Rossignol", "leaving"),
        ("Noé Merle", "none"),
    ]


def test_a_list_may_be_narrowed(season: World) -> None:
    expected = {
        PupilQuery(site="evry-magnard"): ["Ana Canari"],
        PupilQuery(state="submitted"): ["Ana Canari", "Zélie Rossignol"],
        PupilQuery(state="none"): ["Noé Merle"],
        PupilQuery(state="accepted"): [],
        PupilQuery(discipline="danse"): ["Léo Rossignol", "Noé Merle"],
        PupilQuery(discipline="Contemporaine"): ["Léo Rossignol"],
        PupilQuery(discipline="danse", state="draft"): ["Léo Rossignol"],
        PupilQuery(season="2026"): ["Ana Canari", "Zélie Rossignol", "Léo Rossignol", "Ève Rossignol", "Noé Merle"],
    }

    assert {asked: [name for name, _ in states_of(season, asked)] for asked in expected} == expected


def test_another_season_is_another_list(season: World) -> None:
    assert {state for _, state in states_of(season, PupilQuery(season="2026"))} == {"none"}


@pytest.mark.parametrize("query", [PupilQuery(site="evry"), PupilQuery(season="27"), PupilQuery(discipline=" - ")])
def test_what_makes_no_sense_is_refused(season: World, query: PupilQuery) -> None:
    with pytest.raises(OfficeRefusal):
        states_of(season, query)


def test_each_site_has_the_season_of_its_period(world: World) -> None:
    january = EnrolmentPeriod(date(2028, 1, 10), date(2028, 1, 20))
    world.services.periods.write(Periods(), Periods(None, (("evry-magnard", january),)))

    seasons = {site.code: season for site, season in query_seasons(world.services, PupilQuery(), world.now).items()}

    assert seasons["evry-magnard"] == "2028"
    assert seasons["evry-xenakis"] == "2026"


def test_a_family_has_its_own_re_enrolment_whoever_stands_beside_it(world: World) -> None:
    """Interleaved identifiers: some with an account only, some with an orphan re-enrolment."""
    accounts = ["a", "b", "é", "xen1", "xen10", "xen2", "😀"]
    with_one = ["0", "b", "c", "xen1", "xen10", "y", "é", "😀", "zz"]
    for identifier in accounts:
        alone(world, AccountRef("evry-xenakis", identifier), "Famille", "Noé")
    for identifier in with_one:
        keep(world, new_enrolment(AccountRef("evry-xenakis", identifier), ()))

    logins = {family.account.ref.identifier: family for family in families(world.services, "evry-xenakis", SEASON)}

    assert sorted(logins) == sorted(accounts)
    assert {name for name, family in logins.items() if family.enrolment.started_at} == set(accounts) & set(with_one)
    assert all(family.enrolment.ref == EnrolmentRef(family.account.ref, SEASON) for family in logins.values())


def test_who_may_not_log_in_and_has_begun_nothing_is_left_out(season: World) -> None:
    for ref in (MERLE, CANARI):
        account = season.account(ref)
        season.services.accounts.change(account, account.with_disabled(is_disabled=True))
    leaver = season.account(ROSSIGNOL)
    season.services.accounts.change(leaver, replace(leaver, gone_at=IN_JUNE))

    assert [name for name, _ in states_of(season)] == [
        "Ana Canari",
        "Zélie Rossignol",
        "Léo Rossignol",
        "Ève Rossignol",
    ]


def test_a_pupil_whom_the_file_lists_no_more_is_still_listed_and_told_apart(season: World) -> None:
    account = season.account(ROSSIGNOL)
    season.services.accounts.change(account, replace(account, household=Household(pupils=(ZELIE,))))

    rows = list(pupils(season.services, PupilQuery(site="evry-xenakis"), season.now))

    assert {pupil.file.name: pupil.is_on_file for pupil in rows} == {
        "Zélie Rossignol": True,
        "Léo Rossignol": False,
        "Ève Rossignol": False,
        "Noé Merle": True,
    }


def test_since_when_a_pupil_stands_where_it_does(season: World) -> None:
    enrolment = season.services.enrolments.find(EnrolmentRef(ROSSIGNOL, SEASON))
    keep(season, judge(enrolment, key_of(ZELIE), "accepted"))

    since = {pupil.file.name: pupil.since for pupil in pupils(season.services, PupilQuery(), season.now)}

    assert since["Zélie Rossignol"] == IN_JUNE + timedelta(hours=1)
    assert since["Léo Rossignol"] == since["Ève Rossignol"] == IN_JUNE
    assert since["Noé Merle"] is None


def test_a_household_without_pupils_lists_nobody(world: World) -> None:
    open_period(world)
    world.settle(GRIVE, household=replace(HOUSEHOLD, pupils=()))
    keep(world, new_enrolment(GRIVE, ((key_of(LEO), LEO.name, GOES_ON),)))

    assert states_of(world) == [("Léo Rossignol", "draft")]


def is_refused(world: World, call: str, calls: int, when: When) -> bool:
    with world.aws.failing(call, when, skips=calls):
        try:
            states_of(world)
        except Unavailable:
            return True
    return False


def test_a_read_that_fails_is_no_list(season: World) -> None:
    reads = [("GetItem", 0), *(("Query", number) for number in range(10))]
    moments: tuple[When, ...] = ("before", "after")

    faults = [(call, spared, when) for call, spared in reads for when in moments]

    assert [fault for fault in faults if not is_refused(season, *fault)] == []
