"""Losses of an account by an import: many at once mean that the file was misread."""

from collections import Counter
from typing import Final, Literal

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.text import fold

Loss = Literal["", "lost", "replaced"]

_TITLES: Final = frozenset(
    {"m", "mme", "mlle", "mr", "monsieur", "madame", "mademoiselle", "famille", "et", "dr", "me"}
)


def loss_of(before: Account, after: Account) -> Loss:
    """Compare an account with what it becomes.

    Lost: the name of a guardian or a pupil, one birth date, telephone, e-mail or line of an address less, the payer, or
    all courses. Replaced: another birth date, telephone or e-mail stands in the place of one. Titles, the spelling and
    the order of words do not count.
    """
    pairs = zip(_amounts(before), _amounts(after), strict=True)
    if not _names(before) <= _names(after) or any(theirs < ours for ours, theirs in pairs):
        return "lost"
    kinds = list(zip(_coordinates(before), _coordinates(after), strict=True))
    if any(len(theirs) < len(ours) for ours, theirs in kinds):
        return "lost"
    return "" if all(ours <= theirs for ours, theirs in kinds) else "replaced"


def words_of(name: str) -> frozenset[str]:
    """Read the words of a name without titles, however they are ordered and spelt."""
    return frozenset(fold(name).split()) - _TITLES


def _names(account: Account) -> Counter[tuple[str, frozenset[str]]]:
    """Count the names: two guardians written alike are two."""
    household = account.household
    guardians = (("guardian", words_of(guardian.name)) for guardian in household.guardians)
    return Counter((*guardians, *(("pupil", words_of(pupil.name)) for pupil in household.pupils)))


def _amounts(account: Account) -> tuple[int, ...]:
    household = account.household
    addresses = (household.address, *(guardian.address for guardian in household.guardians))
    return sum(map(len, addresses)), bool(household.payer), any(pupil.courses for pupil in household.pupils)


def _coordinates(account: Account) -> tuple[set[object], ...]:
    """List birth dates with whose they are, telephones and e-mails."""
    household = account.household
    return (
        {(words_of(pupil.name), pupil.born_on) for pupil in household.pupils if pupil.born_on},
        {number for guardian in household.guardians for number in guardian.telephone.split(" / ") if number},
        set(account.emails),
    )
