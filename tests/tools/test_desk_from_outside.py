"""A program that knows `/_local/bureau.json` and the forms of pages, and nothing of the product, works at the desk."""

import base64
import hashlib
import hmac
import json
import re
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest

from tools.outside import Browser, running


@dataclass
class Form:
    """A form as a page has it: where it goes, and what it carries."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)  # of boxes and radio buttons


class Forms(HTMLParser):
    """Reads the forms of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._selected: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(told.get("action", ""), told.get("method", "get")))
        if not self.forms or "name" not in told:
            return
        form, name = self.forms[-1], told["name"]
        if tag == "input" and told.get("type") in {"checkbox", "radio"}:
            form.choices.setdefault(name, []).append(told.get("value", "on"))
        elif tag in {"input", "textarea"}:
            form.fields[name] = told.get("value", "")


def totp(key: str) -> str:
    """Compute a code, as any library does."""
    digest = hmac.new(base64.b32decode(key), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


class Program:
    """Follows redirects, and fills in forms by where they lead."""

    def __init__(self, url: str) -> None:
        self._browser = Browser(url)
        self.page = ""

    def json(self, path: str) -> Any:
        return json.loads(self._browser.send("", path).text)

    def open(self, path: str, form: dict[str, str] | None = None) -> str:
        answer = self._browser.send("", path, form)
        while answer.status == 303:
            answer = self._browser.send("", answer.location)
        assert answer.status == 200, (path, answer.status, answer.text[:2000])
        self.page = answer.text
        return answer.text

    def form(self, action: str) -> Form:
        return next(form for form in Forms(self.page).forms if re.search(action, form.action))

    def submit(self, action: str, **typed: str) -> str:
        form = self.form(action)
        return self.open(form.action, form.fields | typed)

    def link(self, words: str) -> str:
        found = re.search(rf'<a href="([^"]+)"[^>]*>[^<]*{words}', self.page)
        assert found, words
        return found[1]


@pytest.fixture(scope="module")
def program() -> Iterator[Program]:
    with running() as url:
        yield Program(url)


def test_it_does_a_secretary_s_morning(program: Program) -> None:
    secretary = next(staff for staff in program.json("/_local/bureau.json") if staff["role"] == "secretary")
    assert set(secretary) >= {"role", "sites", "courriel", "mot_de_passe", "totp"}
    program.open("/extranet/bureau")
    program.submit("/connexion$", courriel=secretary["courriel"], mot_de_passe=secretary["mot_de_passe"])
    program.submit("/code$", code=totp(secretary["totp"]))

    program.submit("/recherche$", recherche="Familé Erabel")  # finds by a misspelt name
    program.open(program.link("Famille Érable"))
    program.submit("/deblocage$", **{
        name: "Au téléphone" for name in program.form("/deblocage$").fields if name.startswith("raison")
    })  # fmt: skip
    assert "Au téléphone" in program.page

    program.open("/extranet/bureau/reinscriptions?site=evry-xenakis&etat=submitted")  # accepts three pupils
    ticked = {
        name: values[0] for name, values in program.form("/decisions$").choices.items() if name.startswith("eleve-")
    }
    assert len(ticked) == 3
    program.submit("/decisions$", decision="accepted", **ticked)
    assert "Anatole" in program.page
    program.submit("/decisions$")  # the summary says what will be done
    program.open("/extranet/bureau/reinscriptions?site=evry-xenakis&etat=accepted")
    assert all(f">{name} " in program.page for name in ("Anatole", "Blanche", "Clotilde"))

    program.open("/extranet/bureau/reinscriptions?site=evry-magnard&etat=submitted")  # asks one for a document
    program.open(program.link("Gustave"))
    program.submit("/decision$", decision="to_complete", texte="Il manque le certificat médical.")
    assert "Il manque le certificat médical." in program.page

    program.open("/extranet/bureau/reinscriptions?site=evry-xenakis")  # exports
    exported = program.submit("/export$", mot_de_passe=secretary["mot_de_passe"])
    rows = [row.split(";") for row in exported.splitlines()]
    state, pupil = rows[0].index("État"), rows[0].index("Élève")
    accepted = {row[pupil] for row in rows if row[state] == "acceptée"}
    assert accepted == {"Anatole Troène", "Blanche Troène", "Clotilde Cornouiller"}
