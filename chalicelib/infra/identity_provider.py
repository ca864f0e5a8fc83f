"""The identity provider, called over HTTPS: its description, its keys, redeemed codes and user info.

Only the standard library: four short calls, without redirects or cookies, each with a size limit. All calls of one
request share a time limit.
"""

import hmac
import http.client
import secrets
import time
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode, urlsplit

from chalicelib.domain.identity.openid import (
    LONGEST,
    Agent,
    AnswerRefused,
    AuthRequest,
    Claims,
    ClientRegistration,
    check_id_token,
    check_userinfo,
    object_from,
)
from chalicelib.domain.refusals import Unavailable
from chalicelib.values import frozen

if TYPE_CHECKING:
    from joserfc.jwk import ECKey

_PATIENCE: Final = 3.0  # seconds for all calls of one request, even if each answers slowly
_LEAST: Final = 0.01  # seconds: a time limit of zero would not wait at all
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
    end_session_endpoint: str = ""  # empty if it has none


@frozen
class _Turn:
    """One request of a visitor: its time, and when it stops waiting for the provider, by the monotonic clock."""

    now: datetime
    until: float

    @classmethod
    def begin(cls, now: datetime) -> "_Turn":
        return cls(now, _seconds() + _PATIENCE)


class IdentityProvider:
    """One provider. Its description is cached for an hour, and read again if it misses a signing key."""

    def __init__(self, registration: ClientRegistration, secret: str) -> None:
        self.party = registration
        self._secret = secret
        self._described: Description | None = None

    def authorization_address(self, auth_request: AuthRequest, redirect_uri: str, now: datetime, **more: str) -> str:
        """Build the address of an authentication request. Raises `Unavailable`, `AnswerRefused`."""
        asked = {
            "response_type": "code",
            "client_id": self.party.client_id,
            "redirect_uri": redirect_uri,
            "state": auth_request.state,
            "nonce": auth_request.nonce,
            **more,
        }
        if self.party.has_pkce:
            asked |= {"code_challenge": auth_request.challenge, "code_challenge_method": "S256"}
        return _with_query(self._describe(_Turn.begin(now)).authorization_endpoint, asked)

    def identify(
        self, auth_request: AuthRequest, answer: Mapping[str, str], redirect_uri: str, now: datetime
    ) -> tuple[Agent, str]:
        """Check the state, code and ID token of an answer, then the user info (two calls).

        Return the person and the ID token. Raises as `authorization_address` does.
        """
        if not hmac.compare_digest(answer.get("state", "").encode(), auth_request.state.encode()):
            raise AnswerRefused("state")
        if answer.get("iss", self.party.issuer) != self.party.issuer:  # RFC 9207: refuse another provider's answer
            raise AnswerRefused("iss")
        if "error" in answer or not answer.get("code"):
            raise AnswerRefused("declined")
        turn = _Turn.begin(now)
        id_token, access_token = self._redeem(answer["code"], auth_request.verifier, redirect_uri, turn)
        subject = check_id_token(self._signed(id_token, turn), self.party, auth_request, now)
        claims = self._signed(self._userinfo(access_token, turn), turn)
        return check_userinfo(claims, self.party, subject, now), id_token

    def logout_address(self, id_token: str, redirect_uri: str, now: datetime) -> str:
        """Build the address that ends a session there (RP-Initiated Logout 1.0). Empty if there is none.

        FranceConnect requires the `state`. It is never read: nothing is done on the way back.
        """
        endpoint = self._describe(_Turn.begin(now)).end_session_endpoint
        hints = {"id_token_hint": id_token, "state": secrets.token_hex(32), "post_logout_redirect_uri": redirect_uri}
        return _with_query(endpoint, hints) if endpoint else ""

    def _signed(self, token: str, turn: _Turn) -> Claims:
        from chalicelib.domain.identity.jose import key_named_by, read_signed  # noqa: PLC0415 - it loads `joserfc`

        return read_signed(token, self._describe(turn, with_key=key_named_by(token)).keys)

    def _describe(self, turn: _Turn, *, with_key: str | None = None) -> Description:
        """Read the provider's description. Raises `Unavailable`, `AnswerRefused`."""
        description = self._described
        if (
            description is None
            or turn.now - description.read_at >= _KEPT
            or (with_key is not None and with_key not in description.keys)
        ):
            description = self._described = self._read_description(turn)
        return description

    def _redeem(self, code: str, verifier: str, redirect_uri: str, turn: _Turn) -> tuple[str, str]:
        """Redeem a code (RFC 6749, 4.1.3). Return the ID token and the access token. Raises as `_describe`."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "client_id": self.party.client_id,
            "client_secret": self._secret,
        } | ({"code_verifier": verifier} if self.party.has_pkce else {})
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        _, body = _ask("POST", self._describe(turn).token_endpoint, headers, turn.until, urlencode(form))
        answer = object_from(body, "tokens_unreadable")
        tokens = tuple(answer.get(name) for name in ("id_token", "access_token"))
        if not all(isinstance(token, str) and token for token in tokens):
            raise AnswerRefused("tokens_unreadable")
        if str(answer.get("token_type", "")).lower() != "bearer":
            raise AnswerRefused("token_type")
        id_token, access_token = map(str, tokens)
        return id_token, access_token

    def _userinfo(self, access_token: str, turn: _Turn) -> str:
        """Read the user info of a person: a signed token only. Raises as `_describe`."""
        if not (access_token.isascii() and access_token.isprintable()):
            raise AnswerRefused("tokens_unreadable")
        headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/jwt"}
        kind, body = _ask("GET", self._describe(turn).userinfo_endpoint, headers, turn.until)
        if kind != "application/jwt":
            raise AnswerRefused("userinfo_unsigned")
        try:
            return body.decode("ascii").strip()
        except UnicodeDecodeError:
            raise AnswerRefused("token_unreadable") from None

    def _read_description(self, turn: _Turn) -> Description:
        from chalicelib.domain.identity.jose import keys_from  # noqa: PLC0415 - it loads `joserfc`

        description = self._read_json(self.party.issuer.rstrip("/") + _CONFIGURATION, turn.until)
        if description.get("issuer") != self.party.issuer:
            raise AnswerRefused("iss")
        names = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
        authorization, token, userinfo, jwks = (_endpoint(description.get(name), self.party.issuer) for name in names)
        ends = description.get("end_session_endpoint")
        logout = _endpoint(ends, self.party.issuer) if ends else ""
        keys = keys_from(self._read_json(jwks, turn.until))
        return Description(authorization, token, userinfo, keys, turn.now, logout)

    @staticmethod
    def _read_json(address: str, until: float) -> Claims:
        _, body = _ask("GET", address, {"Accept": "application/json"}, until)
        return object_from(body, "description_unreadable")


def _with_query(endpoint: str, query: Mapping[str, str]) -> str:
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"


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


def _ask(
    method: str, address: str, headers: Mapping[str, str], until: float, body: str | None = None
) -> tuple[str, bytes]:
    """Make one call. Return the answer's content type and body. Raises `Unavailable` unless it is a 200 in time."""
    parts = urlsplit(address)
    kind: Any = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    line = kind(parts.hostname, parts.port, timeout=max(until - _seconds(), _LEAST))
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
