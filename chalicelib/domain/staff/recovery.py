"""Recovery codes: eight on paper, each good once in the place of the second factor (OWASP ASVS 5.0, 6.5.1 to 6.5.4)."""

import hashlib
import hmac
import secrets
from typing import Final

CODES: Final = 8
WARN_AT: Final = 2  # that are left
_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base32: five bits each, none looks like another
_LOOK_ALIKE: Final = str.maketrans("oil", "011")
_LENGTH: Final = 16  # 80 bits
_GROUP: Final = 4


def new_codes() -> tuple[str, ...]:
    """Make the codes, grouped for reading: « k7qd-2m9x-04rt-hv6c »."""
    return tuple(_grouped("".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))) for _ in range(CODES))


def recovery_digest(record_key: str, email: str, code: str) -> str:
    """Hash a code of a member under the deployment's key, all that is kept of it: the table alone tells none."""
    plain = "".join(character for character in code.casefold() if character.isalnum()).translate(_LOOK_ALIKE)
    key = hmac.new(record_key.encode(), b"recovery code", hashlib.sha256).digest()
    return hmac.new(key, f"{email}\0{plain}".encode(), hashlib.sha256).hexdigest()


def _grouped(code: str) -> str:
    return "-".join(code[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))
