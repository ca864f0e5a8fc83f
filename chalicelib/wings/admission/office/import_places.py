"""The list of places: surveyed, then imported. Pools are new, changed, unchanged or gone.

A wrong row stops the whole import, since a missing pool would look deleted. After a crash, it can be run again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from typing import Literal

from chalicelib.domain.refusals import Unavailable, WriteConflict
from chalicelib.domain.roster.yearly_file import Anomaly, YearlyFile
from chalicelib.domain.text import fold
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.roster.survey import site_names
from chalicelib.values import frozen
from chalicelib.wings.admission.domain.place_rows import ListedPlaces, Offering, overlaps, read_places
from chalicelib.wings.admission.domain.pools import Pool, PoolRef
from chalicelib.wings.admission.office.places import ReturningPupils, count_returning, season_now
from chalicelib.wings.admission.services.applicants import ApplicantServices as Services

# « held »: gone from the list, but kept because a place of it is or was held, or was passed on.
Kind = Literal["new", "changed", "unchanged", "gone", "held"]


@frozen
class PoolImport:
    """A listed pool compared with the stored one. `before`: the stored pool, if any."""

    kind: Kind
    pool: Pool
    before: Pool | None = None
    line: int | None = None


@frozen
class PlacesSurvey:
    """The survey of a list of places. `returning`: the returning pupils, where the list does not give them all."""

    season: str
    rows: int
    pools: tuple[PoolImport, ...]
    anomalies: tuple[Anomaly, ...]
    returning: ReturningPupils | None = field(default=None)


def survey_places(services: Services, file: YearlyFile, now: datetime) -> PlacesSurvey:
    """Read the list, and compare it with the stored pools. Raises `OfficeRefusal` if it is empty."""
    season = season_now(services, now)
    sites, offering = site_names(services.settings.network), _offering(services)
    readings = [read_places(row, season, sites, offering) for row in file.rows()]
    if not readings:
        raise OfficeRefusal("places_without_rows")
    places = [one for one in readings if isinstance(one, ListedPlaces)]
    anomalies = [anomaly for one in readings if isinstance(one, list) for anomaly in one]
    anomalies += overlaps(places)
    returning = None
    if not all(one.tells_returning for one in places):
        returning = count_returning(services, [one.pool for one in places], season)
        places = [_with_count(one, returning) for one in places]
    standing = {pool.ref: pool for pool in _pools(services, season)}
    anomalies += _too_few(places, standing)
    return PlacesSurvey(season, len(readings), tuple(_compare(places, standing)), tuple(anomalies), returning)


def carry_out(services: Services, survey: PlacesSurvey) -> None:
    """Write the changed pools one by one. Then delete the pools that are gone.

    Raises `OfficeRefusal` if a row is wrong, or if a place that the new list removes was given concurrently.
    """
    if survey.anomalies:
        raise OfficeRefusal("places_wrong", errors=len(survey.anomalies))
    for change in survey.pools:
        if change.kind in {"new", "changed"}:
            _write(services, change)
    for change in survey.pools:
        if change.kind == "gone" and not services.admission.pools.remove(change.pool):
            raise OfficeRefusal("places_meanwhile", pool=change.pool)


def _pools(services: Services, season: str) -> tuple[Pool, ...]:
    sites = [site.code for site in services.settings.network.sites]
    return services.admission.pools.of_season(season, sites)


def _offering(services: Services) -> Offering:
    network = services.settings.network
    disciplines = {
        fold(item.name): (item.name, frozenset(site.code for site in network.sites if item.is_at(site.code)))
        for item in network.admission.disciplines
    }
    return Offering(disciplines, {fold(level): level for level in network.admission.levels})


def _with_count(places: ListedPlaces, returning: ReturningPupils) -> ListedPlaces:
    if places.tells_returning:
        return places
    return replace(places, pool=replace(places.pool, returning=returning.pools[places.pool.ref]))


def _too_few(rows: Sequence[ListedPlaces], standing: Mapping[PoolRef, Pool]) -> Iterator[Anomaly]:
    """Find rows with fewer places than already held."""
    for places in rows:
        before = standing.get(places.pool.ref)
        if before and places.pool.capacity < len(before.holders):
            facts = {"held": str(len(before.holders)), "left": str(places.pool.capacity)}
            yield Anomaly("place_below_held", "error", places.line, ("total", 1), None, facts)


def _compare(rows: Sequence[ListedPlaces], standing: Mapping[PoolRef, Pool]) -> Iterator[PoolImport]:
    for places in rows:
        before = standing.get(places.pool.ref)
        if before is None:
            yield PoolImport("new", places.pool, None, places.line)
            continue
        after = replace(before, total=places.pool.total, returning=places.pool.returning)
        yield PoolImport("changed" if after != before else "unchanged", after, before, places.line)
    refs = {one.pool.ref for one in rows}
    for ref, before in standing.items():
        if ref not in refs:
            yield PoolImport("held" if before.holders or before.passed else "gone", before, before)


def _write(services: Services, change: PoolImport) -> None:
    pools, total, returning = services.admission.pools, change.pool.total, change.pool.returning
    if change.before is None:
        _create(services, change.pool)
        return

    def count(pool: Pool) -> Pool:
        after = replace(pool, total=total, returning=returning)
        if after.capacity < len(pool.holders):
            raise OfficeRefusal("places_meanwhile", pool=pool)
        return after if after != pool else pool

    pools.revise(change.pool.ref, count, change.before)


def _create(services: Services, pool: Pool) -> None:
    """Write a new pool. If another import made it concurrently, the next run compares it."""
    try:
        services.admission.pools.change(None, pool)
    except WriteConflict:
        raise Unavailable("another import makes the same places") from None
