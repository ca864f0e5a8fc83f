"""A new family's application as requests: prove a mailbox, answer each step like a browser, send, read the receipt."""

import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from operations.journeys.journey import JourneyAnswer, JourneyLost, Page, Send

START: Final = "/extranet/pre-inscription"
APPLICATION: Final = f"{START}/demande"
READ_SECONDS: Final = 3.1  # faster than a person reads the page and types an address: such a form is refused
_STEPS_AT_MOST: Final = 12  # more steps mean a loop
_NAMES: Final = {"responsable": "Responsable", "eleves": "Élève", "pieces": "Pièces", "recapitulatif": "Récapitulatif"}
_NUMBER: Final = re.compile(r"P\d\d(-[A-Z0-9]{4}){2}")


@dataclass(frozen=True)
class NewFamily:
    """An applicant. `pupils`: form fields per pupil. `groups`: codes of groups."""

    email: str
    pupils: tuple[Mapping[str, str], ...]
    guardian: str = "Mme Inès Geai"
    groups: tuple[str, ...] = ()

    def answers(self, step: str, pupil: int) -> Mapping[str, str]:
        """Fill in the fields of a step."""
        if step == "eleves":
            return self.pupils[pupil]
        if step != "responsable":
            return {}
        return {
            "nom": self.guardian,
            "telephone": "06 99 00 20 01",
            "voie": "4 allée des Tilleuls",
            "code_postal": "91000",
            "ville": "Evry",
            **{f"groupe-{code}": "oui" for code in self.groups},
        }


def ask_for_place(
    send: Send, family: NewFamily, code_mailed_to: Callable[[str], str], wait: Callable[[float], None]
) -> str:
    """Play a new family from the start to the receipt, and return the receipt's number."""
    return fill_in(send, family, walk_in(send, family.email, code_mailed_to, wait))


def fill_in(send: Send, family: NewFamily, path: str = APPLICATION) -> str:
    """Play a new family from « Ma demande » to the receipt, and return the receipt's number."""
    page = Page(expect(send, "Ma demande", path).text)
    path = next(link for link in page.links if link == f"{APPLICATION}/responsable")
    pupil = itertools.count()
    for _ in range(_STEPS_AT_MOST + len(family.pupils)):
        if path == f"{APPLICATION}/recu":
            break
        path = _take(send, family, path, pupil)
    else:
        raise JourneyLost("no receipt")
    receipt = expect(send, "Reçu", path).text
    leave(send, receipt)
    number = _NUMBER.search(receipt)
    if number is None:
        raise JourneyLost("a receipt without a number")
    return number[0]


def _take(send: Send, family: NewFamily, path: str, pupil: "itertools.count[int]") -> str:
    """Answer a step, and return the path of the next."""
    step = path.removeprefix(f"{APPLICATION}/").partition("/")[0]
    number = next(pupil) if step == "eleves" else 0
    page = Page(expect(send, _NAMES[step], path).text)
    fields = {name: value for name, value in page.form.items() if not name.startswith("groupe-")}
    form = {**fields, **family.answers(step, number)}
    then = expect(send, f"POST {_NAMES[step]}", path, form).location
    is_more = step == "eleves" and number + 1 < len(family.pupils)
    return f"{APPLICATION}/eleves/nouveau" if is_more else then


def walk_in(send: Send, email: str, code_mailed_to: Callable[[str], str], wait: Callable[[float], None]) -> str:
    """Prove a mailbox by the code that is mailed to it, and return the next path."""
    start = Page(expect(send, "Pré-inscription", START).text)
    wait(READ_SECONDS)
    code_page = expect(send, "POST Pré-inscription", START, start.form | {"email": email}).location
    return prove(send, code_page, email, code_mailed_to)


def look_again(send: Send, number: str, email: str, code_mailed_to: Callable[[str], str]) -> str:
    """Look up an application by its number and a code. Returns the page « Ma demande »."""
    expect(send, "Suivi", f"{START}/suivi")
    code_page = expect(send, "POST Suivi", f"{START}/suivi", {"numero": number}).location
    return expect(send, "Ma demande", prove(send, code_page, email, code_mailed_to)).text


def prove(send: Send, code_page: str, email: str, code_mailed_to: Callable[[str], str]) -> str:
    """Type the mailed code, and return the next path."""
    expect(send, "Code", code_page)
    return expect(send, "POST Code", code_page, {"code": code_mailed_to(email)}).location


def leave(send: Send, page: str) -> None:
    """Press « Quitter » on a page."""
    expect(send, "POST quitter", f"{START}/quitter", {"jeton": Page(page).form["jeton"]})


def expect(send: Send, name: str, path: str, form: Mapping[str, str] | None = None) -> JourneyAnswer:
    """Send an application as a family's browser does. Raises `JourneyLost` for an answer that no family should get."""
    answer = send(name, path, form)
    if answer.status != (200 if form is None else 303):
        raise JourneyLost(f"{name}: {answer.status} {_said(answer.text)}")
    return answer


def _said(page: str) -> str:
    return " ".join(re.findall(r'class="error"[^>]*>([^<]+)<', page))[:200]
