"""The jobs of mails to staff, which no family's function loads."""

from datetime import timedelta
from typing import ClassVar, Final, Literal, Protocol

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.keys import KeyRing
from chalicelib.domain.identity.seals import Seal
from chalicelib.domain.staff.browser_links import LINK_LASTS
from chalicelib.domain.staff.members import INVITATION_LASTS
from chalicelib.mail.jobs import QueuedJob
from chalicelib.values import frozen

_KIND: Final = "member"


@frozen(kw_only=True)
class _StaffJob(QueuedJob):
    """Base of the staff's jobs. `member`: their sealed address (`sealed_member`): the queue reveals no name."""

    lasts: ClassVar[timedelta] = timedelta.max  # mailed however late

    member: str


@frozen(kw_only=True)
class DeskJobDue:
    """A job of the desk awaits a worker. `tries`: its failures in a row so far."""

    kind: Literal["desk_job"] = "desk_job"
    job: str
    tries: int = 0

    @property
    def request(self) -> str:
        """Its id in the record."""
        return self.job


@frozen(kw_only=True)
class StaffChanged(_StaffJob):
    """A member's access is about to change: notify the member, if the change of this name is written."""

    kind: Literal["staff_changed"] = "staff_changed"
    change: str


@frozen(kw_only=True)
class StaffInvited(_StaffJob):
    """A member is about to be invited, or reset: make the link and mail it, if that very invitation is pending.

    The time of the request identifies the invitation, and determines its end.
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


def sealed_member(keys: KeyRing, email: str) -> str:
    """Seal a member's address for a job. `keys`: of `jobs`."""
    return Seal(keys, _KIND).seal_text(email)


class MemberJob(Protocol):
    """A job of a mail to a member, of these or another kind."""

    @property
    def member(self) -> str:
        """The sealed address."""


def member_of(keys: KeyRing, job: MemberJob) -> str | None:
    """Read the member's address of a job. None if it was not sealed here.

    Raises `KeyUnknown`: the queue delivers the job again, until a deployment brings this function the key.
    """
    words = Seal(keys, _KIND).open_text(job.member)
    return words[0] if words else None


def tracked_as(pseudonym: str) -> AccountRef:
    """Name a member in the tags of SES, which returns them with delivery events. No account has this name."""
    return AccountRef("bureau", pseudonym)
