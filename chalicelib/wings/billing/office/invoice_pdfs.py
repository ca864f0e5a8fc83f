"""PDFs named by invoice number, in a folder or a ZIP: each is found, and checked to be whole by its content.

The names in a ZIP are only compared with numbers: nothing is written under them.
"""

import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Final

from chalicelib.domain.roster.yearly_file import Anomaly
from chalicelib.domain.text import fold
from chalicelib.office.files.open_file import received
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.wings.billing.domain.bills import Invoice
from chalicelib.wings.billing.office.survey import UnusablePdf

_MOST: Final = 20_000_000  # bytes
_HEAD: Final = b"%PDF-"
_END: Final = b"%%EOF"
_TAIL: Final = 1024  # bytes from the end in which readers look for it
_SUFFIX: Final = ".pdf"
_WORD_BEFORE: Final = ("facture ", "avoir ")  # « Facture 2026-0012.pdf »

_ENTRIES: Final = 5_000  # of a ZIP
_UNPACKED: Final = 300_000_000  # bytes of all entries
_DIRECTORY: Final = 2_000_000  # bytes: the list of entries is read into memory
_LISTS: Final = frozenset({".csv", ".txt", ".xlsx"})
_BOOK: Final = "[Content_Types].xml"  # in an XLSX, which is a ZIP too
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)

# Of a file: its name, its size in bytes, and its content.
NamedFile = tuple[str, int, Callable[[], bytes]]


class NamedPdfs:
    """Finds the PDF of an invoice, however its number is spelt: `2026-0012.pdf`."""

    def __init__(self, files: Iterable[NamedFile]) -> None:
        self._files: dict[str, list[NamedFile]] = defaultdict(list)
        for file in files:
            path = PurePosixPath(file[0])
            if path.suffix.lower() == _SUFFIX:
                self._files[_mark(path.stem)].append(file)

    def unlisted(self, number_keys: Container[str]) -> Iterator[Anomaly]:
        """Report the PDFs whose number no row of the list has."""
        for key, files in self._files.items():
            for name, *_ in files if key not in number_keys else ():
                yield Anomaly("invoice_pdf_unlisted", "warning", 0, facts={"name": PurePosixPath(name).name})

    def __call__(self, invoice: Invoice) -> bytes:
        """Read the PDF of an invoice. Raises `UnusablePdf`."""
        files = self._files.get(invoice.number_key, [])
        if not files:
            raise UnusablePdf("invoice_without_pdf")
        if len(files) > 1:
            raise UnusablePdf("invoice_pdf_twice")
        return _read_pdf(files[0])


def pdfs_in_folder(folder: Path) -> NamedPdfs:
    """Find the PDFs of a folder. Raises `OfficeRefusal` if there is no such folder."""
    if not folder.is_dir():
        raise OfficeRefusal("pdfs_not_folder", folder=str(folder))
    paths = sorted(path for path in folder.iterdir() if path.is_file() and not _is_hidden(path.name))
    return NamedPdfs((path.name, path.stat().st_size, path.read_bytes) for path in paths)


@contextmanager
def open_invoices(path: Path) -> Iterator[tuple[Path, NamedPdfs]]:
    """Open a ZIP of one list and its PDFs, or a list alone. Raises `OfficeRefusal`."""
    try:
        archive = _open_zip(path)
    except _BROKEN:
        raise OfficeRefusal("zip_broken") from None
    if archive is None:
        yield path, NamedPdfs(())
        return
    with archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        lists = [entry for entry in entries if _is_list(entry.filename)]
        if len(lists) != 1:
            names = ", ".join(PurePosixPath(entry.filename).name for entry in lists) or "aucune"
            raise OfficeRefusal("zip_list_not_one", names=names)
        try:
            content = archive.read(lists[0])
        except _BROKEN:
            raise OfficeRefusal("zip_broken") from None
        visible = (entry for entry in entries if not _is_hidden(entry.filename))
        pdfs = ((entry.filename, entry.file_size, _reader(archive, entry)) for entry in visible)
        with received(content) as list_path:
            yield list_path, NamedPdfs(pdfs)


def _open_zip(path: Path) -> zipfile.ZipFile | None:
    """Open a ZIP that fits into memory. None for a file of another kind. Raises `OfficeRefusal`."""
    with path.open("rb") as stream:
        is_zip = stream.read(4) == b"PK\3\4"
        stream.seek(max(0, path.stat().st_size - (1 << 16) - 22))
        end = stream.read()
    if not is_zip:
        return None
    before, mark, record = end.rpartition(b"PK\5\6")
    is_zip64 = before[-20:].startswith(b"PK\6\7")
    if not mark or is_zip64 or int.from_bytes(record[8:12], "little") > _DIRECTORY:
        raise OfficeRefusal("zip_too_large", entries=_ENTRIES)
    archive = zipfile.ZipFile(path)
    entries = archive.infolist()
    if any(entry.filename == _BOOK for entry in entries):
        archive.close()
        return None
    if len(entries) > _ENTRIES or sum(entry.file_size for entry in entries) > _UNPACKED:
        archive.close()
        raise OfficeRefusal("zip_too_large", entries=_ENTRIES)
    return archive


def _is_hidden(name: str) -> bool:
    """Whether a Mac added it: « __MACOSX/._2026-0012.pdf »."""
    return PurePosixPath(name).name.startswith(".")


def _is_list(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in _LISTS and not _is_hidden(name)


def _reader(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            return archive.read(entry)  # at most the declared size
        except _BROKEN:
            return b""

    return read


def _mark(stem: str) -> str:
    key = fold(stem)
    return next((key.removeprefix(word) for word in _WORD_BEFORE if key.startswith(word)), key)


def _read_pdf(file: NamedFile) -> bytes:
    _, size, reader = file
    if size > _MOST:
        raise UnusablePdf("invoice_pdf_too_big")
    content = reader()
    if not content.startswith(_HEAD):
        raise UnusablePdf("invoice_pdf_not_one")
    if _END not in content[-_TAIL:]:
        raise UnusablePdf("invoice_pdf_cut_short")
    return content
