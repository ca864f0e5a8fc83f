"""Whose turn a file is: the member who has it in hand, and the day on which the office calls back."""

from dataclasses import field
from datetime import date, datetime

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.values import Stored, frozen


@frozen
class Turn(Stored):
    """The turn of a file. `holder`: a member's address. The file of one who may no longer act is free."""

    site: str
    identifier: str
    holder: str = field(default="", repr=False)
    since: datetime | None = None
    call_on: date | None = None

    @property
    def ref(self) -> AccountRef:
        """The file, as the audit trail names it."""
        return AccountRef(self.site, self.identifier)

    def is_due(self, day: date) -> bool:
        """Whether the family is to be called on a day, or before."""
        return self.call_on is not None and self.call_on <= day
