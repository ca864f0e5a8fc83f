"""Patterns and text functions on long hostile text: the work grows with its length, not with its square.

CPU seconds of eight times the length are compared, where they are more than a few milliseconds.
"""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from time import process_time
from typing import Final

import chalicelib
from operations.package.parts import in_layer

SHORT: Final = 600  # characters
LONGER: Final = 8  # times
MOST: Final = 25  # times the work: eight if linear, sixty-four if quadratic
NEGLIGIBLE: Final = 0.01  # seconds
TOKENS: Final = ("a", "1", " ", "'", "'\t", "\n", ",", "-", "a@", "a.", "1 ", "a ", "=", "\u00c3", "1h", "é", "\u202e")
BOUNDED: Final = {
    "_WELL_FORMED_EMAIL": "matched on a whole address",
    "_BEGINS": "matched at the beginning of a cell",
    "spellings": "of an identifier of sixty-four characters",
    "_ARC": "of a logo of thirty kilobytes, the operator's own",
    "_UNSENT": "of our own style sheets",
}


def modules() -> Iterator[object]:
    for package in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
        yield importlib.import_module(package.name)


def patterns() -> list[tuple[str, Callable[[str], object]]]:
    """Find the compiled patterns of all modules, in tuples and dictionaries too."""
    names: dict[re.Pattern[str], str] = {}
    for module in modules():
        for name, value in vars(module).items():
            values = (
                value.values() if isinstance(value, dict) else value if isinstance(value, tuple | list) else [value]
            )
            for pattern in values:
                if isinstance(pattern, re.Pattern) and isinstance(pattern.pattern, str):
                    names.setdefault(pattern, f"{getattr(module, '__name__', '')}.{name}")
    return [(name, pattern.search) for pattern, name in names.items()]


def functions() -> dict[str, Callable[[str], object]]:
    """Find the functions of the domain, of files and of presentation that take one text."""
    by_name: dict[str, Callable[[str], object]] = {}
    for module in modules():
        name = getattr(module, "__name__", "")
        if not in_layer(name).startswith(
            ("chalicelib.domain", "chalicelib.office.csv", "chalicelib.office.files", "chalicelib.presentation")
        ):
            continue
        for function in vars(module).values():
            if not inspect.isfunction(function) or function.__name__.startswith("_") or function.__module__ != name:
                continue
            if [str(parameter.annotation) for parameter in inspect.signature(function).parameters.values()] in (
                ["<class 'str'>"],
                ["str"],
            ):
                by_name[f"{name}.{function.__name__}"] = function
    return by_name


def seconds(act: Callable[[str], object], text: str) -> float:
    times = []
    for _ in range(3):
        start = process_time()
        with suppress(Exception):  # a refusal of the text, or an argument of one letter
            act(text)
        times.append(process_time() - start)
        if times[-1] < NEGLIGIBLE:
            break
    return min(times)


def test_twice_the_text_is_at_most_about_twice_the_work() -> None:
    wrong = {}
    for name, act in (*patterns(), *functions().items()):
        for token in TOKENS:
            text = token * (SHORT // len(token))
            longer = seconds(act, text * LONGER + "!")
            if longer > NEGLIGIBLE and longer > MOST * seconds(act, text + "!"):
                wrong[name] = token, longer
    assert {name: times for name, times in wrong.items() if name.rpartition(".")[2] not in BOUNDED} == {}
