"""What a command prints: tables and progress on a terminal, plain lines elsewhere, JSON for another program."""

import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

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

_PLAIN_WIDTH = 200  # columns where nothing tells how wide the reader's screen is


def console(*, to_errors: bool = False) -> Console:
    """Make a console for standard output, or standard error; its markup is off: names may hold brackets."""
    stream = sys.stderr if to_errors else sys.stdout
    width = None if stream.isatty() else _PLAIN_WIDTH
    return Console(file=stream, markup=False, highlight=False, emoji=False, width=width)


def say(sentence: str) -> None:
    """Print one sentence."""
    console().print(_harmless(sentence), soft_wrap=True)


def note(sentence: str) -> None:
    """Print one sentence on standard error: what is on standard output may be for another program."""
    console(to_errors=True).print(_harmless(sentence), soft_wrap=True)


def print_json(content: Any) -> None:  # noqa: ANN401 - whatever JSON can hold
    """Print JSON."""
    print(as_json(content, indent=1))


def as_json(content: Any, *, indent: int | None = None) -> str:  # noqa: ANN401 - as above
    """Write JSON for standard output. Characters that its encoding lacks are escaped, so a program loses nothing."""
    return json.dumps(content, ensure_ascii=not is_unicode(sys.stdout.encoding), indent=indent, default=str)


def table(title: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table, a line per row; numbers stand to the right."""
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
    """Take out what would command a terminal: a family's name comes from a file."""
    return "".join(character for character in text if character == "\n" or unicodedata.category(character) != "Cc")


def _is_number(cell: str) -> bool:
    return cell.replace(" ", "").replace("%", "").isdigit()


class _Rate(ProgressColumn):
    """How many steps a second."""

    def render(self, task: Task) -> Text:
        """Show the speed as known."""
        return Text(f"{task.speed:.0f}/s" if task.speed else "")


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator["ProgressBar"]:
    """Show how far one is, with rate and time left, on standard error; nothing where that is no terminal."""
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
    """Called for each step that is done; shown on a terminal only."""

    def __init__(self, bar: Progress, what: str, total: int | None) -> None:
        self._bar = bar
        self._task = bar.add_task(what, total=total)

    def __call__(self, steps: int = 1, *, total: int | None = None) -> None:
        """Go on by some steps; `total` where it is known only now."""
        if total is not None:
            self._bar.update(self._task, total=total)
        self._bar.advance(self._task, steps)
