"""Headings in two rows: a group (« Responsable 1 ») over its columns (« Nom », « Téléphone »), read together."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Final

from chalicelib.office.files.headings import Vocabulary, read_heading
from chalicelib.values import frozen

# Nothing but merged cells ends a group before the family's address, so a file's only address may be of either.
_ADDRESSES: Final = frozenset({"address", "guardian_address"})
_NUMBER: Final = re.compile(r"\d+")
# Groups that add nothing to the headings of their columns.
_PLAIN: Final = frozenset(
    {
        *("famille", "foyer", "usager", "dossier", "identite", "identification", "coordonnee", "adresse", "postale"),
        *("cour", "inscription", "scolarite", "information", "general", "generale"),
    }
)


@frozen
class Together:
    """Two rows read as one, and the columns left in doubt: « Urgence / Téléphone »."""

    headings: tuple[str, ...]
    unclear: tuple[str, ...]


def read_together(
    groups: Sequence[str], headings: Sequence[str], merged: Mapping[int, int], vocabulary: Vocabulary
) -> Together:
    """Read a row of groups with the headings below it. `merged`: the first and last place of cells that are one."""
    columns = list(_columns(groups, headings, merged))
    read = [_read(own, group, heading, vocabulary) for own, group, heading in columns]
    joined = tuple(joined for joined, _ in read)
    unclear = tuple(unclear for _, unclear in read if unclear)
    addresses = (
        [] if merged else [place for place, heading in enumerate(joined) if vocabulary.word(heading) in _ADDRESSES]
    )
    if [vocabulary.word(joined[place]) for place in addresses] == ["guardian_address"]:
        _, group, heading = columns[addresses[0]]
        unclear = (*unclear, f"{group} / {heading}")
    return Together(joined, unclear)


def left_over(headings: Sequence[str], below: Sequence[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """List the headings of ours that stand in the row below a row of headings, some of them under a blank."""
    columns = _columns(headings, below, {})
    known = [(own, f"{group} / {heading}") for own, group, heading in columns if vocabulary.knows(heading)]
    return tuple(both for _, both in known) if len(known) > 1 and not all(own for own, _ in known) else ()


def _columns(
    groups: Sequence[str], headings: Sequence[str], merged: Mapping[int, int]
) -> Iterator[tuple[str, str, str]]:
    """Return the cell in the row of groups, the group and the heading of each column.

    A group reaches up to the next one, or as far as its cells are merged.
    """
    group, end = "", 0
    for place, (own, heading) in enumerate(zip_longest(groups, headings, fillvalue="")):
        if own:
            group, end = own, merged.get(place, place if merged else len(headings))
        yield own, group if place <= end else "", heading


def _read(own: str, group: str, heading: str, vocabulary: Vocabulary) -> tuple[str, str]:
    """Read one column: its heading, and the unclear part, if any."""
    if not heading or not group:
        return heading or own, ""
    number, own_number = _NUMBER.search(group), _NUMBER.search(heading)
    bare = _NUMBER.sub("", heading).strip() if number and own_number and number[0] == own_number[0] else heading
    whole = f"{group} {bare}"
    if vocabulary.knows(whole):
        return whole, ""
    if read_heading(group)[0] <= _PLAIN:
        return f"{heading} {number[0]}" if number and not own_number else heading, ""
    return whole, f"{group} / {heading}" if vocabulary.knows(heading) else ""
