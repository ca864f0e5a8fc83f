"""Telephone numbers as typed: French ones formatted in pairs, foreign ones as typed."""

import re
from typing import Final

from chalicelib.domain.family.redaction import HIDDEN

_TYPED: Final = r"[+(0-9][0-9\s./()-]*"
_APART: Final = r"(?i)[;,/\n]|\bou\b|\bet\b"
_FRENCH: Final = r"(?:(?:\+|00)?33)?0?([1-9][0-9]{8})"
_FOREIGN: Final = r"(?:\+|00)(?!33)[0-9]{7,15}"
TYPED_AT_MOST: Final = 2  # numbers that a family may type in one field


def telephone_from(typed: str) -> str:
    """Normalise one or several numbers, separated by « / ». Empty if the text has anything else.

    A French number stored as an amount by a spreadsheet gets its zero back.
    """
    whole = _parse_one(typed)
    parts = [whole] if whole else [_parse_one(part) for part in re.split(_APART, typed) if part.strip()]
    return " / ".join(dict.fromkeys(parts)) if all(parts) else ""


def error_in(typed: str) -> str | None:
    """Return the error code of a typed number, or None. An empty field is not its concern."""
    typed = _apart_from_hidden(typed)
    if not typed:
        return None
    telephone = telephone_from(typed)
    if not telephone:
        return "telephone_malformed"
    return "telephones_too_many" if telephone.count(" / ") >= TYPED_AT_MOST else None


def _apart_from_hidden(typed: str) -> str:
    """Remove the `HIDDEN` number, which stays as on file."""
    return typed.replace(HIDDEN, "").strip(" /,;") if HIDDEN in typed else typed


def _parse_one(typed: str) -> str:
    digits = re.sub(r"[^+0-9]", "", typed.replace("(0)", ""))
    if not re.fullmatch(_TYPED, typed.strip()):
        return ""
    if french := re.fullmatch(_FRENCH, digits):
        return " ".join(re.findall("..", f"0{french[1]}"))
    return " ".join(typed.split()) if re.fullmatch(_FOREIGN, digits) else ""
