"""Typed text, cleaned and compared: tidied blanks, and equal forms for different spellings."""

import re
import unicodedata
from typing import Final

_NAME_LENGTH: Final = 40
_BLANK: Final = frozenset({"Zs", "Zl", "Zp"})  # U+2028 and U+2029 start a line in a printed letter

_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# NFC would turn these three into ASCII « ; », « ` » and « K », and so change an e-mail address.
_COMPOSED: Final = "[^\u037e\u1fef\u212a]+"
_TAKEN_APART: Final = {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l"}  # Unicode does not decompose these


def fold(words: str) -> str:
    """Normalise a heading, site or name for comparison: no accents, case or punctuation."""
    apart = words.casefold()
    if not apart.isascii():
        apart = unicodedata.normalize("NFKD", apart.replace("œ", "oe").replace("æ", "ae"))
        apart = "".join(character for character in apart if not unicodedata.combining(character))
    return " ".join(re.findall(r"[^\W_]+", apart))


def letters_of(text: str) -> str:
    """Reduce a text to its letters and digits, without case, accents or separators."""
    return "".join(filter(str.isalnum, without_case(text)))


def without_case(text: str) -> str:
    """Fold one or many texts: lower case, with ligatures and accents decomposed."""
    folded_text = text.casefold()
    for letter, letters in _TAKEN_APART.items():
        folded_text = folded_text.replace(letter, letters)
    return unicodedata.normalize("NFKD", folded_text)


def tidy(cell: str) -> str:
    """Clean a cell: blanks collapsed and trimmed, accents composed, invisible characters removed."""
    if cell.isascii() and cell.isprintable():
        return " ".join(cell.split())
    composed_text = re.sub(_COMPOSED, lambda part: unicodedata.normalize("NFC", part[0]), cell.replace("\r\n", "\n"))
    return "\n".join(map(_tidy_line, composed_text.split("\n"))).strip()


def plain_name(name: str) -> str:
    """Reduce a name that others read in a notice to 40 letters, digits and blanks, as a stranger may have typed it."""
    letters = "".join(character if character.isalnum() else " " for character in tidy(name))
    return " ".join(letters.split())[:_NAME_LENGTH].rstrip()


def _tidy_line(line: str) -> str:
    kinds = ((character, unicodedata.category(character)) for character in line)
    plain = "".join(
        " " if kind in _BLANK or character == "\t" else character for character, kind in kinds if kind != "Cf"
    )
    return " ".join(filter(None, plain.split(" ")))


def visible(text: str) -> str:
    """Remove the characters that could turn, hide or break the text beside: controls, bidirectional marks, surrogates.

    For names of outside files. A line feed becomes a blank.
    """
    on_one_line = (" " if character == "\n" else character for character in text)
    return "".join(character for character in on_one_line if unicodedata.category(character) not in _INVISIBLE)
