"""The version of this checkout: the newest heading of CHANGELOG.md, and the commit. Its own mark."""

import hashlib
import re
import subprocess
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).parents[1]
STAGES_FILE: Final = PROJECT / "stages.toml"
_HEADING: Final = re.compile(r"^## \[?([\w.-]+)\]?(?: - \d{4}-\d\d-\d\d)?$", re.MULTILINE)
_UNRELEASED: Final = "Unreleased"
NEXT: Final = "next"  # changes after the newest version, or before the first one


def read_version(changelog: str) -> str:
    """Read « 1.0.0 » from a changelog, or « 1.0.0+next » if a change is listed under « Unreleased »."""
    _, *parts = _HEADING.split(changelog)
    lists = dict(zip(parts[::2], parts[1::2], strict=True))
    is_next = "\n- " in lists.pop(_UNRELEASED, "")
    return "+".join([*list(lists)[:1], *([NEXT] if is_next or not lists else [])])


def version() -> str:
    """Return the version of this checkout."""
    return read_version((PROJECT / "CHANGELOG.md").read_text(encoding="utf-8"))


def commit() -> str:
    """Return the commit of this checkout, with a « + » if files differ from it."""
    command = ["git", "describe", "--always", "--exclude=*", "--dirty=+"]
    try:
        process = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return process.stdout.strip()


def checkout_mark() -> str:
    """Identify this checkout by a digest, which `clef` compares with a service's. Neither reveals a path."""
    return hashlib.sha256(str(PROJECT.resolve()).encode()).hexdigest()[:16]
