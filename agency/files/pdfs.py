"""A folder of PDFs named by invoice number: finds the PDF of an invoice, and checks that it is whole by its content."""

from collections import defaultdict
from pathlib import Path
from typing import Final

from chalicelib.domain.billing.bills import Invoice
from chalicelib.domain.text import fold
from chalicelib.office.billing.survey import UnusablePdf
from chalicelib.office.refusals import OfficeRefusal

_MOST: Final = 20_000_000  # bytes
_HEAD: Final = b"%PDF-"
_END: Final = b"%%EOF"
_TAIL: Final = 1024  # bytes from the end in which readers look for it
_SUFFIX: Final = ".pdf"
_WORD_BEFORE: Final = ("facture ", "avoir ")  # « Facture 2026-0012.pdf »


class PdfFolder:
    """Finds the PDF of an invoice, however its number is spelt: `2026-0012.pdf`. No folder raises `OfficeRefusal`."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise OfficeRefusal("pdfs_not_folder", folder=str(folder))
        self._files: dict[str, list[Path]] = defaultdict(list)
        for path in sorted(folder.iterdir()):
            if path.suffix.lower() == _SUFFIX and path.is_file():
                self._files[_mark(path.stem)].append(path)

    def __call__(self, invoice: Invoice) -> bytes:
        """Read the PDF of an invoice. Raises `UnusablePdf`."""
        paths = self._files.get(invoice.number_key, [])
        if not paths:
            raise UnusablePdf("invoice_without_pdf")
        if len(paths) > 1:
            raise UnusablePdf("invoice_pdf_twice")
        return _read_pdf(paths[0])


def _mark(stem: str) -> str:
    key = fold(stem)
    return next((key.removeprefix(word) for word in _WORD_BEFORE if key.startswith(word)), key)


def _read_pdf(path: Path) -> bytes:
    if path.stat().st_size > _MOST:
        raise UnusablePdf("invoice_pdf_too_big")
    content = path.read_bytes()
    if not content.startswith(_HEAD):
        raise UnusablePdf("invoice_pdf_not_one")
    if _END not in content[-_TAIL:]:
        raise UnusablePdf("invoice_pdf_cut_short")
    return content
