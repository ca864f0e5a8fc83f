"""A row of the list of places, parsed and checked: a pool with its number of places, or the row's errors."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from chalicelib.domain.roster.yearly_file import Anomaly, Column, Row, RowNotes
from chalicelib.domain.text import fold
from chalicelib.values import frozen
from chalicelib.wings.admission.domain.pools import Pool, PoolRef

ONCE: Final = ("site", "discipline", "level", "youngest", "oldest", "total", "returning")
NEEDED: Final[tuple[Column, ...]] = (("site", 1), ("discipline", 1), ("total", 1))
_MOST: Final = 999
_OLDEST: Final = 120  # years
_NUMBER: Final = re.compile(r"(\d{1,3})(?:[.,]0+)?(?: ?ans?)?", re.IGNORECASE | re.ASCII)


@frozen
class ListedPlaces:
    """A pool, as listed, and its row. `tells_returning`: whether the row has the number of returning pupils."""

    line: int
    pool: Pool
    tells_returning: bool = False


@frozen
class Offering:
    """The network's offer: folded discipline names to names and sites, and folded level names to names."""

    disciplines: Mapping[str, tuple[str, frozenset[str]]]
    levels: Mapping[str, str]


def read_places(row: Row, season: str, sites: Mapping[str, str], offering: Offering) -> ListedPlaces | list[Anomaly]:
    """Parse a row, or list its errors. `sites`: folded codes and names to codes."""
    notes = RowNotes(row.line)
    if row.shifted:
        notes.refuse("row_shifted")
        return notes.anomalies
    site = sites.get(fold(row.cell("site")), "")
    if not site:
        site_name = row.cell("site")
        notes.refuse("row_site_unknown" if site_name else "row_without_site", ("site", 1), site=site_name)
    discipline, level = _discipline(row, site, offering, notes), _level(row, offering, notes)
    youngest, oldest = _age(row, "youngest", notes), _age(row, "oldest", notes)
    if youngest is not None and oldest is not None and oldest < youngest:
        notes.refuse("place_ages_reversed", ("oldest", 1))
    total, returning = _count(row, "total", notes), _count(row, "returning", notes)
    if not row.cell("total"):
        notes.refuse("place_without_total", ("total", 1))
    if notes.refuses:
        return notes.anomalies
    code = code_of(discipline, level, youngest, oldest)
    pool = Pool(PoolRef(site, season, code), discipline, level, youngest, oldest, total or 0, returning or 0)
    return ListedPlaces(row.line, pool, tells_returning=returning is not None)


def overlaps(all_places: Sequence[ListedPlaces]) -> Iterator[Anomaly]:
    """Find rows that the same wish could fall into, so that its pool would be ambiguous."""
    for place, places in enumerate(all_places):
        for earlier in all_places[:place]:
            if _meet(places.pool, earlier.pool):
                yield Anomaly(
                    "place_overlaps", "error", places.line, ("discipline", 1), None, {"line": str(earlier.line)}
                )
                break


def code_of(discipline: str, level: str, youngest: int | None, oldest: int | None) -> str:
    """Build the code of a pool: « piano-debutant », « eveil-musical-4-6-ans », « chant-15-ans-et-plus »."""
    words = [discipline, level]
    if youngest is not None and oldest is not None:
        words.append(f"{youngest} {oldest} ans" if youngest < oldest else f"{youngest} ans")
    elif youngest is not None:
        words.append(f"{youngest} ans et plus")
    elif oldest is not None:
        words.append(f"jusqu'à {oldest} ans")
    return fold(" ".join(filter(None, words))).replace(" ", "-")


def _meet(pool: Pool, other: Pool) -> bool:
    return (
        pool.ref.site == other.ref.site
        and fold(pool.discipline) == fold(other.discipline)
        and (not pool.level or not other.level or fold(pool.level) == fold(other.level))
        and (pool.youngest or 0) <= (_OLDEST if other.oldest is None else other.oldest)
        and (other.youngest or 0) <= (_OLDEST if pool.oldest is None else pool.oldest)
    )


def _discipline(row: Row, site: str, offering: Offering, notes: RowNotes) -> str:
    discipline, column = row.cell("discipline"), ("discipline", 1)
    if not discipline:
        notes.refuse("place_without_discipline", column)
        return ""
    name, taught_at = offering.disciplines.get(fold(discipline), ("", frozenset()))
    if not name:
        notes.refuse("place_discipline_unknown", column, discipline=discipline)
    elif site and site not in taught_at:
        notes.refuse("place_discipline_elsewhere", column, discipline=name, site=site)
    return name


def _level(row: Row, offering: Offering, notes: RowNotes) -> str:
    name = row.cell("level")
    level = offering.levels.get(fold(name), "")
    if name and not level:
        notes.refuse("place_level_unknown", ("level", 1), level=name, levels=", ".join(offering.levels.values()))
    return level


def _age(row: Row, word: str, notes: RowNotes) -> int | None:
    return _number(row, word, _OLDEST, "place_age_unreadable", notes)


def _count(row: Row, word: str, notes: RowNotes) -> int | None:
    return _number(row, word, _MOST, "place_count_unreadable", notes)


def _number(row: Row, word: str, limit: int, code: str, notes: RowNotes) -> int | None:
    """Parse a whole number, « 7 » or « 7 ans ». None if the cell is empty."""
    text = row.cell(word)
    match = _NUMBER.fullmatch(text)
    if match and int(match[1]) <= limit:
        return int(match[1])
    if text:
        notes.refuse(code, (word, 1), number=text[:40])
    return None
