"""A passkey in software, which writes its own bytes and shares only `cryptography` with the checks."""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.webauthn import AuthenticatorData

from chalicelib.domain.account.login_methods import Passkey
from chalicelib.domain.identity.webauthn import RelyingParty

ORIGIN = "http://localhost:8000"
PARTY = RelyingParty("localhost", frozenset({ORIGIN}))
FLAG = AuthenticatorData.FLAG
HERE = FLAG.UP | FLAG.UV


def words(data: bytes) -> str:
    """Write bytes as a page does."""
    return urlsafe_b64encode(data).decode().rstrip("=")


def field(answer: Mapping[str, Any]) -> str:
    """Encode an answer as the page's script does for the form."""
    plain = {name: words(data) if isinstance(data, bytes) else data for name, data in answer.items()}
    return words(json.dumps(plain).encode())


def attested(own_id: bytes, key: bytes) -> bytes:
    """Write the attested credential data of a registration (WebAuthn level 2, 6.5.1)."""
    return bytes(16) + len(own_id).to_bytes(2, "big") + own_id + key


def cose_of_rsa(modulus: bytes, exponent: bytes = b"\1\0\1") -> bytes:
    """Write the public key of RS256."""
    size = len(modulus).to_bytes(2, "big")
    return bytes.fromhex("a401030339010020 59") + size + modulus + bytes([0x21, 0x40 + len(exponent)]) + exponent


class Authenticator:
    """One credential of one authenticator, with its browser. Each part of its answers can be overridden (`bent`)."""

    def __init__(self, own_id: bytes = b"a passkey of the tests", origin: str = ORIGIN) -> None:
        self.id = own_id
        self.origin = origin
        self.party = urlsplit(origin).hostname or ""
        self.count = 0
        self.private: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey = ec.generate_private_key(ec.SECP256R1())

    @classmethod
    def of_old_windows(cls, bits: int = 2048) -> "Authenticator":
        """Make one of Windows before 11 22H2, whose TPM has only RS256."""
        device = cls(b"Windows Hello")
        device.private = rsa.generate_private_key(65537, bits)
        return device

    @property
    def public(self) -> bytes:
        """Its public key in CTAP2's format (RFC 8152, 13.1.1, and RFC 8230, 4)."""
        if isinstance(self.private, rsa.RSAPrivateKey):
            modulus = self.private.public_key().public_numbers().n
            return cose_of_rsa(modulus.to_bytes(self.private.key_size // 8, "big"))
        x, y = self.point
        return bytes.fromhex("a5010203262001215820") + x + bytes.fromhex("225820") + y

    @property
    def point(self) -> tuple[bytes, bytes]:
        """The point of its public key."""
        assert isinstance(self.private, ec.EllipticCurvePrivateKey)
        numbers = self.private.public_key().public_numbers()
        return numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")

    def passkey(self, name: str, now: datetime) -> Passkey:
        """Convert to the stored passkey."""
        return Passkey(words(self.id), words(b"".join(self.point)), self.count, name, now)

    def make(self, challenge: str, **changes: Any) -> dict[str, bytes]:
        """Answer a page that asks for a new passkey."""
        data = attested(changes.pop("made", self.id), changes.pop("key", self.public))
        parts: dict[str, Any] = {"flags": HERE | FLAG.AT, "more": data, "kind": "webauthn.create"} | changes
        return self._answer(challenge, **parts)

    def use(self, challenge: str, **changes: Any) -> dict[str, bytes]:
        """Answer a page that asks for a signature."""
        private = changes.pop("private", self.private)
        parts: dict[str, Any] = {"flags": HERE, "kind": "webauthn.get"} | changes
        answer = self._answer(challenge, **parts)
        content = answer["authenticatorData"] + hashlib.sha256(answer["clientDataJSON"]).digest()
        is_rsa = isinstance(private, rsa.RSAPrivateKey)
        how = (changes.get("padding", padding.PKCS1v15()), SHA256()) if is_rsa else (ec.ECDSA(SHA256()),)
        return answer | {"signature": private.sign(content, *how)}

    def _answer(self, challenge: str, *, kind: str, flags: int, more: bytes = b"", **odd: Any) -> dict[str, bytes]:
        client_data = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False} | odd.get(
            "client", {}
        )
        party_hash = hashlib.sha256(odd.get("party", self.party).encode()).digest()
        count = odd.get("count", self.count)
        data = party_hash + bytes([flags]) + count.to_bytes(4, "big") + more + odd.get("after", b"")
        client = json.dumps(client_data, separators=(",", ":")).encode()
        return {"id": self.id, "clientDataJSON": odd.get("raw_client", client), "authenticatorData": data}
