"""A mail's HTML part, read as its reader sees it."""

from dataclasses import replace
from html.parser import HTMLParser

from chalicelib.mail.letters import Letter
from tests.support.french import plain


def plain_letter(letter: Letter) -> Letter:
    """Read a letter with the blanks and apostrophes of a keyboard."""
    return replace(letter, subject=plain(letter.subject), text=plain(letter.text), html=plain(letter.html))


class Reader(HTMLParser):
    """Reads a letter as a mail program does: its tags, and its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.words += " "  # cells and lines stand apart

    def handle_data(self, data: str) -> None:
        self.words += "" if self.lasttag == "style" else data

    @property
    def links(self) -> set[str]:
        """Where one can go from here."""
        return {str(attributes["href"]) for _, attributes in self.tags if "href" in attributes}


def words(text: str) -> str:
    """Take the words apart from their lines."""
    return " ".join(text.split())
