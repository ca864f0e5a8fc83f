"""Places by their names, for pages. A command shows their codes, which an operator types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.presentation.office.sites import site_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from chalicelib.settings.environment import Network
    from chalicelib.wings.admission.domain.pools import Pool
    from chalicelib.wings.admission.office.places import PoolOverview


def bar_of(row: PoolOverview, scale: int) -> Iterator[tuple[str, float, float]]:
    """Draw a pool as segments in percent of a bar: the kind, the beginning and the width of each."""
    at = 0
    for kind, count in (
        ("taken", row.firm),
        ("offered", row.offers),
        ("free", row.pool.free),
        ("waiting", row.waiting),
    ):
        if count:
            yield kind, round(100 * at / scale, 1), round(100 * count / scale, 1)
        at += count


def place_label(pool: Pool) -> str:
    """Name the places of a pool at its site: « Piano, Débutant »."""
    return ", ".join(filter(None, (pool.discipline, pool.level, _ages(pool))))


def place_name(pool: Pool, network: Network | None, parts_shown: Collection[str] = ()) -> str:
    """Name the places of a pool: « Piano, Débutant, Evry - Xénakis », or « piano-debutant, evry-xenakis ».

    `parts_shown`: parts left out, as the reader has just read them.
    """
    if network is None:
        return f"{pool.ref.code}, {pool.ref.site}"
    parts = (pool.discipline, pool.level, _ages(pool), site_name(pool.ref.site, network))
    return ", ".join(part for part in parts if part and part not in parts_shown)


def _ages(pool: Pool) -> str:
    youngest, oldest = pool.youngest, pool.oldest
    if oldest is None:
        return f"{youngest} ans et plus" if youngest is not None else ""
    if youngest == oldest:
        return f"{youngest} ans"
    return f"{oldest} ans au plus" if youngest is None else f"de {youngest} à {oldest} ans"
