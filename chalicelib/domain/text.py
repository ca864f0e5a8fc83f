"""What people type, cleaned and compared: blanks tidied, spellings that are heard alike folded into one."""

import re
import unicodedata
from typing import Final

_BLANK: Final = frozenset({"Zs", "Zl", "Zp"})  # U+2028 and U+2029 begin a line where a letter is printed


def folded(words: str) -> str:
    """Give what two spellings of a heading, a site or a name share: no accents, no case, no punctuation."""
    apart = unicodedata.normalize("NFKD", words.casefold().replace("œ", "oe").replace("æ", "ae"))
    return " ".join(re.findall(r"[^\W_]+", "".join(each for each in apart if not unicodedata.combining(each))))


def tidy(cell: str) -> str:
    """Clean a cell: blanks of any kind are one plain blank, none at its ends; accents composed, nothing invisible."""
    if cell.isascii() and cell.isprintable():
        return " ".join(cell.split())
    composed = unicodedata.normalize("NFC", cell.replace("\r\n", "\n"))
    return "\n".join(map(_tidy_line, composed.strip().split("\n")))


def _tidy_line(line: str) -> str:
    kinds = ((each, unicodedata.category(each)) for each in line)
    plain = "".join(" " if kind in _BLANK or each == "\t" else each for each, kind in kinds if kind != "Cf")
    return " ".join(filter(None, plain.split(" ")))
