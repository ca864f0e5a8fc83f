"""The guardians of a row, each with its numbered address and telephone."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from chalicelib.domain.family.birth_dates import age_at
from chalicelib.domain.family.households import Course, Guardian, Pupil, merge_pupils
from chalicelib.domain.family.postal import lines_of_cells
from chalicelib.domain.family.telephones import telephone_from
from chalicelib.domain.roster.cells import birth_dates_from
from chalicelib.domain.roster.row_emails import Addresses
from chalicelib.domain.roster.yearly_file import GUARDIANS_AT_MOST, Row, RowNotes, join_cells

PUPIL_WORDS: Final = ("pupil_first", "pupil", "born_on")
COURSE_WORDS: Final = ("discipline", "level", "teacher", "day", "time", "place", "room")
_OLDEST: Final = 1900
_IMPLAUSIBLE: Final = 100  # years: software exports such dates for an unknown birth date
_TIME: Final = re.compile(r"\b(\d\d?)(?:(?::| ?(?:heures?|h) ?)(\d\d)\b(?::\d\d\b)?| ?(?:heures?|h)\b)", re.IGNORECASE)
_UNTIL: Final = re.compile(r"(?<=[\dh]) ?[-–] ?(?=\d)")


def pupils_of(row: Row, notes: RowNotes, today: date) -> tuple[Pupil, ...]:
    """Parse the pupils of a row. One listed under several numbers becomes one pupil with several courses."""
    return merge_pupils(_pupils(row, notes, today))


def _pupils(row: Row, notes: RowNotes, today: date) -> Iterator[Pupil]:
    named, taught = row.numbers(*PUPIL_WORDS), row.numbers(*COURSE_WORDS)
    is_one = len(named) == 1  # then all courses of the row are its own
    for number in named if is_one else sorted({*named, *taught}):
        name = join_cells(row, number, "pupil_first", "pupil")
        courses = tuple(filter(None, (_course(row, place) for place in (taught if is_one else [number]))))
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


def _hours(typed: str) -> str:
    """Format the hours of a cell as « 14 h 30 » or « 14 h - 15 h 15 », from 14:30, 14H30 or 14:30:00."""
    hours = _TIME.sub(lambda found: f"{int(found[1])} h {found[2] or ''}".rstrip(), typed)
    return _UNTIL.sub(" - ", hours)


def _born_on(row: Row, number: int, notes: RowNotes, today: date) -> date | None:
    typed = row.cell("born_on", number)
    readings = sorted({day for day in birth_dates_from(typed) if date(_OLDEST, 1, 1) <= day <= today})
    plausible = [day for day in readings if age_at(day, today) < _IMPLAUSIBLE]
    if len(plausible) == 1:
        return plausible[0]
    if plausible or (typed and not readings):
        notes.warn("row_date_unreadable", ("born_on", number), doubts="pupils", date=typed)
    elif typed:
        age = str(age_at(readings[-1], today))
        notes.warn("row_date_implausible", ("born_on", number), doubts="pupils", date=typed, age=age)
    return None


TELEPHONE_WORDS: Final = ("mobile", "telephone")
ADDRESS_WORDS: Final = ("guardian_address", "guardian_postcode", "guardian_town", "guardian_country")
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
            yield Guardian(name, addresses.of(number), telephone, _address(row, number))
        elif telephone:
            notes.warn("row_telephone_nameless", ("telephone", number), doubts="telephones")


def _name(row: Row, number: int) -> str:
    """Return a guardian's name. Without guardian columns, the first telephone is the family's."""
    if number == 1 and not row.numbers(*_NAMES):
        return row.cell("name")
    return join_cells(row, number, "guardian_title", "guardian_first", "guardian")


def _address(row: Row, number: int) -> tuple[str, ...]:
    """List the lines of a guardian's own postal address."""
    street, postcode, town, country = (row.cell(word, number) for word in ADDRESS_WORDS)
    return lines_of_cells(street.split("\n"), postcode, town, country)


def _telephone(row: Row, number: int, notes: RowNotes) -> str:
    telephones = []
    for word in TELEPHONE_WORDS:
        typed = row.cell(word, number)
        telephones.append(telephone_from(typed))
        if typed and not telephones[-1]:
            notes.warn("row_telephone_unreadable", (word, number), doubts="telephones", telephone=typed)
    return telephone_from("\n".join(filter(None, telephones)))
