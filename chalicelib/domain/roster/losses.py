"""Losses of an account by an import: many at once suggest a misread file."""

from collections import Counter
from typing import Final, Literal

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.text import fold

Loss = Literal["", "lost", "replaced"]

_TITLES: Final = frozenset(
    {"m", "mme", "mlle", "mr", "monsieur", "madame", "mademoiselle", "famille", "et", "dr", "me"}
)


def loss_of(before: Account, after: Account) -> Loss:
    """Compare an account before and after an import.

    Lost: the name of a guardian or pupil, a birth date, telephone, e-mail or address line, the payer, or all courses.
    Replaced: a birth date, telephone or e-mail has another value. Titles, spelling and word order do not count.
    """
    pairs = zip(_amounts(before), _amounts(after), strict=True)
    if not _names(before) <= _names(after) or any(theirs < ours for ours, theirs in pairs):
        return "lost"
    kinds = list(zip(_coordinates(before), _coordinates(after), strict=True))
    if any(len(theirs) < len(ours) for ours, theirs in kinds):
        return "lost"
    return "" if all(ours <= theirs for ours, theirs in kinds) else "replaced"


def words_of(name: str) -> frozenset[str]:
    """Extract the words of a name, without titles, order or spelling."""
    return frozenset(fold(name).split()) - _TITLES


def _names(account: Account) -> Counter[tuple[str, frozenset[str]]]:
    """Count the names. Two guardians of the same name count as two."""
    household = account.household
    guardians = (("guardian", words_of(guardian.name)) for guardian in household.guardians)
    return Counter((*guardians, *(("pupil", words_of(pupil.name)) for pupil in household.pupils)))


def _amounts(account: Account) -> tuple[int, ...]:
    household = account.household
    addresses = (household.address, *(guardian.address for guardian in household.guardians))
    return sum(map(len, addresses)), bool(household.payer), any(pupil.courses for pupil in household.pupils)


def _coordinates(account: Account) -> tuple[set[object], ...]:
    """List birth dates with their pupils, telephones and e-mails."""
    household = account.household
    return (
        {(words_of(pupil.name), pupil.born_on) for pupil in household.pupils if pupil.born_on},
        {number for guardian in household.guardians for number in guardian.telephone.split(" / ") if number},
        set(account.emails),
    )
