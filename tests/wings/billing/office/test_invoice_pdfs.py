"""PDFs in a folder or a ZIP: each found by its invoice's number, however it is spelt, and checked by its content."""

import zipfile
from datetime import date
from pathlib import Path

import pytest

from agency.console.sentences import sentence_of
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.wings.billing.domain.bills import Invoice
from chalicelib.wings.billing.office import invoice_pdfs
from chalicelib.wings.billing.office.invoice_pdfs import open_invoices, pdfs_in_folder
from chalicelib.wings.billing.office.survey import UnusablePdf
from tests.support.billing import PDF


def invoice(number: str) -> Invoice:
    return Invoice(number, date(2026, 9, 1), 100)


def unfit(folder: Path, number: str = "2026-0012") -> str:
    with pytest.raises(UnusablePdf) as error:
        pdfs_in_folder(folder)(invoice(number))
    return error.value.code


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

    assert pdfs_in_folder(tmp_path)(invoice(number)) == PDF


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
    with pytest.raises(OfficeRefusal, match="pdfs_not_folder") as refusal:
        pdfs_in_folder(tmp_path / "absent")

    assert "--pdfs DOSSIER" in sentence_of(refusal.value)


def test_a_folder_of_that_name_is_no_pdf(tmp_path: Path) -> None:
    (tmp_path / "2026-0012.pdf").mkdir()

    assert unfit(tmp_path) == "invoice_without_pdf"


# A ZIP.


def zipped(folder: Path, **files: bytes | str) -> Path:
    """Write a ZIP. A name's « __ » is its dot, and « / » may be in it."""
    path = folder / "factures.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return path


def refused(path: Path) -> str:
    with pytest.raises(OfficeRefusal) as refusal, open_invoices(path):
        pass
    return refusal.value.code


def test_a_zip_has_a_list_and_pdfs_under_any_path_and_nothing_is_written_there(tmp_path: Path) -> None:
    outside: dict[str, bytes | str] = {
        "../../2026-0012__pdf": PDF,
        "__MACOSX/._2026-0012__pdf": b"",
        "dossier/Liste__csv": "Site",
        "a/": "",
    }

    with open_invoices(zipped(tmp_path, **outside)) as (table, pdfs):
        assert table.read_text() == "Site"
        assert (table.name, pdfs(invoice("2026-0012"))) == ("déposé", PDF)
    assert [path.name for path in tmp_path.iterdir()] == ["factures.zip"]


def test_a_list_alone_is_read_as_it_is(tmp_path: Path) -> None:
    alone = tmp_path / "factures.csv"
    alone.write_text("Site")
    workbook = zipped(tmp_path, **{"[Content_Types]__xml": "<Types/>"})

    for path in (alone, workbook):
        with open_invoices(path) as (table, pdfs):
            assert table == path
            with pytest.raises(UnusablePdf, match="invoice_without_pdf"):
                pdfs(invoice("2026-0012"))


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"1__pdf": PDF}, "zip_list_not_one"),
        ({"a__csv": "", "b__xlsx": ""}, "zip_list_not_one"),
        ({"a__csv": "", **{f"{number}__pdf": "" for number in range(5_000)}}, "zip_too_large"),
        (
            {"a__csv": "", "n" * 60_000 + "__pdf": "", **{f"{number:060000}": "" for number in range(33)}},
            "zip_too_large",
        ),
    ],
    ids=["no list", "two lists", "many entries", "a large directory"],
)
def test_a_zip_of_no_list_with_its_pdfs_is_refused(tmp_path: Path, files: dict[str, bytes | str], code: str) -> None:
    assert refused(zipped(tmp_path, **files)) == code


def test_a_bomb_a_cut_and_a_locked_zip_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = zipped(tmp_path, a__csv="Site", b__pdf=b"\0" * 100_000)
    with monkeypatch.context() as limits:
        limits.setattr(invoice_pdfs, "_UNPACKED", 90_000)
        assert refused(path) == "zip_too_large"
    path = zipped(tmp_path, a__csv="Site" * 1000)
    whole = path.read_bytes()
    path.write_bytes(whole[:60])
    assert refused(path) == "zip_too_large"
    path.write_bytes(whole.replace(b"PK\1\2\x14\x03\x14\0\0\0", b"PK\1\2\x14\x03\x14\0\1\0"))
    assert refused(path) == "zip_broken"


def test_a_pdf_whose_size_or_content_is_forged_is_not_one(tmp_path: Path) -> None:
    path = zipped(tmp_path, a__csv="Site", **{"2026-0012__pdf": PDF})
    content = bytearray(path.read_bytes())
    content[content.index(b"2026-0012.pdf") + 20] ^= 255  # within the packed content
    path.write_bytes(content)

    with open_invoices(path) as (_, pdfs), pytest.raises(UnusablePdf, match="invoice_pdf_not_one"):
        pdfs(invoice("2026-0012"))


def test_the_name_of_an_entry_cannot_turn_or_break_the_text_beside(tmp_path: Path) -> None:
    path = zipped(tmp_path, **{"a\u202efdp__csv": "", "b\x1b[2J__csv": ""})

    with pytest.raises(OfficeRefusal) as refusal, open_invoices(path):
        pass

    assert "afdp.csv, b[2J.csv" in sentence_of(refusal.value)
