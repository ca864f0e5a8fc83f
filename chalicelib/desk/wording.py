"""What the desk says instead where the office's own sentence names a command: the same fact, and the page's way out."""

from typing import Final

from chalicelib.office.refusals import OfficeRefusal

# By the refusal's code, with its own facts in braces.
WEB: Final[dict[str, str]] = {}


def sentence_of(refusal: OfficeRefusal) -> str:
    """Write a refusal for a page: no command, no option."""
    words = WEB.get(refusal.code)
    return words.format(**refusal.facts) if words else refusal.sentence
