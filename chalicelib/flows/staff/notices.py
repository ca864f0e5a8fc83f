"""Notices of a change of a member's access: posted before the write, mailed once it is confirmed.

OWASP ASVS 5.0, 6.3.7. So every change is notified, and one that was never written is not (docs/how/mails.md).
"""

from datetime import datetime
from typing import Final

from chalicelib.domain.staff.members import Changed, Member
from chalicelib.mail.outbox import Outbox
from chalicelib.mail.staff_jobs import StaffChanged, member_of, sealed_member, tracked_as
from chalicelib.services.family import Visit
from chalicelib.services.mails import ConfirmedMail
from chalicelib.services.staff import StaffServices as Services
from chalicelib.services.staff_mails import staff_mail


def post_notice(visit: Visit[Services], member: Member, change: Changed) -> None:
    """Post the notice of a change before its write. Raises `Unavailable`: then nothing may be written."""
    text = sealed_member(visit.services.settings.key_ring("jobs"), member.email)
    job = StaffChanged(request=visit.client.request, asked_at=change.at, member=text, change=change.name)
    Outbox(visit.services.post_box).post(job)


def _prove(services: Services, job: StaffChanged, _now: datetime) -> ConfirmedMail | None:
    email = member_of(services.settings.key_ring("jobs"), job)
    member = services.staff.members.find(email) if email else None
    change = next((one for one in member.changes if one.name == job.change), None) if member else None
    if member is None or change is None:
        return None
    sites = services.settings.network.sites
    facts = {
        "sites": tuple(site for site in sites if site.code in member.sites),  # none for a manager
        "member": member,
        "what": change.what,
        "changed_at": change.at,
    }
    account = tracked_as(services.record.pseudonyms.of_mailbox(member.email))
    return ConfirmedMail(account, member.email, "staff_changed", facts)


NOTICE: Final = staff_mail(StaffChanged, _prove, lambda _: "changed")
