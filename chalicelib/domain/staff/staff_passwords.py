"""The rule for staff passwords: long rather than mixed (OWASP ASVS 5.0, 6.2.1, 6.2.4, 6.2.5, 6.2.9, 6.2.11)."""

from collections.abc import Callable, Container
from typing import Final

from chalicelib.domain.account.weak_passwords import fold, is_common, is_own
from chalicelib.values import frozen

_DRESSED: Final = 40  # characters: in longer passwords, digits and signs are removed instead of tried as letters


@frozen
class StaffPasswordRule:
    """Lengths in code points, inclusive. No kind of character is required."""

    shortest: int = 12
    longest: int = 128
    common: Callable[[], Container[str]] = tuple  # loaded only to check a password

    def violations(self, password: str, email: str, *names: str) -> tuple[str, ...]:
        """List the violations of a password trimmed by `passwords.trim`.

        `names`: names that a guesser knows: those of the person, the sites and the network.
        """
        if len(password) < self.shortest:
            return ("staff_password_too_short",)
        if len(password) > self.longest:
            return ("staff_password_too_long",)
        plain_password = _plain(password)
        if is_own(plain_password, email, (*names, email.partition("@")[0])):
            return ("staff_password_own_name",)
        return ("staff_password_common",) if is_common(plain_password, self.common()) else ()


STAFF_RULE: Final = StaffPasswordRule()


def _plain(password: str) -> str:
    """Shorten a password for the checks: all readings of 128 digits and signs would take a third of a second."""
    plain = fold(password)
    if len(plain) <= _DRESSED:
        return password
    return "".join(character for character in plain if character.isalpha() or character in "@.")
