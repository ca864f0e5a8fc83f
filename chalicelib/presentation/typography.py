"""French typography: a no-break space before « : ; ? ! - » and after a number, curved apostrophes.

Sources have the spaces and apostrophes of a keyboard. Texts for people are set when they are rendered. Texts to copy,
to send back or for programs stay unchanged (docs/decisions/0043).
"""

import re
from functools import cache
from typing import Final

FIRM: Final = "\N{NO-BREAK SPACE}"
_WITH_BLANK: Final = rf"\1{FIRM}"  # the unchanged part, then the no-break space
# Marks of other parts than words while a template is set (Unicode noncharacters, for internal use): a tag within a
# line, a value not known yet, and a line end or a part left unchanged.
WITHIN, VALUE, APART = "\ufdd0", "\ufdd1", "\ufdd2"

_MONTHS: Final = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
_UNITS: Final = "[KMG]o|€|%|h|heures?|minutes?|secondes?|jours?|semaines?|mois|ans?|années?|euros?|caractères|chiffres"


class Exact(str):
    """A text to copy exactly: a password, a code, an identifier, the number of an invoice."""

    __slots__ = ()


def words(value: object) -> object:
    """Set a value that a template shows as text. HTML is already set, and an exact text stays unchanged."""
    return in_text(value) if type(value) is str else value


def in_text(text: str) -> str:
    """Set a text, unless it is exact. Addresses of pages in it stay unchanged."""
    if isinstance(text, Exact):
        return text
    if "://" not in text:
        return in_words(text, " ")
    parts = _pattern(r"(https?://\S+)").split(text)
    return "".join(part if place % 2 else in_words(part, " ") for place, part in enumerate(parts))


def with_plain_dashes(text: str) -> str:
    """Restore the ordinary space before the dashes of a set text, for headers and calendars."""
    return text.replace(f"{FIRM}- ", " - ")


def whole_words(text: str) -> str:
    """Keep a line from ending within a word with a hyphen (« Haut-Servant »)."""
    return _pattern(r"(?<=\w)-(?=\w)").sub("-\N{WORD JOINER}", text)


def in_words(text: str, blanks: str) -> str:
    """Set words that are separated by `blanks`."""
    if "'" in text:
        text = _apostrophe().sub("\N{RIGHT SINGLE QUOTATION MARK}", text)
    for pattern in _marks(blanks):
        text = pattern.sub(_WITH_BLANK, text)
    if _pattern(f"[\\d{VALUE}°]").search(text):
        for pattern in _numbers(blanks):
            text = pattern.sub(_WITH_BLANK, text)
    return text


# Patterns are compiled on first use: a successful login shows no text.


@cache
def _apostrophe() -> re.Pattern[str]:
    """Match an apostrophe, except in an e-mail address."""
    return re.compile(rf"'(?<=\w')(?=[\w«{WITHIN}{VALUE}])(?![^\s@]*@)")


@cache
def _marks(blanks: str) -> tuple[re.Pattern[str], ...]:
    return (
        re.compile(rf"()[{blanks}]+(?={WITHIN}*[:;!?»])"),
        re.compile(rf"(«{WITHIN}*)[{blanks}]+"),
        # Not after it: a line would end at the dash, and the no-break space begin the next (UAX 14, LB12a).
        re.compile(rf"()(?<=[^\s{APART}])[{blanks}]+(?={WITHIN}*-[{blanks}])"),
    )


@cache
def _numbers(blanks: str) -> tuple[re.Pattern[str], ...]:
    """Match the space after a number: before a unit, a month, digits or a noun, after « 2e », and after « n° »."""
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
