"""The output of a command: tables and progress on a terminal, plain lines elsewhere, JSON, questions to its user."""

import json
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import typer
from rich import box
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

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


def confirm_by_typing(question: str, expected: str, *, yes: bool, read: Callable[[str], str] = str) -> None:
    """Go on if the input, once read, is the expected word. Raises `OfficeRefusal`."""
    if not yes and read(_answer(question)) != expected:
        raise OfficeRefusal("not_confirmed")


def _answer(question: str) -> str:
    if not sys.stdin.isatty():
        raise OfficeRefusal("not_a_terminal")
    typed: str = typer.prompt(question, err=True, prompt_suffix=" : ")
    return typed.strip()


def plural(number: int, singular: str, several: str = "") -> str:
    """Write a count with its noun. Without `several`, every word of `singular` takes an « s »."""
    return f"{number} {several or ' '.join(f'{word}s' for word in singular.split()) if number > 1 else singular}"


_PLAIN_WIDTH = 200  # columns, if the width of the reader's screen is unknown


def console(*, to_errors: bool = False) -> Console:
    """Make a console for standard output or standard error, without markup, since names may hold brackets."""
    stream = sys.stderr if to_errors else sys.stdout
    width = None if stream.isatty() else _PLAIN_WIDTH
    return Console(file=stream, markup=False, highlight=False, emoji=False, width=width)


def say(sentence: str) -> None:
    """Print a sentence."""
    console().print(_harmless(sentence), soft_wrap=True)


def note(sentence: str) -> None:
    """Print a sentence on standard error, since standard output may be for another program."""
    console(to_errors=True).print(_harmless(sentence), soft_wrap=True)


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
    screen = console()
    if screen.is_terminal:
        screen.print(_rich_table(title, headings, content, to_right))
    else:
        _print_plain(title, [list(headings), *content], to_right)


def _rich_table(title: str, headings: Sequence[str], content: list[list[str]], to_right: list[bool]) -> Table:
    rich_table = Table(title=title or None, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for heading, right in zip(headings, to_right, strict=True):
        rich_table.add_column(heading, justify="right" if right else "left", overflow="fold")
    for row in content:
        rich_table.add_row(*row)
    return rich_table


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


class _Rate(ProgressColumn):
    """The number of steps per second."""

    def render(self, task: Task) -> Text:
        """Show the current speed."""
        return Text(f"{task.speed:.0f}/s" if task.speed else "")


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator["ProgressBar"]:
    """Show the progress on standard error, with rate and time left. Nothing if it is not a terminal."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
    )
    screen = console(to_errors=True)
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        yield ProgressBar(bar, what, total)


class ProgressBar:
    """Called for each step done, to advance the bar. `done`: how many there were."""

    def __init__(self, bar: Progress, what: str, total: int | None) -> None:
        self.done = 0
        self._bar = bar
        self._task = bar.add_task(what, total=total)

    def __call__(self, steps: int = 1, *, total: int | None = None) -> None:
        """Advance by some steps. `total`, if it is known only now."""
        if total is not None:
            self._bar.update(self._task, total=total)
        self._bar.advance(self._task, steps)
        self.done += steps

    def over(self, parts: Iterable[A]) -> Iterator[A]:
        """Advance by each part, once it is used."""
        for part in parts:
            yield part
            self()
