"""Keys of the stage: one key ring per use. The newest key signs and seals, the former keys only verify and unseal."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import field
from typing import Final, Literal, Self, get_args

from chalicelib.values import frozen

# The deployment derives a key for each use (HKDF), and gives it to the functions that need it (docs/decisions/0099).
Use = Literal[
    "devices", "staff-devices", "change-links", "page-stamps", "pupil-calendars", "teacher-calendars",
    "staff-totp", "staff-links", "staff-forms", "staff-codes", "staff-tokens", "sign-in", "jobs", "questions",
]  # fmt: skip
USES: Final[tuple[Use, ...]] = get_args(Use)
KEY_BYTES: Final = 32
MAX_VERSION: Final = 255  # a seal stores its version in one byte

_WRITTEN: Final = re.compile(r"([1-9]\d{0,2}):([A-Za-z0-9_-]{43})=?", re.ASCII)
_SIGNATURE: Final = re.compile(r"([1-9]\d{0,2})\.([A-Za-z0-9_-]{24})", re.ASCII)
_LONGEST: Final = 1600  # characters of signed words. An address has 254, of up to four bytes each
_SIGNATURE_BYTES: Final = 18  # 144 of the 256 bits: RFC 2104 asks for at least half
_BETWEEN: Final = "\0"


class KeyMissing(Exception):
    """This function has no key for a use: its template lists the keys that its code needs."""


class KeyUnknown(Exception):
    """A stored value has a key version that this ring does not hold: the key was retired or lost."""


@frozen
class Key:
    """One version of a key."""

    version: int
    secret: bytes = field(repr=False)

    def mac(self, *words: str) -> bytes:
        """Compute the HMAC-SHA-256 of some words. Raises `ValueError` if one holds a NUL."""
        if any(_BETWEEN in word for word in words):
            raise ValueError("a word holds a NUL")
        return hmac.new(self.secret, _BETWEEN.join(words).encode(), hashlib.sha256).digest()


@frozen
class KeyRing:
    """The keys of one use, newest first."""

    keys: tuple[Key, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse « 2:<base64url> 1:<base64url> », newest first. Raises `ValueError`, whose message shows no key."""
        parts = [_WRITTEN.fullmatch(part) for part in text.split()]
        keys = tuple(Key(int(part[1]), base64.urlsafe_b64decode(f"{part[2]}=")) for part in parts if part)
        versions = [key.version for key in keys]
        if not keys or len(keys) < len(parts) or versions != sorted(set(versions), reverse=True):
            raise ValueError("does not read as versions and keys, newest first")
        if versions[0] > MAX_VERSION:
            raise ValueError(f"has a version over {MAX_VERSION}")
        return cls(keys)

    @property
    def newest(self) -> Key:
        """The key that signs and seals."""
        return self.keys[0]

    def find(self, version: int) -> Key:
        """Find a key by its version. Raises `KeyUnknown`."""
        for key in self.keys:
            if key.version == version:
                return key
        raise KeyUnknown(f"no key of version {version}")

    def sign(self, *words: str) -> str:
        """Sign some words under the newest key: « version.signature », safe in a URL and a cookie."""
        return _signature(self.newest, words)

    def verify(self, signature: str, *words: str) -> bool:
        """Whether the signature is ours, in constant time. False for a version missing from the ring."""
        match = _SIGNATURE.fullmatch(signature)
        if match is None or any(_BETWEEN in word for word in words):
            return False
        try:
            return hmac.compare_digest(_signature(self.find(int(match[1])), words), signature)
        except KeyUnknown:
            return False

    def sign_text(self, *words: str) -> str:
        """Serialise and sign some words, to be carried by a browser and the queue."""
        payload = base64.urlsafe_b64encode(_BETWEEN.join(words).encode()).decode().rstrip("=")
        return f"{payload}.{self.sign(payload)}"

    def read_text(self, text: str) -> tuple[str, ...]:
        """Read signed words. None of them if we did not sign them."""
        payload, _, signature = text.partition(".")
        if len(text) > _LONGEST or not self.verify(signature, payload):
            return ()
        words = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)).decode()
        return tuple(words.split(_BETWEEN))


def variable(use: Use) -> str:
    """Name the environment variable of a use, such as `CLEF_KEY_STAFF_TOTP`."""
    return f"CLEF_{_setting(use).upper()}"


def read_keys(environment: Mapping[str, str]) -> tuple[dict[Use, KeyRing], dict[str, str]]:
    """Read the key rings from settings (`key_staff_totp`), and the errors by setting. No error shows a key."""
    rings: dict[Use, KeyRing] = {}
    mistakes: dict[str, str] = {}
    for use in USES:
        if (text := environment.get(_setting(use))) is not None:
            try:
                rings[use] = KeyRing.parse(text)
            except ValueError as mistake:
                mistakes[_setting(use)] = str(mistake)
    return rings, mistakes


def _setting(use: Use) -> str:
    return f"key_{use.replace('-', '_')}"


def _signature(key: Key, words: tuple[str, ...]) -> str:
    signature = base64.urlsafe_b64encode(key.mac(*words)[:_SIGNATURE_BYTES]).decode()
    return f"{key.version}.{signature}"
