"""A passkey in software, by `fido2` and `cryptography`: it shares nothing with what checks it."""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256, CoseKey
from fido2.webauthn import Aaguid, AttestedCredentialData, AuthenticatorData

from chalicelib.domain.staff.members import Passkey
from chalicelib.domain.staff.webauthn import Party

ORIGIN = "http://localhost:8000"
PARTY = Party("localhost", frozenset({ORIGIN}))
FLAG = AuthenticatorData.FLAG
HERE = FLAG.UP | FLAG.UV


def words(data: bytes) -> str:
    """Write bytes as a page does."""
    return urlsafe_b64encode(data).decode().rstrip("=")


def field(answer: Mapping[str, Any]) -> str:
    """Write an answer as the page's script puts it into the form."""
    plain = {name: words(data) if isinstance(data, bytes) else data for name, data in answer.items()}
    return words(json.dumps(plain).encode())


class Authenticator:
    """One credential of one authenticator, and the browser that asks it. What it says can be bent, part by part."""

    def __init__(self, own_id: bytes = b"a passkey of the tests", origin: str = ORIGIN) -> None:
        self.id = own_id
        self.origin = origin
        self.party = urlsplit(origin).hostname or ""
        self.count = 0
        self.private = ec.generate_private_key(ec.SECP256R1())

    @property
    def public(self) -> ES256:
        """Its public key, as COSE has it."""
        made: ES256 = ES256.from_cryptography_key(self.private.public_key())  # type: ignore[no-untyped-call]
        return made

    def passkey(self, name: str, now: datetime) -> Passkey:
        """Describe it as the table keeps it."""
        return Passkey(words(self.id), words(self.public[-2] + self.public[-3]), self.count, name, now)

    def make(self, challenge: str, **bent: Any) -> dict[str, bytes]:
        """Answer a page that asks for a new passkey."""
        key: CoseKey = bent.pop("key", self.public)
        made = AttestedCredentialData.create(Aaguid.NONE, bent.pop("made", self.id), key)
        told: dict[str, Any] = {"flags": HERE | FLAG.AT, "made": made, "kind": "webauthn.create"} | bent
        return self._answer(challenge, **told)

    def use(self, challenge: str, **bent: Any) -> dict[str, bytes]:
        """Answer a page that asks for a signature."""
        private = bent.pop("private", self.private)
        told: dict[str, Any] = {"flags": HERE, "kind": "webauthn.get"} | bent
        answer = self._answer(challenge, **told)
        signed = answer["authenticatorData"] + hashlib.sha256(answer["clientDataJSON"]).digest()
        return answer | {"signature": private.sign(signed, ec.ECDSA(SHA256()))}

    def _answer(self, challenge: str, *, kind: str, flags: int, made: bytes = b"", **bent: Any) -> dict[str, bytes]:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False} | bent.get(
            "client", {}
        )
        party_hash = hashlib.sha256(bent.get("party", self.party).encode()).digest()
        count = bent.get("count", self.count)
        data = party_hash + bytes([flags]) + count.to_bytes(4, "big") + made + bent.get("after", b"")
        client = json.dumps(told, separators=(",", ":")).encode()
        return {"id": self.id, "clientDataJSON": bent.get("raw_client", client), "authenticatorData": data}
