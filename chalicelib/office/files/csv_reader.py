"""CSV read record by record, in the encodings and with the separators that French software writes."""

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from chalicelib.office.refusals import OfficeRefusal

SEPARATORS: Final = (";", ",", "\t")
_CHUNK: Final = 1 << 20  # bytes
_MARKS: Final = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def encoding_of(path: Path) -> str:
    """Find the encoding: as marked, else UTF-8 where the whole file is, else Windows-1252. Raises `OfficeRefusal`."""
    with path.open("rb") as stream:
        head = stream.read(_CHUNK)
    for bom, encoding in _MARKS.items():
        if head.startswith(bom):
            return encoding
    if b"\0" in head:
        raise OfficeRefusal("file_not_table", file=path.name)
    for encoding in ("utf-8", "cp1252"):
        if _is_all(path, encoding):
            return encoding
    raise OfficeRefusal("file_encoding", file=path.name)


def records(path: Path, encoding: str, separator: str) -> Iterator[tuple[str, ...]]:
    """Read the records, empty ones too: they count as a spreadsheet counts its rows. Raises `OfficeRefusal`."""
    with path.open(encoding=encoding, newline="") as stream:
        reader = csv.reader(stream, delimiter=separator, strict=True)
        read = 0
        try:
            for record in reader:
                read += 1
                yield tuple(record)
        except csv.Error:
            raise OfficeRefusal("file_quotes", file=path.name, line=read + 1) from None
        except UnicodeError:
            raise OfficeRefusal("file_encoding", file=path.name) from None


def _is_all(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as stream:
        try:
            while chunk := stream.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
