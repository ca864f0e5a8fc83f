"""Cells that a spreadsheet would take for formulas: an apostrophe before them in CSV, and taken away when read again.

A spreadsheet may read our CSV with another separator than ours: what stands after one in a text begins a cell there.
"""

import re
from typing import Final

# What begins a formula (OWASP, « CSV Injection »), in every width that Unicode has.
_SIGNS: Final = "-=+@＝＋－＠﹦﹢﹣﹫"
# What a spreadsheet may pass over before it: blanks, quotation marks, what cannot be seen; and our own apostrophe.
_PASSED_OVER: Final = r"""'"\s\x00-\x1f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"""
_BEGINS: Final = r"(?:\A|(?<=[;,|\t\r\n]))"
_FORMULA: Final = rf"(?=[{_PASSED_OVER}]*[{_SIGNS}])"
_CONTROL: Final = r"(?='*[\t\r\n])"

_UNGUARDED: Final = re.compile(rf"{_BEGINS}{_FORMULA}|\A{_CONTROL}")
_GUARDED: Final = re.compile(rf"{_BEGINS}'{_FORMULA}|\A'{_CONTROL}")


def escape_formulas(text: str) -> str:
    """Put an apostrophe wherever a cell may begin like a formula, under any separator."""
    return _UNGUARDED.sub("'", text)


def unescape_formulas(text: str) -> str:
    """Take the apostrophes of `escape_formulas` away: what was exported is imported as it was."""
    return _GUARDED.sub("", text) if "'" in text else text


def is_formula(text: str) -> bool:
    """Whether a whole cell begins like a formula."""
    return _UNGUARDED.match(text) is not None
