"""The mail of an invitation or a reset: its link is made here, and is in no queue."""

import secrets
from dataclasses import replace
from datetime import datetime
from typing import Final

from chalicelib.domain.staff.browser_links import invitation_link, invitation_path
from chalicelib.domain.staff.members import INVITATION_LASTS, Changed, Member, link_digest, new_link_secret
from chalicelib.mail.staff_jobs import StaffChanged, StaffInvited, member_of, sealed_member, tracked_as
from chalicelib.services.mails import ConfirmedMail
from chalicelib.services.staff import StaffServices as Services
from chalicelib.services.staff_mails import staff_mail
from chalicelib.settings.environment import Site


def invitation_job(services: Services, member: Member, now: datetime, *, is_reset: bool) -> StaffInvited:
    """Make the mail of an invitation, before it is written."""
    token = sealed_member(services.settings.key_ring("jobs"), member.email)
    return StaffInvited(request=f"staff-{secrets.token_hex(8)}", asked_at=now, member=token, is_reset=is_reset)


def notice_job(services: Services, member: Member, change: Changed) -> StaffChanged:
    """Make the notice to a member of a manager's act, before it is written."""
    token = sealed_member(services.settings.key_ring("jobs"), member.email)
    request = f"staff-{secrets.token_hex(8)}"
    return StaffChanged(request=request, asked_at=change.at, member=token, change=change.name)


def invitation_address(services: Services, email: str, secret: str) -> str:
    """Build the address of an invitation, under the public one."""
    return invitation_path(invitation_link(services.settings.key_ring("staff-links"), email, secret))


def _prove(services: Services, job: StaffInvited, now: datetime) -> ConfirmedMail | str | None:
    """Write the link of a pending invitation. A repeated call writes another, and the one before ends."""
    member = _waiting(services, job)
    if member is None or job.is_stale(now):
        return "stale" if member else None
    secret = new_link_secret()
    after = _with_digest(services, member, job, link_digest(secret))
    if after is None:
        return "not_so"
    account = tracked_as(services.record.pseudonyms.of_mailbox(after.email))
    return ConfirmedMail(account, after.email, f"staff_{_what(job)}", _facts(services, after, job, secret))


def _waiting(services: Services, job: StaffInvited) -> Member | None:
    stores = services.staff
    email = member_of(services.settings.key_ring("jobs"), job)
    member = stores.members.find(email) if email else None
    return member if member and _is_asked(member, job) else None


def _is_asked(member: Member, job: StaffInvited) -> bool:
    return member.invitation is not None and member.invitation.expires_at == job.asked_at + INVITATION_LASTS


def _with_digest(services: Services, member: Member, job: StaffInvited, digest: str) -> Member | None:
    """Store the digest of the link to be mailed, if its invitation is still pending."""

    def decide(current: Member) -> Member:
        if not current.invitation or not _is_asked(current, job):
            return current
        return replace(current, invitation=replace(current.invitation, digest=digest))

    _, after = services.staff.members.revise(member.email, decide, member) or (None, None)
    return after if after and after.invitation and after.invitation.digest == digest else None


def _facts(services: Services, member: Member, job: StaffInvited, secret: str) -> dict[str, object]:
    invitation = member.invitation
    return {
        "member": member,
        "role": member.role,
        "sites": sites_of(services, member),
        "by": _invited_by(invitation.by) if invitation else "",
        "until": job.asked_at + INVITATION_LASTS,
        "asked_at": job.asked_at,
        "invitation_link": invitation_address(services, member.email, secret),
    }


def _invited_by(by: str) -> str:
    """Name the author of an invitation: a member as proven, or an operator, whose name only AWS knows."""
    return by if by.endswith(">") else f"La personne qui exploite l'extranet ({by})"


def sites_of(services: Services, member: Member) -> tuple[Site, ...]:
    """List the sites of a member, in the network's order. None for a manager, who has all."""
    return tuple(site for site in services.settings.network.sites if site.code in member.sites)


def _what(job: StaffInvited) -> str:
    return "reset" if job.is_reset else "invitation"


MAIL: Final = staff_mail(StaffInvited, _prove, _what, "not_so")
