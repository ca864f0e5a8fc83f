"""A family's re-enrolment as requests: log in, answer each step as a browser would, send, read the receipt, log out."""

from collections.abc import Callable, Mapping
from email.message import Message
from html.parser import HTMLParser
from typing import Final, NamedTuple

_HOME: Final = "/extranet/compte"
_STEPS: Final = f"{_HOME}/reinscription"
_STEPS_AT_MOST: Final = 25  # more steps mean a loop
_NAMES: Final = {"foyer": "Mon foyer", "eleves": "Élève", "pieces": "Pièces", "recapitulatif": "Récapitulatif"}
_LEFT_ALONE: Final = {"cours-plus"}  # a box that opens further questions
_TYPED: Final = {"text": "Mme Merle", "tel": "01 99 00 11 22"}


class JourneyAnswer(NamedTuple):
    """An answer of the service."""

    status: int
    location: str
    text: str
    headers: Message = Message()


# Sends a request under its name in reports. Without a form it is a GET.
Send = Callable[[str, str, Mapping[str, str] | None], JourneyAnswer]


class JourneyLost(Exception):
    """An answer that no family should get: the name of the request, and the status."""


def play(send: Send, site: str, identifier: str, password: str) -> None:
    """Play one family from the login to the receipt."""

    def ask(name: str, path: str, form: Mapping[str, str] | None = None) -> JourneyAnswer:
        answer = send(name, path, form)
        if answer.status != (200 if form is None else 303):
            raise JourneyLost(f"{name}: {answer.status}")
        return answer

    send("page Connexion", "/extranet/usager", None)
    ask("POST connexion", f"{_HOME}/connexion", {"site": site, "identifiant": identifier, "mot_de_passe": password})
    ask("Accueil", _HOME)
    receipt = Page(reenrol(ask).text)
    ask("POST déconnexion", f"{_HOME}/deconnexion", {"jeton": receipt.form["jeton"]})


def ask_for_password(send: Send, identifier: str, email: str) -> None:
    """Ask for a lost password, whose mail follows. Raises `JourneyLost`."""
    send("page Mot de passe perdu", "/extranet/usager/mot-de-passe-perdu", None)
    answer = send("POST Mot de passe perdu", f"{_HOME}/mot-de-passe-perdu", {"identifiant": identifier, "email": email})
    if answer.status != 200:  # noqa: PLR2004 - HTTP's
        raise JourneyLost(f"POST Mot de passe perdu: {answer.status}")


def reenrol(ask: Callable[..., JourneyAnswer]) -> JourneyAnswer:
    """Answer each step of a re-enrolment, up to the receipt. Raises `JourneyLost`."""
    path = next(link for link in Page(ask("Réinscription", _STEPS).text).links if link == f"{_STEPS}/foyer")
    for _ in range(_STEPS_AT_MOST):
        if path.startswith(f"{_STEPS}/recus/"):
            break
        name = _NAMES[path.removeprefix(f"{_STEPS}/").partition("/")[0]]
        page = Page(ask(name, path).text)
        path = ask(f"POST {name}", path, page.form | (page.blanks if name == "Mon foyer" else {})).location
    else:
        raise JourneyLost("no receipt")
    return ask("Reçu", path)


class Page(HTMLParser):
    """The links of a page, and the form of its step, which has a version (« vu »). Without one, its last form.

    `form` has each box ticked, and the first choice where none is made. `blanks` are the empty text fields.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.form: dict[str, str] = {}
        self.blanks: dict[str, str] = {}
        self._is_over = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a link or a field."""
        values = {name: value or "" for name, value in attrs}
        name, kind, value = values.get("name", ""), values.get("type", "text"), values.get("value", "")
        match tag:
            case "a":
                self.links.append(values.get("href", ""))
            case "form":
                self._is_over = "vu" in self.form
                if not self._is_over:
                    self.form, self.blanks = {}, {}
            case "select" if name == "par" and not self._is_over:
                self.form[name] = "1"  # the first guardian
            case "input" if name and not self._is_over:
                self._fill(name, kind, value, is_checked="checked" in values)

    def _fill(self, name: str, kind: str, value: str, *, is_checked: bool) -> None:
        if kind in _TYPED and not value:
            self.blanks[name] = _TYPED[kind]
        elif is_checked or (name not in self.form and name not in _LEFT_ALONE):
            self.form[name] = value
