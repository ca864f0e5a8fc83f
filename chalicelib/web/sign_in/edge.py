"""The edge of families' other ways in: a family's kind of visitor, with the query and an unfinished way in."""

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Any, Final

from chalice.app import Request

from chalicelib.services.family import Client, Services
from chalicelib.services.sign_in import SignInServices
from chalicelib.values import frozen
from chalicelib.web import requests
from chalicelib.web.family.edge import FAMILY, FamilyRequest

WAYS_PAGE: Final = "/extranet/compte/acces"
CODE_PAGE: Final = f"{WAYS_PAGE}/code"
PROOF_PAGE: Final = f"{WAYS_PAGE}/preuve"
PENDING: Final = "-acces"  # ending of the cookie's name: the state of an unfinished way in, which the next replaces
IDENTITY: Final = "-identite"  # the person whom FranceConnect has just identified, sealed


@frozen
class SignInRequest(FamilyRequest):
    """A `FamilyRequest` with its query, and the sealed or signed state of an unfinished way in."""

    services: SignInServices
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    pending: str = field(default="", repr=False)
    identity: str = field(default="", repr=False)


def _facts(request: Request, cookies: str, services: Services, client: Client) -> dict[str, Any]:
    """Read the family's other cookies, the query and the state. Raises `NotThere` for a repeated parameter."""
    return FAMILY.more_facts(request, cookies, services, client) | {
        "query": requests.query(request),
        "pending": requests.cookie(cookies, f"{SIGN_IN.cookie_name(services)}{PENDING}"),
        "identity": requests.cookie(cookies, f"{SIGN_IN.cookie_name(services)}{IDENTITY}"),
    }


SIGN_IN: Final = replace(FAMILY, services=SignInServices, request=SignInRequest, more_facts=_facts)
