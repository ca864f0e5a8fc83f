"""Signed tokens (RFC 7515, RFC 8725), parsed and verified by `joserfc`, only with ES256 or RS256.

`joserfc` takes 50 ms of CPU to load: it is loaded for an identity provider's first answer, never at a start.
"""

from collections.abc import Collection, Mapping
from typing import Final

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import CompactSignature, JWSRegistry, extract_compact, validate_compact

from chalicelib.domain.identity.openid import LONGEST, AnswerRefused, Claims, object_from

SigningKey = ECKey | RSAKey
_EC, _RSA = "ES256", "RS256"
# The public members of a key.
_MEMBERS: Final[dict[str, tuple[str, ...]]] = {_EC: ("kty", "crv", "x", "y"), _RSA: ("kty", "n", "e")}
_RSA_BITS: Final = range(2_048, 4_097)
# Other header members are ignored (RFC 7515, 4).
_ACCEPTED: Final = {name: JWSRegistry(algorithms=[name], strict_check_header=False) for name in _MEMBERS}


def keys_from(answer: Claims, algorithms: Collection[str]) -> dict[str, SigningKey]:
    """Parse a key set (RFC 7517): its signature keys for these algorithms, by their `kid`. Raises `AnswerRefused`."""
    keys = answer.get("keys")
    if not isinstance(keys, list):
        raise AnswerRefused("keys_unreadable")
    keys_by_id: dict[str, SigningKey] = {}
    for key in keys:
        kid, key_read = _named_key(key)
        if key_read is None or _algorithm_of(key_read) not in algorithms:
            continue
        if kid in keys_by_id:
            raise AnswerRefused("key_twice")
        keys_by_id[kid] = key_read
    return keys_by_id


def _named_key(key: object) -> tuple[str, SigningKey | None]:
    if not isinstance(key, dict) or not isinstance(kid := key.get("kid"), str):
        return "", None
    kind = (key.get("kty"), key.get("crv"))
    algorithm = _EC if kind == ("EC", "P-256") else _RSA if kind == ("RSA", None) else ""
    if not algorithm or key.get("use", "sig") != "sig" or key.get("alg", algorithm) != algorithm:
        return kid, None
    members = {name: key[name] for name in _MEMBERS[algorithm] if name in key}
    try:
        imported_key = ECKey.import_key(members) if algorithm == _EC else RSAKey.import_key(members)
    except (JoseError, ValueError):
        return kid, None
    is_short = isinstance(imported_key, RSAKey) and imported_key.raw_value.key_size not in _RSA_BITS
    return kid, None if is_short else imported_key


def _algorithm_of(key: SigningKey) -> str:
    return _EC if isinstance(key, ECKey) else _RSA


def key_named_by(token: str) -> str:
    """Read the key id from a token's header. Raises `AnswerRefused`."""
    return str(_unchecked(token).headers()["kid"])


def read_signed(token: str, keys: Mapping[str, SigningKey]) -> Claims:
    """Read the claims of a token signed by one of these keys. Raises `AnswerRefused`.

    The algorithm is that of the key, never the token's choice: « none », and a key used as an HMAC secret, are refused
    before any computation (RFC 8725, 3.1).
    """
    token_read = _unchecked(token)
    key = keys.get(token_read.headers()["kid"])
    if key is None:
        raise AnswerRefused("key_unknown")
    try:
        is_signed = validate_compact(token_read, key, registry=_ACCEPTED[_algorithm_of(key)])
    except (JoseError, ValueError):
        is_signed = False
    if not is_signed:
        raise AnswerRefused("signature")
    return object_from(token_read.payload, "claims_unreadable")


def _unchecked(token: str) -> CompactSignature:
    """Parse a token of three parts, for ES256 or RS256 and a named key. Its signature is not checked."""
    if not isinstance(token, str) or not token.isascii() or len(token) > LONGEST:
        raise AnswerRefused("token_unreadable")
    try:
        token_read = extract_compact(token.encode())
    except (JoseError, ValueError, RecursionError):
        raise AnswerRefused("token_unreadable") from None
    header = token_read.headers()
    if not isinstance(header, dict) or header.get("alg") not in (_EC, _RSA):
        raise AnswerRefused("alg")
    if "crit" in header or not isinstance(header.get("kid"), str):
        raise AnswerRefused("header_unreadable")
    return token_read
