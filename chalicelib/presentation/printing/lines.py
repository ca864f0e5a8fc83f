"""Break words into lines, and fit lines into a box: at a smaller size if needed, never cut."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from chalicelib.presentation.printing.fonts import font

_WORDS: Final = re.compile("[^ ]* ?")  # each with its blank
LEADING: Final = 1.2  # from one line to the next, in sizes of the font


def width(text: str, name: str, size: float) -> float:
    """Measure a text in points."""
    points: float = font(name).stringWidth(text, size)
    return points


@lru_cache(maxsize=1024)  # most paragraphs are the same on every page
def wrap_text(text: str, name: str, size: float, room: float) -> tuple[str, ...]:
    """Break a text into lines no wider than `room`. A single word that is wider is broken too.

    A line that ends between two words keeps its blank, which holds them apart in a copy, and in speech.
    """
    lines: list[str] = []
    line = ""
    for word in (part for whole in _WORDS.findall(text) for part in _parts(whole, name, size, room)):
        if line and width(f"{line}{word}".rstrip(" "), name, size) > room:
            lines.append(line)
            line = ""
        line += word
    return (*lines, line)


def _parts(word: str, name: str, size: float, room: float) -> Iterator[str]:
    start = 0
    for end in range(1, len(word) + 1):
        if end - start > 1 and width(word[start:end].rstrip(" "), name, size) > room:
            yield word[start : end - 1]
            start = end - 1
    yield word[start:]


def fit_lines(
    lines: Sequence[str], name: str, sizes: Sequence[float], room: float, height: float
) -> tuple[float, tuple[str, ...]] | None:
    """Find the largest size at which lines fit into a box, preferably unbroken. None if no size fits."""
    for size in sizes:
        if len(lines) * size * LEADING <= height and all(width(line.rstrip(" "), name, size) <= room for line in lines):
            return size, tuple(lines)
    for size in sizes:
        parts = tuple(part for line in lines for part in wrap_text(line, name, size, room))
        if len(parts) * size * LEADING <= height:
            return size, parts
    return None
