"""An identity provider, called over HTTPS: its description, its keys, redeemed codes and user info.

Four short calls within one limit of time.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit

from chalicelib.domain.identity.openid import (
    LONGEST,
    AnswerRefused,
    AuthRequest,
    Claims,
    ClientRegistration,
    Identity,
    check_id_token,
    check_userinfo,
    object_from,
)
from chalicelib.domain.refusals import Unavailable
from chalicelib.infra.https import Service, seconds
from chalicelib.values import frozen

if TYPE_CHECKING:
    from chalicelib.domain.identity.jose import SigningKey

PATIENCE: Final = 3.0  # seconds for all calls of one answer
_OK: Final = 200
_SERVICE: Final = Service("identity provider", largest=4 * LONGEST)
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost"})
_KEPT: Final = timedelta(hours=1)  # of a provider's description
_CONFIGURATION: Final = "/.well-known/openid-configuration"


@frozen
class Description:
    """A provider's endpoints (OpenID Connect Discovery 1.0, 3), and its signing keys.

    `has_pkce`: a code is bound to its redeemer (RFC 7636). `end_session_endpoint` is empty if the provider has none.
    """

    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    end_session_endpoint: str
    has_pkce: bool
    keys: Mapping[str, "SigningKey"]
    read_at: datetime = field(compare=False)


class IdentityProvider:
    """One provider. Its description is cached for an hour, and read again if it misses a signing key."""

    def __init__(self, registration: ClientRegistration, secret: str) -> None:
        self.registration = registration
        self._secret = secret
        self._description: Description | None = None

    def describe(self, now: datetime) -> Description:
        """Read the provider's description. Raises `Unavailable`, `AnswerRefused`."""
        return self._describe(now, seconds() + PATIENCE)

    def redeem(self, code: str, auth_request: AuthRequest, redirect_uri: str, now: datetime) -> tuple[Identity, str]:
        """Redeem a code (RFC 6749, 4.1.3). Return the person, and the ID token. Raises as `describe`."""
        until = seconds() + PATIENCE
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "client_id": self.registration.client_id,
            "client_secret": self._secret,
        } | ({"code_verifier": auth_request.verifier} if auth_request.verifier else {})
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        _, body = _ask(until, "POST", self._describe(now, until).token_endpoint, headers, urlencode(form))
        id_token, access_token = _tokens_from(body)
        subject = check_id_token(self._signed(id_token, now, until), self.registration, auth_request, now)
        claims = self._signed(self._read_userinfo(access_token, now, until), now, until)
        return check_userinfo(claims, self.registration, subject, now), id_token

    def _read_userinfo(self, access_token: str, now: datetime, until: float) -> str:
        """Read the user info of a person: a signed token only."""
        if not (access_token.isascii() and access_token.isprintable()):
            raise AnswerRefused("tokens_unreadable")
        headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/jwt"}
        kind, body = _ask(until, "GET", self._describe(now, until).userinfo_endpoint, headers)
        if kind != "application/jwt":
            raise AnswerRefused("userinfo_unsigned")
        try:
            return body.decode("ascii").strip()
        except UnicodeDecodeError:
            raise AnswerRefused("token_unreadable") from None

    def _signed(self, token: str, now: datetime, until: float) -> Claims:
        from chalicelib.domain.identity.jose import key_named_by, read_signed  # noqa: PLC0415 - it loads `joserfc`

        return read_signed(token, self._describe(now, until, with_key=key_named_by(token)).keys)

    def _describe(self, now: datetime, until: float, *, with_key: str | None = None) -> Description:
        description = self._description
        if (
            description is None
            or now - description.read_at >= _KEPT
            or (with_key is not None and with_key not in description.keys)
        ):
            description = self._description = self._read_description(now, until)
        return description

    def _read_description(self, now: datetime, until: float) -> Description:
        from chalicelib.domain.identity.jose import keys_from  # noqa: PLC0415 - it loads `joserfc`

        issuer = self.registration.issuer
        document = _read_json(until, issuer.rstrip("/") + _CONFIGURATION)
        if document.get("issuer") != issuer:
            raise AnswerRefused("iss")
        names = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
        authorization, token, userinfo, jwks = (_endpoint(document.get(name), issuer) for name in names)
        end = _endpoint(document["end_session_endpoint"], issuer) if "end_session_endpoint" in document else ""
        methods = document.get("code_challenge_methods_supported")
        is_offered = self.registration.pkce and isinstance(methods, list) and "S256" in methods
        has_pkce = self.registration.of_agents or is_offered
        keys = keys_from(_read_json(until, jwks), self.registration.algorithms)
        return Description(authorization, token, userinfo, end, has_pkce, keys, now)


def _tokens_from(body: bytes) -> tuple[str, str]:
    """Parse the answer of a token endpoint: the ID token and the access token."""
    answer = object_from(body, "tokens_unreadable")
    tokens = tuple(answer.get(name) for name in ("id_token", "access_token"))
    if not all(isinstance(token, str) and token for token in tokens):
        raise AnswerRefused("tokens_unreadable")
    if str(answer.get("token_type", "")).lower() != "bearer":
        raise AnswerRefused("token_type")
    id_token, access_token = map(str, tokens)
    return id_token, access_token


def _read_json(until: float, address: str) -> Claims:
    _, body = _ask(until, "GET", address, {"Accept": "application/json"})
    return object_from(body, "description_unreadable")


def _endpoint(address: object, issuer: str) -> str:
    """Check an endpoint: TLS, or plain HTTP on loopback if the issuer is there too. Return its address."""
    try:
        parts, issuer_parts = urlsplit(address if isinstance(address, str) else ""), urlsplit(issuer)
    except ValueError:
        raise AnswerRefused("description_unreadable") from None
    is_local = parts.scheme == issuer_parts.scheme == "http" and {parts.hostname, issuer_parts.hostname} <= _LOOPBACK
    if not parts.hostname or not (parts.scheme == "https" or is_local) or parts.username:
        raise AnswerRefused("description_unreadable")
    return parts.geturl()


def _ask(
    until: float, method: str, address: str, headers: Mapping[str, str], body: str | None = None
) -> tuple[str, bytes]:
    """Make one call. Return the answer's content type and body. Raises `Unavailable` unless it is a 200 in time."""
    status, kind, content = _SERVICE.call(until, method, address, headers, body)
    if status != _OK:
        raise Unavailable(f"identity provider answered {status}, {len(content)} bytes")
    return kind, content
