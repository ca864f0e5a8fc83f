"""Argon2id from its library, loaded only by functions whose visitors log in with a password."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError


class Argon2id:
    """One Argon2id operation per method. Memory is in KiB."""

    def __init__(self, memory: int, passes: int, lanes: int) -> None:
        self._library = PasswordHasher(time_cost=passes, memory_cost=memory, parallelism=lanes)

    def hash(self, password: str) -> str:
        """Hash a password, encoded with a new salt."""
        return self._library.hash(password)

    def verify(self, password_hash: str, password: str) -> bool | None:
        """Check a password against a hash. None if the hash is invalid, without any hashing work."""
        try:
            return self._library.verify(password_hash, password)
        except VerifyMismatchError:
            return False
        except (VerificationError, InvalidHashError):
            return None

    def is_outdated(self, password_hash: str) -> bool:
        """Whether a hash was made with other cost parameters."""
        return self._library.check_needs_rehash(password_hash)
