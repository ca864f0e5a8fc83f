"""A folder of PDFs: each found by its invoice's number, however it is spelt, and checked by its content."""

from datetime import date
from pathlib import Path

import pytest

from agency.console.sentences import sentence_of
from agency.files.pdfs import PdfFolder
from chalicelib.domain.billing.bills import Invoice
from chalicelib.office.billing.survey import UnusablePdf
from chalicelib.office.refusals import OfficeRefusal
from tests.support.billing import PDF


def invoice(number: str) -> Invoice:
    return Invoice(number, date(2026, 9, 1), 100)


def unfit(folder: Path, number: str = "2026-0012") -> str:
    with pytest.raises(UnusablePdf) as refused:
        PdfFolder(folder)(invoice(number))
    return refused.value.code


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("2026-0012.pdf", "2026-0012"),
        ("2026-0012.PDF", "2026-0012"),
        ("2026_0012.pdf", "2026/0012"),
        ("Facture 2026-0012.pdf", "2026-0012"),
        ("Avoir n° 7.pdf", "N° 7"),
        ("FA 12.pdf", "fa-12"),
        ("Nº-É.pdf", "nº é"),
    ],
)
def test_a_pdf_is_found_by_the_number_of_its_invoice(tmp_path: Path, name: str, number: str) -> None:
    (tmp_path / name).write_bytes(PDF)

    assert PdfFolder(tmp_path)(invoice(number)) == PDF


@pytest.mark.parametrize("name", ["2026-0013.pdf", "2026-0012.txt", "2026-0012", "12026-0012.pdf", "20260012.pdf"])
def test_another_file_is_not_taken_for_it(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(PDF)

    assert unfit(tmp_path) == "invoice_without_pdf"


def test_two_files_that_may_be_it_are_for_a_person_to_sort_out(tmp_path: Path) -> None:
    for name in ("2026-0012.pdf", "Facture 2026_0012.pdf"):
        (tmp_path / name).write_bytes(PDF)

    assert unfit(tmp_path) == "invoice_pdf_twice"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "invoice_pdf_not_one"),
        (b"PK\x03\x04", "invoice_pdf_not_one"),
        (b"<html>%PDF-", "invoice_pdf_not_one"),
        (PDF[:20], "invoice_pdf_cut_short"),
        (PDF + b"\0" * 2000, "invoice_pdf_cut_short"),
        (PDF.ljust(20_000_001), "invoice_pdf_too_big"),
    ],
    ids=["empty", "a zip", "a page", "cut short", "overwritten", "too big"],
)
def test_a_file_is_judged_by_its_content(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "2026-0012.pdf").write_bytes(content)

    assert unfit(tmp_path) == code


def test_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OfficeRefusal, match="pdfs_not_folder") as refused:
        PdfFolder(tmp_path / "absent")

    assert "--pdfs DOSSIER" in sentence_of(refused.value)


def test_a_folder_of_that_name_is_no_pdf(tmp_path: Path) -> None:
    (tmp_path / "2026-0012.pdf").mkdir()

    assert unfit(tmp_path) == "invoice_without_pdf"
