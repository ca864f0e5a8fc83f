"""Names of the yearly file linked to teaching members: audited first, then one conditional write.

A name may be linked to several members, who then have the same courses: the file distinguishes neither two persons of
one name, nor two who share one post. A former or closed teacher keeps its links, without effect.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Literal

from chalicelib.domain.family.teacher_keys import teacher_key
from chalicelib.domain.refusals import WriteConflict
from chalicelib.domain.staff.acts import StaffActKind
from chalicelib.domain.staff.members import Member, link_digest, new_link_secret, new_stamp
from chalicelib.domain.teaching.teachers import Link, Teacher
from chalicelib.domain.text import fold
from chalicelib.mail.outbox import Outbox
from chalicelib.office.account import check_author, select_sites, tidy_field
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.staff.mails import invitation_address, invitation_job
from chalicelib.office.staff.members import (
    Grant,
    StaffInput,
    address_from,
    check_seen,
    find_member,
    grant_from,
    note,
    overtaken,
)
from chalicelib.services.staff import StaffServices as Services
from chalicelib.values import frozen

Delivery = Literal["mailed", "handed_over"]


@frozen
class Invitee:
    """The member to invite, as typed. Name, role and sites are optional for a known member."""

    name: str = ""
    role: str = ""
    sites: tuple[str, ...] = ()


@frozen
class InvitationResult:
    """The member, whether it is new, and the link to hand over, if any: shown once, never stored."""

    member: Member
    is_new: bool
    link: str = ""


def invite(
    services: Services, staff_input: StaffInput, invitee: Invitee, delivery: Delivery, now: datetime
) -> InvitationResult:
    """Invite a member. Any earlier link ends. Raises `OfficeRefusal`, `Unavailable`.

    Audited first, then posted, then written. A manager enters the list last. A fault between gives no access without
    this invitation, and repeating the request completes it.
    """
    author = check_author(staff_input.author)
    email, stores = address_from(staff_input.email), services.staff
    member = stores.members.find(email)
    made = _as_found(services, staff_input, member, invitee, now) if member else _new(services, email, invitee, now)
    secret = new_link_secret() if delivery == "handed_over" else ""
    digest = link_digest(secret) if secret else ""
    after = made.with_invitation(digest, author.who, now)
    note(services, "staff_invited", after, author, now)
    if delivery == "mailed":
        Outbox(services.post_box).post(invitation_job(services, after, now, is_reset=False))
    after = _write(services, staff_input, member, after, now)
    if after.role == "manager":
        stores.managers.add(email)
    link = services.settings.network.url(invitation_address(services, email, secret)) if secret else ""
    return InvitationResult(after, member is None, link)


def invite_first_manager(services: Services, staff_input: StaffInput, name: str, now: datetime) -> InvitationResult:
    """Invite a manager where none has entered yet. The link is handed over. Raises `OfficeRefusal`, `Unavailable`."""
    if services.staff.managers.read().entered:
        raise OfficeRefusal("staff_manager_entered")
    return invite(services, staff_input, Invitee(name, "manager"), "handed_over", now)


def _new(services: Services, email: str, invitee: Invitee, now: datetime) -> Member:
    name = tidy_field("office_who", invitee.name)
    if not name:
        raise OfficeRefusal("staff_name_missing")
    if not invitee.role:
        raise OfficeRefusal("staff_role_missing")
    grant = grant_from(services, invitee.role, invitee.sites)
    return Member(email, name, grant.role, grant.sites, new_stamp(), now)


def _as_found(services: Services, staff_input: StaffInput, member: Member, invitee: Invitee, now: datetime) -> Member:
    """Check that a known member may be invited again, with at most another name. Raises `OfficeRefusal`."""
    if member.disabled:
        raise OfficeRefusal("staff_disabled", email=member.email)
    if member.is_active:
        raise OfficeRefusal("staff_active", email=member.email, name=member.name)
    if invitee.role and grant_from(services, invitee.role, invitee.sites) != Grant.of(member):
        raise OfficeRefusal("staff_other_role", email=member.email)
    check_seen(services, staff_input, member, now)
    return replace(member, name=tidy_field("office_who", invitee.name) or member.name)


def _write(services: Services, staff_input: StaffInput, member: Member | None, after: Member, now: datetime) -> Member:
    members = services.staff.members
    try:
        if member:
            return members.change(member, after)
        members.create(after)
    except WriteConflict:
        stands = members.find(after.email)
        if stands is None or stands.entry != after.entry:  # otherwise our own write, repeated by the SDK
            raise _moved(services, staff_input, stands, now) from None
    return after


def _moved(services: Services, staff_input: StaffInput, stands: Member | None, now: datetime) -> OfficeRefusal:
    """Make the refusal of an overtaken invitation, with the other author: a manager, or the member who accepts."""
    if stands is None:
        return OfficeRefusal("staff_unknown", email=staff_input.email)
    try:
        check_seen(services, StaffInput(staff_input.email, staff_input.author, seen=""), stands, now)
    except OfficeRefusal as refusal:
        return refusal
    raise AssertionError("no version is empty")


@frozen
class LinkResult:
    """The member, the name as the file spells it, and whether anything changed."""

    member: Member
    link: Link
    changed: bool


def link(services: Services, staff_input: StaffInput, site: str, name: str, now: datetime) -> LinkResult:
    """Link a name of a site's timetables to a member. Raises `OfficeRefusal`."""
    member = find_member(services, staff_input.email)
    code = select_sites(services.settings.network, site)[0].code
    if member.role != "teacher":
        raise OfficeRefusal("teaching_not_teacher", name=member.name, email=member.email)
    if code not in member.sites:
        facts = {"name": member.name, "email": member.email, "site": code, "sites": member.sites}
        raise OfficeRefusal("teaching_site_foreign", **facts)
    own = Link(code, _name_at(services, code, name))
    return LinkResult(
        member, own, _act(services, staff_input, "staff_linked", own, lambda teacher: teacher.with_link(own), now)
    )


def unlink(services: Services, staff_input: StaffInput, site: str, name: str, now: datetime) -> LinkResult:
    """Unlink a name from a member, even one no longer in any file. Raises `OfficeRefusal`."""
    member = find_member(services, staff_input.email)
    code = select_sites(services.settings.network, site)[0].code
    links = services.teaching.teachers.find(member.email).links
    own = next((own for own in links if own.key == Link(code, name).key), None)
    if own is None:
        names = ", ".join(f"{own.name} ({own.site})" for own in links) or "aucun"
        raise OfficeRefusal("teaching_not_linked", name=name, site=code, member=member.name, names=names)
    changed = _act(services, staff_input, "staff_unlinked", own, lambda teacher: teacher.without_link(own), now)
    return LinkResult(member, own, changed)


def links_of(services: Services, member: Member) -> Teacher:
    """Read a member's linked and lent courses. Empty for another role."""
    if member.role != "teacher":
        return Teacher(member.email)
    return services.teaching.teachers.find(member.email)


def names_to_link(services: Services, member: Member) -> tuple[tuple[Link, bool], ...]:
    """List the names of a member's sites that are not its own, with their state: the unlinked ones first."""
    taken = {own.key: teacher.email for teacher in services.teaching.teachers.all() for own in teacher.links}
    mine = {own.key for own in links_of(services, member).links}
    names = ((own, key in taken) for key, own in names_at(services, member.sites).items() if key not in mine)
    return tuple(sorted(names, key=lambda found: found[1]))


def names_at(services: Services, sites: Iterable[str]) -> Mapping[tuple[str, str], Link]:
    """List the teachers' names of sites, by their keys, site by site (a read for each)."""
    timetables = (timetable for site in sites for timetable in services.teaching.timetables.all(site))
    links = sorted((Link(one.site, one.teacher) for one in timetables), key=lambda link: (link.site, fold(link.name)))
    return {link.key: link for link in links}


def _name_at(services: Services, site: str, name: str) -> str:
    """Find a name of a site's timetables, as the file spells it. Raises `OfficeRefusal`."""
    names = {own.key: own.name for own in names_at(services, (site,)).values()}
    link = names.get((site, teacher_key(name)))
    if link is None:
        raise OfficeRefusal("teaching_name_unknown", name=name, site=site)
    return link


def _act(  # noqa: PLR0913, PLR0917 - the author, the act, the name, its change and its moment
    services: Services,
    staff_input: StaffInput,
    kind: StaffActKind,
    own: Link,
    decide: Callable[[Teacher], Teacher],
    now: datetime,
) -> bool:
    """Audit and do an act, if the names are as the page showed them. Returns whether anything changed."""
    author, teachers = check_author(staff_input.author), services.teaching.teachers
    member = find_member(services, staff_input.email)

    def decide_as_seen(teacher: Teacher) -> Teacher:
        after = decide(teacher)
        if after is not teacher and staff_input.seen not in {None, teacher.version}:
            raise overtaken(services, member, now)
        return after

    known = teachers.find(member.email)
    if decide_as_seen(known) is known:
        return False
    note(services, kind, member, author, now, f"{own.name}, {own.site}")
    before, after = teachers.revise_at(member.email, decide_as_seen)
    return after is not before
