"""What a command shows: tables and progress on a terminal, plain lines elsewhere, JSON for another program."""

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

_PLAIN_WIDTH = 200  # columns where nothing tells how wide the reader's screen is


def console(*, to_errors: bool = False) -> Console:
    """Make a console for standard output, or standard error; its markup is off: names may hold brackets."""
    stream = sys.stderr if to_errors else sys.stdout
    width = None if stream.isatty() else _PLAIN_WIDTH
    return Console(file=stream, markup=False, highlight=False, emoji=False, width=width)


def say(sentence: str) -> None:
    """Say one sentence."""
    console().print(_harmless(sentence), soft_wrap=True)


def note(sentence: str) -> None:
    """Say one sentence aside, on standard error: what is on standard output may be for another program."""
    console(to_errors=True).print(_harmless(sentence), soft_wrap=True)


def as_json(content: Any) -> None:  # noqa: ANN401 - whatever JSON can hold
    """Write JSON."""
    print(json.dumps(content, ensure_ascii=False, indent=1, default=str))


def table(title: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Show a table, a line per row; numbers stand to the right."""
    content = [[_cell(each) for each in row] for row in rows]
    is_number = [bool(content) and all(map(_is_number, column)) for column in zip(*content, strict=True)]
    to_right = is_number or [False] * len(headings)
    shown = console()
    if shown.is_terminal:
        shown.print(_framed(title, headings, content, to_right))
    else:
        _print_plain(title, [list(headings), *content], to_right)


def _framed(title: str, headings: Sequence[str], content: list[list[str]], to_right: list[bool]) -> Table:
    made = Table(title=title or None, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for heading, right in zip(headings, to_right, strict=True):
        made.add_column(heading, justify="right" if right else "left", overflow="fold")
    for row in content:
        made.add_row(*row)
    return made


def _print_plain(title: str, lines: list[list[str]], to_right: list[bool]) -> None:
    """Print aligned lines, however wide: for a pipe, or a file."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    if title:
        print(title)
    for line in lines:
        cells = zip(line, widths, to_right, strict=True)
        print("  ".join(each.rjust(width) if right else each.ljust(width) for each, width, right in cells).rstrip())


def _cell(value: object) -> str:
    return "" if value is None else " ; ".join(_harmless(str(value)).splitlines())


def _harmless(text: str) -> str:
    """Take out what would command a terminal: a family's name comes from a file."""
    return "".join(each for each in text if each == "\n" or unicodedata.category(each) != "Cc")


def _is_number(cell: str) -> bool:
    return cell.replace(" ", "").replace("%", "").isdigit()


class _Rate(ProgressColumn):
    """How many a second."""

    def render(self, task: Task) -> Text:
        """Show the speed as known."""
        return Text(f"{task.speed:.0f}/s" if task.speed else "")


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator["Advance"]:
    """Show how far one is, with rate and time left, on standard error; nothing where that is no terminal."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
    )
    shown = console(to_errors=True)
    with Progress(*columns, console=shown, transient=True, disable=not shown.is_terminal) as bar:
        yield Advance(bar, what, total)


class Advance:
    """Called for each step that is done."""

    def __init__(self, bar: Progress, what: str, total: int | None) -> None:
        self._bar = bar
        self._task = bar.add_task(what, total=total)

    def __call__(self, steps: int = 1, *, total: int | None = None) -> None:
        """Go on by some steps; `total` where it is known only now."""
        if total is not None:
            self._bar.update(self._task, total=total)
        self._bar.advance(self._task, steps)
