"""Telephone numbers as typed: French ones formatted in pairs, foreign ones as typed."""

import re
from typing import Final

from chalicelib.domain.family.redaction import HIDDEN

_TYPED: Final = r"[+(0-9][0-9\s./()-]*"
_APART: Final = r"(?i)[;,/\n]|\bou\b|\bet\b"
_FRENCH: Final = r"(?:(?:\+|00)?33)?0?([1-9][0-9]{8})"
_FOREIGN: Final = r"(?:\+|00)(?!33)[0-9]{7,15}"
TYPED_AT_MOST: Final = 2  # numbers that a family may type in one field


def telephone_from(text: str) -> str:
    """Normalise one or several numbers, separated by « / ». Empty if the text has anything else.

    A French number stored as an amount by a spreadsheet gets its zero back.
    """
    whole = _parse_one(text)
    parts = [whole] if whole else [_parse_one(part) for part in re.split(_APART, text) if part.strip()]
    return " / ".join(dict.fromkeys(parts)) if all(parts) else ""


def error_in(text: str) -> str | None:
    """Return the error code of a typed number, or None. An empty field is not its concern."""
    text = _apart_from_hidden(text)
    if not text:
        return None
    telephone = telephone_from(text)
    if not telephone:
        return "telephone_malformed"
    return "telephones_too_many" if telephone.count(" / ") >= TYPED_AT_MOST else None


def _apart_from_hidden(text: str) -> str:
    """Remove the `HIDDEN` number, which stays as on file."""
    return text.replace(HIDDEN, "").strip(" /,;") if HIDDEN in text else text


def _parse_one(text: str) -> str:
    digits = re.sub(r"[^+0-9]", "", text.replace("(0)", ""))
    if not re.fullmatch(_TYPED, text.strip()):
        return ""
    if french := re.fullmatch(_FRENCH, digits):
        return " ".join(re.findall("..", f"0{french[1]}"))
    return " ".join(text.split()) if re.fullmatch(_FOREIGN, digits) else ""
