"""A mail's HTML part, read as its reader sees it."""

from html.parser import HTMLParser


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
        self.words += data

    @property
    def links(self) -> set[str]:
        """Where one can go from here."""
        return {str(attributes["href"]) for _, attributes in self.tags if "href" in attributes}


def words(text: str) -> str:
    """Take the words apart from their lines."""
    return " ".join(text.split())
