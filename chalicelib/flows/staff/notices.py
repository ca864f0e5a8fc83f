"""Notices of a change of a member's access: posted before the write, mailed once it is confirmed.

OWASP ASVS 5.0, 6.3.7. So every change is notified, and one that was never written is not (docs/decisions/0006).
"""

from datetime import datetime

from chalicelib.domain.staff.members import Changed, Member
from chalicelib.mail import letters
from chalicelib.mail.outbox import ConfirmedMail, Outbox, mail_once_confirmed
from chalicelib.mail.staff_jobs import StaffChanged, member_of, sealed_member, tracked_as
from chalicelib.services.family import Client
from chalicelib.services.staff import StaffServices as Services


def post_notice(services: Services, member: Member, changed: Changed, client: Client) -> None:
    """Post the notice of a change before its write. Raises `Unavailable`: then nothing may be written."""
    sealed = sealed_member(services.settings.key_ring("jobs"), member.email)
    job = StaffChanged(request=client.request, asked_at=changed.at, member=sealed, change=changed.name)
    Outbox(services.post_box).post(job)


def mail_notice(services: Services, job: StaffChanged, now: datetime) -> None:
    """Mail the notice of a change, if it was written. Raises `NotConfirmedYet` or `Unavailable` to be retried."""
    stores = services.staff
    email = member_of(services.settings.key_ring("jobs"), job)
    member = stores.members.find(email) if email else None
    ending = mail_once_confirmed(services.mailer, job, _confirmed_mail(services, job, member, now), now)
    if ending == "mailed":
        services.record.write_of_staff("staff_mailed", now, job.request, email, what="changed")
    else:
        services.record.write_of_staff("staff_mail_dropped", now, job.request, email, what="changed", reason=ending)


def _confirmed_mail(
    services: Services, job: StaffChanged, member: Member | None, now: datetime
) -> ConfirmedMail | None:
    changed = next((one for one in member.changes if one.name == job.change), None) if member else None
    if member is None or changed is None:
        return None
    return ConfirmedMail(
        tracked_as(services.record.pseudonyms.of_mailbox(member.email)),
        member.email,
        lambda email: _letter(services, member, changed, email, now),
    )


def _letter(services: Services, member: Member, changed: Changed, email: str, now: datetime) -> letters.Letter:
    network = services.settings.network
    facts = {
        "network": network,
        "sites": tuple(site for site in network.sites if site.code in member.sites),  # none for a manager
        "member": member,
        "what": changed.what,
        "changed_at": changed.at,
    }
    return letters.fill("staff_changed", email, now, facts)
