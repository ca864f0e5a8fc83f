"""An identity provider on loopback with configurable answers: right, wrong, late or none."""

import hashlib
import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from chalicelib.flows import identity
from chalicelib.services.office import OfficeServices
from chalicelib.settings.network import FranceConnect, ProConnect

CLIENT = "clef-test"
SECRET = "the secret of our client there"
MFA = "https://proconnect.gouv.fr/assurance/consistency-checked-2fa"
EMAIL = "troglodyte@example.org"

Signed = Callable[[Mapping[str, Any]], str]


def coded(content: bytes) -> str:
    """Encode as base64url, like RFC 7515."""
    return urlsafe_b64encode(content).decode().rstrip("=")


def new_key() -> EllipticCurvePrivateKey:
    """Make a key of P-256."""
    return generate_private_key(SECP256R1())


@cache
def rsa_key(bits: int) -> rsa.RSAPrivateKey:
    """Make a key of RSA, one for all tests since it takes long."""
    return rsa.generate_private_key(65_537, bits)


def jwk_of_rsa(kid: str, bits: int = 2_048) -> dict[str, str]:
    """Describe a public key of RSA (RFC 7518, 6.3)."""
    n = rsa_key(bits).public_key().public_numbers().n.to_bytes(bits // 8, "big")
    return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid, "n": coded(n), "e": "AQAB"}


@dataclass
class Provider:
    """The provider's requests and answers. `claims` and `userinfo` change its data, the other fields its behaviour."""

    algorithm: str = "ES256"
    acr: str = MFA
    has_pkce: bool = True
    key: EllipticCurvePrivateKey = field(default_factory=new_key)
    kid: str = "key-1"
    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    sign: Callable[["Provider", bytes], bytes] | None = None
    answers: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)  # by path, instead of its own
    delay: float = 0
    late: str = ""  # the path that is answered late
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    paths: list[str] = field(default_factory=list)

    def allow(self, address: str) -> dict[str, str]:
        """Log the person in, and return the parameters that the browser brings back."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.codes["a-code"] = query
        return {"code": "a-code", "state": query["state"]}

    def token(self, claims: Mapping[str, Any]) -> str:
        """Sign claims."""
        header = {"alg": self.algorithm, "kid": self.kid, "typ": "JWT"} | self.header
        head, body = (coded(json.dumps(part).encode()) for part in (header, claims))
        message = f"{head}.{body}".encode()
        return f"{head}.{body}.{coded(self.sign(self, message) if self.sign else self.signature(message))}"

    def signature(self, message: bytes) -> bytes:
        """Sign as in RFC 7518, 3.3 and 3.4."""
        if self.algorithm == "RS256":
            return rsa_key(2_048).sign(message, padding.PKCS1v15(), SHA256())
        return b"".join(half.to_bytes(32, "big") for half in decode_dss_signature(self.signature_in_der(message)))

    def signature_in_der(self, message: bytes) -> bytes:
        """Sign as in certificates."""
        return self.key.sign(message, ECDSA(SHA256()))

    @property
    def point(self) -> bytes:
        """The point of its public key."""
        numbers = self.key.public_key().public_numbers()
        return numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")

    def jwk(self) -> dict[str, str]:
        """Describe the public key (RFC 7517)."""
        if self.algorithm == "RS256":
            return jwk_of_rsa(self.kid)
        return {
            "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.kid,
            "x": coded(self.point[:32]), "y": coded(self.point[32:]),
        }  # fmt: skip

    def answer(self, path: str, form: Mapping[str, str], bearer: str, now: int) -> tuple[int, str, bytes]:
        """Answer a call."""
        self.paths.append(path)
        time.sleep(0.15 if path == self.late else self.delay)
        if path in self.answers:
            return self.answers[path]
        match path:
            case "/.well-known/openid-configuration":
                ends = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
                document: dict[str, Any] = {name: f"{self.issuer}/{name}" for name in (*ends, "end_session_endpoint")}
                document |= {"issuer": self.issuer}
                document |= {"code_challenge_methods_supported": ["S256"]} if self.has_pkce else {}
                return 200, "application/json", json.dumps(document).encode()
            case "/jwks_uri":
                return 200, "application/json", json.dumps({"keys": [self.jwk()]}).encode()
            case "/token_endpoint":
                return self._tokens(form, now)
            case "/userinfo_endpoint" if bearer == "Bearer access":
                userinfo = {"iss": self.issuer, "aud": CLIENT, "sub": "agent-1", "email": EMAIL, "exp": now + 60}
                userinfo |= {"email_verified": True}
                return 200, "application/jwt", self.token(without_nothing(userinfo | self.userinfo)).encode()
        return 404, "text/plain", b""

    def _tokens(self, form: Mapping[str, str], now: int) -> tuple[int, str, bytes]:
        query = self.codes.pop(form.get("code", ""), None)
        if query is None or form.get("client_secret") != SECRET or form.get("redirect_uri") != query["redirect_uri"]:
            return 400, "application/json", b'{"error": "invalid_grant"}'
        verifier = form.get("code_verifier", "")
        challenge = coded(hashlib.sha256(verifier.encode()).digest()) if verifier else None
        if challenge != query.get("code_challenge"):
            return 400, "application/json", b'{"error": "invalid_grant"}'
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": "agent-1", "nonce": query["nonce"], "acr": self.acr,
            "iat": now, "exp": now + 300, "auth_time": now,
        } | self.claims  # fmt: skip
        tokens = {"id_token": self.token(without_nothing(claims)), "access_token": "access", "token_type": "Bearer"}
        return 200, "application/json", json.dumps(tokens).encode()


def without_nothing(claims: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out claims that are None."""
    return {name: value for name, value in claims.items() if value is not None}


@contextmanager
def serving(provider: Provider, now: Callable[[], int]) -> Iterator[Provider]:
    """Serve on loopback inside the block. A port may be that of an earlier test, whose keys are forgotten."""
    identity._kept_provider.cache_clear()  # noqa: SLF001 - it lives as long as a Lambda

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer({name: values[0] for name, values in parse_qs(body).items()})

        def _answer(self, form: Mapping[str, str]) -> None:
            path = urlsplit(self.path).path
            status, kind, body = provider.answer(path, form, self.headers.get("Authorization", ""), now())
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(ConnectionError):  # the answer was late
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()


def with_proconnect(services: OfficeServices, issuer: str, secret: str = SECRET) -> OfficeServices:
    """Configure ProConnect for a network."""
    network = replace(services.settings.network, proconnect=ProConnect(issuer, CLIENT))
    return replace(services, settings=replace(services.settings, network=network, proconnect_secret=secret))


def with_franceconnect(services: OfficeServices, issuer: str, *, pkce: bool = False) -> OfficeServices:
    """Configure FranceConnect for a network."""
    network = replace(services.settings.network, franceconnect=FranceConnect(issuer, CLIENT, pkce=pkce))
    settings = replace(services.settings, network=network, franceconnect_secret=SECRET)
    return replace(services, settings=settings)
