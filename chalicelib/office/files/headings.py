"""Columns found by their headings: case, accents, punctuation, plurals and the order of words do not matter."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Final

from chalicelib.domain.roster.yearly_file import Column
from chalicelib.domain.text import fold
from chalicelib.office.files.columns import FAMILIES, NUMBERS_OF_FAMILIES, Columns
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.values import frozen

Heading = tuple[frozenset[str], int | None]  # words and number: « E-mail du responsable 2 »

_SMALL_WORDS: Final = frozenset({*("de", "du", "des", "d", "la", "le", "les", "l", "et"), *("er", "e", "eme", "ere")})
_MOST: Final = 20  # « Discipline 2026 » has no number


class Vocabulary:
    """The meaning of headings, by our words and by those of network.toml, which go first. Raises `OfficeRefusal`."""

    def __init__(self, mapping: Mapping[str, Sequence[str]], columns: Columns = FAMILIES) -> None:
        self._columns = columns
        self._words: dict[frozenset[str], str] = _built_in(columns)
        self._exact: dict[Heading, Column] = {
            read_heading(heading): column for heading, column in columns.exact.items()
        }
        for key, headings in mapping.items():
            word, number = self._key(key)
            for words, heading_number in map(read_heading, headings):
                if number is None:
                    self._words[words] = word
                else:
                    self._exact[words, heading_number] = (word, number)

    def count_known(self, headings: Sequence[str]) -> int:
        """Count our different columns among some headings."""
        return len(set(map(self._column, headings)) - {None})

    def knows(self, heading: str) -> bool:
        """Whether a heading names one of our columns."""
        return self._column(heading) is not None

    def word(self, heading: str) -> str:
        """Find our column of a heading, without its number. Empty if there is none."""
        column = self._column(heading)
        return column[0] if column else ""

    def columns(self, headings: Sequence[str]) -> dict[Column, int]:
        """Find our columns among headings, each with its position. Raises `OfficeRefusal` if two mean the same."""
        places: dict[Column, int] = {}
        for place, heading in enumerate(headings):
            column = self._column(heading)
            if column in places:
                meaning = self._columns.heading_of(column)
                raise OfficeRefusal("file_heading_twice", one=headings[places[column]], other=heading, meaning=meaning)
            if column:
                places[column] = place
        return places

    def _column(self, heading: str) -> Column | None:
        words, number = read_heading(heading)
        if (words, number) in self._exact:
            return self._exact[words, number]
        word = self._words.get(words)
        if word is None or (number or 1) > (1 if word in self._columns.once else _MOST):
            return None
        return word, number or 1

    def _key(self, key: str) -> tuple[str, int | None]:
        """Parse a key of `[imports.columns]`: `email`, with any number, or `email_2`."""
        word, _, number = key.rpartition("_") if key[-1:].isdigit() else (key, "", "")
        layout = self._columns
        if word not in layout.words or (number and word in layout.once):
            raise OfficeRefusal("imports_column_unknown", section=layout.section, key=key, keys=", ".join(layout.words))
        return word, int(number) if number else None


def _built_in(columns: Columns) -> dict[frozenset[str], str]:
    words = {
        f"{name} {owner}": word
        for word, (names, owners) in columns.synonyms.items()
        for name in names
        for owner in owners
    }
    return {read_heading(name)[0]: word for name, word in (words | NUMBERS_OF_FAMILIES).items()}


def read_heading(heading: str) -> Heading:
    """Read the words of a heading, except small ones, and its number. With several numbers, it has no words."""
    tokens = re.findall(r"[^\W\d]+|\d+", fold(heading))
    numbers = [int(token) for token in tokens if token.isdigit()]
    words = frozenset(_singular(token) for token in tokens if not token.isdigit() and token not in _SMALL_WORDS)
    return (words, numbers[0] if numbers else None) if len(numbers) <= 1 else (frozenset(), None)


def _singular(word: str) -> str:
    return word.removesuffix("s") if len(word) > 3 else word  # noqa: PLR2004 - « mes » is not a plural


# Only merged cells end a group before the family's address, so a file's only address may be of either.
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
class GroupedHeadings:
    """Two rows read as one, and the columns left in doubt: « Urgence / Téléphone »."""

    headings: tuple[str, ...]
    unclear: tuple[str, ...]


def read_together(
    groups: Sequence[str], headings: Sequence[str], spans: Mapping[int, int], vocabulary: Vocabulary
) -> GroupedHeadings:
    """Read a row of groups with the headings below it. `spans`: the first and last position of merged cells."""
    columns = list(_columns(groups, headings, spans))
    readings = [_read(own, group, heading, vocabulary) for own, group, heading in columns]
    names = tuple(joined for joined, _ in readings)
    unclear = tuple(unclear for _, unclear in readings if unclear)
    addresses = (
        [] if spans else [place for place, heading in enumerate(names) if vocabulary.word(heading) in _ADDRESSES]
    )
    if [vocabulary.word(names[place]) for place in addresses] == ["guardian_address"]:
        _, group, heading = columns[addresses[0]]
        unclear = (*unclear, f"{group} / {heading}")
    return GroupedHeadings(names, unclear)


def left_over(headings: Sequence[str], below: Sequence[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """List our headings in a second row of headings, of which some stand under a blank of the first."""
    columns = _columns(headings, below, {})
    pairs = [(own, f"{group} / {heading}") for own, group, heading in columns if vocabulary.knows(heading)]
    return tuple(both for _, both in pairs) if len(pairs) > 1 and not all(own for own, _ in pairs) else ()


def _columns(
    groups: Sequence[str], headings: Sequence[str], spans: Mapping[int, int]
) -> Iterator[tuple[str, str, str]]:
    """Return the cell in the row of groups, the group and the heading of each column.

    A group reaches up to the next one, or as far as its cells are merged.
    """
    group, end = "", 0
    for place, (title, heading) in enumerate(zip_longest(groups, headings, fillvalue="")):
        if title:
            group, end = title, spans.get(place, place if spans else len(headings))
        yield title, group if place <= end else "", heading


def _read(title: str, group: str, heading: str, vocabulary: Vocabulary) -> tuple[str, str]:
    """Read one column: its heading, and the ambiguous part, if any."""
    if not heading or not group:
        return heading or title, ""
    number, own_number = _NUMBER.search(group), _NUMBER.search(heading)
    bare = _NUMBER.sub("", heading).strip() if number and own_number and number[0] == own_number[0] else heading
    whole = f"{group} {bare}"
    if vocabulary.knows(whole):
        return whole, ""
    if read_heading(group)[0] <= _PLAIN:
        return f"{heading} {number[0]}" if number and not own_number else heading, ""
    return whole, f"{group} / {heading}" if vocabulary.knows(heading) else ""
