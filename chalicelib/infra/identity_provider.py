"""The identity provider, called over HTTPS: its description, its keys, redeemed codes and user info.

Only the standard library: four short calls, without redirects or cookies, each with a time limit and a size limit.
"""

import http.client
import time
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode, urlsplit

from chalicelib.domain.identity.openid import LONGEST, AnswerRefused, Claims, ClientRegistration, object_from
from chalicelib.domain.refusals import Unavailable
from chalicelib.values import frozen

if TYPE_CHECKING:
    from joserfc.jwk import ECKey

_PATIENCE: Final = 4.0  # seconds for one call, even one that answers slowly
_OK: Final = 200
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost"})
_KEPT: Final = timedelta(hours=1)  # of a provider's description
_CONFIGURATION: Final = "/.well-known/openid-configuration"


@frozen
class Description:
    """A provider's endpoints (OpenID Connect Discovery 1.0, 3), and its signing keys."""

    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    keys: Mapping[str, "ECKey"]
    read_at: datetime = field(compare=False)


class IdentityProvider:
    """One provider. Its description is cached for an hour, and read again if it misses a signing key."""

    def __init__(self, registration: ClientRegistration, secret: str) -> None:
        self.party = registration
        self._secret = secret
        self._described: Description | None = None

    def describe(self, now: datetime, *, with_key: str | None = None) -> Description:
        """Read the provider's description. Raises `Unavailable`, `AnswerRefused`."""
        description = self._described
        if (
            description is None
            or now - description.read_at >= _KEPT
            or (with_key is not None and with_key not in description.keys)
        ):
            description = self._described = self._read_description(now)
        return description

    def redeem(self, code: str, verifier: str, redirect_uri: str, now: datetime) -> tuple[str, str]:
        """Redeem a code (RFC 6749, 4.1.3). Return the ID token and the access token. Raises as `describe`."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "client_id": self.party.client_id,
            "client_secret": self._secret,
            "code_verifier": verifier,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        _, body = _ask("POST", self.describe(now).token_endpoint, headers, urlencode(form))
        answer = object_from(body, "tokens_unreadable")
        tokens = tuple(answer.get(name) for name in ("id_token", "access_token"))
        if not all(isinstance(token, str) and token for token in tokens):
            raise AnswerRefused("tokens_unreadable")
        if str(answer.get("token_type", "")).lower() != "bearer":
            raise AnswerRefused("token_type")
        id_token, access_token = map(str, tokens)
        return id_token, access_token

    def userinfo(self, access_token: str, now: datetime) -> str:
        """Read the user info of a person: a signed token only. Raises as `describe`."""
        if not (access_token.isascii() and access_token.isprintable()):
            raise AnswerRefused("tokens_unreadable")
        headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/jwt"}
        kind, body = _ask("GET", self.describe(now).userinfo_endpoint, headers)
        if kind != "application/jwt":
            raise AnswerRefused("userinfo_unsigned")
        try:
            return body.decode("ascii").strip()
        except UnicodeDecodeError:
            raise AnswerRefused("token_unreadable") from None

    def _read_description(self, now: datetime) -> Description:
        from chalicelib.domain.identity.jose import keys_from  # noqa: PLC0415 - it loads `joserfc`

        description = self._read_json(self.party.issuer.rstrip("/") + _CONFIGURATION)
        if description.get("issuer") != self.party.issuer:
            raise AnswerRefused("iss")
        names = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
        authorization, token, userinfo, jwks = (_endpoint(description.get(name), self.party.issuer) for name in names)
        return Description(authorization, token, userinfo, keys_from(self._read_json(jwks)), now)

    @staticmethod
    def _read_json(address: str) -> Claims:
        _, body = _ask("GET", address, {"Accept": "application/json"})
        return object_from(body, "description_unreadable")


def _endpoint(address: object, issuer: str) -> str:
    """Check an endpoint: TLS, or plain HTTP on loopback if the issuer is there too. Return its address."""
    try:
        parts, own = urlsplit(address if isinstance(address, str) else ""), urlsplit(issuer)
    except ValueError:
        raise AnswerRefused("description_unreadable") from None
    is_local = parts.scheme == own.scheme == "http" and {parts.hostname, own.hostname} <= _LOOPBACK
    if not parts.hostname or not (parts.scheme == "https" or is_local) or parts.username:
        raise AnswerRefused("description_unreadable")
    return parts.geturl()


def _ask(method: str, address: str, headers: Mapping[str, str], body: str | None = None) -> tuple[str, bytes]:
    """Make one call. Return the answer's content type and body. Raises `Unavailable` unless it is a 200 in time."""
    parts, until = urlsplit(address), _seconds() + _PATIENCE
    kind: Any = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    line = kind(parts.hostname, parts.port, timeout=_PATIENCE)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        line.request(method, path, body, {**headers, "User-Agent": "Clef"})
        answer = line.getresponse()
        read = _read_until(answer, line, until)
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise Unavailable(f"identity provider {type(error).__name__}") from error
    finally:
        line.close()
    if answer.status != _OK:
        raise Unavailable(f"identity provider answered {answer.status}")
    return answer.headers.get_content_type(), read


def _read_until(answer: http.client.HTTPResponse, line: http.client.HTTPConnection, until: float) -> bytes:
    read = b""
    while part := answer.read1(LONGEST):
        read += part
        left = until - _seconds()
        if len(read) > 4 * LONGEST or left <= 0:
            raise OSError("too long")
        if line.sock:
            line.sock.settimeout(left)
    return read


def _seconds() -> float:
    """Read a monotonic clock. It only limits the time of a call."""
    return time.monotonic()
