"""The jobs of staff's mails: known to the post, the desk and what invites, and to no family's function."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from typing import ClassVar, Literal, Protocol

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.sealing import Seal
from chalicelib.domain.staff.browser_links import LINK_LASTS
from chalicelib.domain.staff.members import INVITATION_LASTS
from chalicelib.mail.jobs import QueuedJob
from chalicelib.values import frozen


@frozen(kw_only=True)
class _StaffJob(QueuedJob):
    """Any of them. `member`: the address, sealed (`sealed_member`): the queue tells nobody whose it is."""

    lasts: ClassVar[timedelta] = timedelta.max  # told however late

    member: str


@frozen(kw_only=True)
class StaffChanged(_StaffJob):
    """What opens a member's access is about to change: tell, if that very change (by its name) is then written."""

    kind: Literal["staff_changed"] = "staff_changed"
    change: str


@frozen(kw_only=True)
class StaffInvited(_StaffJob):
    """A member is about to be invited, or reset: make the link and mail it, if that very invitation then waits.

    Which invitation: by when it was asked for, which says when it ends.
    """

    lasts: ClassVar[timedelta] = INVITATION_LASTS

    kind: Literal["staff_invited"] = "staff_invited"
    is_reset: bool = False


@frozen(kw_only=True)
class BrowserLinkAsked(_StaffJob):
    """A link that makes a browser known was requested. It is mailed if the address has an access."""

    lasts: ClassVar[timedelta] = LINK_LASTS

    kind: Literal["browser_link"] = "browser_link"


StaffJob = StaffChanged | StaffInvited | BrowserLinkAsked


def sealed_member(seal: Seal, email: str) -> str:
    """Seal a member's address for a job. `seal`: `StaffStores.job_seal`."""
    return urlsafe_b64encode(seal.seal(email)).decode()


class OfMember(Protocol):
    """A job of a member's mail, of these or another kind."""

    @property
    def member(self) -> str:
        """The address, sealed."""


def member_of(seal: Seal, job: OfMember) -> str | None:
    """Read whose job it is; None where it was sealed by another key."""
    words = seal.open(urlsafe_b64decode(job.member))
    return words[0] if words else None


def tracked_as(pseudonym: str) -> AccountRef:
    """Name a member to SES, which brings the name back with what became of a mail: no account is called so."""
    return AccountRef("bureau", pseudonym)
