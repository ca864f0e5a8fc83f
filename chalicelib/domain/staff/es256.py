"""Signatures ES256 (ECDSA on P-256 with SHA-256): those of passkeys in DER, those of JOSE as two halves.

By the library `ecdsa`, which is all Python: 7 ms a signature that is checked, and no second `cryptography` of 4.7 MB in
the package (docs/decisions/0070). It only ever checks: nothing is signed here, where its timing would tell.
"""

import hashlib

from ecdsa import NIST256p, VerifyingKey
from ecdsa.errors import MalformedPointError
from ecdsa.util import sigdecode_der, sigdecode_string

KEY_BYTES = 64  # of a public key: both coordinates of its point


def is_key(point: bytes) -> bool:
    """Whether 64 bytes are a point of the curve, as x and y."""
    try:
        _key(point)
    except (MalformedPointError, ValueError):
        return False
    return True


def is_signed_in_der(point: bytes, message: bytes, signature: bytes) -> bool:
    """Check a signature as WebAuthn has it (SEQUENCE of two INTEGERs)."""
    return _is_signed(point, message, signature, sigdecode_der)


def is_signed_in_halves(point: bytes, message: bytes, signature: bytes) -> bool:
    """Check a signature as JOSE has it: r and s, 32 bytes each (RFC 7518, 3.4)."""
    return _is_signed(point, message, signature, sigdecode_string)


def _is_signed(point: bytes, message: bytes, signature: bytes, decode: object) -> bool:
    try:
        _key(point).verify(signature, message, hashfunc=hashlib.sha256, sigdecode=decode)
    except Exception:  # noqa: BLE001 - a signature that is no DER trips the library in ways of its own
        return False
    return True


def _key(point: bytes) -> VerifyingKey:
    if len(point) != KEY_BYTES:
        raise ValueError("not a point of P-256")
    return VerifyingKey.from_string(point, curve=NIST256p)
