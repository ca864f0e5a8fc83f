"""The list of the network's managers, and of those who have logged in as one. At least one of these remains."""

import secrets
from dataclasses import field, replace
from typing import Self

from chalicelib.values import frozen


@frozen
class ManagerList:
    """The managers' addresses. `entered`: those who have logged in with both proofs. Only they count as remaining.

    `version`: changed by each write, so that two equal lists still differ.
    """

    emails: tuple[str, ...] = field(default=(), repr=False)
    entered: tuple[str, ...] = field(default=(), repr=False)
    version: str = ""

    def __contains__(self, email: object) -> bool:
        """Whether an address is a manager's."""
        return email in self.emails

    def is_last(self, email: str) -> bool:
        """Whether it is the only manager known to log in."""
        return self.entered == (email,)

    def has_others(self, email: str) -> bool:
        """Whether another manager is known to log in."""
        return bool(_without(self.entered, email))

    def with_added(self, email: str) -> Self:
        """Add a manager, not yet counted."""
        return self if email in self else self._next(emails=(*self.emails, email))

    def with_entered(self, email: str) -> Self:
        """Count a manager who has just logged in."""
        return self if email in self.entered else self._next(entered=(*self.entered, email))

    def without_entry(self, email: str) -> Self:
        """Stop counting a manager, who keeps the role: all its proofs are deleted."""
        return self._next(entered=_without(self.entered, email)) if email in self.entered else self

    def without(self, email: str) -> Self:
        """Remove a manager."""
        if email not in self:
            return self
        return self._next(emails=_without(self.emails, email), entered=_without(self.entered, email))

    def _next(self, **changes: tuple[str, ...]) -> Self:
        return replace(self, version=secrets.token_hex(8), **changes)


def _without(emails: tuple[str, ...], email: str) -> tuple[str, ...]:
    return tuple(other for other in emails if other != email)
