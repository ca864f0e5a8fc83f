"""What the exercise of a package asks and reads: requests as API Gateway hands them over, answers that were due."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from tools.bench.events import event
from tools.local.families import FAMILIES
from tools.trial.exercise import Worker

CDN_SECRET = "the secret that the CDN of the exercise sends"  # noqa: S105 - of an exercise
FAMILY = next(family for family in FAMILIES if family.name == "Famille Rossignol")
NEW_PASSWORD = "Mouette31Grise"  # noqa: S105 - of a fictitious family
HOME = "/extranet/compte"
LOGIN = f"{HOME}/connexion"
BILLS = f"{HOME}/facturation"


def answers(web: Worker, status: int, request: Mapping[str, Any]) -> dict[str, Any]:
    """Send a request. Raises RuntimeError where another status was due."""
    answer: dict[str, Any] = web.invoke(request)
    if answer["statusCode"] != status:
        raise RuntimeError(f"{request['path']}: {status} was due, not {answer['statusCode']}")
    return answer


def getting(path: str, cookie: str = "") -> dict[str, Any]:
    """Make the request of a page."""
    return event("GET", path, "", {"X-Clef-Cdn": CDN_SECRET, "Cookie": cookie})


def posting(path: str, fields: Mapping[str, str] | str, cookie: str = "") -> dict[str, Any]:
    """Make the request of a form, from its fields or from raw words."""
    body = fields if isinstance(fields, str) else urlencode(fields)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Clef-Cdn": CDN_SECRET, "Cookie": cookie}
    return event("POST", path, body, headers)


def login_of(password: str) -> dict[str, str]:
    """Fill « Connexion » for the family of the exercise."""
    return {"site": FAMILY.site, "identifiant": FAMILY.identifier, "mot_de_passe": password}


def change_of(current: str, new: str) -> dict[str, str]:
    """Fill « Mot de passe »."""
    return {"actuel": current, "nouveau": new, "confirmation": new}


def cookie_of(answer: Mapping[str, Any]) -> str:
    """Find the session's cookie in an answer."""
    cookie: str = answer["multiValueHeaders"]["Set-Cookie"][0]
    return cookie.partition(";")[0]


def mark_of(answer: Mapping[str, Any]) -> str:
    """Find the mark that a step's form carries."""
    return hidden_in(answer, "vu")


def hidden_in(answer: Mapping[str, Any], name: str) -> str:
    """Find what a hidden field of a page holds."""
    found: str = answer["body"].partition(f'name="{name}" value="')[2].partition('"')[0]
    return found
