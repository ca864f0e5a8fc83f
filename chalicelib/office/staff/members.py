"""One member as managers act on it: found by address, seen as the page showed it, noted before the act."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from chalicelib.domain.account.audit import Author
from chalicelib.domain.account.identifiers import email_from
from chalicelib.domain.staff.acts import StaffAct, StaffActKind
from chalicelib.domain.staff.members import ROLES, Member, Role
from chalicelib.office.account import select_sites
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.staff.labels import ACTS, ROLE_LABELS
from chalicelib.presentation.texts import day_and_hour
from chalicelib.services.family import Services
from chalicelib.services.staff import staff_stores
from chalicelib.values import frozen

OPERATOR: Final = ""  # acts by `clef`, with rights on AWS: no member


@frozen
class StaffInput:
    """Which member, as typed, and who asks why.

    `by`: the address of the manager who acts on the web. `seen`: the `Member.version` that its page showed; None:
    whatever stands.
    """

    email: str
    author: Author
    by: str = OPERATOR
    seen: str | None = None


@frozen
class StaffResult:
    """The member as it now is, and whether anything changed."""

    member: Member
    changed: bool


@frozen
class Grant:
    """A role, at some sites: none of its own for a manager, who is of all."""

    role: Role
    sites: tuple[str, ...]

    @classmethod
    def of(cls, member: Member) -> "Grant":
        """Name what a member has."""
        return cls(member.role, member.sites)


def grant_from(services: Services, role: str, sites: Iterable[str]) -> Grant:
    """Check a role and its sites, put in the network's order. Raises `OfficeRefusal`."""
    known = next((one for one in ROLES if one == role), None)
    if known is None:
        raise OfficeRefusal("staff_role_unknown", role=role, roles=", ".join(ROLES))
    if known == "manager":
        return Grant(known, ())
    chosen = {select_sites(services.settings.network, site)[0].code for site in sites}
    if not chosen:
        raise OfficeRefusal("staff_sites_missing", role=ROLE_LABELS[known])
    return Grant(known, tuple(site.code for site in services.settings.network.sites if site.code in chosen))


def address_from(typed: str) -> str:
    """Read an address to invite. Raises `OfficeRefusal`."""
    email = email_from(typed)
    if not email:
        raise OfficeRefusal("email_unreadable", email=typed)
    if not email.isascii():
        raise OfficeRefusal("email_not_ascii", email=typed)
    return email


def find_member(services: Services, typed: str) -> Member:
    """Find who has an address. Raises `OfficeRefusal`."""
    member = staff_stores(services).members.find(email_from(typed) or typed)
    if member is None:
        raise OfficeRefusal("staff_unknown", email=typed)
    return member


def check_seen(services: Services, staff_input: StaffInput, member: Member, now: datetime) -> None:
    """Refuse to act on what the page did not show: who acted meanwhile, when, and what. Raises `OfficeRefusal`."""
    if staff_input.seen not in {None, member.version}:
        raise overtaken(services, member, now)


def overtaken(services: Services, member: Member, now: datetime) -> OfficeRefusal:
    """Say that a member is not what a page showed: who acted last, when, and what."""
    last = max(acts_on(services, member.email, now), key=lambda act: act.at, default=None)
    if last is None:
        return OfficeRefusal("staff_moved")
    return OfficeRefusal("staff_moved_by", who=last.author.who, what=ACTS[last.kind], when=day_and_hour(last.at))


def note(  # noqa: PLR0913, PLR0917 - what, on whom, by whom, when; of which name or course
    services: Services, kind: StaffActKind, member: Member, author: Author, now: datetime, about: str = ""
) -> None:
    """Note an act about to be done, on a member as it will be."""
    act = StaffAct(kind, pseudonym(services, member.email), author, now, member.role, member.sites, about)
    staff_stores(services).acts.add(act)


def acts_on(services: Services, email: str, now: datetime) -> tuple[StaffAct, ...]:
    """List the acts on a member that are still kept, oldest first."""
    return tuple(staff_stores(services).acts.on(pseudonym(services, email), now))


def pseudonym(services: Services, email: str) -> str:
    """Name a member without its address: in the list of acts, and in the address of its page."""
    return services.record.pseudonyms.of_mailbox(email)
