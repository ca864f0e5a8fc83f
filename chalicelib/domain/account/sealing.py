"""Names of accounts, sealed: always the same for the same one, and only the deployment's key tells whose."""

import hashlib
import hmac
from typing import Final

from chalicelib.domain.account.accounts import AccountRef

_NAME: Final = 16  # bytes: no two accounts of a deployment share one, and none can be made up
_BLOCK: Final = 32  # bytes that one HMAC-SHA-256 hides


class Seal:
    """Seals and opens under a key of the deployment: SIV (RFC 5297, section 2), with HMAC-SHA-256 in the place of AES.

    What is sealed is named by an HMAC of it, and hidden by a stream made from that name; so it says nothing but « the
    same one », and what was changed does not open. Why not in clear, and no library: docs/decisions/0054.
    """

    def __init__(self, key: str) -> None:
        self._name_key, self._stream_key = (
            hmac.new(key.encode(), purpose, hashlib.sha256).digest() for purpose in (b"seal/name", b"seal/stream")
        )

    def seal(self, ref: AccountRef) -> str:
        """Seal the name of an account: hexadecimal digits."""
        plain = f"{ref.site}\0{ref.identifier}".encode()
        name = self._name(plain)
        return (name + self._hide(name, plain)).hex()

    def open(self, sealed: str) -> AccountRef | None:
        """Read the name of an account; None where it was not sealed under this key, or not by us."""
        try:
            content = bytes.fromhex(sealed)
        except ValueError:
            return None
        name = content[:_NAME]
        plain = self._hide(name, content[_NAME:])
        if not hmac.compare_digest(name, self._name(plain)):
            return None
        site, _, identifier = plain.decode().partition("\0")
        return AccountRef(site, identifier)

    def _name(self, plain: bytes) -> bytes:
        return hmac.new(self._name_key, plain, hashlib.sha256).digest()[:_NAME]

    def _hide(self, name: bytes, content: bytes) -> bytes:
        """Hide what is plain, or show what is hidden: the same act."""
        blocks = range(0, len(content), _BLOCK)
        stream = b"".join(hmac.new(self._stream_key, name + at.to_bytes(4), hashlib.sha256).digest() for at in blocks)
        return bytes(one ^ other for one, other in zip(content, stream, strict=False))
