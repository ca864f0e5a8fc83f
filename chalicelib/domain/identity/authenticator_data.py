"""Authenticator data and public keys of passkeys (WebAuthn level 2, 6.1), parsed and checked by Yubico's `fido2`.

`fido2` takes 40 ms of CPU to load: `webauthn` imports this module with a passkey's first response.
"""

from contextlib import suppress
from typing import Final

from cryptography.exceptions import InvalidSignature
from fido2 import cbor
from fido2.cose import CoseKey
from fido2.webauthn import AuthenticatorData

_COORDINATE_BYTES: Final = 32  # an ES256 key is stored as two
_RSA_BYTES: Final = range(256, 513)  # 2,048 to 4,096 bits
_RSA_EXPONENT: Final = b"\1\0\1"


def read_data(data: bytes) -> AuthenticatorData:
    """Parse authenticator data to its last byte, in the canonical CBOR of CTAP2 (8). Raises `ValueError`.

    Extensions are ignored (7.1, step 17, and 7.2, step 18): security keys send some unasked.
    """
    try:
        header = AuthenticatorData(data)
        key, extensions = header.credential_data or b"", header.extensions
        whole = AuthenticatorData.create(header.rp_id_hash, header.flags, header.counter, key, extensions)
    except Exception:  # noqa: BLE001 - the library raises various errors on malformed bytes
        raise ValueError("no authenticator data") from None
    if bytes(whole) != data or not isinstance(extensions, dict | None):
        raise ValueError("not in its canonical form")
    return header


def stored_key(key: CoseKey) -> bytes:
    """Serialise a public key: the point of ES256, or the COSE key of RS256. Raises `ValueError` for any other."""
    match dict(key):
        case {1: 2, 3: -7, -1: 1, -2: bytes(x), -3: bytes(y), **more} if len(x) == len(y) == _COORDINATE_BYTES:
            point = x + y
        case {1: 3, 3: -257, -1: bytes(modulus), -2: bytes(exponent), **more} if (
            exponent == _RSA_EXPONENT and len(modulus) in _RSA_BYTES
        ):
            point = cbor.encode(key)
        case _:
            raise ValueError("neither ES256 nor RS256")
    if more:
        raise ValueError("more than a public key")
    with suppress(InvalidSignature):
        key.verify(b"", b"")  # raises `ValueError` for a point off the curve
    return point


def is_signed(key_bytes: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a stored key signed a message."""
    x, y = key_bytes[:_COORDINATE_BYTES], key_bytes[_COORDINATE_BYTES:]
    try:
        key = {1: 2, 3: -7, -1: 1, -2: x, -3: y} if len(y) == _COORDINATE_BYTES else cbor.decode_from(key_bytes)[0]
        CoseKey.parse(key).verify(message, signature)
    except (InvalidSignature, ValueError):
        return False
    return True
