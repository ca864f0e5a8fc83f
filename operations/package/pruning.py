"""Pruning: of what the requirements bring, only what the Lambda loads (`loaded.txt`) and a few files more, with why."""

import re
from pathlib import Path
from typing import Final

from operations.package import botocore_data

LOADED: Final = Path(__file__).with_name("loaded.txt")

# Loaded without a word, or on a day that no exercise can bring about.
KEPT: Final = {
    "botocore/cacert.pem": "OpenSSL reads it, on the first call over TLS, and tells Python nothing",
    "jinja2/debug.py": "imported when a template raises, to say on which line",
}

_OURS = ("app.py", "chalicelib/", "templates/", "compiled/")
_VERSION = re.compile(r"\.(cpython-\d+-[\w-]+|abi3)\.so$")


def prune(task: Path) -> None:
    """Delete the rest, and from the data of botocore what says nothing about our services."""
    wanted = listed() | set(KEPT)
    for file in [path for path in task.rglob("*") if path.is_file()]:
        name = file.relative_to(task).as_posix()
        if not is_ours(name) and without_version(name) not in wanted:
            file.unlink()
    for folder in sorted((path for path in task.rglob("*") if path.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
    botocore_data.trim(task / "botocore" / "data")


def listed() -> set[str]:
    """Give the names of `loaded.txt`."""
    lines = LOADED.read_text("utf-8").splitlines() if LOADED.exists() else []
    return {line for line in lines if line and not line.startswith("#")}


def is_ours(name: str) -> bool:
    """Tell a file of the service, of which no list is kept."""
    return name.startswith(_OURS)


def without_version(name: str) -> str:
    """Give a name that is the same for every Python: a compiled module's says which one it is for."""
    return _VERSION.sub(".so", name)
