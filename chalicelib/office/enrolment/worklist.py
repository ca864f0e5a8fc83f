"""A worklist page of one site's pupils in a season: found in summaries, shown from whole families.

The reads do not grow with a family's data: two queries of the index (docs/decisions/0069), one of the teachers'
opinions, and one batch for the families of the fifty pupils.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.search.pupil_filter import PupilFilter
from chalicelib.domain.search.summaries import ListedPupil
from chalicelib.domain.text import letters_of
from chalicelib.office.dossiers.worklist import AT_ONCE, WorklistPage, bounds
from chalicelib.office.enrolment.reenrolments import (
    EnrolledPupil,
    Opinions,
    PupilQuery,
    leanings_in,
    matching,
    opinions_of,
    query_seasons,
    read_families,
)
from chalicelib.services.family import Services
from chalicelib.settings.environment import Site
from chalicelib.stores.summary_index import account_summaries, enrolment_summaries
from chalicelib.values import frozen

_MARK_BYTES: Final = 6

_Order = tuple[str, str, int]


@frozen
class PupilPage(WorklistPage[EnrolledPupil]):
    """A page of one site's pupils, by family name."""

    site: Site


def pupil_page(services: Services, query: PupilQuery, cursor: str, now: datetime) -> PupilPage:
    """Read a page of the matching pupils at the query's site. Raises `OfficeRefusal`.

    A pupil concurrently changed so that it no longer matches is not shown.
    """
    ((site, season),) = query_seasons(services, query, now).items()
    opinions = opinions_of(services, site.code, season, now)
    wanted = replace(query.filter(services, now), leanings=leanings_in(opinions))
    listed = sorted(_listed(services, site.code, season, wanted), key=_order)
    matches = [pupil for pupil in listed if wanted.is_at(pupil)]
    start = _start(matches, listed, cursor)
    page = matches[start : start + AT_ONCE]
    return PupilPage(
        season,
        tuple(_read(services, page, season, wanted, opinions)),
        Counter(pupil.state for pupil in listed),
        *bounds(len(matches), start, partial(_cursor, matches)),
        site,
    )


def _listed(services: Services, site: str, season: str, wanted: PupilFilter) -> Iterator[ListedPupil]:
    enrolments = {summary.identifier: summary for summary in enrolment_summaries(services.enrolments, season, site)}
    for family in account_summaries(services.accounts, site):
        yield from wanted.of_family(family, enrolments.get(family.identifier))


def _order(pupil: ListedPupil) -> _Order:
    return letters_of(pupil.family.name), pupil.family.identifier, pupil.place


def _start(matches: Sequence[ListedPupil], listed: Sequence[ListedPupil], cursor: str) -> int:
    """Find the start of the page after a cursor's pupil, even if that one no longer matches."""
    place, _, mark = cursor.partition("-")
    last = next((pupil for pupil in listed if _mark(pupil) == mark), None) if mark else None
    if last is None:
        start = int(place) if place.isdecimal() and place.isascii() else 0
        return start if start < len(matches) else 0
    after = _order(last)
    return next((number for number, pupil in enumerate(matches) if _order(pupil) > after), 0)


def _cursor(matches: Sequence[ListedPupil], start: int) -> str:
    return f"{start}-{_mark(matches[start - 1])}" if start else ""


def _mark(pupil: ListedPupil) -> str:
    """Name a pupil in an address of the desk, by an opaque digest."""
    return hashlib.blake2b(f"{pupil.family.identifier}\t{pupil.key}".encode(), digest_size=_MARK_BYTES).hexdigest()


def _read(
    services: Services, page: Sequence[ListedPupil], season: str, wanted: PupilFilter, opinions: Opinions
) -> Iterator[EnrolledPupil]:
    refs = dict.fromkeys(AccountRef(pupil.family.site, pupil.family.identifier) for pupil in page)
    whole = (replace(family, opinions=opinions) for family in read_families(services, season, refs))
    still = {family.account.ref: {one.file.key: one for one in matching(family, wanted)} for family in whole}
    for pupil in page:
        current = still.get(AccountRef(pupil.family.site, pupil.family.identifier), {}).get(pupil.key)
        if current:
            yield current
