"""Rows merged into families: a row lists a whole family or one of its pupils, in any order."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final, Literal

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.family.households import Pupil, first_name, merge_pupils
from chalicelib.domain.roster.family_index import FamilyIndex
from chalicelib.domain.roster.row_families import ListedFamily, ListedField
from chalicelib.domain.roster.rows import Reading
from chalicelib.domain.roster.yearly_file import Anomaly, Column
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


_MAY_DIFFER: Final[dict[ListedField, tuple[str, Column]]] = {
    "telephones": ("row_telephones_differ", ("telephone", 1)),
    "payer": ("row_payers_differ", ("payer", 1)),
}


def merge_rows(
    readings: Iterable[Reading], index: FamilyIndex, report: Callable[[Anomaly], None]
) -> Iterator[ListedFamily]:
    """Merge the rows of each family once its last one is read. Incomplete families wait in memory."""
    waiting: dict[AccountRef, tuple[ListedFamily, int]] = {}
    for reading in readings:
        rows = index.rows_of(reading.family.ref) if reading.family else 0
        if not reading.family or not rows:
            continue
        family, seen = reading.family, 1
        if family.ref in waiting:
            before, seen_before = waiting.pop(family.ref)
            family, seen = _merge(before, family, report), seen_before + 1
        if seen < rows:
            waiting[family.ref] = family, seen
        else:
            yield _without_partial_pupils(family, index)


def _merge(before: ListedFamily, row: ListedFamily, report: Callable[[Anomaly], None]) -> ListedFamily:
    pupils = merge_pupils((*before.pupils, *row.pupils))
    doubted = frozenset(_differing_fields(before, row, report))
    if pupils == before.pupils and row.listed_fields == before.listed_fields and not doubted:
        report(Anomaly("row_repeated", "warning", row.line, None, row.ref, {"line": str(before.line)}))
    return replace(before, pupils=pupils, listed_fields=(before.listed_fields & row.listed_fields) - doubted)


def _differing_fields(
    before: ListedFamily, row: ListedFamily, report: Callable[[Anomaly], None]
) -> Iterator[ListedField]:
    """Doubt the fields that may differ between rows of one family."""
    for what, (code, column) in _MAY_DIFFER.items():
        if what in before.listed_fields & row.listed_fields and getattr(before, what) != getattr(row, what):
            report(Anomaly(code, "warning", row.line, column, row.ref, {"line": str(before.line)}))
            yield what


def _without_partial_pupils(family: ListedFamily, index: FamilyIndex) -> ListedFamily:
    """Doubt the pupils of a family with a row left out, so that they do not replace those on file."""
    return replace(family, listed_fields=family.listed_fields - {"pupils"}) if index.is_partial(family.ref) else family


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
