"""Authenticator data (WebAuthn level 2, 6.1): what an authenticator says of itself, of its owner, of a new key."""

from dataclasses import field
from typing import Final

from chalicelib.domain.staff.cbor import end_of_item
from chalicelib.domain.staff.es256 import is_key
from chalicelib.values import frozen

_HASH, _FLAGS, _COUNTER = 32, 1, 4
_HEAD: Final = _HASH + _FLAGS + _COUNTER
_MODEL, _LENGTH = 16, 2  # the AAGUID, which tells of nobody here, and how long the credential's id is
LONGEST_ID: Final = 1023  # bytes: WebAuthn level 2, 4 (credential ID)
_PRESENT, _VERIFIED, _HAS_KEY, _HAS_EXTENSIONS = 0x01, 0x04, 0x40, 0x80
# A COSE_Key of ES256 in its only canonical form (RFC 8152, 13.1.1; CTAP 2.1, 8): {1: 2, 3: -7, -1: 1, -2: x, -3: y}.
_BEFORE_X: Final = bytes.fromhex("a5010203262001215820")
_BEFORE_Y: Final = bytes.fromhex("225820")
_HALF: Final = 32


@frozen
class NewKey:
    """The attested credential data of a registration: the credential's id, and its public key as x and y."""

    id: bytes
    public_key: bytes = field(repr=False)


@frozen
class AuthenticatorData:
    """One of them, read whole. `key`: of a registration only."""

    party_hash: bytes
    is_present: bool
    is_verified: bool
    sign_count: int
    key: NewKey | None

    @classmethod
    def parse(cls, data: bytes) -> "AuthenticatorData":
        """Read it to its last byte. Raises `ValueError`, for a key of another algorithm too.

        Extensions that nobody asked for are passed over (7.1, step 17; 7.2, step 18): security keys send some.
        """
        if len(data) < _HEAD:
            raise ValueError("cut short")
        flags, at = data[_HASH], _HEAD
        key = None
        if flags & _HAS_KEY:
            key, at = _key_at(data, at)
        if flags & _HAS_EXTENSIONS:
            at = _end_of_extensions(data, at)
        if at != len(data):
            raise ValueError("more than its flags tell")
        count = int.from_bytes(data[_HASH + _FLAGS : _HEAD], "big")
        return cls(data[:_HASH], bool(flags & _PRESENT), bool(flags & _VERIFIED), count, key)


def _key_at(data: bytes, at: int) -> tuple[NewKey, int]:
    at += _MODEL
    length = int.from_bytes(data[at : at + _LENGTH], "big")
    at += _LENGTH
    id, at = data[at : at + length], at + length  # noqa: A001 - WebAuthn's own word
    x, at = _half(data, at, _BEFORE_X)
    y, at = _half(data, at, _BEFORE_Y)
    if not 0 < length <= LONGEST_ID or not is_key(x + y):
        raise ValueError("no credential of ES256")
    return NewKey(id, x + y), at


def _half(data: bytes, at: int, before: bytes) -> tuple[bytes, int]:
    start = at + len(before)
    half = data[start : start + _HALF]
    if data[at:start] != before or len(half) != _HALF:
        raise ValueError("no key of ES256, or not in its canonical form")
    return half, start + _HALF


def _end_of_extensions(data: bytes, at: int) -> int:
    if at >= len(data) or data[at] >> 5 != 5:  # noqa: PLR2004 - a map
        raise ValueError("extensions that are no map")
    return end_of_item(data, at)
