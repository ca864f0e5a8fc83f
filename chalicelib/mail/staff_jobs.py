"""The jobs of staff's mails: known to the post, the desk and what invites, and to no family's function."""

from datetime import timedelta
from typing import ClassVar, Final, Literal, Protocol

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.keys import KeyRing
from chalicelib.domain.staff.browser_links import LINK_LASTS
from chalicelib.domain.staff.members import INVITATION_LASTS
from chalicelib.domain.staff.seals import Seal
from chalicelib.mail.jobs import QueuedJob
from chalicelib.values import frozen

_KIND: Final = "member"


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


def sealed_member(keys: KeyRing, email: str) -> str:
    """Seal a member's address for a job. `keys`: of `jobs`."""
    return Seal(keys, _KIND).seal_text(email)


class MemberJob(Protocol):
    """A job of a member's mail, of these or another kind."""

    @property
    def member(self) -> str:
        """The address, sealed."""


def member_of(keys: KeyRing, job: MemberJob) -> str | None:
    """Read the member's address of a job. None if it was not sealed here.

    Raises `KeyUnknown`: the queue delivers it again, while a deployment brings this function the key.
    """
    words = Seal(keys, _KIND).open_text(job.member)
    return words[0] if words else None


def tracked_as(pseudonym: str) -> AccountRef:
    """Name a member to SES, which brings the name back with what became of a mail: no account is called so."""
    return AccountRef("bureau", pseudonym)
