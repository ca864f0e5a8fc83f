"""One member of staff for managers: found by address, compared with the page, audited before each act."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from chalicelib.domain.account.audit import Author
from chalicelib.domain.account.identifiers import email_from
from chalicelib.domain.staff.acts import StaffAct
from chalicelib.domain.staff.members import ROLES, Member, Role
from chalicelib.office.account import select_sites
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.staff import StaffServices as Services
from chalicelib.settings.wings import LEFT_OUT_ROLES
from chalicelib.values import frozen

OPERATOR: Final = ""  # acts by `clef`, with rights on AWS: no member


@frozen
class StaffInput:
    """The member, as typed, with the author and reason of the act.

    `by`: the address of the manager on the web. `version`: the `Member.version` on the page. None: any version.
    """

    email: str
    author: Author
    by: str = OPERATOR
    version: str | None = None


@frozen
class StaffResult:
    """The current member, and whether anything changed."""

    member: Member
    is_changed: bool


@frozen
class Grant:
    """A role, at some sites. No sites for a manager, who has all."""

    role: Role
    sites: tuple[str, ...]

    @classmethod
    def of(cls, member: Member) -> "Grant":
        """Read a member's grant."""
        return cls(member.role, member.sites)


def grant_from(services: Services, role: str, sites: Iterable[str]) -> Grant:
    """Check a role and its sites, put in the network's order. Raises `OfficeRefusal`."""
    roles = [name for name in ROLES if name not in LEFT_OUT_ROLES]
    kind = next((one for one in roles if one == role), None)
    if kind is None:
        raise OfficeRefusal("staff_role_unknown", role=role, roles=roles)
    if kind == "manager":
        return Grant(kind, ())
    codes = {select_sites(services.settings.network, site)[0].code for site in sites}
    if not codes:
        raise OfficeRefusal("staff_sites_missing", role=kind)
    return Grant(kind, tuple(site.code for site in services.settings.network.sites if site.code in codes))


def address_from(text: str) -> str:
    """Parse an address to invite. Raises `OfficeRefusal`."""
    email = email_from(text)
    if not email:
        raise OfficeRefusal("email_unreadable", email=text)
    if not email.isascii():
        raise OfficeRefusal("email_not_ascii", email=text)
    return email


def find_member(services: Services, text: str) -> Member:
    """Find the member of an address. Raises `OfficeRefusal`."""
    member = services.staff.members.find(email_from(text) or text)
    if member is None:
        raise OfficeRefusal("staff_unknown", email=text)
    return member


def check_seen(services: Services, staff_input: StaffInput, member: Member, now: datetime) -> None:
    """Check that a member is as the page showed them. Raises `OfficeRefusal` with the other author, moment and act."""
    if staff_input.version not in {None, member.version}:
        raise overtaken(services, member, now)


def overtaken(services: Services, member: Member, now: datetime) -> OfficeRefusal:
    """Make the refusal of an overtaken act, with the last author, moment and act."""
    last = max(acts_on(services, member.email, now), key=lambda act: act.at, default=None)
    if last is None:
        return OfficeRefusal("staff_moved")
    return OfficeRefusal("staff_moved_by", who=last.author.who, what=last.kind, when=last.at)


def note(services: Services, act: StaffAct, member: Member) -> None:
    """Audit an act before it is done, with the member as they will be."""
    member_name = pseudonym(services, member.email)
    services.staff.acts.add(replace(act, member=member_name, role=member.role, sites=member.sites))


def acts_on(services: Services, email: str, now: datetime) -> tuple[StaffAct, ...]:
    """List the stored acts on a member, oldest first."""
    return tuple(services.staff.acts.on(pseudonym(services, email), now))


def pseudonym(services: Services, email: str) -> str:
    """Make the pseudonym of a member, for the list of acts and the address of their page."""
    return services.record.pseudonyms.of_mailbox(email)
