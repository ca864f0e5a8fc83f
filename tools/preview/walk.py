"""The walk: as each made-up person, one page of each route that links lead to, and each mail."""

import os
import re
import shutil
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader
from werkzeug.test import Client

from app import app
from chalicelib.domain.enrolment.periods import Periods
from chalicelib.mail.letters import fill
from chalicelib.presentation.rendering import ASSETS_PATH
from chalicelib.settings.environment import load_network
from chalicelib.settings.wings import WINGS
from operations.pages.build import build
from tests.support.all_letters import NOW, VARIANTS, facts_for
from tests.support.template_files import template_files
from tools.local.__main__ import start
from tools.local.families import FAMILIES
from tools.local.local_pages import CARDS, key_of
from tools.local.outgoing_mail import SENT

_URL: Final = "http://127.0.0.1:80"
_VISITOR: Final = {"REMOTE_ADDR": "127.0.0.1", "REMOTE_PORT": "1"}
_TEMPLATES: Final = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True)
_ROUTES: Final = {path: re.compile(re.sub(r"\{\w+\}", "[^/]+", path)) for path in app.routes}
_LINK: Final = re.compile(r'(?<=href=")(/[^"#]*)(#[^"]*)?(?=")')
_EMAIL: Final = re.compile(r"[\w.+-]+@example\.(?:org|fr)")  # of made-up people
_ENDINGS: Final = {"text/html": "html", "application/pdf": "pdf", "text/calendar": "ics"}


@dataclass(frozen=True)
class Specimen:
    """A page, a mail or a print: its reader, title, address or letter, content, and file."""

    person: str
    title: str
    about: str
    content: bytes
    file: str


class Walk:
    """Opens pages as a browser does. `samples`: by the pattern of their address."""

    def __init__(self) -> None:
        self._cdn = start(_URL, is_bare=os.environ.get("START") == "bare")
        self.samples: dict[str, Specimen] = {}

    def walk(self, person: str, key: str = "") -> None:
        """Log in, and open each page that links lead to, one of each pattern."""
        client, queue, former = Client(self._cdn), ["/extranet"], set[str]()
        if key:
            answer = client.post("/_local/entrer", _URL, data={"qui": key}, environ_overrides=_VISITOR)
            queue = [answer.headers["Location"]]
        while queue:
            path = queue.pop(0).removeprefix(_URL)
            pattern = pattern_of(path)
            if pattern in former or not path.startswith("/extranet") or ASSETS_PATH in path or path.endswith("/csv"):
                continue
            former.add(pattern)
            answer = client.get(path, _URL, environ_overrides=_VISITOR)
            if answer.status_code == 303:  # noqa: PLR2004 - HTTP's own
                queue.append(answer.headers["Location"])
            elif answer.status_code == 200:  # noqa: PLR2004 - the same
                ending, content = _ENDINGS.get(answer.mimetype or "", "txt"), answer.get_data()
                if ending == "html":
                    queue += [unescape(match[1]) for match in _LINK.finditer(content.decode())]
                if pattern not in self.samples:
                    self._keep(person, pattern, path, content, ending)

    def _keep(self, person: str, pattern: str, path: str, content: bytes, ending: str) -> None:
        title = re.search(rb"<title>([^<]*)</title>", content) if ending == "html" else None
        file = f"{len(self.samples):03}{re.sub(r'[^a-z]+', '-', pattern)}.{ending}"
        name = unescape(title[1].decode()).rpartition("- ")[0].strip() if title else ending.upper()
        self.samples[pattern] = Specimen(person, name, path, content, file)

    def linked(self, page: Specimen) -> bytes:
        """Lead the links of a page to the files of others, or to the index."""
        if not page.file.endswith("html"):
            return page.content
        text = page.content.decode().replace(f'"{ASSETS_PATH}', f'"{ASSETS_PATH.removeprefix("/")}')
        return _LINK.sub(lambda match: self._file(match[1]) + (match[2] or ""), text).encode()

    def _file(self, path: str) -> str:
        page = self.samples.get(pattern_of(unescape(path)))
        return page.file if page else "index.html"


def pattern_of(path: str) -> str:
    """Return the pattern of an address: that of its route, or its path."""
    plain = path.partition("?")[0]
    return next((pattern for pattern, route in _ROUTES.items() if route.fullmatch(plain)), plain)


def mails() -> list[Specimen]:
    """Fill each letter of the core and of the wings there, in each variant."""
    here, samples = {wing.name for wing in WINGS}, []
    for template in template_files("letters/*.txt"):
        wing = template.parts[-4] if "wings" in template.parts else ""
        for number, facts in enumerate(({}, *VARIANTS.get(template.stem, ()))):
            if not wing or wing in here:
                letter = fill(template.stem, "famille@example.org", NOW, facts_for(template.stem, **facts))
                file = f"mail-{template.stem}-{number}.html"
                samples.append(
                    Specimen(load_network().sender, letter.subject, template.stem, letter.html.encode(), file)
                )
    return samples


def render(folder: Path, name: str) -> str:
    """Write all into a folder. Return its contents in one line."""
    walk = Walk()
    walk.walk("Tout le monde")
    for card in CARDS:
        walk.walk(card.title, card.key)
    for family in FAMILIES:
        if family.ref in SENT:
            walk.walk("Une famille réinscrite", key_of(family))
    for page in [page for pattern, page in walk.samples.items() if pattern.endswith("/demandes/{numero}")]:
        if email := _EMAIL.search(page.content.decode()):
            walk.walk("Une famille qui attend une place", email[0])
    pages, letters, network = [*walk.samples.values()], mails(), load_network()
    shutil.rmtree(folder, ignore_errors=True)
    for asset in build(network, Periods()):
        if asset.key.startswith(ASSETS_PATH.strip("/")):
            (folder / asset.key).parent.mkdir(parents=True, exist_ok=True)
            (folder / asset.key).write_bytes(asset.body)
    for page in pages:
        (folder / page.file).write_bytes(walk.linked(page))
    for letter in letters:
        (folder / letter.file).write_bytes(letter.content)
    index = _TEMPLATES.get_template("index.html").render(pages=pages, letters=letters, network=network, name=name)
    (folder / "index.html").write_text(index, "utf-8")
    return f"{len(pages)} pages and files, {len(letters)} mails: {folder}/index.html"
