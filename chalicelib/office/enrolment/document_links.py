"""The files of a family, each by a link to look at it in the browser, for five minutes (record 67: no copy is made)."""

from collections.abc import Iterable
from dataclasses import field
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from chalicelib.domain.enrolment.uploads import Kind, UploadedFile, kind_of
from chalicelib.office.enrolment.files import FileLine, HandedIn, file_lines
from chalicelib.services.family import Services
from chalicelib.values import frozen

LINK_LIFETIME: Final = timedelta(minutes=5)
# What the bucket is made to say of a file, by its content and never by what the family's browser said.
_TYPES: Final[dict[Kind, tuple[str, str]]] = {
    "pdf": ("application/pdf", ".pdf"),
    "jpeg": ("image/jpeg", ".jpg"),
    "png": ("image/png", ".png"),
}


@frozen
class LinkedFile:
    """A file as a page shows it: what it is said to be; its kind and its link, where it may be looked at."""

    title: str
    of: str = field(repr=False)
    text: str = field(repr=False)
    kind: Kind | None = None
    link: str = field(default="", repr=False)

    @property
    def is_image(self) -> bool:
        """Whether a page shows it by itself; a PDF is opened."""
        return self.kind in {"jpeg", "png"}


def linked_files(services: Services, documents: HandedIn) -> tuple[LinkedFile, ...]:
    """Sign a link to each file that may be looked at; what is none of the kinds that are taken has none."""
    return tuple(_linked(services, line) for line in file_lines(documents))


def origins_of(files: Iterable[LinkedFile]) -> tuple[str, ...]:
    """Name the origins that images of a page come from: the bucket's, or none."""
    addresses = (urlsplit(file.link) for file in files if file.is_image)
    return tuple(dict.fromkeys(f"{address.scheme}://{address.netloc}" for address in addresses))


def _linked(services: Services, line: FileLine) -> LinkedFile:
    kind = _kind(services, line, line.file) if line.file else None
    text = line.text(kind, is_there=kind is not None)
    if line.file is None or kind is None:
        return LinkedFile(line.title, line.of, text)
    content_type, ending = _TYPES[kind]
    name = f"{line.code}{ending}"  # whose it is stands in no address
    link = services.documents.link(line.file.key, LINK_LIFETIME, name, content_type, "inline")
    return LinkedFile(line.title, line.of, text, kind, link)


def _kind(services: Services, line: FileLine, file: UploadedFile) -> Kind | None:
    """Recognise a file: the newest of its document was looked at already."""
    if line.status and line.status.newest == file:
        return line.status.kind
    return kind_of(services.documents.read_signature(file), file.size)
