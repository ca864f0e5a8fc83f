"""The edge of families' login methods: a family's kind of visitor, with the query and an unfinished login."""

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Any, Final

from chalice.app import Request

from chalicelib.domain.identity.seals import Seal
from chalicelib.services.family import Services, Visit
from chalicelib.services.login_methods import LoginMethodServices
from chalicelib.values import frozen
from chalicelib.web import requests
from chalicelib.web.family.edge import FAMILY, RequestOfFamily
from chalicelib.web.responses import Cookie

METHODS_PAGE: Final = "/extranet/compte/acces"
CODE_PAGE: Final = f"{METHODS_PAGE}/code"
PROOF_PAGE: Final = f"{METHODS_PAGE}/preuve"
PENDING: Final = "-acces"  # ending of the cookie's name: what an unfinished login waits for, which the next replaces
_BETWEEN: Final = "~"  # a state, the address that a code was asked with, and the person identified by FranceConnect


@frozen
class MethodsRequest(RequestOfFamily[LoginMethodServices]):
    """A `FamilyRequest` with its query, and the sealed or signed state of an unfinished login.

    `sealed_address`: the address that a code was asked with, as typed, for this browser alone.
    """

    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    pending: str = field(default="", repr=False)
    sealed_address: str = field(default="", repr=False)
    identity: str = field(default="", repr=False)

    @property
    def address_of_code(self) -> str:
        """The address that a code was asked with. Empty without one."""
        return "".join(_seal(self.services).open_sent(self.sealed_address, 1) or ())


def _facts(request: Request, cookies: str, visit: Visit[Services]) -> dict[str, Any]:
    """Read the family's other cookies, the query and the state. Raises `NotThere` for a repeated parameter."""
    waiting = requests.cookie(cookies, f"{METHODS.cookie_name(visit.services)}{PENDING}").split(_BETWEEN)
    pending, sealed_address, identity = (*waiting, "", "")[:3]
    return FAMILY.more_facts(request, cookies, visit) | {
        "query": requests.query(request),
        "pending": pending,
        "sealed_address": sealed_address,
        "identity": identity,
    }


def pending_cookie(services: LoginMethodServices, state: str = "", email: str = "", identity: str = "") -> Cookie:
    """Make the cookie of a state, of the address that a code was asked with, and of a sealed person.

    The address is sealed too: a cookie is no place to read it. One cookie, as CloudFront passes on ten names at most.
    """
    address = _seal(services).seal_text(email) if email else ""
    return Cookie(PENDING, _BETWEEN.join((state, address, identity)))


def _seal(services: LoginMethodServices) -> Seal:
    return Seal(services.settings.key_ring("sign-in"), "address of a code")


METHODS: Final = replace(FAMILY, services=LoginMethodServices, request=MethodsRequest, more_facts=_facts)
