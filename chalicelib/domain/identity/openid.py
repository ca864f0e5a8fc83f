"""Claims about a person from an identity provider, checked by OpenID Connect.

No request is made here: claims come from a signed token (`jose`), and are accepted, or refused with a code for the
record that no page shows (OpenID Connect Core 1.0, 3.1.3.7 and 5.3.4, RFC 7519).
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from chalicelib.domain.account.identifiers import email_from
from chalicelib.domain.identity.json_object import json_object
from chalicelib.values import frozen

SKEW: Final = timedelta(minutes=1)  # between the provider's clock and ours
FRESH: Final = timedelta(minutes=10)  # an older ID token answers another request
LONGEST: Final = 16_384  # characters of a token or answer
_SUBJECT: Final = 255  # characters, ASCII (Core, 2)

Claims = Mapping[str, Any]


class AnswerRefused(Exception):
    """The provider's answer is invalid. `why`: a code for the record."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@frozen
class AuthRequest:
    """One authentication request, kept by its browser, and matched against the answer.

    `state` ties the answer to the browser, `nonce` the token to the request, `verifier` the code to its redeemer (RFC
    7636), empty at a provider without it. `again`: to prove a logged-in member's identity again. `attaching`: the
    fingerprint of the session that attaches the answer to its own access.
    """

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    asked_at: datetime
    again: bool = False
    attaching: str = field(default="", repr=False)

    @classmethod
    def new(cls, now: datetime, *, has_pkce: bool = True, again: bool = False, attaching: str = "") -> "AuthRequest":
        """Make an authentication request. FranceConnect has asked for a nonce of letters and digits."""
        state, nonce, verifier = (secrets.token_hex(32) for _ in range(3))
        return cls(state, nonce, verifier if has_pkce else "", now, again, attaching)

    @property
    def is_from_inside(self) -> bool:
        """Whether the answer must be a login made just now."""
        return self.again or bool(self.attaching)

    @property
    def challenge(self) -> str:
        """The S256 challenge of the verifier."""
        return urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).decode().rstrip("=")


@frozen
class ClientRegistration:
    """The provider's issuer, our client id there, and the accepted `acr` values, the least first.

    `of_agents`: at ProConnect, which proves an address and two factors, and signs by ES256 alone. FranceConnect asks
    for one level (`acr_values`), signs by the algorithm that the service chose, and may know no address. `pkce`: a
    challenge may be sent, if the provider's description offers it.
    """

    issuer: str
    client_id: str
    acr_values: tuple[str, ...]
    of_agents: bool = False
    pkce: bool = True

    @property
    def algorithms(self) -> tuple[str, ...]:
        """The accepted signature algorithms."""
        return ("ES256",) if self.of_agents else ("ES256", "RS256")


@frozen
class Identity:
    """A person at the provider: an identifier that never changes, and an address, empty if the provider has none.

    `logout`: the address that ends the session there, empty if there is none.
    """

    subject: str = field(repr=False)
    email: str = field(repr=False)
    logout: str = field(default="", repr=False)


def object_from(text: bytes, why: str) -> Claims:
    """Parse a JSON object without duplicate names. Raises `AnswerRefused`."""
    try:
        return json_object(text)
    except ValueError:
        raise AnswerRefused(why) from None


def check_answer(answer: Mapping[str, str], registration: ClientRegistration, auth_request: AuthRequest) -> str:
    """Check the parameters that a browser brings back. Returns the code to redeem. Raises `AnswerRefused`."""
    if not _is_same(answer.get("state"), auth_request.state):
        raise AnswerRefused("state")
    if answer.get("iss", registration.issuer) != registration.issuer:  # RFC 9207: refuse another provider's answer
        raise AnswerRefused("iss")
    if "error" in answer or not answer.get("code"):
        raise AnswerRefused("declined")
    return answer["code"]


def check_id_token(claims: Claims, registration: ClientRegistration, auth_request: AuthRequest, now: datetime) -> str:
    """Check an ID token against its request. Returns the person's identifier. Raises `AnswerRefused`."""
    _check_origin(claims, registration, now)
    issued_at = _moment(claims.get("iat"), "iat")
    if not now - FRESH <= issued_at <= now + SKEW:
        raise AnswerRefused("iat")
    if not _is_same(claims.get("nonce"), auth_request.nonce):
        raise AnswerRefused("nonce")
    if claims.get("acr") not in registration.acr_values:
        raise AnswerRefused("acr")
    is_of_now = registration.of_agents and auth_request.is_from_inside
    if is_of_now and _moment(claims.get("auth_time"), "auth_time") < auth_request.asked_at - SKEW:
        raise AnswerRefused("auth_time")
    return _subject_of(claims)


def check_userinfo(claims: Claims, registration: ClientRegistration, subject: str, now: datetime) -> Identity:
    """Check the provider's data about the person of the token. Raises `AnswerRefused`.

    An address that is not verified chooses accounts, whose own addresses get a code. It opens none.
    """
    _check_origin(claims, registration, now, must_end=False)
    if not _is_same(_subject_of(claims), subject):
        raise AnswerRefused("sub")
    email_claim = claims.get("email")
    email = email_from(email_claim) if isinstance(email_claim, str) and email_claim.isascii() else ""
    if registration.of_agents and (not email or claims.get("email_verified") is not True):
        raise AnswerRefused("email")
    return Identity(subject, email)


def _check_origin(claims: Claims, registration: ClientRegistration, now: datetime, *, must_end: bool = True) -> None:
    if claims.get("iss") != registration.issuer:
        raise AnswerRefused("iss")
    if claims.get("aud") not in (registration.client_id, [registration.client_id]):
        raise AnswerRefused("aud")
    if claims.get("azp", registration.client_id) != registration.client_id:
        raise AnswerRefused("azp")
    if (must_end or "exp" in claims) and _moment(claims.get("exp"), "exp") <= now - SKEW:
        raise AnswerRefused("exp")
    if "nbf" in claims and _moment(claims["nbf"], "nbf") > now + SKEW:
        raise AnswerRefused("nbf")


def _subject_of(claims: Claims) -> str:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= _SUBJECT or not subject.isascii():
        raise AnswerRefused("sub")
    return subject


def _moment(seconds: object, why: str) -> datetime:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise AnswerRefused(why)
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        raise AnswerRefused(why) from None


def _is_same(claim: object, expected: str) -> bool:
    return isinstance(claim, str) and hmac.compare_digest(claim.encode(), expected.encode())
