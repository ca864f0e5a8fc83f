"""Argon2id, by the library: loaded as a function starts whose visitors log in by a password, and by no other."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError


class Argon2id:
    """One operation each; memory in KiB."""

    def __init__(self, memory: int, passes: int, lanes: int) -> None:
        self._library = PasswordHasher(time_cost=passes, memory_cost=memory, parallelism=lanes)

    def hash(self, password: str) -> str:
        """Hash a password, encoded with a new salt."""
        return self._library.hash(password)

    def verify(self, encoded: str, password: str) -> bool | None:
        """Check a password against a hash. None if the hash was refused before any work was done."""
        try:
            return self._library.verify(encoded, password)
        except VerifyMismatchError:
            return False
        except (VerificationError, InvalidHashError):
            return None

    def is_outdated(self, encoded: str) -> bool:
        """Whether a hash was made at another cost."""
        return self._library.check_needs_rehash(encoded)
