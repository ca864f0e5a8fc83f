"""Acts on members' access, with author and reason: kept for a year, read by managers."""

from datetime import datetime, timedelta
from typing import Final, Literal

from chalicelib.domain.account.audit import Author
from chalicelib.values import frozen

# As for logs of access to personal data (CNIL, deliberation 2021-122): a year-old abuse can still be investigated.
KEPT_FOR: Final = timedelta(days=365)
StaffActKind = Literal[
    "staff_invited",
    "staff_disabled",
    "staff_enabled",
    "staff_reset",
    "staff_role",
    "staff_linked",
    "staff_unlinked",
    "course_lent",
    "course_taken_back",
]


@frozen
class StaffAct:
    """One act on one member, named by their pseudonym. Written before the act, so that no act goes unrecorded.

    `role`, `sites`: the new ones. `about`: the linked name, or the lent course.
    """

    kind: StaffActKind
    author: Author
    at: datetime
    member: str = ""
    role: str = ""
    sites: tuple[str, ...] = ()
    about: str = ""

    @property
    def expires_at(self) -> datetime:
        """When its record is deleted."""
        return self.at + KEPT_FOR
