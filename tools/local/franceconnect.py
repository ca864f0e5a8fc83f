"""FranceConnect's role on this machine: an OpenID provider, where one button is a fictitious person's whole login.

Only `make run` and `make stack` have it. It is as strict with a request as the real one, so that a mistake shows early.
"""

import json
import logging
import secrets
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from jinja2 import Environment, FileSystemLoader
from werkzeug.exceptions import BadRequest, HTTPException, NotFound
from werkzeug.serving import make_server
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from chalicelib.domain.account.login_methods import CHOSEN, IdentityLink, subject_of
from chalicelib.services.family import Services

CLIENT: Final = "clef-local"
SECRET: Final = "the secret of our client at the local FranceConnect"  # noqa: S105 - opens fictitious people alone
RETURN_PATH: Final = "/extranet/compte/acces/franceconnect/retour"
AFTER_LOGOUT: Final = "/extranet/usager"
# The real one refuses every other parameter (docs/decisions/0128). `personne` is the button's.
_LISTED: Final = {
    *("client_id", "redirect_uri", "response_type", "scope", "acr_values", "claims", "state", "nonce", "prompt"),
    *("idp_hint", "personne"),
}
_NONCE: Final = 22  # characters, at least
_KEY_ID: Final = "local-1"
_LIFETIME: Final = timedelta(minutes=1)
_PAGES: Final = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True)


@dataclass(frozen=True)
class Person:
    """A fictitious person at FranceConnect. `linked`: the site and identifier that they already open."""

    subject: str
    name: str
    email: str
    note: str
    linked: tuple[str, str] | None = None


PEOPLE: Final = (
    Person(
        *("fc-bourdaine", "Perrine Bourdaine", "perrine.bourdaine@example.fr", "déjà liée à XEN3202 : entre aussitôt"),
        linked=("evry-xenakis", "XEN3202"),
    ),
    Person("fc-pommerel", "Octave Pommerel", "pommerel@example.org", "son adresse est connue : GOU1002"),
    Person("fc-sarriette", "Iris Sarriette", "sarriette@example.org", "son adresse est connue à deux sites : DUO6001"),
    Person("fc-inconnu", "Zéphyr Liseron", "liseron@example.org", "son adresse n'est connue d'aucun compte"),
)


def links_of(services: Services, site: str, identifier: str, now: datetime) -> tuple[IdentityLink, ...]:
    """List the links of an account at the start: of its people, as if they had come once."""
    provider, pseudonyms = services.settings.network.franceconnect, services.record.pseudonyms
    return tuple(
        IdentityLink(subject_of(pseudonyms, provider.issuer, person.subject), now, proof=CHOSEN)
        for person in PEOPLE
        if provider and person.linked == (site, identifier)
    )


def other_name(public_url: str) -> str:
    """Return the address of `localhost`, which passkeys need, as they know no IP address."""
    return public_url.replace("//127.0.0.1:", "//localhost:")


@dataclass(frozen=True)
class LocalFranceConnect:
    """One provider with one client: the service at `public_url`. Its codes open once, and die with the process."""

    issuer: str
    public_url: str
    clock: Callable[[], datetime]
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))
    codes: dict[str, tuple[Person, Mapping[str, str]]] = field(default_factory=dict)
    access: dict[str, Person] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, str]:
        """The settings of a service that uses it."""
        return {"CLEF_FRANCECONNECT": f"{self.issuer} {CLIENT}", "CLEF_FRANCECONNECT_SECRET": SECRET}

    def answer(self, request: Request, path: str) -> Response:
        """Answer a request for a path below the issuer."""
        try:
            match request.method, path:
                case "GET", "/.well-known/openid-configuration":
                    answer = _json(self._description())
                case "GET", "/jwks":
                    answer = _json({"keys": [self._public_key()]})
                case "GET", "/authorize":
                    answer = self._choose(request.args.to_dict())
                case "POST", "/token":
                    answer = _json(self._redeem(request.form.to_dict()))
                case "GET", "/userinfo":
                    answer = self._describe_person(request.headers.get("Authorization", ""))
                case "GET", "/session/end":
                    answer = self._log_out(request.args.to_dict())
                case _:
                    raise NotFound
        except HTTPException as error:
            return Response(error.description, error.code, mimetype="text/plain")
        return answer

    def _description(self) -> dict[str, object]:
        paths = {
            "authorization_endpoint": "authorize",
            "token_endpoint": "token",
            "userinfo_endpoint": "userinfo",
            "jwks_uri": "jwks",
            "end_session_endpoint": "session/end",
        }
        return {
            "issuer": self.issuer,
            **{name: f"{self.issuer}/{path}" for name, path in paths.items()},
            "response_types_supported": ["code"],
            "subject_types_supported": ["pairwise"],
            "scopes_supported": ["openid", "email"],
            "acr_values_supported": ["eidas1"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "userinfo_signing_alg_values_supported": ["ES256"],
        }

    def _choose(self, parameters: Mapping[str, str]) -> Response:
        """Show the people, or return to the service with the chosen one's code (`personne`), or a refusal."""
        _check(
            client_id=parameters.get("client_id") == CLIENT,
            redirect_uri=self._public(parameters.get("redirect_uri", "")) == self.public_url + RETURN_PATH,
            response_type=parameters.get("response_type") == "code",
            scope=set(parameters.get("scope", "").split()) == {"openid", "email"},
            acr_values="eidas1" in parameters.get("acr_values", "").split(),
            state=bool(parameters.get("state")),
            nonce=len(parameters.get("nonce", "")) >= _NONCE,
            **dict.fromkeys(parameters.keys() - _LISTED, False),
        )
        choice = parameters.get("personne")
        if choice is None:
            page = _PAGES.get_template("franceconnect.html").render(people=PEOPLE, asked=parameters)
            return Response(page, mimetype="text/html")
        person = next((person for person in PEOPLE if person.subject == choice), None)
        answer = {"error": "access_denied", "error_description": "User auth aborted"}
        if person:
            code = secrets.token_urlsafe(16)
            self.codes[code] = person, parameters
            answer = {"code": code}
        return redirect(
            f"{parameters['redirect_uri']}?{urlencode(answer | {'state': parameters['state'], 'iss': self.issuer})}",
            303,
        )

    def _public(self, address: str) -> str:
        """Write an address of the service's other name on this machine under its public one, which its server sends."""
        other_host = other_name(self.public_url)
        return self.public_url + address.removeprefix(other_host) if address.startswith(f"{other_host}/") else address

    def _redeem(self, form: Mapping[str, str]) -> dict[str, object]:
        person, parameters = self.codes.pop(form.get("code", ""), (None, {}))
        _check(
            code=person is not None,
            client_secret=(form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET),
            redirect_uri=form.get("redirect_uri") == self._public(parameters.get("redirect_uri", "")),
        )
        assert person  # noqa: S101 - just checked
        token = secrets.token_urlsafe(16)
        self.access[token] = person
        claims = {"nonce": parameters["nonce"], "acr": "eidas1", "auth_time": int(self.clock().timestamp())}
        return {
            "id_token": self._sign(person, claims),
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": int(_LIFETIME.total_seconds()),
        }

    def _describe_person(self, bearer: str) -> Response:
        person = self.access.get(bearer.removeprefix("Bearer "))
        if person is None:
            raise BadRequest("access_token")
        claims = {"email": person.email, "email_verified": True}
        return Response(self._sign(person, claims), content_type="application/jwt")

    def _log_out(self, parameters: Mapping[str, str]) -> Response:
        _check(
            id_token_hint=bool(parameters.get("id_token_hint")),
            post_logout_redirect_uri=self._public(parameters.get("post_logout_redirect_uri", ""))
            == self.public_url + AFTER_LOGOUT,
            state=bool(parameters.get("state")),
        )
        return redirect(f"{parameters['post_logout_redirect_uri']}?{urlencode({'state': parameters['state']})}", 303)

    def _sign(self, person: Person, claims: Mapping[str, object]) -> str:
        now = self.clock()
        times = {"iat": int(now.timestamp()), "exp": int((now + _LIFETIME).timestamp())}
        about = {"iss": self.issuer, "aud": CLIENT, "sub": person.subject}
        parts = ({"alg": "ES256", "kid": _KEY_ID}, {**about, **times, **claims})
        message = ".".join(_encoded(json.dumps(part).encode()) for part in parts)
        halves = decode_dss_signature(self.key.sign(message.encode(), ECDSA(SHA256())))
        return f"{message}.{_encoded(b''.join(half.to_bytes(32) for half in halves))}"

    def _public_key(self) -> dict[str, str]:
        point = self.key.public_key().public_numbers()
        of_curve = {
            "kty": "EC",
            "crv": "P-256",
            "x": _encoded(point.x.to_bytes(32)),
            "y": _encoded(point.y.to_bytes(32)),
        }
        return of_curve | {"use": "sig", "alg": "ES256", "kid": _KEY_ID}


def _check(**parts: bool) -> None:
    """Refuse a request by the name of its first wrong part, which the real one would only call invalid."""
    for name, is_right in parts.items():
        if not is_right:
            raise BadRequest(name)


def _encoded(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def _json(content: object) -> Response:
    return Response(json.dumps(content), mimetype="application/json")


@contextmanager
def serving(public_url: str) -> Iterator[LocalFranceConnect]:
    """Serve a provider on a port of its own inside the block, for `make stack`."""
    services_made: list[LocalFranceConnect] = []
    app = Request.application(lambda request: services_made[0].answer(request, request.path))
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # else a line per request
    server = make_server("127.0.0.1", 0, app, threaded=True)
    services_made.append(
        LocalFranceConnect(f"http://127.0.0.1:{server.server_port}", public_url, lambda: datetime.now(UTC))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield services_made[0]
    finally:
        server.shutdown()
