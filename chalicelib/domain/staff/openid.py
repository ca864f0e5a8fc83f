"""What an identity provider says of a person: signed tokens, and the claims of OpenID Connect that must be right.

Nothing here asks anybody anything: answers come in as texts, and either hold or are refused with the code of why, which
goes to the record and to nobody's page (OpenID Connect Core 1.0, 3.1.3.7 and 5.3.4; RFC 7515; RFC 7519; RFC 8725).
"""

import hashlib
import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from chalicelib.domain.account.identifiers import email_from
from chalicelib.domain.staff.es256 import is_key, is_signed_in_halves
from chalicelib.values import frozen

SKEW: Final = timedelta(minutes=1)  # between the provider's clock and ours
FRESH: Final = timedelta(minutes=10)  # an ID token older than the question is none of its answers
LONGEST: Final = 16_384  # characters of a token, of an answer
_SUBJECT: Final = 255  # characters, ASCII (Core, 2)
_COORDINATE: Final = 32  # bytes
_PARTS: Final = 3

Claims = Mapping[str, Any]


class AnswerRefused(Exception):
    """The provider's answer is not what it must be; `why` is a code for the record."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@frozen
class Question:
    """One question to a provider, kept by the browser that asks: what its answer must match.

    `state` ties the answer to the browser, `nonce` the token to the question, `verifier` the code to who redeems it
    (RFC 7636). `again`: asked of a member who is inside already, to prove it again. `attaching`: the fingerprint of the
    session that asks to attach the answer to its own access.
    """

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    asked_at: datetime
    again: bool = False
    attaching: str = field(default="", repr=False)

    @classmethod
    def new(cls, now: datetime, *, again: bool = False, attaching: str = "") -> "Question":
        """Make a question."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        return cls(state, nonce, verifier, now, again, attaching)

    @property
    def is_from_inside(self) -> bool:
        """Whether the answer must be a login of this very moment."""
        return self.again or bool(self.attaching)

    @property
    def challenge(self) -> str:
        """What the provider is shown of the verifier (S256)."""
        return urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).decode().rstrip("=")


@frozen
class Party:
    """Who asks whom: the provider's issuer, our name there, and the `acr` values that stand for two factors."""

    issuer: str
    client_id: str
    acr_values: tuple[str, ...]


@frozen
class Agent:
    """A person as the provider knows them: its own name for them, which never changes, and an address."""

    subject: str = field(repr=False)
    email: str = field(repr=False)


def keys_from(answer: Claims) -> dict[str, bytes]:
    """Read a set of keys (RFC 7517): those of P-256 for signatures, by their `kid`. Raises `AnswerRefused`."""
    keys = answer.get("keys")
    if not isinstance(keys, list):
        raise AnswerRefused("keys_unreadable")
    found: dict[str, bytes] = {}
    for key in keys:
        kid, point = _named_point(key)
        if point is None:
            continue
        if kid in found:
            raise AnswerRefused("key_twice")
        found[kid] = point
    return found


def _named_point(key: object) -> tuple[str, bytes | None]:
    if not isinstance(key, dict) or not isinstance(kid := key.get("kid"), str):
        return "", None
    is_ours = (key.get("kty"), key.get("crv")) == ("EC", "P-256")
    is_ours = is_ours and key.get("use", "sig") == "sig" and key.get("alg", "ES256") == "ES256"
    try:
        point = b"".join(_decoded(key[name], _COORDINATE) for name in ("x", "y")) if is_ours else b""
    except (KeyError, AnswerRefused):
        return kid, None
    return kid, point if is_key(point) else None


def key_named_by(token: str) -> str:
    """Read which key a token says it is signed with. Raises `AnswerRefused`."""
    header = _header(_split(token)[0])
    return str(header["kid"])


def read_signed(token: str, keys: Mapping[str, bytes]) -> Claims:
    """Read the claims of a token that one of these keys signed, by ES256 and nothing else. Raises `AnswerRefused`.

    The algorithm is ours to say, never the token's: « none », and a key taken for the secret of an HMAC, are refused
    before anything is computed (RFC 8725, 3.1).
    """
    head, body, signature = _split(token)
    key = keys.get(_header(head)["kid"])
    if key is None:
        raise AnswerRefused("key_unknown")
    if not is_signed_in_halves(key, f"{head}.{body}".encode(), _decoded(signature)):
        raise AnswerRefused("signature")
    return object_from(_decoded(body), "claims_unreadable")


def object_from(text: bytes, why: str) -> Claims:
    """Read a JSON object in which no name stands twice. Raises `AnswerRefused`."""
    try:
        read = json.loads(text.decode(), object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise AnswerRefused(why) from None
    if not isinstance(read, dict):
        raise AnswerRefused(why)
    return read


def check_id_token(claims: Claims, party: Party, question: Question, now: datetime) -> str:
    """Check an ID token against its question, and name the person. Raises `AnswerRefused`."""
    _check_origin(claims, party, now)
    issued = _moment(claims.get("iat"), "iat")
    if not now - FRESH <= issued <= now + SKEW:
        raise AnswerRefused("iat")
    if not _is_same(claims.get("nonce"), question.nonce):
        raise AnswerRefused("nonce")
    if claims.get("acr") not in party.acr_values:
        raise AnswerRefused("acr")
    if question.is_from_inside and _moment(claims.get("auth_time"), "auth_time") < question.asked_at - SKEW:
        raise AnswerRefused("auth_time")
    return _subject_of(claims)


def check_userinfo(claims: Claims, party: Party, subject: str, now: datetime) -> Agent:
    """Check what the provider says of a person, who must be the token's. Raises `AnswerRefused`."""
    _check_origin(claims, party, now, must_end=False)
    if not _is_same(_subject_of(claims), subject):
        raise AnswerRefused("sub")
    typed = claims.get("email")
    email = email_from(typed) if isinstance(typed, str) else ""
    if not email or not email.isascii() or claims.get("email_verified") is not True:
        raise AnswerRefused("email")
    return Agent(subject, email)


def _check_origin(claims: Claims, party: Party, now: datetime, *, must_end: bool = True) -> None:
    if claims.get("iss") != party.issuer:
        raise AnswerRefused("iss")
    if claims.get("aud") not in (party.client_id, [party.client_id]):
        raise AnswerRefused("aud")
    if claims.get("azp", party.client_id) != party.client_id:
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


def _is_same(told: object, expected: str) -> bool:
    return isinstance(told, str) and hmac.compare_digest(told.encode(), expected.encode())


def _split(token: str) -> list[str]:
    parts = token.split(".") if isinstance(token, str) and len(token) <= LONGEST else []
    if len(parts) != _PARTS:
        raise AnswerRefused("token_unreadable")
    return parts


def _header(part: str) -> Claims:
    header = object_from(_decoded(part), "header_unreadable")
    if header.get("alg") != "ES256":
        raise AnswerRefused("alg")
    if "crit" in header or not isinstance(header.get("kid"), str):
        raise AnswerRefused("header_unreadable")
    return header


def _decoded(part: object, length: int | None = None) -> bytes:
    """Decode base64url as RFC 7515 writes it: without padding, blanks, or bits left over."""
    if not isinstance(part, str) or not part.isascii():
        raise AnswerRefused("token_unreadable")
    try:
        read = urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError:
        raise AnswerRefused("token_unreadable") from None
    if urlsafe_b64encode(read).decode().rstrip("=") != part or (length is not None and len(read) != length):
        raise AnswerRefused("token_unreadable")
    return read


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name stands twice")
    return made


def _no_number(name: str) -> None:
    raise ValueError(name)
