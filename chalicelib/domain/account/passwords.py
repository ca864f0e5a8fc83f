"""Passwords: the rule for chosen ones, their normal form, and the generation of mailed ones."""

import hashlib
import secrets
import string
import unicodedata
from collections.abc import Callable, Container

from chalicelib.domain.account.weak_passwords import is_common, is_own
from chalicelib.values import frozen

# Letters and digits without look-alikes (no 0 O o, 1 l I i), to copy by eye from a small screen.
_ALPHABET = "".join(c for c in string.ascii_letters + string.digits if c not in "0Oo1lIi")
MAILED_LENGTH = 16  # log2(55) * 16 = 92 bits

_BLANK = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})


def canonical(text: str) -> str:
    """Normalise a password (NFC), so that « é » as one or two code points is the same."""
    return unicodedata.normalize("NFC", text)


def trim(text: str) -> str:
    """Trim a password typed at login: canonical, without surrounding blanks pasted from a mail.

    A blank is a Unicode separator, control or format character (U+200B, U+FEFF), all of them invisible.
    """
    start, end = 0, len(text := canonical(text))
    while start < end and unicodedata.category(text[start]) in _BLANK:
        start += 1
    while end > start and unicodedata.category(text[end - 1]) in _BLANK:
        end -= 1
    return text[start:end]


def mailed_password() -> str:
    """Generate a password to mail: 16 unambiguous characters that satisfy the rule, from the system's randomness."""
    while True:
        text = "".join(secrets.choice(_ALPHABET) for _ in range(MAILED_LENGTH))
        if any(c.isupper() for c in text) and any(c.islower() for c in text) and any(c.isdigit() for c in text):
            return text


def digest(site: str, identifier: str, password: str) -> str:
    """Hash a mailed password for storage: a SHA-256 bound to its account, strong enough for 92 random bits."""
    return hashlib.sha256(f"{site}\0{identifier}\0{password}".encode()).hexdigest()


@frozen
class PasswordRule:
    """The rule of guide 2.6. Lengths are in code points, inclusive."""

    shortest: int = 8
    longest: int = 20
    refuse_common: bool = True
    refuse_own_names: bool = True
    common: Callable[[], Container[str]] = tuple  # loaded only to check a password

    def violations(self, password: str, identifier: str, *names: str) -> tuple[str, ...]:
        """List the violations of a canonical password as codes, in the order of the rule's sentence.

        `names`: names that a guesser knows: those of the sites, the network, the family and its addresses.
        """
        kinds = {unicodedata.category(c) for c in password}
        violations = {
            "password_blank_ends": password != trim(password),
            "password_too_short": len(password) < self.shortest,
            "password_too_long": len(password) > self.longest,
            "password_no_upper": "Lu" not in kinds,
            "password_no_lower": "Ll" not in kinds,
            "password_no_digit": not set(password) & set(string.digits),
            "password_own_name": self._is_own(password, identifier, names),
        }
        codes = tuple(code for code, is_so in violations.items() if is_so)
        # Checked only if nothing else is wrong, as the corrected password may no longer be a common one.
        is_well_known = not codes and self.refuse_common and is_common(password, self.common())
        return ("password_common",) if is_well_known else codes

    def _is_own(self, password: str, identifier: str, names: tuple[str, ...]) -> bool:
        """Check for the user's own names, unless the password is too long: a form may send thousands of characters."""
        return self.refuse_own_names and len(password) <= self.longest and is_own(password, identifier, names)
