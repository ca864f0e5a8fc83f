"""What people type, cleaned and compared: tidied blanks, spellings that are heard alike reduced to one."""

import re
import unicodedata
from typing import Final

_BLANK: Final = frozenset({"Zs", "Zl", "Zp"})  # U+2028 and U+2029 begin a line where a letter is printed

# NFC makes an ASCII « ; », « ` » and « K » of these three, and thereby another e-mail address of one that has them.
_COMPOSED: Final = "[^\u037e\u1fef\u212a]+"
_TAKEN_APART: Final = {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l"}  # Unicode does it to none of these


def fold(words: str) -> str:
    """Reduce a heading, a site or a name to what its spellings share: no accents, no case, no punctuation."""
    apart = unicodedata.normalize("NFKD", words.casefold().replace("œ", "oe").replace("æ", "ae"))
    return " ".join(
        re.findall(r"[^\W_]+", "".join(character for character in apart if not unicodedata.combining(character)))
    )


def letters_of(text: str) -> str:
    """Keep the letters and digits of a text as one hears them: no case, no accents, nothing in between."""
    return "".join(filter(str.isalnum, without_case(text)))


def without_case(text: str) -> str:
    """Write a text, or thousands at once, in lower case, its ligatures and accents taken apart."""
    folded = text.casefold()
    for letter, letters in _TAKEN_APART.items():
        folded = folded.replace(letter, letters)
    return unicodedata.normalize("NFKD", folded)


def tidy(cell: str) -> str:
    """Clean a cell: blanks of any kind are one plain blank, none at its ends; accents composed, nothing invisible."""
    if cell.isascii() and cell.isprintable():
        return " ".join(cell.split())
    composed = re.sub(_COMPOSED, lambda part: unicodedata.normalize("NFC", part[0]), cell.replace("\r\n", "\n"))
    return "\n".join(map(_tidy_line, composed.split("\n"))).strip()


def _tidy_line(line: str) -> str:
    kinds = ((character, unicodedata.category(character)) for character in line)
    plain = "".join(
        " " if kind in _BLANK or character == "\t" else character for character, kind in kinds if kind != "Cf"
    )
    return " ".join(filter(None, plain.split(" ")))
