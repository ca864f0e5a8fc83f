"""Spellings of an identifier: « UN-7005 » and « UN7005 » are the same, whichever the administration's file has."""

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from chalicelib.domain.account.accounts import Account, AccountRef

FORGIVING_SITES: Final = 32  # of a network at most, for a login to read an identifier like « UN-7005 » at each at once
AT_MOST: Final = 6  # spellings to look up: a visitor may type anything
_DASHES_BY_ANOTHER_NAME: Final = "\N{MINUS SIGN}\N{HYPHEN BULLET}"  # all others are of the Unicode category Pd


def plain_spelling(identifier: str) -> str:
    """Remove the dashes without meaning from an identifier: between letters and digits, and at the ends.

    A dash between two digits or two letters stays: « 12-3 » and « 1-23 » are two families. Tries are counted under this
    spelling, so it never merges more than `spellings` does. An identifier of dashes only stays.
    """
    return "".join(_without_idle_dashes(_parts(identifier))) or identifier


def spellings(identifier: str) -> tuple[str, ...]:
    """List the possible identifiers, the typed one first. See `plain_spelling`."""
    return tuple(dict.fromkeys(_spellings(identifier)))[:AT_MOST]


def refs_spelt(site: str, identifier: str) -> tuple[AccountRef, ...]:
    """List the possible accounts at one site, the exact one first."""
    return tuple(AccountRef(site, spelling) for spelling in spellings(identifier))


def matching_account(identifier: str, candidates: Iterable[Account | None]) -> Account | None:
    """Choose among the accounts of one site: the exact one, or the only one. None if ambiguous."""
    accounts = tuple(filter(None, candidates))
    exact = next((account for account in accounts if account.ref.identifier == identifier), None)
    return exact or (accounts[0] if len(accounts) == 1 else None)


def _spellings(identifier: str) -> Iterator[str]:
    plain = plain_spelling(identifier)
    meetings = [at for at in range(1, len(plain)) if _meet(plain[at - 1], plain[at])]
    yield identifier
    yield plain
    yield "-".join(plain[start:end] for start, end in zip([0, *meetings], [*meetings, len(plain)], strict=True))
    yield from (f"{plain[:at]}-{plain[at:]}" for at in meetings)


def _parts(identifier: str) -> list[str]:
    """Split an identifier, which has no blanks, at its dashes of any kind."""
    return "".join(" " if _is_dash(letter) else letter for letter in identifier).split()


def _without_idle_dashes(parts: list[str]) -> Iterator[str]:
    for at, part in enumerate(parts):
        yield part if at == 0 or _meet(parts[at - 1][-1], part[0]) else f"-{part}"


def _meet(character: str, other: str) -> bool:
    return (character.isalpha() and other.isdigit()) or (character.isdigit() and other.isalpha())


def _is_dash(letter: str) -> bool:
    return unicodedata.category(letter) == "Pd" or letter in _DASHES_BY_ANOTHER_NAME
