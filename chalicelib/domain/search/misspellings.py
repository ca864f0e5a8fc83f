"""The distance between two names: typing slips, and names that sound alike in French."""

import re
from typing import Final

_ONE_SLIP_FROM: Final = 4  # letters: a shorter word is either right or another word
_ONE_SLIP_BESIDE_OTHERS_FROM: Final = 3
_TWO_SLIPS_FROM: Final = 7
# In this order: a spelling, and its sound.
_HEARD: Final = (
    (r"(?<=[aeiouy])s(?=[aeiouy])", "z"),
    (r"(.)\1+", r"\1"),
    (r"^h|(?<=[^cps])h", ""),
    (r"ph", "f"),
    (r"e?au", "o"),
    (r"ai|ei|ey|ay|oe", "e"),
    (r"(?<=o)l(?=[dt]s?$)", ""),
    (r"y", "i"),
    (r"gu(?=[eiy])", "G"),
    (r"c?qu?|ck|ch(?=[rl])|c(?=[^eihy]|$)", "k"),
    (r"c(?=[eiy])|x$|sc(?=[ei])", "s"),
    (r"g(?=[eiy])", "j"),
    (r"w", "v"),
    (r"(?<=[aeio])(b|p)(?=v)", ""),
    (r"[aei]n(?=[^aeiouy]|$)|[aei]m(?=[bp])", "an"),
    (r"(?<=[a-zG]{2})e(r|z)$", "e"),
    (r"(?<=[a-zG]{2})e?s?$", ""),
    (r"(?<=[a-zG]{2})[dtp]+$", ""),
)
_RULES: Final = tuple((re.compile(written), heard) for written, heard in _HEARD)


def slips_allowed(word: str, *, is_alone: bool = True) -> int:
    """Return how many slips a word of this length may have, alone or beside others."""
    shortest = _ONE_SLIP_FROM if is_alone else _ONE_SLIP_BESIDE_OTHERS_FROM
    return (len(word) >= shortest) + (len(word) >= _TWO_SLIPS_FROM)


def slips(typed: str, meant: str, most: int) -> int | None:
    """Count the letters omitted, added, doubled, replaced, or swapped with the next. None above `most`."""
    if abs(len(typed) - len(meant)) > most:
        return None
    typed, meant = _without_ends_in_common(typed, meant)
    before: list[int] = []
    row = list(range(len(meant) + 1))
    for number, letter in enumerate(typed, 1):
        two_before, before = before, row
        row = [number]
        for place, other in enumerate(meant, 1):
            least = min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != other))
            if number > 1 and place > 1 and letter == meant[place - 2] and typed[number - 2] == other:
                least = min(least, two_before[place - 2] + 1)
            row.append(least)
        if min(row) > most:
            return None
    return row[-1] if row[-1] <= most else None


def sound_of(word: str) -> str:
    """Reduce a name, in plain lower-case letters, to its sound: « lefebvre » and « lefevre » are equal."""
    for written, heard in _RULES:
        word = written.sub(heard, word)
    return word


def _without_ends_in_common(word: str, other: str) -> tuple[str, str]:
    most = min(len(word), len(other))
    start = 0
    while start < most and word[start] == other[start]:
        start += 1
    end = 0
    while end < most - start and word[-1 - end] == other[-1 - end]:
        end += 1
    return word[start : len(word) - end], other[start : len(other) - end]
