"""Rows laid out and written, one by one: a family a row, or a pupil a row; CSV or XLSX, the same bytes each time."""

import csv
import io
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from tools.make_families.family import Family, Guardian

Layout = Literal["families", "pupils"]

_PUPILS: Final = 4  # three at most, one of them with two courses
_NO_GUARDIAN: Final = Guardian("", "")
_FAMILY: Final = (
    *("Site", "Identifiant", "Famille", "Responsable 1", "E-mail 1", "Téléphone 1"),
    *("Responsable 2", "E-mail 2", "Téléphone 2", "Payeur"),
)
_ADDRESS: Final = ("Adresse 1", "Adresse 2", "Code postal", "Ville")
_PUPIL: Final = ("Élève", "Date de naissance", "Discipline", "Niveau", "Professeur", "Jour", "Horaire", "Lieu")
_NO_COURSE: Final = (("",) * len(_PUPIL),)
_NUMBERS: Final = re.compile(r"Code postal|Téléphone \d")  # that a spreadsheet takes for amounts
_DATE: Final = re.compile(r"\d\d/\d\d/\d{4}")


def table(families: Iterable[Family], layout: Layout) -> Iterator[Sequence[str]]:
    """Give the headings, then the rows."""
    if layout == "pupils":
        yield (*_FAMILY, *_ADDRESS, *_PUPIL)
        yield from ((*_family(made), *courses) for made in families for courses in _courses(made) or _NO_COURSE)
        return
    yield (*_FAMILY, *_ADDRESS, *(f"{each} {number}" for number in range(1, _PUPILS + 1) for each in _PUPIL))
    for made in families:
        courses = (*_courses(made), *_NO_COURSE * _PUPILS)[:_PUPILS]
        yield (*_family(made), *(cell for course in courses for cell in course))


def write_csv(rows: Iterable[Sequence[str]], path: Path, encoding: str, separator: str) -> None:
    """Write a CSV with the ends of line of a spreadsheet."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=separator).writerows(rows)


def write_xlsx(rows: Iterable[Sequence[str]], path: Path) -> None:
    """Write an XLSX whose dates are dates, and postcodes and telephones numbers, as a spreadsheet makes them."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Familles")
    numbers: list[bool] = []
    for row in rows:
        numbers = numbers or [bool(_NUMBERS.fullmatch(heading)) for heading in row]
        sheet.append([_cell(sheet, cell, is_number=each) for cell, each in zip(row, numbers, strict=True)])
    with tempfile.TemporaryFile() as saved:
        workbook.save(saved)
        _copy_undated(saved, path)


def _family(made: Family) -> Sequence[str]:
    first, second = (*made.guardians, _NO_GUARDIAN, _NO_GUARDIAN)[:2]
    who = (made.site, made.identifier, made.name, *astuple(first), *astuple(second), made.payer)
    return (*who, *made.address, made.postcode, made.town)


def _courses(made: Family) -> list[Sequence[str]]:
    """Give a pupil as often as it has courses."""
    return [(each.name, each.born_on, *astuple(course)) for each in made.pupils for course in each.courses]


def _cell(sheet: Any, text: str, *, is_number: bool) -> object:  # noqa: ANN401 - openpyxl names no type for it
    if is_number and text.isdigit():
        return int(text)
    if not _DATE.fullmatch(text):
        return text
    try:
        cell = WriteOnlyCell(sheet, datetime.strptime(text, "%d/%m/%Y"))  # noqa: DTZ007 - a day
    except ValueError:
        return text
    cell.number_format = "DD/MM/YYYY"
    return cell


def _copy_undated(saved: io.BufferedRandom, path: Path) -> None:
    """Copy the archive without the moment it was made at."""
    with ZipFile(saved) as made, ZipFile(path, "w", ZIP_DEFLATED) as copy:
        for name in made.namelist():
            part = ZipInfo(name)
            part.compress_type = ZIP_DEFLATED
            if name == "docProps/core.xml":
                copy.writestr(
                    part, re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-06-01T08:00:00Z", made.read(name))
                )
                continue
            with made.open(name) as source, copy.open(part, "w") as target:
                shutil.copyfileobj(source, target)
