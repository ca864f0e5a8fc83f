"""Telephone numbers as people type them: French ones in pairs, foreign ones as they are written."""

import re
from typing import Final

_TYPED: Final = re.compile(r"[+(\d][\d\s./()-]*")
_APART: Final = re.compile(r"[;,/\n]|\bou\b|\bet\b", re.IGNORECASE)
_FRENCH: Final = re.compile(r"(?:(?:\+|00)?33)?0?([1-9]\d{8})")
_FOREIGN: Final = re.compile(r"(?:\+|00)(?!33)\d{7,15}")


def telephone_from(typed: str) -> str:
    """Give the one spelling of a number, or of several, apart by « / »; empty where something else is typed.

    A French number that a spreadsheet took for an amount gets its zero back.
    """
    whole = _one(typed)
    parts = [whole] if whole else [_one(part) for part in _APART.split(typed) if part.strip()]
    return " / ".join(dict.fromkeys(parts)) if all(parts) else ""


def _one(typed: str) -> str:
    digits = re.sub(r"[^+\d]", "", typed.replace("(0)", ""))
    if not _TYPED.fullmatch(typed.strip()):
        return ""
    if french := _FRENCH.fullmatch(digits):
        return " ".join(re.findall("..", f"0{french[1]}"))
    return " ".join(typed.split()) if _FOREIGN.fullmatch(digits) else ""
