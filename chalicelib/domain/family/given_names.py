"""The first names of pupils, extracted from full names with the help of the family's name."""

from collections.abc import Iterable, Iterator

from chalicelib.domain.family.households import Pupil
from chalicelib.domain.text import fold


def given_names(pupils: Iterable[Pupil], family: str) -> tuple[str, ...]:
    """List the distinct first names of a family's pupils, or the whole name if ambiguous."""
    return tuple(dict.fromkeys(_given_name(pupil.name, family) for pupil in pupils))


def _given_name(name: str, family: str) -> str:
    return " ".join(_given_words(name.split(), fold(family).split())) or name


def _given_words(words: list[str], of_family: list[str]) -> Iterator[str]:
    """Skip the family's own words, and those in capitals among others: « MERLE Léo »."""
    is_mixed = not all(map(str.isupper, words))
    for word in words:
        is_own = any(part in of_family for part in fold(word).split())
        if not is_own and not (is_mixed and word.isupper() and len(word) > 1):
            yield word
