"""XLSX as spreadsheets write it, and as an attacker would."""

import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from chalicelib.office.files.xlsx_reader import records, sheets
from chalicelib.office.refusals import OfficeRefusal

NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def save(path: Path, *rows: tuple[object, ...]) -> Path:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "Familles"
    for row in rows:
        sheet.append(list(row))
    workbook.save(path)
    return path


def replace(path: Path, name: str, content: bytes) -> Path:
    """Replace the content of a part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in (parts | {name: content}).items():
            archive.writestr(part, data)
    return path


def sheet_of(cells: str) -> bytes:
    return f'<worksheet xmlns="{NAMESPACE}"><sheetData>{cells}</sheetData></worksheet>'.encode()


def test_cells_read_as_a_person_would_type_them(tmp_path: Path) -> None:
    path = save(
        tmp_path / "familles.xlsx",
        ("Zoé", 1001.0, 91000, 12.5, True, False, None),
        (datetime(2015, 2, 28), datetime(2015, 2, 28, 10, 30), time(10, 30), " Évry "),  # noqa: DTZ001 - of a cell
    )

    assert sheets(path) == ["Familles"]
    assert list(records(path, "Familles")) == [
        ("Zoé", "1001", "91000", "12.5", "VRAI", "FAUX"),
        ("2015-02-28", "2015-02-28 10:30:00", "10:30:00", " Évry "),
    ]


@pytest.mark.parametrize(("epoch", "later"), [(WINDOWS_EPOCH, 0), (MAC_EPOCH, 1462)])
def test_days_and_hours_read_by_their_format_in_either_calendar(tmp_path: Path, epoch: datetime, later: int) -> None:
    workbook, path = Workbook(), tmp_path / "dates.xlsx"
    workbook.epoch = epoch
    formats = ("General", "[$-40C]d mmmm yyyy", "dd/mm/yy hh:mm", "hh:mm", "[h]:mm:ss", '0" jours"', "[Red]0.00")
    numbers = (42063, 42063, 42063.4375, 0.4375, 1.5, 3, 12.5)
    for place, (number, format_) in enumerate(zip(numbers, formats, strict=True), start=1):
        workbook.worksheets[0].cell(1, place, number).number_format = format_
    workbook.save(path)

    day = date(2015, 2, 28) + timedelta(days=later)

    expected = ("42063", f"{day}", f"{day} 10:30:00", "10:30:00", "1 day, 12:00:00", "3", "12.5")
    assert list(records(path, "Sheet")) == [expected]


def test_a_formula_reads_as_the_value_it_had(tmp_path: Path) -> None:
    path = save(tmp_path / "familles.xlsx", ("a",))
    replace(path, "xl/worksheets/sheet1.xml", sheet_of(
        '<row r="1"><c r="A1" t="str"><f>CONCATENATE("XEN",1)</f><v>XEN1</v></c>'
        '<c r="B1" t="e"><f>A9/0</f><v>#DIV/0!</v></c></row>',
    ))  # fmt: skip

    assert list(records(path, "Familles")) == [("XEN1", "#DIV/0!")]


def test_texts_that_cells_share_as_excel_writes_them(tmp_path: Path) -> None:
    path = save(tmp_path / "familles.xlsx", ("a",))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    with zipfile.ZipFile(path) as archive:
        types = archive.read("[Content_Types].xml").decode()
    part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    replace(path, "[Content_Types].xml", types.replace("</Types>", part).encode())
    texts = "<si><t>Zoé</t><rPh sb='0' eb='3'><t>ゾエ</t></rPh></si><si><r><t>Mé</t></r><r><t>sange</t></r></si>"
    replace(path, "xl/sharedStrings.xml", f'<sst xmlns="{NAMESPACE}">{texts}</sst>'.encode())
    cells = '<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" t="s"><v>0</v></c></row>'
    replace(path, "xl/worksheets/sheet1.xml", sheet_of(cells))

    assert list(records(path, "Familles")) == [("Mésange", "Zoé")]


def test_rows_that_are_not_there_count_as_the_spreadsheet_counts_them(tmp_path: Path) -> None:
    path = save(tmp_path / "familles.xlsx", ("a",))
    cell = '<row r="3"><c r="B3" t="inlineStr"><is><t>b</t></is></c></row>'
    replace(path, "xl/worksheets/sheet1.xml", sheet_of(cell))

    assert list(records(path, "Familles")) == [(), (), ("", "b")]


@pytest.mark.filterwarnings("ignore:Cell A1 is marked as a date")
def test_a_date_that_no_calendar_has_reads_as_an_error(tmp_path: Path) -> None:
    path = save(tmp_path / "familles.xlsx", (datetime(2015, 2, 28),))  # noqa: DTZ001 - of a cell
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    replace(path, "xl/worksheets/sheet1.xml", sheet.replace(b"<v>42063</v>", b"<v>9999999999</v>"))

    assert list(records(path, "Familles")) == [("#VALUE!",)]


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/worksheets/sheet1.xml", b"<worksheet"),
        ("xl/worksheets/sheet1.xml", sheet_of('<row r="x"><c r="A1"><v>1</v></c></row>')),
        ("xl/worksheets/sheet1.xml", sheet_of('<row r="1"><c r="A1" t="s"><v>7</v></c></row>')),
        ("xl/workbook.xml", b"<html/>"),
        ("xl/_rels/workbook.xml.rels", b""),
    ],
)
def test_a_broken_workbook_is_told_in_a_sentence(tmp_path: Path, part: str, content: bytes) -> None:
    path = replace(save(tmp_path / "familles.xlsx", ("a",)), part, content)

    with pytest.raises(OfficeRefusal, match="file_xlsx_broken"):
        [list(records(path, sheet)) for sheet in sheets(path)]


def test_a_part_cut_off_is_told_in_a_sentence(tmp_path: Path) -> None:
    path = save(tmp_path / "familles.xlsx", *(("a", number) for number in range(2000)))
    path.write_bytes(path.read_bytes()[:3000])

    with pytest.raises(OfficeRefusal, match="file_xlsx_broken"):
        sheets(path)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = save(tmp_path / "familles.xlsx", ("a",))
    cell = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"a" * 20_000_000}</t></is></c></row>'
    replace(path, "xl/worksheets/sheet1.xml", sheet_of(cell))

    with pytest.raises(OfficeRefusal, match="file_too_big"):
        sheets(path)


def test_a_row_of_more_elements_than_a_memory_holds_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "familles.xlsx", ("a",))
    replace(path, "xl/worksheets/sheet1.xml", sheet_of(f'<row r="1">{"<c/>" * 500_001}</row>'))

    with pytest.raises(OfficeRefusal, match="file_too_big"):
        sheets(path)


@pytest.mark.filterwarnings("ignore:File contains an invalid specification")
def test_a_strict_workbook_is_told_how_to_be_saved(tmp_path: Path) -> None:
    path = save(tmp_path / "familles.xlsx", ("a",))
    with zipfile.ZipFile(path) as archive:
        workbook = archive.read("xl/workbook.xml")
    strict = b"http://purl.oclc.org/ooxml/officeDocument/relationships"
    transitional = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    replace(path, "xl/workbook.xml", workbook.replace(transitional, strict))

    with pytest.raises(OfficeRefusal, match="file_xlsx_strict"):
        sheets(path)


def test_a_row_beyond_what_sheets_have_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "familles.xlsx", ("a",))
    replace(path, "xl/worksheets/sheet1.xml", sheet_of('<row r="4000000000"><c r="A4000000000"><v>1</v></c></row>'))

    with pytest.raises(OfficeRefusal, match="file_too_big"):
        for _ in records(path, "Familles"):
            pass


def test_entities_that_swell_are_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "familles.xlsx", ("a",))
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE x [<!ENTITY e0 "aaaaaaaaaa">{levels}]>'.encode() + sheet_of(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>&e9;</t></is></c></row>'
    )
    replace(path, "xl/worksheets/sheet1.xml", bomb)

    with pytest.raises(OfficeRefusal, match="file_xlsx_broken"):
        list(records(path, "Familles"))
