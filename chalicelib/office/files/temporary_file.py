"""A file that was handed in through the desk: as long as it is read, and no longer, it stands on the machine's disk."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_NAME: Final = "déposé"  # as sentences name a file: « Le fichier déposé est vide »


@contextmanager
def received(content: bytes) -> Iterator[Path]:
    """Put it where `open_file` reads it, and take it away again, whatever happens."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, _NAME)
        path.write_bytes(content)
        yield path
