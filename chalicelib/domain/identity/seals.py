"""Seals of the office: AES-256-SIV (RFC 5297), by `cryptography`. Sealing is deterministic."""

from typing import TYPE_CHECKING, Final

from chalicelib.domain.account.keys import Key, KeyRing, KeyUnknown
from chalicelib.domain.identity.base64url import decode, encode
from chalicelib.values import frozen

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

_SIV_KEY_BYTES: Final = 64  # two keys of 256 bits
_BETWEEN: Final = "\0"


@frozen
class Seal:
    """Seals and opens words under the keys of a use. `kind` is bound to them: another kind's seals do not open.

    One byte has the version of the key. The newest key seals, former keys open.
    """

    keys: KeyRing
    kind: str

    def seal(self, *words: str) -> bytes:
        """Seal some words without NUL."""
        newest = self.keys.newest
        content = _BETWEEN.join(words).encode()
        return bytes((newest.version,)) + _cipher(newest).encrypt(content, [self.kind.encode()])

    def open(self, box: bytes) -> tuple[str, ...] | None:
        """Open sealed words. None if they were not sealed here, or changed. Raises `KeyUnknown`."""
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - as `_cipher`

        if not box:
            return None
        try:
            content = _cipher(self.keys.find(box[0])).decrypt(box[1:], [self.kind.encode()])
        except InvalidTag:
            return None
        return tuple(content.decode().split(_BETWEEN))

    def seal_text(self, *words: str) -> str:
        """Seal words as text, for a URL, a form or an item."""
        return encode(self.seal(*words))

    def open_text(self, text: str) -> tuple[str, ...] | None:
        """Open a sealed text. None if it is not ours, or spelt otherwise. Raises `KeyUnknown`."""
        try:
            return self.open(decode(text))
        except ValueError:
            return None

    def open_sent(self, text: str, count: int) -> tuple[str, ...] | None:
        """Open a text of `count` words sent back by a visitor.

        None also if its key was retired, or if a newer version sealed another number of words before a rollback.
        """
        try:
            words = self.open_text(text)
        except KeyUnknown:
            return None
        return words if words and len(words) == count else None


def _cipher(key: Key) -> "AESSIV":
    """Make the cipher of a key, whose 32 bytes HKDF (RFC 5869) expands to the 64 of AES-256-SIV."""
    # Imported here: it takes some 10 ms, and most pages of the desk open no seal.
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV  # noqa: PLC0415
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
    from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand  # noqa: PLC0415

    return AESSIV(HKDFExpand(SHA256(), _SIV_KEY_BYTES, b"AES-256-SIV").derive(key.secret))
