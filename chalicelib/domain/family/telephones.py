"""Telephone numbers as people type them: French ones in pairs, foreign ones as they are written."""

import re
from typing import Final

from chalicelib.domain.family.hiding import HIDDEN

_TYPED: Final = r"[+(0-9][0-9\s./()-]*"
_APART: Final = r"(?i)[;,/\n]|\bou\b|\bet\b"
_FRENCH: Final = r"(?:(?:\+|00)?33)?0?([1-9][0-9]{8})"
_FOREIGN: Final = r"(?:\+|00)(?!33)[0-9]{7,15}"
TYPED_AT_MOST: Final = 2  # numbers that a family may type in one field


def telephone_from(typed: str) -> str:
    """Normalise a number, or several, apart by « / »; empty where something else is typed.

    A French number that a spreadsheet took for an amount gets its zero back.
    """
    whole = _parse_one(typed)
    parts = [whole] if whole else [_parse_one(part) for part in re.split(_APART, typed) if part.strip()]
    return " / ".join(dict.fromkeys(parts)) if all(parts) else ""


def error_in(typed: str) -> str | None:
    """Check a number that a family typed: a refusal's code, or None; an empty field is for others to judge."""
    typed = _apart_from_hidden(typed)
    if not typed:
        return None
    telephone = telephone_from(typed)
    if not telephone:
        return "telephone_malformed"
    return "telephones_too_many" if telephone.count(" / ") >= TYPED_AT_MOST else None


def _apart_from_hidden(typed: str) -> str:
    """Leave what is typed beside a number that its reader is not told: that one stays as it is on file."""
    return typed.replace(HIDDEN, "").strip(" /,;") if HIDDEN in typed else typed


def _parse_one(typed: str) -> str:
    digits = re.sub(r"[^+0-9]", "", typed.replace("(0)", ""))
    if not re.fullmatch(_TYPED, typed.strip()):
        return ""
    if french := re.fullmatch(_FRENCH, digits):
        return " ".join(re.findall("..", f"0{french[1]}"))
    return " ".join(typed.split()) if re.fullmatch(_FOREIGN, digits) else ""
