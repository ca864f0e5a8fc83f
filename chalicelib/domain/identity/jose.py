"""Signed tokens (RFC 7515, RFC 8725), parsed and verified by `joserfc`, only with ES256.

`joserfc` takes 50 ms of CPU to load: it is loaded for an identity provider's first answer, never at a start.
"""

from collections.abc import Mapping
from typing import Final

from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from joserfc.jws import CompactSignature, JWSRegistry, extract_compact, validate_compact

from chalicelib.domain.identity.openid import LONGEST, AnswerRefused, Claims, object_from

_ALGORITHM: Final = "ES256"
_POINT: Final = ("kty", "crv", "x", "y")  # the public members of a key
# Other header members are ignored (RFC 7515, 4).
_ES256: Final = JWSRegistry(algorithms=[_ALGORITHM], strict_check_header=False)


def keys_from(answer: Claims) -> dict[str, ECKey]:
    """Parse a key set (RFC 7517): its P-256 signature keys, by their `kid`. Raises `AnswerRefused`."""
    keys = answer.get("keys")
    if not isinstance(keys, list):
        raise AnswerRefused("keys_unreadable")
    read: dict[str, ECKey] = {}
    for key in keys:
        kid, made = _named_key(key)
        if made is None:
            continue
        if kid in read:
            raise AnswerRefused("key_twice")
        read[kid] = made
    return read


def _named_key(key: object) -> tuple[str, ECKey | None]:
    if not isinstance(key, dict) or not isinstance(kid := key.get("kid"), str):
        return "", None
    is_ours = (key.get("kty"), key.get("crv")) == ("EC", "P-256")
    if not is_ours or key.get("use", "sig") != "sig" or key.get("alg", _ALGORITHM) != _ALGORITHM:
        return kid, None
    try:
        return kid, ECKey.import_key({name: key[name] for name in _POINT if name in key})
    except (JoseError, ValueError):
        return kid, None


def key_named_by(token: str) -> str:
    """Read the key id from a token's header. Raises `AnswerRefused`."""
    return str(_unchecked(token).headers()["kid"])


def read_signed(token: str, keys: Mapping[str, ECKey]) -> Claims:
    """Read the claims of a token signed by one of these keys. Raises `AnswerRefused`.

    The algorithm is fixed here, never by the token: « none », and a key used as an HMAC secret, are refused before any
    computation (RFC 8725, 3.1).
    """
    read = _unchecked(token)
    key = keys.get(read.headers()["kid"])
    if key is None:
        raise AnswerRefused("key_unknown")
    try:
        is_signed = validate_compact(read, key, registry=_ES256)
    except (JoseError, ValueError):
        is_signed = False
    if not is_signed:
        raise AnswerRefused("signature")
    return object_from(read.payload, "claims_unreadable")


def _unchecked(token: str) -> CompactSignature:
    """Parse a token of three parts, for ES256 and a named key. Its signature is not checked."""
    if not isinstance(token, str) or not token.isascii() or len(token) > LONGEST:
        raise AnswerRefused("token_unreadable")
    try:
        read = extract_compact(token.encode())
    except (JoseError, ValueError, RecursionError):
        raise AnswerRefused("token_unreadable") from None
    header = read.headers()
    if not isinstance(header, dict) or header.get("alg") != _ALGORITHM:
        raise AnswerRefused("alg")
    if "crit" in header or not isinstance(header.get("kid"), str):
        raise AnswerRefused("header_unreadable")
    return read
