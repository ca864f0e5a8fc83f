"""Passwords: the rule a chosen one obeys, the one spelling of each, and the making of a mailed one."""

import hashlib
import secrets
import string
import unicodedata
from dataclasses import dataclass

# Passwords that obey the rule and head the published lists of leaked ones, French first (OWASP ASVS 5.0, 6.2.4).
COMMON = frozenset(
    """
    azerty12 azerty123 azerty1234 azerty12345 azerty123456 azertyuiop1 azertyuiop123 motdepasse1 motdepasse12
    motdepasse123 bonjour1 bonjour12 bonjour123 bonjour1234 soleil123 soleil1234 doudou123 loulou123 chouchou1
    chouchou123 marseille1 marseille13 camille123 nicolas123 jetaime1 jetaime123 bienvenue1 bienvenue123
    conservatoire1 conservatoire123 musique1 musique123 france123 france1998 france2018 paris123 secret123
    changeme1 changeme123 password1 password12 password123 password1234 passw0rd p@ssw0rd p@ssword1 p@ssw0rd1
    p@ssw0rd123 qwerty12 qwerty123 qwerty1234 qwertyuiop1 welcome1 welcome123 admin123 admin1234 administrateur1
    abcd1234 abcdef123 abc12345 abc123456 aa123456 aa12345678 a1b2c3d4 q1w2e3r4 q1w2e3r4t5 1q2w3e4r 1q2w3e4r5t
    1qaz2wsx iloveyou1 sunshine1 princess1 football1 football123 monkey123 dragon123 letmein1 letmein123 master123
    superman1 pokemon1 pokemon123 michael1 charlie1 summer2024 summer2025
    """.split()  # noqa: SIM905 - a list of words reads best as words
)

# Letters and digits without look-alikes (no 0 O o, 1 l I i): read from a small screen, typed on another.
_ALPHABET = "".join(c for c in string.ascii_letters + string.digits if c not in "0Oo1lIi")
MAILED_LENGTH = 16  # log2(55) * 16 = 92 bits

_BLANK = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})


def canonical(typed: str) -> str:
    """Give the one spelling of a password (NFC): « é » typed as one or as two code points is the same."""
    return unicodedata.normalize("NFC", typed)


def trimmed(typed: str) -> str:
    """Give the password a login means: canonical, without the blanks that a copy from a mail leaves around it.

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
    """Give all that is kept of a mailed password: a SHA-256 bound to its account, enough for 92 random bits."""
    return hashlib.sha256(f"{site}\0{identifier}\0{password}".encode()).hexdigest()


def _bare(words: str) -> str:
    """Keep letters and digits only, without case or accents: how a guesser sees a name."""
    return "".join(c for c in unicodedata.normalize("NFKD", words.casefold()) if c.isalnum())


@dataclass(frozen=True)
class PasswordRule:
    """The rule of guide 2.6; lengths in code points, both ends included."""

    shortest: int = 8
    longest: int = 20
    refuse_common: bool = True
    refuse_own_names: bool = True

    def broken_by(self, password: str, identifier: str, site_name: str) -> tuple[str, ...]:
        """List what must be mended in a canonical password: codes, in the order of the rule's sentence."""
        kinds = {unicodedata.category(c) for c in password}
        broken = {
            "password_blank_ends": password != trimmed(password),
            "password_too_short": len(password) < self.shortest,
            "password_too_long": len(password) > self.longest,
            "password_no_upper": "Lu" not in kinds,
            "password_no_lower": "Ll" not in kinds,
            "password_no_digit": not set(password) & set(string.digits),
            "password_common": self.refuse_common and password.casefold() in COMMON,
            "password_own_name": self.refuse_own_names and self._names(password, identifier, site_name),
        }
        return tuple(code for code, is_so in broken.items() if is_so)

    @staticmethod
    def _names(password: str, identifier: str, site_name: str) -> bool:
        """Tell whether it is the identifier, or the site's name or a part of it with digits around."""
        names = {_bare(site_name), *(_bare(part) for part in site_name.split(" - "))}
        bare = _bare(password)
        return bare == _bare(identifier) or bare.strip(string.digits) in names
