"""The output of a command: tables and progress on a terminal, plain lines elsewhere, JSON, questions to its user."""

import json
import os
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import typer

from agency.console.encodings import is_unicode
from chalicelib.office.refusals import OfficeRefusal

A = TypeVar("A")


def confirm(question: str, *, yes: bool) -> None:
    """Go on with a yes only. Raises `OfficeRefusal`."""
    if not yes and _answer(f"{question} (oui ou non)").casefold() not in {"oui", "o"}:
        raise OfficeRefusal("not_confirmed")


def confirm_overwriting(*files: Path, yes: bool) -> None:
    """Ask before a file that exists is replaced. Raises `OfficeRefusal`."""
    if existing := ", ".join(f"« {file} »" for file in files if file.exists()):
        confirm(f"Il y a déjà {existing}. Écraser ?", yes=yes)


def confirm_by_typing(question: str, expected: str, *, yes: bool, normalise: Callable[[str], str] = str) -> None:
    """Go on if the input, once read, is the expected word. Raises `OfficeRefusal`."""
    if not yes and normalise(_answer(question)) != expected:
        raise OfficeRefusal("not_confirmed")


def _answer(question: str) -> str:
    if not sys.stdin.isatty():
        raise OfficeRefusal("not_a_terminal")
    answer: str = typer.prompt(question, err=True, prompt_suffix=" : ")
    return answer.strip()


def plural(number: int, singular: str, plural_form: str = "") -> str:
    """Write a count with its noun. Without `plural_form`, every word of `singular` takes an « s »."""
    return f"{number} {plural_form or ' '.join(f'{word}s' for word in singular.split()) if number > 1 else singular}"


def say(sentence: str) -> None:
    """Print a sentence."""
    print(_harmless(sentence), flush=True)


def note(sentence: str, colour: str = "") -> None:
    """Print a sentence on standard error, since standard output may be for another program.

    `colour`: a hue of the look, which a terminal shows before it.
    """
    is_shown = colour and sys.stderr.isatty() and "NO_COLOR" not in os.environ
    swatch = f"\x1b[48;2;{';'.join(map(str, bytes.fromhex(colour[1:])))}m  \x1b[0m " if is_shown else ""
    print(swatch + _harmless(sentence), file=sys.stderr, flush=True)


def print_json(content: Any) -> None:  # noqa: ANN401 - any JSON value
    """Print JSON."""
    print(as_json(content, indent=1))


def as_json(content: Any, *, indent: int | None = None) -> str:  # noqa: ANN401 - as above
    """Write JSON for standard output. Characters missing from its encoding are escaped, so that none is lost."""
    return json.dumps(content, ensure_ascii=not is_unicode(sys.stdout.encoding), indent=indent, default=str)


def table(title: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table, a line per row, with numbers to the right."""
    content = [[_cell(cell) for cell in row] for row in rows]
    is_number = [bool(content) and all(map(_is_number, column)) for column in zip(*content, strict=True)]
    to_right = is_number or [False] * len(headings)
    if sys.stdout.isatty():
        from agency.console.terminal import print_table  # noqa: PLC0415 - 40 ms of CPU, which only a terminal pays

        print_table(title, headings, content, to_right)
    else:
        _print_plain(title, [list(headings), *content], to_right)


def _print_plain(title: str, lines: list[list[str]], to_right: list[bool]) -> None:
    """Print aligned lines, however wide: for a pipe, or a file."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    if title:
        print(title)
    for line in lines:
        cells = zip(line, widths, to_right, strict=True)
        print("  ".join(cell.rjust(width) if right else cell.ljust(width) for cell, width, right in cells).rstrip())


def _cell(value: object) -> str:
    return "" if value is None else " ; ".join(_harmless(str(value)).splitlines())


def _harmless(text: str) -> str:
    """Remove control characters, which could command the terminal: names come from a file."""
    return "".join(character for character in text if character == "\n" or unicodedata.category(character) != "Cc")


def _is_number(cell: str) -> bool:
    return cell.replace(" ", "").replace("%", "").isdigit()


@contextmanager
def progress(label: str, total: int | None = None) -> Iterator["ProgressBar"]:
    """Show the progress on standard error, with rate and time left. Nothing if it is not a terminal."""
    if sys.stderr.isatty():
        from agency.console.terminal import progress_bar  # noqa: PLC0415 - as the table

        with progress_bar(label, total) as show:
            yield ProgressBar(show)
    else:
        yield ProgressBar(lambda _steps, _total: None)


class ProgressBar:
    """Called for each step done, to advance the bar. `steps`: how many there were."""

    def __init__(self, show: Callable[[int, int | None], None]) -> None:
        self.steps = 0
        self._show = show

    def __call__(self, steps: int = 1, *, total: int | None = None) -> None:
        """Advance by some steps. `total`, if it is known only now."""
        self._show(steps, total)
        self.steps += steps

    def over(self, parts: Iterable[A]) -> Iterator[A]:
        """Advance by each part, once it is used."""
        for part in parts:
            yield part
            self()
