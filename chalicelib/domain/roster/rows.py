"""A row of the yearly file, parsed and checked: its family, or the reason to leave it out, and warnings."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import date
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.identifiers import identifier_from
from chalicelib.domain.family.birth_dates import age_at
from chalicelib.domain.family.households import Course, Guardian, Pupil, merge_pupils
from chalicelib.domain.family.postal import is_too_long, lines_of_cells
from chalicelib.domain.family.telephones import telephone_from
from chalicelib.domain.roster.cells import birth_dates_from
from chalicelib.domain.roster.listed_fields import ADDRESS_WORDS, COLUMNS, COURSE_WORDS, PUPIL_WORDS, TELEPHONE_WORDS
from chalicelib.domain.roster.row_emails import Addresses, addresses_of
from chalicelib.domain.roster.row_families import ListedFamily
from chalicelib.domain.roster.yearly_file import (
    GUARDIANS_AT_MOST,
    ONCE,
    SEVERAL,
    Anomaly,
    Row,
    RowNotes,
    has_control,
    is_formula_error,
    is_garbled,
    join_cells,
)
from chalicelib.domain.text import fold
from chalicelib.values import frozen

_OLDEST: Final = 1900
_IMPLAUSIBLE: Final = 100  # years: software exports such dates for an unknown birth date
_TIME: Final = re.compile(r"\b(\d\d?)(?:(?::| ?(?:heures?|h) ?)(\d\d)\b(?::\d\d\b)?| ?(?:heures?|h)\b)", re.IGNORECASE)
_UNTIL: Final = re.compile(r"(?<=[\dh]) ?[-–] ?(?=\d)")


def pupils_of(row: Row, notes: RowNotes, today: date) -> tuple[Pupil, ...]:
    """Parse the pupils of a row. One listed under several numbers becomes one pupil with several courses."""
    return merge_pupils(_pupils(row, notes, today))


def _pupils(row: Row, notes: RowNotes, today: date) -> Iterator[Pupil]:
    pupil_numbers, course_numbers = row.numbers(*PUPIL_WORDS), row.numbers(*COURSE_WORDS)
    is_one = len(pupil_numbers) == 1  # then all courses of the row are its own
    for number in pupil_numbers if is_one else sorted({*pupil_numbers, *course_numbers}):
        name = join_cells(row, number, "pupil_first", "pupil")
        courses = tuple(filter(None, (_course(row, place) for place in (course_numbers if is_one else [number]))))
        if name:
            yield Pupil(name, _born_on(row, number, notes, today), courses)
        elif courses or row.cell("born_on", number):
            notes.warn("row_pupil_nameless", ("pupil", number), doubts="pupils")


def _course(row: Row, number: int) -> Course | None:
    discipline, level, teacher, day, time, place, room = (
        row.cell(word, number).replace("\n", " ") for word in COURSE_WORDS
    )
    slot = " ".join(filter(None, (day.lower(), _hours(time))))
    course = Course(discipline, level, teacher, slot, ", ".join(filter(None, (place, room))))
    return course if course != Course("") else None


def _hours(text: str) -> str:
    """Format the hours of a cell as « 14 h 30 » or « 14 h - 15 h 15 », from 14:30, 14H30 or 14:30:00."""
    hours = _TIME.sub(lambda found: f"{int(found[1])} h {found[2] or ''}".rstrip(), text)
    return _UNTIL.sub(" - ", hours)


def _born_on(row: Row, number: int, notes: RowNotes, today: date) -> date | None:
    text = row.cell("born_on", number)
    readings = sorted({day for day in birth_dates_from(text) if date(_OLDEST, 1, 1) <= day <= today})
    plausible = [day for day in readings if age_at(day, today) < _IMPLAUSIBLE]
    if len(plausible) == 1:
        return plausible[0]
    if plausible or (text and not readings):
        notes.warn("row_date_unreadable", ("born_on", number), doubts="pupils", date=text)
    elif text:
        age = str(age_at(readings[-1], today))
        notes.warn("row_date_implausible", ("born_on", number), doubts="pupils", date=text, age=age)
    return None


_NAMES: Final = ("guardian", "guardian_first")


def guardians_of(row: Row, addresses: Addresses, notes: RowNotes) -> tuple[Guardian, ...]:
    """Parse the guardians of a row."""
    return tuple(_guardians(row, addresses, notes))


def _guardians(row: Row, addresses: Addresses, notes: RowNotes) -> Iterator[Guardian]:
    for number in row.numbers(*_NAMES, *TELEPHONE_WORDS):
        name, telephone = _name(row, number), _telephone(row, number, notes)
        if name and number > GUARDIANS_AT_MOST:
            notes.warn("row_guardians_too_many", ("guardian", number), name=name)
        elif name:
            yield Guardian(name, addresses.of(number), telephone, _guardian_address(row, number))
        elif telephone:
            notes.warn("row_telephone_nameless", ("telephone", number), doubts="telephones")


def _name(row: Row, number: int) -> str:
    """Return a guardian's name. Without guardian columns, the first telephone is the family's."""
    if number == 1 and not row.numbers(*_NAMES):
        return row.cell("name")
    return join_cells(row, number, "guardian_title", "guardian_first", "guardian")


def _guardian_address(row: Row, number: int) -> tuple[str, ...]:
    """List the lines of a guardian's own postal address."""
    street, postcode, town, country = (row.cell(word, number) for word in ADDRESS_WORDS)
    return lines_of_cells(street.split("\n"), postcode, town, country)


def _telephone(row: Row, number: int, notes: RowNotes) -> str:
    telephones = []
    for word in TELEPHONE_WORDS:
        text = row.cell(word, number)
        telephones.append(telephone_from(text))
        if text and not telephones[-1]:
            notes.warn("row_telephone_unreadable", (word, number), doubts="telephones", telephone=text)
    return telephone_from("\n".join(filter(None, telephones)))


# Code points of a cell that may have several lines.
_LONGEST: Final = {"email": 1100, "address": 400, "guardian_address": 400} | dict.fromkeys(
    (*TELEPHONE_WORDS, *COURSE_WORDS), 200
)
_LONGEST_NAME: Final = 200  # code points of other cells
_SCIENTIFIC: Final = re.compile(r"\d([.,]\d+)?E\+\d+", re.IGNORECASE)
_WORDS: Final = frozenset((*ONCE, *SEVERAL))


@frozen
class Reading:
    """A parsed row: its account if readable, and its family unless the row is left out."""

    line: int
    ref: AccountRef | None
    family: ListedFamily | None
    anomalies: tuple[Anomaly, ...]
    addresses: Addresses = field(repr=False)


def read_row(row: Row, sites: Mapping[str, str], today: date) -> Reading:
    """Parse a row. `sites`: the site's code by its folded code or name."""
    notes = RowNotes(row.line)
    if row.shifted:
        notes.refuse("row_shifted")
        return Reading(row.line, None, None, tuple(notes.anomalies), Addresses({}))
    notes.ref = ref_of(row, sites, notes)
    _check_cells(row, notes)
    if not row.cell("name"):
        notes.refuse("row_without_name", ("name", 1))
    addresses = addresses_of(row, notes)
    family = _family(row, notes.ref, addresses, notes, today) if notes.ref else None
    return Reading(row.line, notes.ref, None if notes.refuses else family, tuple(notes.anomalies), addresses)


def ref_of(row: Row, sites: Mapping[str, str], notes: RowNotes) -> AccountRef | None:
    """Parse the account of a row. None if site or identifier is invalid."""
    site_name, text = row.cell("site"), row.cell("identifier")
    site = sites.get(fold(site_name), "")
    if not site:
        notes.refuse("row_site_unknown" if site_name else "row_without_site", ("site", 1), site=site_name)
    identifier = identifier_from(text)
    if not text:
        notes.refuse("row_without_identifier", ("identifier", 1))
    elif not any(map(str.isalnum, identifier)) or _SCIENTIFIC.fullmatch(text) or is_formula_error(text):
        notes.refuse("row_identifier_unreadable", ("identifier", 1), identifier=text)
    return None if notes.refuses else AccountRef(site, identifier)


def _check_cells(row: Row, notes: RowNotes) -> None:
    for column, cell in row.cells.items():
        if len(cell) > _LONGEST.get(column[0], _LONGEST_NAME):
            notes.refuse("row_too_long", column, length=str(len(cell)))
        elif has_control(cell, allowed_controls="\n" if column[0] in _LONGEST else ""):
            notes.refuse("row_control", column)
        elif is_formula_error(cell) and column[0] not in {"site", "identifier"}:
            notes.refuse("row_formula_error", column, cell=cell)
        elif is_garbled(cell):
            notes.warn("row_garbled", column, cell=cell)


def _family(row: Row, ref: AccountRef, addresses: Addresses, notes: RowNotes, today: date) -> ListedFamily:
    guardians = guardians_of(row, addresses, notes)
    address = _address(row)
    pupils = pupils_of(row, notes, today)
    if row.numbers("address") and not address and not addresses.all:
        notes.warn("row_unreachable", ("address", row.numbers("address")[0]))
    if is_too_long(address):
        notes.warn("row_address_too_long", ("address", 1))
    present = {word for word, _ in row.cells}
    listed_fields = {what for what, words in COLUMNS.items() if not present.isdisjoint(words)} - notes.doubted
    return ListedFamily(
        ref=ref,
        line=row.line,
        display_identifier=row.cell("identifier"),
        name=row.cell("name"),
        guardians=guardians,
        emails=addresses.all,
        address=address,
        pupils=pupils,
        payer=row.cell("payer"),
        listed_fields=frozenset(listed_fields),
        absent=_WORDS - present,
        filled=frozenset(word for (word, _), cell in row.cells.items() if cell),
    )


def _address(row: Row) -> tuple[str, ...]:
    """List the lines of the postal address."""
    streets = [line for number in row.numbers("address") for line in row.cell("address", number).split("\n")]
    return lines_of_cells(streets, row.cell("postcode"), row.cell("town"), row.cell("country"))
