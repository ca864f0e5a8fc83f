"""Members of staff invited: audited first, then mailed or handed over, then written under a condition."""

from dataclasses import replace
from datetime import datetime
from typing import Literal

from chalicelib.domain.account.accounts import new_stamp
from chalicelib.domain.refusals import WriteConflict
from chalicelib.domain.staff.acts import StaffAct
from chalicelib.domain.staff.members import Member, link_digest, new_link_secret
from chalicelib.mail.outbox import Outbox
from chalicelib.office.account import check_author, tidy_field
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.staff.mails import invitation_address, invitation_job
from chalicelib.office.staff.members import Grant, StaffInput, address_from, check_seen, grant_from, note
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
    """The member, whether they are new, and the link to hand over, if any: shown once, never stored."""

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
    target = _as_found(services, staff_input, member, invitee, now) if member else _new(services, email, invitee, now)
    secret = new_link_secret() if delivery == "handed_over" else ""
    digest = link_digest(secret) if secret else ""
    after = target.with_invitation(digest, author.who, now)
    note(services, StaffAct("staff_invited", author, now), after)
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
        check_seen(services, StaffInput(staff_input.email, staff_input.author, version=""), stands, now)
    except OfficeRefusal as refusal:
        return refusal
    raise AssertionError("no version is empty")
