"""The network's managers, one list: who has the role, and who has entered with it, of whom one is always left."""

import secrets
from dataclasses import field, replace
from typing import Self

from chalicelib.values import frozen


@frozen
class ManagerList:
    """The managers' addresses. `entered`: of these, who gave both proofs since; only they count as one who is left.

    `version`: another with each change, so that two lists that are alike are still told apart.
    """

    emails: tuple[str, ...] = field(default=(), repr=False)
    entered: tuple[str, ...] = field(default=(), repr=False)
    version: str = ""

    def __contains__(self, email: object) -> bool:
        """Whether an address is a manager's."""
        return email in self.emails

    def is_last(self, email: str) -> bool:
        """Whether nobody would be left who is known to enter."""
        return self.entered == (email,)

    def has_others(self, email: str) -> bool:
        """Whether somebody else is known to enter."""
        return bool(_without(self.entered, email))

    def with_added(self, email: str) -> Self:
        """Add one, who does not count yet."""
        return self if email in self else self._next(emails=(*self.emails, email))

    def with_entered(self, email: str) -> Self:
        """Count one who has just entered."""
        return self if email in self.entered else self._next(entered=(*self.entered, email))

    def without_entry(self, email: str) -> Self:
        """Count one no more, who stays a manager: every proof is forgotten."""
        return self._next(entered=_without(self.entered, email)) if email in self.entered else self

    def without(self, email: str) -> Self:
        """Take one out."""
        if email not in self:
            return self
        return self._next(emails=_without(self.emails, email), entered=_without(self.entered, email))

    def _next(self, **changes: tuple[str, ...]) -> Self:
        return replace(self, version=secrets.token_hex(8), **changes)


def _without(emails: tuple[str, ...], email: str) -> tuple[str, ...]:
    return tuple(other for other in emails if other != email)
