"""A folder of PDFs named by invoice number: which is an invoice's, and whether it is a whole PDF by its content."""

from collections import defaultdict
from pathlib import Path
from typing import Final

from chalicelib.domain.billing.bills import Invoice
from chalicelib.domain.text import folded
from chalicelib.office.billing.pdfs import PdfUnfit
from chalicelib.office.refused import Refused

_MOST: Final = 20_000_000  # bytes
_HEAD: Final = b"%PDF-"
_END: Final = b"%%EOF"
_TAIL: Final = 1024  # bytes from the end within which readers look for it
_SUFFIX: Final = ".pdf"
_WORD_BEFORE: Final = ("facture ", "avoir ")  # « Facture 2026-0012.pdf »


class PdfFolder:
    """Finds the PDF of an invoice: `2026-0012.pdf`, however its number is spelt. Raises `Refused` for no folder."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise Refused("pdfs_not_folder", folder=str(folder))
        self._files: dict[str, list[Path]] = defaultdict(list)
        for path in sorted(folder.iterdir()):
            if path.suffix.lower() == _SUFFIX and path.is_file():
                self._files[_mark(path.stem)].append(path)

    def __call__(self, invoice: Invoice) -> bytes:
        """Read the PDF of an invoice. Raises `PdfUnfit`."""
        found = self._files.get(invoice.mark, [])
        if not found:
            raise PdfUnfit("invoice_without_pdf")
        if len(found) > 1:
            raise PdfUnfit("invoice_pdf_twice")
        return _read(found[0])


def _mark(stem: str) -> str:
    mark = folded(stem)
    return next((mark.removeprefix(word) for word in _WORD_BEFORE if mark.startswith(word)), mark)


def _read(path: Path) -> bytes:
    if path.stat().st_size > _MOST:
        raise PdfUnfit("invoice_pdf_too_big")
    content = path.read_bytes()
    if not content.startswith(_HEAD):
        raise PdfUnfit("invoice_pdf_not_one")
    if _END not in content[-_TAIL:]:
        raise PdfUnfit("invoice_pdf_cut_short")
    return content
