"""What was done to a member's access, by whom and why: kept for a year, read by managers."""

from datetime import datetime, timedelta
from typing import Final, Literal

from chalicelib.domain.account.audit import Author
from chalicelib.values import frozen

# As the journal of who reads personal data (CNIL, deliberation 2021-122): what tells of an abuse a year ago still does.
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
    """One act on one member, named by its pseudonym; written before it is done, so that none goes unwritten.

    `role`, `sites`: those that it gives. `about`: the name that is linked, or the course that is lent.
    """

    kind: StaffActKind
    member: str
    author: Author
    at: datetime
    role: str = ""
    sites: tuple[str, ...] = ()
    about: str = ""

    @property
    def expires_at(self) -> datetime:
        """When it is forgotten."""
        return self.at + KEPT_FOR
