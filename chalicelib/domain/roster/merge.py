"""Rows merged into families: a row lists a whole family or one of its pupils, in any order."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.spellings import spellings
from chalicelib.domain.family.households import Course, Pupil, first_name, merge_pupils
from chalicelib.domain.roster.listed_fields import ListedField, split_slot
from chalicelib.domain.roster.row_families import ListedFamily, digest
from chalicelib.domain.roster.rows import Reading
from chalicelib.domain.roster.yearly_file import Anomaly, Column, ReportAnomaly
from chalicelib.domain.text import fold

PUPILS_AT_MOST: Final = 20  # of one family, over all its rows
_SHORT: Final = 4  # bytes: two different rows of one identifier look equal once in four billion
# The facts that must be equal in all rows of a family, and their columns.
_FACTS: Final[dict[str, Column]] = {
    "name": ("name", 1),
    "emails": ("email", 1),
    "address": ("address", 1),
    "guardians": ("guardian", 1),
}


@dataclass(slots=True)
class _Entry:
    """A listed family: its first line, its numbers of rows and pupils, and a hash of its facts."""

    site: str
    line: int
    rows: int = 0
    pupils: int = 0
    facts: bytes = b""
    is_left_out: bool = False  # its rows contradict each other
    is_partial: bool = False  # one of its rows is left out


class FamilyIndex:
    """Built row by row. Then lists the families of the file, and their numbers of rows."""

    def __init__(self) -> None:
        self._families: dict[str, dict[str, _Entry]] = {}
        self._mailboxes: dict[str, _Entry] = {}
        self._signs: set[int] = set()
        self.rows = 0
        self.left_out = 0  # rows
        self.unplaced = 0  # rows without a readable account

    @property
    def sites(self) -> tuple[str, ...]:
        """The sites in the file."""
        return tuple(sorted(self._families))

    @property
    def families(self) -> int:
        """The number of families to import."""
        entries = (entry for of_site in self._families.values() for entry in of_site.values())
        return sum(1 for entry in entries if entry.rows and not entry.is_left_out)

    def lists(self, ref: AccountRef) -> bool:
        """Whether the file lists a family, even in a row that is left out."""
        return ref.identifier in self._families.get(ref.site, {})

    def lists_elsewhere(self, account: Account) -> bool:
        """Whether the file lists an account's family under another identifier, if it gave its own to another family."""
        signs = _signs(account.ref.site, account.name, account.emails, account.household.pupils)
        return not self._signs.isdisjoint(signs)

    def rows_of(self, ref: AccountRef) -> int:
        """Return the number of rows of a family. 0 if it is left out."""
        entry = self._families.get(ref.site, {}).get(ref.identifier)
        return 0 if entry is None or entry.is_left_out else entry.rows

    def is_partial(self, ref: AccountRef) -> bool:
        """Whether a row of a family is left out, so that pupils may be missing."""
        return self._families[ref.site][ref.identifier].is_partial

    def add(self, reading: Reading) -> Iterator[Anomaly]:
        """Add a row, and report its contradictions with others."""
        self.rows += 1
        if reading.ref is None:
            self.unplaced += 1
            self.left_out += 1
            return
        of_site = self._families.setdefault(reading.ref.site, {})
        entry = of_site.setdefault(reading.ref.identifier, _Entry(reading.ref.site, reading.line))
        if reading.family is None:
            entry.is_partial = True
            self.left_out += 1
            return
        yield from self._enter(entry, reading, reading.family)

    def leave_out(self, refs: Sequence[AccountRef]) -> Iterator[Anomaly]:
        """Leave out a family that the file lists under several identifiers, and report each with another's line."""
        entries = [self._families[ref.site][ref.identifier] for ref in refs]
        for ref, entry, rival in zip(refs, entries, (*entries[1:], entries[0]), strict=True):
            self.left_out += 0 if entry.is_left_out else entry.rows
            entry.is_left_out = True
            facts = {"line": str(rival.line)}
            yield Anomaly("row_identifiers_two", "error", entry.line, ("identifier", 1), ref, facts)

    def _enter(self, entry: _Entry, reading: Reading, family: ListedFamily) -> Iterator[Anomaly]:
        facts = b"".join(bytes.fromhex(digest(getattr(family, fact))[: 2 * _SHORT]) for fact in _FACTS)
        self._signs.update(_signs(entry.site, family.name, family.emails, family.pupils))
        is_first = not entry.facts
        entry.facts = entry.facts or facts
        entry.rows += 1
        entry.pupils += len(family.pupils)
        self.left_out += entry.is_left_out
        if entry.facts != facts:
            yield self._leave_out(entry, reading, "row_contradicts", _differing(entry.facts, facts))
        elif entry.pupils > PUPILS_AT_MOST:
            yield self._leave_out(entry, reading, "row_pupils_too_many", ("pupil", 1))
        elif is_first:
            yield from self._shared_addresses(entry, reading)
            yield from self._spelt_alike(reading, reading.ref)

    def _spelt_alike(self, reading: Reading, ref: AccountRef | None) -> Iterator[Anomaly]:
        """Warn about an identifier that differs from another of its site only by dashes: families mix them up."""
        other_spellings = spellings(ref.identifier)[1:] if ref else ()
        of_site = self._families[ref.site] if ref else {}
        for identifiers in (of_site[spelling] for spelling in other_spellings if spelling in of_site):
            yield Anomaly(
                "row_identifier_alike", "warning", reading.line, ("identifier", 1), ref, {"line": str(identifiers.line)}
            )

    def _leave_out(self, entry: _Entry, reading: Reading, code: str, column: Column) -> Anomaly:
        """Leave out all rows of an identifier, as it is unclear which one is its family's."""
        if not entry.is_left_out:
            entry.is_left_out = True
            self.left_out += entry.rows
        return Anomaly(code, "error", reading.line, column, reading.ref, {"line": str(entry.line)})

    def _shared_addresses(self, entry: _Entry, reading: Reading) -> Iterator[Anomaly]:
        """Warn about addresses of another family. An equal name at another site is the same family."""
        for email, number in reading.addresses.columns.items():
            owner = self._mailboxes.setdefault(email, entry)
            is_same = owner is entry or (owner.facts[:_SHORT] == entry.facts[:_SHORT] and owner.site != entry.site)
            if not is_same:
                facts = {"email": email, "line": str(owner.line)}
                yield Anomaly("row_email_shared", "warning", reading.line, ("email", number), reading.ref, facts)


def _signs(site: str, name: str, emails: Iterable[str], pupils: Iterable[Pupil]) -> Iterator[int]:
    """Hash the facts that find a family under another identifier: its pupils, and its addresses with its name."""
    yield from (hash((site, fold(pupil.name), pupil.born_on)) for pupil in pupils)
    yield from (hash((site, fold(name), email)) for email in emails)


def _differing(our_digest: bytes, their_digest: bytes) -> Column:
    """Find the column of the first fact that differs."""
    columns = list(_FACTS.values())
    return next(
        columns[place // _SHORT]
        for place in range(0, len(our_digest), _SHORT)
        if our_digest[place : place + _SHORT] != their_digest[place : place + _SHORT]
    )


Loss = Literal["", "lost", "replaced"]

_TITLES: Final = frozenset(
    {"m", "mme", "mlle", "mr", "monsieur", "madame", "mademoiselle", "famille", "et", "dr", "me"}
)


def loss_of(before: Account, after: Account) -> Loss:
    """Compare an account before and after an import.

    Lost: the name of a guardian or pupil, a birth date, telephone, e-mail or address line, the payer, all courses, or
    a part of one that stays: its discipline, level, teacher, day, hours, place or room.
    Replaced: a birth date, telephone or e-mail has another value. Titles, spelling and word order do not count.
    """
    pairs = zip(_amounts(before), _amounts(after), strict=True)
    if not _names(before) <= _names(after) or any(theirs < ours for ours, theirs in pairs):
        return "lost"
    kinds = list(zip(_coordinates(before), _coordinates(after), strict=True))
    if any(len(theirs) < len(ours) for ours, theirs in kinds) or _loses_part(before, after):
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


def _loses_part(before: Account, after: Account) -> bool:
    """Whether a pupil's courses lose one of their parts. Those of a course that has ended do not count."""
    courses_after = _courses_by_name(after)
    for name, courses in _courses_by_name(before).items():
        pairs = zip(_parts(courses), _parts(courses_after[name]), strict=False)  # without courses, without parts
        if any(theirs < min(ours, len(courses_after[name])) for ours, theirs in pairs):
            return True
    return False


def _courses_by_name(account: Account) -> dict[frozenset[str], list[Course]]:
    courses: dict[frozenset[str], list[Course]] = defaultdict(list)
    for pupil in account.household.pupils:
        courses[words_of(pupil.name)].extend(pupil.courses)
    return courses


def _parts(courses: Iterable[Course]) -> tuple[int, ...]:
    """Count the courses that have each of their parts."""
    parts = [
        (course.discipline, course.level, course.teacher, *split_slot(course.slot), course.place, ", " in course.place)
        for course in courses
    ]
    return tuple(sum(map(bool, part)) for part in zip(*parts, strict=True))


_MAY_DIFFER: Final[dict[ListedField, tuple[str, Column]]] = {
    "telephones": ("row_telephones_differ", ("telephone", 1)),
    "payer": ("row_payers_differ", ("payer", 1)),
}


def merge_rows(readings: Iterable[Reading], index: FamilyIndex, report: ReportAnomaly) -> Iterator[ListedFamily]:
    """Merge the rows of each family once its last one is read. Incomplete families wait in memory."""
    waiting: dict[AccountRef, tuple[ListedFamily, int]] = {}
    for reading in readings:
        rows = index.rows_of(reading.family.ref) if reading.family else 0
        if not reading.family or not rows:
            continue
        family, row_count = reading.family, 1
        if family.ref in waiting:
            before, seen_before = waiting.pop(family.ref)
            family, row_count = _merge(before, family, report), seen_before + 1
        if row_count < rows:
            waiting[family.ref] = family, row_count
        else:
            yield _without_partial_pupils(family, index)


def _merge(before: ListedFamily, row: ListedFamily, report: ReportAnomaly) -> ListedFamily:
    pupils = merge_pupils((*before.pupils, *row.pupils))
    doubtful_fields = frozenset(_differing_fields(before, row, report))
    if pupils == before.pupils and row.listed_fields == before.listed_fields and not doubtful_fields:
        report(Anomaly("row_repeated", "warning", row.line, None, row.ref, {"line": str(before.line)}))
    listed_fields = (before.listed_fields & row.listed_fields) - doubtful_fields
    return replace(before, pupils=pupils, listed_fields=listed_fields, filled=before.filled | row.filled)


def _differing_fields(before: ListedFamily, row: ListedFamily, report: ReportAnomaly) -> Iterator[ListedField]:
    """Doubt the fields that may differ between rows of one family."""
    for field, (code, column) in _MAY_DIFFER.items():
        if field in before.listed_fields & row.listed_fields and getattr(before, field) != getattr(row, field):
            report(Anomaly(code, "warning", row.line, column, row.ref, {"line": str(before.line)}))
            yield field


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


def _shares_name(names: Iterable[str], other_names: Iterable[str]) -> bool:
    other_names = list(other_names)
    return any(_is_one(name, other) for name in names for other in other_names)


def _shares_pupil(pupils: Iterable[Pupil], other_pupils: tuple[Pupil, ...]) -> bool:
    """Whether both have a common pupil, by name, or by first name and birth date."""
    return any(
        _is_one(pupil.name, other_pupil.name)
        or (pupil.born_on and pupil.born_on == other_pupil.born_on and _first_name(pupil) == _first_name(other_pupil))
        for pupil in pupils
        for other_pupil in other_pupils
    )


def _first_name(pupil: Pupil) -> str:
    return fold(first_name(pupil.name))


def _is_one(name: str, other: str) -> bool:
    """Whether two names mean the same person: all words of one are in the other."""
    words, other_words = words_of(name), words_of(other)
    return bool(words and other_words) and (words <= other_words or other_words <= words)
