"""Tables and progress bars on a terminal. Imported only there."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich import box, progress
from rich.console import Console
from rich.table import Table
from rich.text import Text


def print_table(title: str, headings: Sequence[str], rows: list[list[str]], to_right: list[bool]) -> None:
    """Print a framed table as wide as the terminal, without markup, since names may hold brackets."""
    table = Table(title=title or None, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for heading, right in zip(headings, to_right, strict=True):
        table.add_column(heading, justify="right" if right else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console(file=sys.stdout, markup=False, highlight=False, emoji=False).print(table)


class _Rate(progress.ProgressColumn):
    """The number of steps per second."""

    def render(self, task: progress.Task) -> Text:
        """Show the current speed."""
        return Text(f"{task.speed:.0f}/s" if task.speed else "")


@contextmanager
def progress_bar(label: str, total: int | None) -> Iterator[Callable[[int, int | None], None]]:
    """Show a bar on standard error, which the yielded function advances, with a total if it is known only then."""
    text, count = progress.TextColumn("{task.description}"), progress.MofNCompleteColumn()
    columns = (text, progress.BarColumn(), count, _Rate(), progress.TimeRemainingColumn())
    screen = Console(file=sys.stderr, markup=False, highlight=False, emoji=False)
    with progress.Progress(*columns, console=screen, transient=True) as bar:
        task = bar.add_task(label, total=total)
        yield lambda steps, total: bar.update(task, advance=steps, total=total)
