"""A mail's HTML part, as its recipient sees it."""

from dataclasses import replace
from html.parser import HTMLParser

from chalicelib.mail.letters import Letter
from tests.support.french import plain


def plain_letter(letter: Letter) -> Letter:
    """Convert a letter to a keyboard's blanks and apostrophes."""
    return replace(letter, subject=plain(letter.subject), text=plain(letter.text), html=plain(letter.html))


class Reader(HTMLParser):
    """Reads a letter like a mail program: tags and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.words += " "  # separates cells and lines

    def handle_data(self, data: str) -> None:
        self.words += "" if self.lasttag == "style" else data

    @property
    def links(self) -> set[str]:
        """The addresses of all links."""
        return {str(attributes["href"]) for _, attributes in self.tags if "href" in attributes}


def words(text: str) -> str:
    """Join the words of all lines."""
    return " ".join(text.split())


def parts(letter: Letter) -> tuple[str, str]:
    """Return the words of both parts of a letter, on one line each."""
    return words(letter.text), words(Reader(letter.html).words)
