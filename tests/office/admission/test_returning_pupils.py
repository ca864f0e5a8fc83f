"""Returning pupils are counted in the places of next year's courses: sent, and not declined."""

import pytest

from chalicelib.domain.admission.pools import Pool, PoolRef
from chalicelib.office.admission.returning_pupils import count_returning
from tests.support.enrolled_families import SEASON, judge, keep, key_of, open_period, rossignol
from tests.support.enrolment import ZELIE
from tests.support.world import ROSSIGNOL, World

OBOE = Pool(PoolRef(ROSSIGNOL.site, SEASON, "hautbois"), "hautbois", total=3)
THEORY = Pool(PoolRef(ROSSIGNOL.site, SEASON, "fm"), "Formation musicale", "Un niveau à part", total=9)


@pytest.fixture(autouse=True)
def season(world: World) -> None:
    """Zélie stays and was sent. Léo leaves. Ève is a draft."""
    open_period(world)
    rossignol(world)


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
