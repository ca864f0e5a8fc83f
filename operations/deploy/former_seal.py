"""The cipher of versions before 2026-11-30, to migrate their sealed data."""

import hashlib
import hmac
from typing import Final

_NAME: Final = 16  # bytes: an HMAC of the content, which identifies and authenticates it
_BETWEEN: Final = "\0"


class FormerSeal:
    """Seals and opens texts under the record key, for one use. No function of the service uses it any longer."""

    def __init__(self, record_key: str, use: str) -> None:
        self._name_key, self._stream_key = (
            hmac.new(record_key.encode(), purpose.encode(), hashlib.sha256).digest()
            for purpose in (use, f"{use}'s content")
        )

    def seal(self, *words: str) -> bytes:
        """Seal texts. The address of a calendar was sealed again each time it was shown."""
        content = _BETWEEN.join(words).encode()
        name = self._name(content)
        return name + self._hide(name, content)

    def open(self, sealed: bytes) -> tuple[str, ...] | None:
        """Open a seal. None if another key made it."""
        name = sealed[:_NAME]
        content = self._hide(name, sealed[_NAME:])
        return tuple(content.decode().split(_BETWEEN)) if hmac.compare_digest(name, self._name(content)) else None

    def _name(self, content: bytes) -> bytes:
        return hmac.new(self._name_key, content, hashlib.sha256).digest()[:_NAME]

    def _hide(self, name: bytes, content: bytes) -> bytes:
        stream = hashlib.shake_256(self._stream_key + name).digest(len(content))
        return bytes(byte ^ other for byte, other in zip(content, stream, strict=True))
