"""The jobs of mails to staff: known to the post and to what posts them, and to no family's function."""

from datetime import timedelta
from typing import ClassVar, Literal

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.staff.members import INVITATION_LASTS
from chalicelib.mail.jobs import QueuedJob
from chalicelib.values import frozen


@frozen(kw_only=True)
class StaffInvited(QueuedJob):
    """A member is about to be invited, or reset: make the link and mail it, if that very invitation then waits.

    `member`: the address, sealed. The invitation is told by when it was asked for.
    """

    lasts: ClassVar[timedelta] = INVITATION_LASTS

    kind: Literal["staff_invited"] = "staff_invited"
    member: str
    is_reset: bool = False


StaffJob = StaffInvited


def tracked_as(pseudonym: str) -> AccountRef:
    """Name a member to SES, which brings the name back with what became of a mail: no account is called so."""
    return AccountRef("bureau", pseudonym)
