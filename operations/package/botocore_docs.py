"""What botocore would say of its methods to who asks for help: nobody does in Lambda, and it is 4 % of each start."""

from pathlib import Path
from typing import Final

_KEPT: Final = "utils.py"  # its handlers use it as they are set up
_EMPTY: Final = '"""In the place of what writes documentation, with an HTML parser of its own."""\n'
_DOCSTRINGS: Final = f"""{_EMPTY}

class _Docstring(str):
    def __new__(cls, *_given, **_named):
        return super().__new__(cls)


class ClientMethodDocstring(_Docstring): ...


class PaginatorDocstring(_Docstring): ...


class WaiterDocstring(_Docstring): ...
"""


def trim(docs: Path) -> None:
    """Leave out all of `botocore/docs` but what its handlers use; its docstrings are made, and say nothing."""
    for file in [path for path in docs.rglob("*.py") if path != docs / _KEPT]:
        file.unlink()
    (docs / "bcdoc").rmdir()
    (docs / "__init__.py").write_text(_EMPTY, "utf-8")
    (docs / "docstring.py").write_text(_DOCSTRINGS, "utf-8")
