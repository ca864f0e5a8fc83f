"""The parts of an XLSX, held against openpyxl, which reads them too: numbers, days and hours in every format."""

import io
from datetime import datetime, time
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from chalicelib.office.files.xlsx_parts import Dates, Rows, SharedTexts, Styles
from chalicelib.office.files.xlsx_reader import records

NUMBERS = (0, 0.25, 0.999999, 1, 42.5, 59.5, 60, 61, 42063, 42063.4375, 46000.123456, -1.5, 12.0, 0.1)
FORMATS = (
    *("General", "0.00", "dd/mm/yyyy", "yyyy-mm-dd hh:mm", "hh:mm", "[h]:mm:ss", "[$-40C]d mmmm yyyy", "mm:ss.0"),
    *('0" jours"', "[Red]0.00", "@", "# ##0 [$€-40C]", 'dd"/"mm;@', r"0\h00"),
)


def text_by_openpyxl(value: object) -> str:
    """Write a value of openpyxl's as we do."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.date().isoformat() if isinstance(value, datetime) and value.time() == time() else str(value)


@pytest.mark.parametrize("is_of_macintosh", [False, True])
def test_every_number_reads_in_every_format_as_openpyxl_reads_it(tmp_path: Path, *, is_of_macintosh: bool) -> None:
    workbook, path = Workbook(), tmp_path / "nombres.xlsx"
    workbook.epoch = datetime(1904, 1, 1) if is_of_macintosh else datetime(1899, 12, 30)  # noqa: DTZ001 - of a cell
    sheet = workbook.active
    assert sheet is not None
    for number in NUMBERS:
        sheet.append([number] * len(FORMATS))
    for column in sheet.iter_cols():
        for cell in column:
            cell.number_format = FORMATS[(cell.column or 1) - 1]
    workbook.save(path)
    expected = load_workbook(path, data_only=True).worksheets[0].iter_rows(values_only=True)

    read = list(records(path, "Sheet"))

    assert read == [tuple(map(text_by_openpyxl, row)) for row in expected]


def test_a_text_is_what_is_written_not_how_it_is_spoken() -> None:
    texts = SharedTexts()
    texts.read(io.BytesIO(b"<sst><si><t>A</t><rPh><t>B</t></rPh></si><si><r><t>C </t></r><r><t>D</t></r></si></sst>"))

    assert texts.texts == ["A", "C D"]


def test_only_styles_of_cells_count() -> None:
    styles = Styles()
    styles.read(
        io.BytesIO(
            b'<s><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf/><xf numFmtId="14"/></cellXfs></s>'
        )
    )

    assert (set(styles.dates), set(styles.lengths)) == ({1}, set())


def test_what_has_no_namespace_or_another_reads_alike() -> None:
    for namespace in ("", ' xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"'):
        rows = Rows(["Zoé"], Dates(Styles(), of_macintosh=False))
        rows.read(io.BytesIO(f'<w{namespace}><row><c t="s"><v>0</v></c><c><v>7</v></c></row></w>'.encode()))

        assert rows.take() == [(1, ("Zoé", "7"))]
