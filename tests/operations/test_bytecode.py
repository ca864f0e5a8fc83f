"""The bytecode of a package: without docstrings of functions and modules, and with the lines of its sources."""

import importlib.util
import marshal
from types import CodeType
from typing import Any

from operations.package.bytecode import compile_module

SOURCE = b'''"""A module."""


class Kept:
    """A class."""

    def speak(self):
        """Say nothing."""


def count():
    """Count."""
    return 3


async def wait():
    "Wait."
    raise ValueError
'''


def ran() -> tuple[CodeType, dict[str, Any]]:
    content = compile_module(SOURCE, "/var/task/module.py")
    code = marshal.loads(content[16:])
    assert (content[:4], content[4]) == (importlib.util.MAGIC_NUMBER, 0b01)
    assert content[8:16] == importlib.util.source_hash(SOURCE)
    names: dict[str, Any] = {}
    exec(code, names)
    return code, names


def test_classes_keep_their_words_which_dataclasses_would_write_anew() -> None:
    _, names = ran()

    assert names["Kept"].__doc__ == "A class."
    assert (names["Kept"].speak.__doc__, names["count"].__doc__, names["wait"].__doc__) == (None, None, None)
    assert names.get("__doc__") is None
    assert names["count"]() == 3


def test_a_traceback_still_names_the_line_of_the_source() -> None:
    code, names = ran()

    assert code.co_filename == "/var/task/module.py"
    assert names["count"].__code__.co_firstlineno == 11
    assert next(line for _, _, line in names["count"].__code__.co_lines() if line and line > 11) == 13
