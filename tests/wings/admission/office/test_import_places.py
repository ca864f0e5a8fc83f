"""The import of places: nothing while a row is wrong, no held place is removed, and a rerun changes nothing."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.roster.yearly_file import Row, YearlyFile
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.wings.admission.domain.applications import CandidateRef
from chalicelib.wings.admission.domain.pools import Offer, Pool, PoolRef
from chalicelib.wings.admission.office.import_places import PlacesSurvey, carry_out, survey_places
from chalicelib.wings.admission.office.places import count_returning
from tests.support.admission import announce, stores
from tests.support.allocation import TERM
from tests.support.aws import When, faults_of
from tests.support.enrolled_families import SEASON, judge, keep, key_of, open_for_rossignol
from tests.support.enrolment import ZELIE
from tests.support.world import ROSSIGNOL, World

OBOE = Pool(PoolRef(ROSSIGNOL.site, SEASON, "hautbois"), "hautbois", total=3)
THEORY = Pool(PoolRef(ROSSIGNOL.site, SEASON, "fm"), "Formation musicale", "Un niveau à part", total=9)


@pytest.fixture(autouse=True)
def season(world: World) -> None:
    """Zélie stays and was sent. Léo leaves. Ève is a draft."""
    open_for_rossignol(world)


def test_who_stays_has_a_place_and_who_fits_no_pool_is_told(world: World) -> None:
    returning = count_returning(world.services, [OBOE, THEORY], SEASON)

    assert dict(returning.pools) == {OBOE.ref: 1}
    assert dict(returning.elsewhere) == {(ROSSIGNOL.site, "Formation musicale"): 1}
    assert returning.sites == {ROSSIGNOL.site}


def test_who_is_declined_has_none(world: World) -> None:
    (enrolment,) = world.services.enrolments.all(SEASON, ROSSIGNOL.site)
    keep(world, judge(enrolment, key_of(ZELIE), "declined", "Complet"))

    assert dict(count_returning(world.services, [OBOE, THEORY], SEASON).pools) == {}


def test_an_age_band_takes_who_is_of_that_age(world: World) -> None:
    bands = [
        Pool(PoolRef(ROSSIGNOL.site, SEASON, f"h{low}"), "Hautbois", "", low, high) for low, high in ((0, 5), (6, None))
    ]

    assert dict(count_returning(world.services, bands, SEASON).pools) == {bands[1].ref: 1}


WHO = CandidateRef("P26-AAAA-2222", "a1a1a1a1")
PIANO = ("evry-xenakis", "Piano", "10", "4")
VIOLIN = ("evry-magnard", "Violon", "6", "2")


@pytest.fixture(autouse=True)
def period(world: World) -> None:
    announce(world)


def survey(world: World, *rows: tuple[str, ...]) -> PlacesSurvey:
    def read() -> Iterator[Row]:
        for line, row in enumerate(rows, start=2):
            words = ("site", "discipline", "total", "returning")
            yield Row(line, {(word, 1): cell for word, cell in zip(words, row, strict=False)})

    return survey_places(world.services, YearlyFile({}, read), world.now)


def bring(world: World, *rows: tuple[str, ...]) -> dict[str, str]:
    comparison = survey(world, *rows)
    carry_out(world.services, comparison)
    return {one.pool.ref.code: one.kind for one in comparison.pools}


def pools(world: World) -> dict[str, Pool]:
    pools = stores(world).pools.of_season("2026", ["evry-xenakis", "evry-magnard"])
    return {pool.ref.code: pool for pool in pools}


def hold(world: World) -> None:
    stores(world).pools.revise(
        pools(world)["violon"].ref, lambda one: one.offer(Offer(WHO, world.now + TERM), world.now)
    )


def test_what_is_new_comes_in_what_changed_is_counted_anew_and_again_is_once(world: World) -> None:
    assert bring(world, PIANO, VIOLIN) == {"piano": "new", "violon": "new"}
    assert bring(world, PIANO, VIOLIN) == {"piano": "unchanged", "violon": "unchanged"}
    hold(world)

    assert bring(world, PIANO, ("evry-magnard", "Violon", "7", "2")) == {"piano": "unchanged", "violon": "changed"}

    assert (pools(world)["piano"].capacity, pools(world)["violon"].capacity) == (6, 5)
    assert pools(world)["violon"].holder(WHO)
    assert set(pools(world)) == {"piano", "violon"}


def test_what_is_gone_is_forgotten_only_where_nobody_holds_it(world: World) -> None:
    bring(world, PIANO, VIOLIN)
    hold(world)

    assert bring(world, PIANO) == {"piano": "unchanged", "violon": "held"}
    assert bring(world, VIOLIN) == {"piano": "gone", "violon": "unchanged"}

    assert set(pools(world)) == {"violon"}


def test_fewer_places_than_are_held_are_refused(world: World) -> None:
    bring(world, VIOLIN)
    hold(world)

    comparison = survey(world, ("evry-magnard", "Violon", "2", "2"))

    assert [one.code for one in comparison.anomalies] == ["place_below_held"]
    with pytest.raises(OfficeRefusal):
        carry_out(world.services, comparison)
    assert pools(world)["violon"].total == 6


def test_a_place_offered_since_the_file_was_looked_at_stays(world: World) -> None:
    bring(world, PIANO, VIOLIN)
    fewer, without = survey(world, PIANO, ("evry-magnard", "Violon", "2", "2")), survey(world, PIANO)
    hold(world)

    for late in (fewer, without):
        with pytest.raises(OfficeRefusal) as refusal:
            carry_out(world.services, late)
        assert refusal.value.code == "places_meanwhile"

    assert pools(world)["violon"].holder(WHO)


def test_pupils_that_stay_are_counted_where_the_list_does_not_tell(world: World) -> None:
    comparison = survey(world, ("evry-xenakis", "Piano", "10"))

    assert comparison.returning is not None
    assert [one.pool.returning for one in comparison.pools] == [0]


def test_a_list_of_nothing_is_refused(world: World) -> None:
    with pytest.raises(OfficeRefusal) as refusal:
        survey(world)

    assert refusal.value.code == "places_without_rows"


@faults_of("UpdateItem", "BatchWriteItem", "DeleteItem")
def test_cut_short_it_is_run_again(world: World, call: str, when: When) -> None:
    bring(world, VIOLIN)
    comparison = survey(world, PIANO)
    with world.aws.failing(call, when), pytest.raises(Unavailable):
        carry_out(world.services, comparison)

    bring(world, PIANO)

    assert set(pools(world)) == {"piano"}


def test_a_pool_keeps_what_a_later_version_wrote(world: World) -> None:
    bring(world, VIOLIN)
    pool = pools(world)["violon"]
    world.database.update(
        world.resources.table("Places"),
        {"site": "evry-magnard", "identifier": "2026#pool#violon"},
        "SET #later = :later",
        "attribute_exists(#total)",
        later="x",
    )

    bring(world, ("evry-magnard", "Violon", "9", "2"))

    assert pools(world)["violon"].item["later"] == "x"
    assert replace(pools(world)["violon"], total=6) == pool
