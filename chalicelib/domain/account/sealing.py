"""Seals: the same words always read the same, and only the deployment's key tells what they are."""

import hashlib
import hmac
from typing import Final

_NAME: Final = 16  # bytes: no two contents of a deployment share one, and none can be made up
_BETWEEN: Final = "\0"


class Seal:
    """Seals and opens words under a key of the deployment, for one use: the seals of another open nothing.

    A synthetic initialisation vector (RFC 5297's construction): what is sealed is named by an HMAC-SHA-256 of it, the
    proof too, and hidden under the stream that follows from that name. Why no library: docs/decisions/0054.
    """

    def __init__(self, key: str, use: str) -> None:
        self._name_key, self._stream_key = (
            hmac.new(key.encode(), purpose.encode(), hashlib.sha256).digest() for purpose in (use, f"{use}'s content")
        )

    def seal(self, *words: str) -> bytes:
        """Seal some words, none of which holds a NUL."""
        content = _BETWEEN.join(words).encode()
        name = self._name(content)
        return name + self._hide(name, content)

    def open(self, sealed: bytes) -> tuple[str, ...] | None:
        """Read the words; None where they were not sealed here, or changed."""
        name = sealed[:_NAME]
        content = self._hide(name, sealed[_NAME:])
        return tuple(content.decode().split(_BETWEEN)) if hmac.compare_digest(name, self._name(content)) else None

    def _name(self, content: bytes) -> bytes:
        return hmac.new(self._name_key, content, hashlib.sha256).digest()[:_NAME]

    def _hide(self, name: bytes, content: bytes) -> bytes:
        """Hide what is plain, or show what is hidden: the same act."""
        stream = hashlib.shake_256(self._stream_key + name).digest(len(content))
        return bytes(one ^ other for one, other in zip(content, stream, strict=True))
