"""Output in the terminal's own encoding: characters missing from Windows-1252 or ASCII are replaced."""

import codecs
import io
import sys
import unicodedata
from typing import Final

# Unicode decomposes none of these into characters of ASCII.
_SPELT: Final = str.maketrans(
    {
        **dict.fromkeys("«»“”", '"'),
        **dict.fromkeys("‘’", "'"),
        **dict.fromkeys("–—−─", "-"),
        "→": "->",
        "│": "|",
        "€": "EUR",
        "°": "o",
        "Œ": "OE",
        "œ": "oe",
        "Æ": "AE",
        "æ": "ae",
        "Ø": "O",
        "ø": "o",
        "Ł": "L",
        "ł": "l",
        "Đ": "D",
        "đ": "d",
        "ß": "ss",
    }
)


def write_in_any_encoding() -> None:
    """Make standard output and standard error replace characters missing from their encoding."""
    codecs.register_error("clef", _spell)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="clef")


def is_unicode(encoding: str | None) -> bool:
    """Whether an encoding has every character. A stream without an encoding is text in memory."""
    return encoding is None or encoding.lower().startswith("utf")


def _spell(error: UnicodeError) -> tuple[str, int]:
    """Write the nearest characters of ASCII, « ? » if there are none."""
    assert isinstance(error, UnicodeEncodeError)  # noqa: S101 - nothing is decoded with it
    apart = unicodedata.normalize("NFKD", error.object[error.start : error.end].translate(_SPELT))
    bare = "".join(c for c in apart if not unicodedata.combining(c))
    return bare.encode("ascii", "replace").decode("ascii"), error.end
