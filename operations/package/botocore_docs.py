"""Removes botocore's documentation of its own methods from the families' package: 5 % of a family's cold start.

boto3 imports it whole, so the office's package keeps it (docs/decisions/0093).
"""

from pathlib import Path
from typing import Final

_KEPT: Final = "utils.pyc"  # botocore's handlers use it while they are registered
_EMPTY: Final = '"""In the place of what writes documentation, with an HTML parser of its own."""\n'
_DOCSTRINGS: Final = f"""{_EMPTY}

class _Docstring(str):
    def __new__(cls, *_given, **_named):
        return super().__new__(cls)


class ClientMethodDocstring(_Docstring): ...


class PaginatorDocstring(_Docstring): ...


class WaiterDocstring(_Docstring): ...
"""


def trim(docs: Path) -> list[Path]:
    """Leave only the parts of a compiled `botocore/docs` that its handlers use. Returns the stub sources."""
    for file in [path for path in docs.rglob("*.pyc") if path != docs / _KEPT]:
        file.unlink()
    (docs / "bcdoc").rmdir()
    made = {docs / "__init__.py": _EMPTY, docs / "docstring.py": _DOCSTRINGS}
    for file, source in made.items():
        file.write_text(source, "utf-8")
    return list(made)
