"""Argon2id: one operation per login attempt, whatever stands behind the identifier (design §4)."""

import base64
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError


class Hasher:
    """Hashes and verifies; memory in KiB (OWASP Password Storage: m=19456, t=2, p=1)."""

    def __init__(self, memory: int = 19456, passes: int = 2, lanes: int = 1) -> None:
        self._argon2 = PasswordHasher(time_cost=passes, memory_cost=memory, parallelism=lanes)
        salt, answer = (base64.b64encode(secrets.token_bytes(n)).decode().rstrip("=") for n in (16, 32))
        self._decoy = f"$argon2id$v=19$m={memory},t={passes},p={lanes}${salt}${answer}"

    def hash(self, password: str) -> str:
        """Give the encoded hash of a canonical password, with a new salt."""
        return self._argon2.hash(password)

    def verify(self, encoded: str | None, password: str) -> bool:
        """Tell whether the password made this hash; None is verified against a decoy, in the same time."""
        try:
            return self._argon2.verify(encoded or self._decoy, password) and encoded is not None
        except VerifyMismatchError:
            return False

    def is_outdated(self, encoded: str) -> bool:
        """Tell whether the settings have changed since this hash was made."""
        return self._argon2.check_needs_rehash(encoded)
