"""The words of one of our pages, block by block, as paper can show them."""

import re
from dataclasses import field
from html.parser import HTMLParser
from typing import Final, Literal, cast, get_args

from chalicelib.values import frozen

# « number »: what a `dd` holds that is read aloud; « unshown »: said only where a character is not; « footer »: below.
Kind = Literal["h1", "h2", "p", "li", "dt", "dd", "number", "unshown", "footer"]

_BLANKS: Final = re.compile("[ \t\r\n]+")


@frozen
class Block:
    """A heading, a paragraph, an item of a list, a fact or its name."""

    kind: Kind
    text: str = field(repr=False)


def blocks_of(html: str) -> tuple[Block, ...]:
    """List the blocks of a page of ours, in their order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return tuple(reader.blocks)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self._words: list[str] = []
        self._kind: Kind | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block; its class names it better than its tag."""
        classes = (dict(attrs).get("class") or "").split()
        named = [name for name in (*classes, tag) if name in get_args(Kind)]
        if named:
            self._end()
            self._kind = cast("Kind", named[0])

    def handle_endtag(self, tag: str) -> None:
        """End it."""
        if tag in get_args(Kind):
            self._end()

    def handle_data(self, data: str) -> None:
        """Read its words."""
        if self._kind:
            self._words.append(data)

    def _end(self) -> None:
        text = _BLANKS.sub(" ", "".join(self._words)).strip(" ")
        if self._kind and text:
            self.blocks.append(Block(self._kind, text))
        self._kind, self._words = None, []
