"""A file that holds personal data: readable by its owner only, and written whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from chalicelib.office.refusals import OfficeRefusal


@contextmanager
def private_file(path: Path) -> Iterator[BinaryIO]:
    """Write beside `path`, and replace it once all is written. On failure the former file stays.

    Raises `OfficeRefusal` if the machine refuses to write.
    """
    with _refusing(path):
        for folder in reversed(path.parents):  # `parents=True` would give the others the usual mode
            folder.mkdir(mode=0o700, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)  # mode 0600
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


def remove(path: Path) -> None:
    """Remove a file if it exists. Raises `OfficeRefusal` if the machine refuses to."""
    with _refusing(path):
        path.unlink(missing_ok=True)


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OfficeRefusal("file_not_written", path=str(path), why=error.strerror or type(error).__name__) from error
