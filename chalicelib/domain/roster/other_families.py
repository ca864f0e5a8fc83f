"""Detection of a reused identifier: its name, guardians and pupils all differ from those on file."""

from collections.abc import Iterable

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.family.households import Pupil, first_name
from chalicelib.domain.roster.losses import words_of
from chalicelib.domain.roster.row_families import ListedFamily
from chalicelib.domain.text import fold


def is_other_family(family: ListedFamily, account: Account) -> bool:
    """Whether a family of the file differs from the one on file under its identifier.

    Values missing on one side are not compared. Case, accents, titles and word order do not count. If neither guardians
    nor pupils can be compared, a shared e-mail address means the same family.
    """
    if _is_one(family.name, account.name):
        return False
    guardians = [guardian.name for guardian in account.household.guardians]
    listed_guardians = [guardian.name for guardian in family.guardians]
    pupils = account.household.pupils
    if _shares_name(listed_guardians, guardians) or _shares_pupil(family.pupils, pupils):
        return False
    is_known = (guardians and listed_guardians) or (pupils and family.pupils)
    return bool(is_known or (family.emails and account.emails and set(family.emails).isdisjoint(account.emails)))


def _shares_name(names: Iterable[str], others: Iterable[str]) -> bool:
    others = list(others)
    return any(_is_one(name, other) for name in names for other in others)


def _shares_pupil(pupils: Iterable[Pupil], others: tuple[Pupil, ...]) -> bool:
    """Whether both have a common pupil, by name, or by first name and birth date."""
    return any(
        _is_one(pupil.name, other.name)
        or (pupil.born_on and pupil.born_on == other.born_on and _first_name(pupil) == _first_name(other))
        for pupil in pupils
        for other in others
    )


def _first_name(pupil: Pupil) -> str:
    return fold(first_name(pupil.name))


def _is_one(name: str, other: str) -> bool:
    """Whether two names mean the same person: all words of one are in the other."""
    words, others = words_of(name), words_of(other)
    return bool(words and others) and (words <= others or others <= words)
