"""Recovery codes: eight on paper, each valid once as second factor (OWASP ASVS 5.0, 6.5.1 to 6.5.4)."""

import hmac
import secrets
from collections.abc import Iterable
from typing import Final

from chalicelib.domain.account.keys import Key, KeyRing, KeyUnknown

CODES: Final = 8
WARN_AT: Final = 2  # remaining codes
_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base32: five bits each, without look-alikes
_LOOK_ALIKE: Final = str.maketrans("oil", "011")
_LENGTH: Final = 16  # 80 bits
_GROUP: Final = 4


def new_codes() -> tuple[str, ...]:
    """Make the codes, in groups: « k7qd-2m9x-04rt-hv6c »."""
    return tuple(_grouped("".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))) for _ in range(CODES))


def recovery_digest(keys: KeyRing, email: str, code: str) -> str:
    """Hash a member's code under the newest key of `staff-codes`. Only « version.digest » is stored."""
    return f"{keys.newest.version}.{_digest(keys.newest, email, code)}"


def matching_digest(keys: KeyRing, email: str, code: str, digests: Iterable[str]) -> str | None:
    """Find the stored digest of a code. Raises `KeyUnknown` if a key is missing."""
    if len(_plain(code)) != _LENGTH:
        return None
    unknown: KeyUnknown | None = None
    for digest in digests:
        version, _, mac = digest.rpartition(".")
        try:
            key = keys.find(int(version or 0))
        except KeyUnknown as error:
            unknown = error
            continue
        if hmac.compare_digest(_digest(key, email, code), mac):
            return digest
    if unknown:
        raise unknown
    return None


def _digest(key: Key, email: str, code: str) -> str:
    return key.mac(email, _plain(code)).hex()


def _plain(code: str) -> str:
    return "".join(character for character in code.casefold() if character.isalnum()).translate(_LOOK_ALIKE)


def _grouped(code: str) -> str:
    return "-".join(code[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))
