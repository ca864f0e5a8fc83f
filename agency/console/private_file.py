"""A file that holds personal data: for its owner only, and whole or not there."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from chalicelib.office.refusals import OfficeRefusal


@contextmanager
def private_file(path: Path) -> Iterator[BinaryIO]:
    """Write beside `path`, and take its place once all is written; what stood there stays if anything fails.

    Raises `OfficeRefusal` where the machine refuses to write.
    """
    with _refusing(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)  # mode 0600
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


def remove(path: Path) -> None:
    """Remove a file if it is there. Raises `OfficeRefusal` where the machine refuses to."""
    with _refusing(path):
        path.unlink(missing_ok=True)


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OfficeRefusal("file_not_written", path=str(path), why=error.strerror or type(error).__name__) from error
