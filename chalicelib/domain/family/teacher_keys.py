"""The key of a teacher at a site, made from the name that the yearly file has."""

import hashlib
import re
from typing import Final

from chalicelib.domain.text import fold

_BYTES: Final = 8
_KEY: Final = re.compile(r"[0-9a-f]{16}", re.ASCII)


def teacher_key(name: str) -> str:
    """Make the key of a teacher at a site: 16 hexadecimal digits for all spellings of a name. Empty without a name."""
    folded_name = fold(name)
    return digest_of(folded_name) if folded_name else ""


def is_teacher_key(text: str) -> bool:
    """Whether a text is a key of a teacher, and no name."""
    return _KEY.fullmatch(text) is not None


def as_teacher_key(text: str) -> str:
    """Return the key of a teacher that is given by it or, in an older address, by name."""
    return text if is_teacher_key(text) else teacher_key(text)


def digest_of(words: str) -> str:
    """Make a key of words that are already folded."""
    return hashlib.blake2b(words.encode(), digest_size=_BYTES).hexdigest()
