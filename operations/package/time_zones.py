"""The one time zone that is told: Paris. The six hundred others would weigh more than all of Argon2."""

from pathlib import Path
from typing import Final

_KEPT: Final = frozenset({"Europe/Paris"})


def trim(zones: Path) -> None:
    """Leave out every other zone of `tzdata/zoneinfo`, and the lists of them."""
    for file in [path for path in zones.rglob("*") if path.is_file()]:
        if file.name != "__init__.py" and file.relative_to(zones).as_posix() not in _KEPT:
            file.unlink()
    for folder in sorted((path for path in zones.rglob("*") if path.is_dir()), reverse=True):
        if not any(path.name != "__init__.py" for path in folder.iterdir()):
            (folder / "__init__.py").unlink(missing_ok=True)
            folder.rmdir()
