"""A family's re-enrolment as requests, one after another: log in, answer each step, send, read the receipt, leave.

It knows neither who sends nor what serves: Locust plays it over HTTP, `tools/scale` in one process to count calls.
Standard library only, for Locust has an environment of its own.
"""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from random import Random
from typing import Final

HOME: Final = "/extranet/compte"
STEPS: Final = f"{HOME}/reinscription"
_AT_MOST: Final = 25  # requests of the steps: a family that goes in circles is a fault, not a load
_SEE_OTHER: Final = 303


@dataclass(frozen=True)
class Ask:
    """A request, under the name that reports give it, after some seconds of reading or typing."""

    name: str
    path: str
    form: Mapping[str, str] | None = None  # None: GET
    think: float = 0.0


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    location: str
    text: str = field(repr=False)


@dataclass(frozen=True)
class Family:
    """Who logs in."""

    site: str
    identifier: str
    password: str = field(repr=False)


class Lost(Exception):
    """An answer that no family should get: the name of the request, and the status."""


Journey = Generator[Ask, Answer, None]


def journey(family: Family, chance: Random) -> Journey:
    """Play one family from the door to the receipt."""
    yield Ask("page Connexion", "/extranet/usager")
    login = {"site": family.site, "identifiant": family.identifier, "mot_de_passe": family.password}
    answer = yield Ask("POST connexion", f"{HOME}/connexion", login, chance.uniform(8, 25))
    _check(answer, _SEE_OTHER, "connexion")
    answer = yield Ask("Accueil", HOME)
    _check(answer, 200, "Accueil")
    answer = yield Ask("Réinscription", STEPS, think=chance.uniform(4, 15))
    _check(answer, 200, "Réinscription")
    path = next((link for link in Page(answer.text).links if link.startswith(f"{STEPS}/")), "")
    for _ in range(_AT_MOST):
        if not path or path.startswith(f"{STEPS}/recus/"):
            break
        path = yield from _step(path, chance)
    if not path:
        raise Lost("no receipt")
    answer = yield Ask("Reçu", path)
    _check(answer, 200, "Reçu")
    leaving = {"jeton": Page(answer.text).hidden.get("jeton", "")}
    yield Ask("POST déconnexion", f"{HOME}/deconnexion", leaving, chance.uniform(5, 20))


def _step(path: str, chance: Random) -> Generator[Ask, Answer, str]:
    """Show a step, answer it, and give where it leads."""
    name = _named(path)
    answer = yield Ask(name, path)
    _check(answer, 200, name)
    page = Page(answer.text)
    form = page.hidden | page.ticked | page.who | _answers(name, page, chance)
    answer = yield Ask(f"POST {name}", path, form, chance.uniform(10, 60))
    _check(answer, _SEE_OTHER, f"POST {name}")
    return answer.location


def _named(path: str) -> str:
    kind = path.removeprefix(f"{STEPS}/").partition("/")[0]
    return {"foyer": "Mon foyer", "eleves": "Élève", "pieces": "Pièces", "recapitulatif": "Récapitulatif"}[kind]


def _answers(name: str, page: "Page", chance: Random) -> dict[str, str]:
    match name:
        case "Mon foyer":
            return {
                "coordonnees": "oui",
                "payeur": "Mme Merle",
                "image": "oui",
                "urgence_nom": "Mme Merle",
                "urgence_telephone": "01 99 00 11 22",
                "reglement": "oui",
            }
        case "Élève" if chance.random() < 0.1:  # noqa: PLR2004 - one in ten leaves
            return {"choix": "non", "motif": "Déménagement"}
        case "Élève":
            return {"choix": "oui"}
        case _:
            return dict.fromkeys(page.boxes, "oui")


def _check(answer: Answer, status: int, name: str) -> None:
    if answer.status != status:
        raise Lost(f"{name} : {answer.status}")


class Page(HTMLParser):
    """What a page offers: its links, and what the form of a step carries, which has a mark; else the last form."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.hidden: dict[str, str] = {}
        self.ticked: dict[str, str] = {}
        self.boxes: list[str] = []
        self.who: dict[str, str] = {}  # the first guardian, where it asks which one is there
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a link or an input."""
        found = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(found.get("href", ""))
        if tag == "form" and "vu" not in self.hidden:
            self.hidden, self.ticked, self.boxes = {}, {}, []
        if (tag, found.get("name")) == ("select", "par"):
            self.who = {"par": "1"}
        if tag != "input" or "name" not in found:
            return
        kind, name, value = found.get("type", "text"), found["name"], found.get("value", "")
        if kind == "hidden":
            self.hidden.setdefault(name, value)
        if kind == "checkbox":
            self.boxes.append(name)
        if kind in {"checkbox", "radio"} and "checked" in found:
            self.ticked[name] = value
