"""Mails to members of staff, described. Only functions that send them have the key of their jobs."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from chalicelib.mail.staff_jobs import StaffJob, member_of
from chalicelib.services.family import Services
from chalicelib.services.mails import ConfirmedMail, DescribedMail

AnyJob = TypeVar("AnyJob", bound=StaffJob)


def staff_mail(
    job: type[AnyJob],
    prove: Callable[[Any, AnyJob, datetime], ConfirmedMail | str | None],
    subject: Callable[[AnyJob], str],
    unwritten: str = "not_written",
) -> DescribedMail[AnyJob]:
    """Describe a mail to a member. `subject`: its name in the record."""

    def about(services: Services, job: AnyJob, _reason: str) -> dict[str, Any]:
        return {"member": member_of(services.settings.key_ring("jobs"), job), "what": subject(job)}

    return DescribedMail((job,), prove, "staff_mailed", "staff_mail_dropped", about, unwritten)
