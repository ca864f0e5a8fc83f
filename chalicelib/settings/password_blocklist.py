"""The words that well-known passwords are made of, read when a first password is chosen: no start waits for them."""

from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("known_words.txt")


@cache
def known_words() -> frozenset[str]:
    """Read the words of `known_words.txt` (docs/decisions/0038), as `guessing.is_common` compares them."""
    lines = FILE.read_text("utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))
