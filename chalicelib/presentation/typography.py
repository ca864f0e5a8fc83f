"""French as it is printed: a blank that holds before « : ; ? ! - » and after a number, curved apostrophes.

Sources are written with the blanks and apostrophes of a keyboard; this sets them for people, where they are rendered.
What is copied, sent back or read by a program stays as it is (docs/decisions/0043).
"""

import re
from functools import cache
from typing import Final

FIRM: Final = "\N{NO-BREAK SPACE}"
_WITH_BLANK: Final = rf"\1{FIRM}"  # what stays, then the blank that holds
# What stands for what is no word while a template is set (noncharacters of Unicode, for internal use): a tag within a
# line, a value that is not known yet, and what ends a line or is left alone.
WITHIN, VALUE, APART = "\ufdd0", "\ufdd1", "\ufdd2"

_MONTHS: Final = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
_UNITS: Final = "[KMG]o|€|%|h|heures?|minutes?|secondes?|jours?|semaines?|mois|ans?|années?|euros?|caractères|chiffres"


class Exact(str):
    """What is copied as it is written: a password, a code, an identifier, the number of an invoice."""

    __slots__ = ()


def words(value: object) -> object:
    """Set a value that a template shows as text; what is HTML already is set, and what is exact stays as it is."""
    return in_text(value) if type(value) is str else value


def in_text(text: str) -> str:
    """Set a text, unless it is exact; addresses of pages in it stay as they are."""
    if isinstance(text, Exact):
        return text
    if "://" not in text:
        return in_words(text, " ")
    parts = _pattern(r"(https?://\S+)").split(text)
    return "".join(part if place % 2 else in_words(part, " ") for place, part in enumerate(parts))


def with_plain_dashes(text: str) -> str:
    """Write the dashes of a set text with the blanks of a keyboard: in a header or a calendar no line breaks there."""
    return text.replace(f"{FIRM}-{FIRM}", " - ").replace(f"{FIRM}- ", " - ")


def in_words(text: str, blanks: str) -> str:
    """Set words, where `blanks` lie between them."""
    if "'" in text:
        text = _apostrophe().sub("\N{RIGHT SINGLE QUOTATION MARK}", text)
    for pattern in _marks(blanks):
        text = pattern.sub(_WITH_BLANK, text)
    if _pattern(f"[\\d{VALUE}°]").search(text):
        for pattern in _numbers(blanks):
            text = pattern.sub(_WITH_BLANK, text)
    return text


# Patterns are made when something is first shown: a login that succeeds shows nothing.


@cache
def _apostrophe() -> re.Pattern[str]:
    """Find an apostrophe, but none in an e-mail address."""
    return re.compile(rf"'(?<=\w')(?=[\w«{WITHIN}{VALUE}])(?![^\s@]*@)")


@cache
def _marks(blanks: str) -> tuple[re.Pattern[str], ...]:
    before_dash = rf"(?<=[^\s{APART}])[{blanks}]+(?={WITHIN}*-[{blanks}])"
    return (
        re.compile(rf"()[{blanks}]+(?={WITHIN}*[:;!?»])"),
        re.compile(rf"(«{WITHIN}*)[{blanks}]+"),
        re.compile(rf"(){before_dash}"),
        re.compile(rf"(\b[A-ZÀ-Þ][\w’-]*{FIRM}-)[{blanks}]+(?=[A-ZÀ-Þ])"),  # a name of two parts: « Evry - Magnard »
    )


@cache
def _numbers(blanks: str) -> tuple[re.Pattern[str], ...]:
    """Find what goes on after a number: a unit, a month, digits, what it counts; after « 2e »; and after « n° »."""
    tags, blank = f"{WITHIN}*", f"[{blanks}]+"
    return tuple(map(re.compile, (
        rf"([\d{VALUE}]{tags}){blank}(?={tags}(?:{_UNITS}|{_MONTHS})(?!\w)|\d{{2,3}}(?!\d))",
        rf"(\d{tags}){blank}(?={tags}\d)",
        rf"(\d(?<![\w,./-]\d)\d{{,2}}{tags}){blank}(?={tags}[a-zà-öø-ÿœ])",
        rf"((?:(?<!\w)\d{{1,2}}|{VALUE})(?:er|re|e|nde?){tags}|[nN]°|{FIRM}h(?= \d)){blank}(?={tags}\S)",
    )))  # fmt: skip


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
