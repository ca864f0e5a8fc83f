"""Passwords: the rule a chosen one obeys, the one spelling of each, and the making of a mailed one."""

import hashlib
import secrets
import string
import unicodedata
from collections.abc import Callable, Container

from chalicelib.domain.account.guessing import is_common, is_own
from chalicelib.values import frozen

# Letters and digits without look-alikes (no 0 O o, 1 l I i): read from a small screen, typed on another.
_ALPHABET = "".join(c for c in string.ascii_letters + string.digits if c not in "0Oo1lIi")
MAILED_LENGTH = 16  # log2(55) * 16 = 92 bits

_BLANK = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})


def canonical(typed: str) -> str:
    """Normalise a password (NFC): « é » typed as one or as two code points is the same."""
    return unicodedata.normalize("NFC", typed)


def trim(typed: str) -> str:
    """Trim a password typed at login: canonical, without the blanks that a copy from a mail leaves around it.

    A blank is what Unicode calls a separator, a control or a format (U+200B, U+FEFF): nobody sees it.
    """
    start, end = 0, len(typed := canonical(typed))
    while start < end and unicodedata.category(typed[start]) in _BLANK:
        start += 1
    while end > start and unicodedata.category(typed[end - 1]) in _BLANK:
        end -= 1
    return typed[start:end]


def mailed_password() -> str:
    """Make a password for a letter: 16 unambiguous characters that obey the rule, from the system's own randomness."""
    while True:
        made = "".join(secrets.choice(_ALPHABET) for _ in range(MAILED_LENGTH))
        if any(c.isupper() for c in made) and any(c.islower() for c in made) and any(c.isdigit() for c in made):
            return made


def digest(site: str, identifier: str, password: str) -> str:
    """Hash a mailed password, all that is kept of it: a SHA-256 bound to its account, enough for 92 random bits."""
    return hashlib.sha256(f"{site}\0{identifier}\0{password}".encode()).hexdigest()


def _no_words() -> Container[str]:
    return ()


@frozen
class PasswordRule:
    """The rule of guide 2.6; lengths in code points, both ends included."""

    shortest: int = 8
    longest: int = 20
    refuse_common: bool = True
    refuse_own_names: bool = True
    common: Callable[[], Container[str]] = _no_words  # read only once a password is looked at

    def violations(self, password: str, identifier: str, *names: str) -> tuple[str, ...]:
        """List what must be mended in a canonical password: codes, in the order of the rule's sentence.

        `names`: what a guesser knows of whose it is: of the sites, the network, the family, its addresses.
        """
        kinds = {unicodedata.category(c) for c in password}
        broken = {
            "password_blank_ends": password != trim(password),
            "password_too_short": len(password) < self.shortest,
            "password_too_long": len(password) > self.longest,
            "password_no_upper": "Lu" not in kinds,
            "password_no_lower": "Ll" not in kinds,
            "password_no_digit": not set(password) & set(string.digits),
            "password_own_name": self._is_own(password, identifier, names),
        }
        codes = tuple(code for code, is_so in broken.items() if is_so)
        # Said of a whole password only: one that must be mended in any case may not be well known afterwards.
        is_well_known = not codes and self.refuse_common and is_common(password, self.common())
        return ("password_common",) if is_well_known else codes

    def _is_own(self, password: str, identifier: str, names: tuple[str, ...]) -> bool:
        """Look for one's own names, in no more characters than the rule takes: a form may bring thousands."""
        return self.refuse_own_names and len(password) <= self.longest and is_own(password, identifier, names)
