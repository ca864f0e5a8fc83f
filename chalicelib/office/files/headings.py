"""Columns found by their headings: case, accents, punctuation, plurals and the order of words do not matter."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from chalicelib.domain.roster.yearly_file import Column
from chalicelib.domain.text import fold
from chalicelib.office.files.columns import NUMBERS_OF_FAMILIES, Columns
from chalicelib.office.files.family_columns import FAMILIES
from chalicelib.office.refusals import OfficeRefusal

Heading = tuple[frozenset[str], int | None]  # its words and its number: « E-mail du responsable 2 »

_SMALL_WORDS: Final = frozenset({*("de", "du", "des", "d", "la", "le", "les", "l", "et"), *("er", "e", "eme", "ere")})
_MOST: Final = 20  # « Discipline 2026 » is not the two thousandth


class Vocabulary:
    """What headings mean, by our words and by those of network.toml, which go first. Raises `OfficeRefusal`."""

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
        """Count the different columns of ours that some headings name."""
        return len(set(map(self._column, headings)) - {None})

    def knows(self, heading: str) -> bool:
        """Whether a heading names a column of ours."""
        return self._column(heading) is not None

    def word(self, heading: str) -> str:
        """Name our column for a heading, without its number, or return an empty text."""
        column = self._column(heading)
        return column[0] if column else ""

    def columns(self, headings: Sequence[str]) -> dict[Column, int]:
        """Find our columns among headings, each with its place. Raises `OfficeRefusal` where two mean the same."""
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
        """Read a key of `[imports.columns]`: `email`, whatever its number, or `email_2`."""
        word, _, number = key.rpartition("_") if key[-1:].isdigit() else (key, "", "")
        ours = self._columns
        if word not in ours.words or (number and word in ours.once):
            raise OfficeRefusal("imports_column_unknown", section=ours.section, key=key, keys=", ".join(ours.words))
        return word, int(number) if number else None


def _built_in(columns: Columns) -> dict[frozenset[str], str]:
    ours = {
        f"{name} {owner}": word
        for word, (names, owners) in columns.synonyms.items()
        for name in names
        for owner in owners
    }
    return {read_heading(name)[0]: word for name, word in (ours | NUMBERS_OF_FAMILIES).items()}


def read_heading(heading: str) -> Heading:
    """Read the words of a heading, but for small ones, and its number. With several numbers there are no words."""
    tokens = re.findall(r"[^\W\d]+|\d+", fold(heading))
    numbers = [int(token) for token in tokens if token.isdigit()]
    words = frozenset(_singular(token) for token in tokens if not token.isdigit() and token not in _SMALL_WORDS)
    return (words, numbers[0] if numbers else None) if len(numbers) <= 1 else (frozenset(), None)


def _singular(word: str) -> str:
    return word.removesuffix("s") if len(word) > 3 else word  # noqa: PLR2004 - « mes » is no plural
