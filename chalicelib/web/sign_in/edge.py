"""The edge of families' other ways in: a family's kind of visitor, with the query and an unfinished way in."""

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Any, Final

from chalice.app import Request

from chalicelib.domain.identity.seals import Seal
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
_BETWEEN: Final = "~"  # a state, and the address that a code was asked with


@frozen
class SignInRequest(FamilyRequest):
    """A `FamilyRequest` with its query, and the sealed or signed state of an unfinished way in.

    `sealed_address`: the address that a code was asked with, as typed, for this browser alone.
    """

    services: SignInServices
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    pending: str = field(default="", repr=False)
    sealed_address: str = field(default="", repr=False)
    identity: str = field(default="", repr=False)

    @property
    def address_of_code(self) -> str:
        """The address that a code was asked with. Empty without one."""
        return "".join(_seal(self.services).open_sent(self.sealed_address, 1) or ())


def _facts(request: Request, cookies: str, services: Services, client: Client) -> dict[str, Any]:
    """Read the family's other cookies, the query and the state. Raises `NotThere` for a repeated parameter."""
    state = requests.cookie(cookies, f"{SIGN_IN.cookie_name(services)}{PENDING}")
    pending, _, sealed_address = state.partition(_BETWEEN)
    return FAMILY.more_facts(request, cookies, services, client) | {
        "query": requests.query(request),
        "pending": pending,
        "sealed_address": sealed_address,
        "identity": requests.cookie(cookies, f"{SIGN_IN.cookie_name(services)}{IDENTITY}"),
    }


def with_address(services: SignInServices, question: str, email: str) -> str:
    """Add the address that a code was asked with to its signed request, sealed: a cookie is no place to read it."""
    return f"{question}{_BETWEEN}{_seal(services).seal_text(email)}"


def _seal(services: SignInServices) -> Seal:
    return Seal(services.settings.key_ring("sign-in"), "address of a code")


SIGN_IN: Final = replace(FAMILY, services=SignInServices, request=SignInRequest, more_facts=_facts)
