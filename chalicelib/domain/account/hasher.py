"""Argon2id: one operation per login attempt, whether or not the account exists (design §4)."""

import base64
import re
import secrets
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from chalicelib.domain.account.argon2id import Argon2id

# The format of `Hasher.hash`: a 16-byte salt and a 32-byte hash, whose last base64 characters have no unused bits.
_ENCODED: Final = re.compile(
    r"\$argon2id\$v=19\$m=([1-9]\d{0,6}),t=([1-9]\d{0,3}),p=([1-9]\d?)\$[A-Za-z0-9+/]{21}[AQgw]\$"
    r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]",
    re.ASCII,
)
_LANE: Final = 8  # KiB: the least memory of each lane
# RFC 9106's parameters for machines with little memory: no setting of ours was ever higher.
_MEMORY: Final = 65536
_WORK: Final = 3 * _MEMORY


class Hasher:
    """Hashes and verifies passwords. Memory is in KiB (OWASP Password Storage: m=19456, t=2, p=1)."""

    def __init__(self, memory: int = 19456, passes: int = 2, lanes: int = 1) -> None:
        self._cost = (memory, passes, lanes)
        salt, answer = (base64.b64encode(secrets.token_bytes(n)).decode().rstrip("=") for n in (16, 32))
        self._decoy = f"$argon2id$v=19$m={memory},t={passes},p={lanes}${salt}${answer}"
        self._memory = max(memory, _MEMORY)
        self._work = max(memory * passes, _WORK)

    @property
    def _argon2(self) -> "Argon2id":
        # Imported here: every function has a hasher, but only three of ten hash. Those load it as they start, with
        # their login.
        from chalicelib.domain.account.argon2id import Argon2id  # noqa: PLC0415

        return Argon2id(*self._cost)

    def hash(self, password: str) -> str:
        """Hash a canonical password, encoded with a new salt."""
        return self._argon2.hash(password)

    def verify(self, hash_text: str | None, password: str) -> bool:
        """Check a password against a hash. A missing or damaged hash takes the same time, on a decoy."""
        if hash_text is not None and not self.is_damaged(hash_text):
            is_right = self._argon2.verify(hash_text, password)
            if is_right is not None:
                return is_right
        self._argon2.verify(self._decoy, password)
        return False  # a password that matches the decoy opens nothing

    def is_damaged(self, hash_text: str) -> bool:
        """Whether this is no hash of ours: another format, or a cost that no setting ever had."""
        match = _ENCODED.fullmatch(hash_text) if isinstance(hash_text, str) else None  # a table may hold any type
        if match is None:
            return True
        memory, passes, lanes = map(int, match.groups())
        return memory < _LANE * lanes or memory > self._memory or memory * passes > self._work

    def is_outdated(self, hash_text: str) -> bool:
        """Whether the hash was made under other settings."""
        return self.is_damaged(hash_text) or self._argon2.is_outdated(hash_text)
