"""Invite a member of staff, or again one who has not accepted: a link good for 24 hours, mailed or handed over."""

from dataclasses import replace
from datetime import datetime
from typing import Literal

from chalicelib.domain.refusals import WriteConflict
from chalicelib.domain.staff.members import Member, link_digest, new_link_secret, new_stamp
from chalicelib.mail.outbox import PostedFirst
from chalicelib.office.account import check_author, tidy_field
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.staff.mails import invitation_address, invitation_job
from chalicelib.office.staff.members import Grant, StaffRequest, address_from, check_seen, grant_from, note
from chalicelib.services.family import Services
from chalicelib.services.staff import staff_stores
from chalicelib.values import frozen

Delivery = Literal["mailed", "handed_over"]


@frozen
class Invitee:
    """Who is invited, as typed: name, role and sites may be left out of whom was invited before."""

    name: str = ""
    role: str = ""
    sites: tuple[str, ...] = ()


@frozen
class Invited:
    """The member, whether it is a new one, and the link where it is handed over: shown once, kept nowhere."""

    member: Member
    is_new: bool
    link: str = ""


def invite(services: Services, request: StaffRequest, invitee: Invitee, delivery: Delivery, now: datetime) -> Invited:
    """Invite; a link before this one opens nothing any more. Raises `OfficeRefusal`, `Unavailable`.

    Noted first, then posted, then written; a manager enters the list last. A fault between leaves nobody who could
    enter without this invitation, and the same request again finishes it.
    """
    author = check_author(request.author)
    email, stores = address_from(request.email), staff_stores(services)
    found = stores.members.find(email)
    made = _as_found(services, request, found, invitee, now) if found else _new(services, email, invitee, now)
    secret = new_link_secret() if delivery == "handed_over" else ""
    digest = link_digest(secret) if secret else ""
    after = made.with_invitation(digest, author.who, now)
    note(services, "staff_invited", after, author, now)
    if delivery == "mailed":
        PostedFirst(services.post_box).post(invitation_job(services, after, now, is_reset=False))
    after = _write(services, request, found, after, now)
    if after.role == "manager":
        stores.managers.add(email)
    link = services.settings.network.url(invitation_address(services, email, secret)) if secret else ""
    return Invited(after, found is None, link)


def invite_first_manager(services: Services, request: StaffRequest, name: str, now: datetime) -> Invited:
    """Invite a manager where none has entered yet; the link is handed over. Raises `OfficeRefusal`, `Unavailable`."""
    if staff_stores(services).managers.read().entered:
        raise OfficeRefusal("staff_manager_entered")
    return invite(services, request, Invitee(name, "manager"), "handed_over", now)


def _new(services: Services, email: str, invitee: Invitee, now: datetime) -> Member:
    name = tidy_field("office_who", invitee.name)
    if not name:
        raise OfficeRefusal("staff_name_missing")
    if not invitee.role:
        raise OfficeRefusal("staff_role_missing")
    grant = grant_from(services, invitee.role, invitee.sites)
    return Member(email, name, grant.role, grant.sites, new_stamp(), now)


def _as_found(services: Services, request: StaffRequest, found: Member, invitee: Invitee, now: datetime) -> Member:
    """Check that whom one knows may be invited again; only the name may be corrected so. Raises `OfficeRefusal`."""
    if found.disabled:
        raise OfficeRefusal("staff_disabled", email=found.email)
    if found.is_active:
        raise OfficeRefusal("staff_active", email=found.email, name=found.name)
    if invitee.role and grant_from(services, invitee.role, invitee.sites) != Grant.of(found):
        raise OfficeRefusal("staff_other_role", email=found.email)
    check_seen(services, request, found, now)
    return replace(found, name=tidy_field("office_who", invitee.name) or found.name)


def _write(services: Services, request: StaffRequest, found: Member | None, after: Member, now: datetime) -> Member:
    members = staff_stores(services).members
    try:
        if found:
            return members.change(found, after)
        members.create(after)
    except WriteConflict:
        stands = members.find(after.email)
        if stands is None or stands.entry != after.entry:  # else its own, made again by the SDK
            raise _moved(services, request, stands, now) from None
    return after


def _moved(services: Services, request: StaffRequest, stands: Member | None, now: datetime) -> OfficeRefusal:
    """Say who came first: another manager, or the person who accepts."""
    if stands is None:
        return OfficeRefusal("staff_unknown", email=request.email)
    try:
        check_seen(services, StaffRequest(request.email, request.author, seen=""), stands, now)
    except OfficeRefusal as refusal:
        return refusal
    raise AssertionError("no version is empty")
