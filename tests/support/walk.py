"""A visitor who opens every page that links lead to, then sends each form as it stands."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any, Final

from app import app
from tests.support.forms import Form, forms_of
from tests.support.french import plain
from tests.support.world import Visitor, World

ROUTES: Final = [re.compile(re.sub(r"\{\w+\}", "[^/]+", path)) for path in app.routes]
ENDINGS: Final = ("/deconnexion", "/connexions", "/quitter")  # of forms that end the session


def texts_of(value: Any) -> Iterator[str]:
    """Yield the sentences of `network.toml`, which pages show as they are."""
    if isinstance(value, str):
        yield from [plain(value)] if " " in value else []
    elif isinstance(value, (Mapping, tuple, list)):
        inner = value.values() if isinstance(value, Mapping) else value
        yield from (text for one in inner for text in texts_of(one))


class Walk:
    """Finds links that lead nowhere, forms without a route, empty lists and headings, and forbidden words."""

    def __init__(self, world: World, visitor: Visitor, forbidden: Iterable[str] = ()) -> None:
        self.visitor = visitor
        self.pages = 0
        self.faults: list[str] = []
        self._forbidden = [re.compile(words) for words in forbidden]
        texts = texts_of(asdict(world.services.settings.network))
        self._texts_of_network = sorted(set(texts), key=len, reverse=True)
        self._former: set[str] = set()  # addresses without the values of their query, and of forms

    def faults_from(self, *paths: str) -> str:
        """Walk from some pages. Return a line for each fault."""
        queue, forms = [(path, "the start") for path in paths], list[Form]()
        while queue:
            path, page = queue.pop(0)
            if self._is_new(re.sub(r"=[^&]*", "", path)):
                links, forms_there = self._open(path, page)
                queue += [(link, path) for link in links]
                forms += forms_there
        for form in forms:
            if self._is_new(f"form {form.path}") and not form.path.endswith(ENDINGS):
                status = self.visitor.post(form.path, form.fields).status_code
                is_there = any(route.fullmatch(form.path.partition("?")[0]) for route in ROUTES)
                self.faults += [] if is_there and status < 500 else [f"{form.path} sent: {status}"]
        return "\n".join(self.faults)

    def _is_new(self, name: str) -> bool:
        is_new = name not in self._former
        self._former.add(name)
        return is_new

    def _open(self, path: str, page: str) -> tuple[list[str], list[Form]]:
        """Open a page that another one leads to. Return its links and forms."""
        answer = self.visitor.get(path)
        if answer.status_code == 303:
            return [answer.headers["Location"].removeprefix("http://localhost").partition("#")[0]], []
        if answer.status_code != 200 and "/erreurs/" not in path:
            self.faults.append(f"{page} leads to {path}: {answer.status_code}")
        if not answer.headers["Content-Type"].startswith("text/html"):
            return [], []
        self.pages += 1
        text = html.unescape(answer.text)
        ids = set(re.findall(r' id="([^"]+)"', text))
        self.faults += [f"{path} has no #{name}" for name in re.findall(r' href="#([^"]+)"', text) if name not in ids]
        self.faults += [f"{path} has {match[0]}" for match in re.finditer(r"<(ul|dl|nav|h\d)\b[^>]*>\s*</\1>", text)]
        self._find_words(path, text)
        posts = set(re.findall(r'method="post" action="([^"]*)"', answer.text))
        links = re.findall(r'(?:<a\b[^>]* href|method="get" action)="(/[^"#]*)', text)
        return links, [form for form in forms_of(answer.text) if form.path in posts]

    def _find_words(self, path: str, page: str) -> None:
        if not self._forbidden:
            return
        for text in self._texts_of_network:
            page = page.replace(text, "…")
        for words in self._forbidden:
            matches = words.finditer(page)
            self.faults += [f"{path} has « {page[match.start() - 30 : match.end() + 30]} »" for match in matches]
