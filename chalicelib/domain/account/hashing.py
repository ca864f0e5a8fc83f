"""Argon2id: one operation per login attempt, whatever stands behind the identifier (design §4)."""

import base64
import re
import secrets
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

# What `Hasher.hash` writes: 16 bytes of salt and 32 of answer, whose last base64 characters have no bits left over.
_ENCODED: Final = re.compile(
    r"\$argon2id\$v=19\$m=([1-9]\d{0,6}),t=([1-9]\d{0,3}),p=([1-9]\d?)\$[A-Za-z0-9+/]{21}[AQgw]\$"
    r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]",
    re.ASCII,
)
_LANE: Final = 8  # KiB of memory that each lane takes at least
# RFC 9106's setting for machines of little memory: no settings of ours ever asked for more.
_MEMORY: Final = 65536
_WORK: Final = 3 * _MEMORY


class Hasher:
    """Hashes and verifies; memory in KiB (OWASP Password Storage: m=19456, t=2, p=1)."""

    def __init__(self, memory: int = 19456, passes: int = 2, lanes: int = 1) -> None:
        self._argon2 = PasswordHasher(time_cost=passes, memory_cost=memory, parallelism=lanes)
        salt, answer = (base64.b64encode(secrets.token_bytes(n)).decode().rstrip("=") for n in (16, 32))
        self._decoy = f"$argon2id$v=19$m={memory},t={passes},p={lanes}${salt}${answer}"
        self._memory = max(memory, _MEMORY)
        self._work = max(memory * passes, _WORK)

    def hash(self, password: str) -> str:
        """Hash a canonical password, encoded with a new salt."""
        return self._argon2.hash(password)

    def verify(self, encoded: str | None, password: str) -> bool:
        """Check a password against a hash; none, or a damaged one, is a decoy's mismatch, in the same time."""
        if encoded is not None and not self.is_damaged(encoded):
            try:
                return self._argon2.verify(encoded, password)
            except VerifyMismatchError:
                return False
            except (VerificationError, InvalidHashError):  # it was refused before any work was done
                pass
        try:
            self._argon2.verify(self._decoy, password)
        except VerifyMismatchError:
            return False
        return False  # who guesses the decoy's answer opens nothing

    def is_damaged(self, encoded: str) -> bool:
        """Whether this is no hash of ours: another spelling, or a cost that no settings ever asked for."""
        found = _ENCODED.fullmatch(encoded) if isinstance(encoded, str) else None  # a table may hold anything
        if found is None:
            return True
        memory, passes, lanes = map(int, found.groups())
        return memory < _LANE * lanes or memory > self._memory or memory * passes > self._work

    def is_outdated(self, encoded: str) -> bool:
        """Whether the settings have changed since this hash was made."""
        return self.is_damaged(encoded) or self._argon2.check_needs_rehash(encoded)
