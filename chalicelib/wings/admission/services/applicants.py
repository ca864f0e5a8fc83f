"""The services of applicants, and their mails."""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from chalicelib.services.family import Services
from chalicelib.services.mails import ConfirmedMail, DescribedMail
from chalicelib.wings.admission.mail import ApplicationJob

if TYPE_CHECKING:
    from chalicelib.wings.admission.services.stores import AdmissionStores

AnyJob = TypeVar("AnyJob", bound=ApplicationJob)


class ApplicantServices(Services):
    """The services of applicants."""

    @cached_property
    def admission(self) -> "AdmissionStores":
        """The stores of applications."""
        from chalicelib.wings.admission.services.stores import AdmissionStores  # noqa: PLC0415 - not for the start of all

        return AdmissionStores(self)


def application_mail(
    job: type[AnyJob], prove: Callable[[Any, AnyJob, datetime], ConfirmedMail | None]
) -> DescribedMail[AnyJob]:
    """Describe a mail about a sent application."""

    def about(_services: Services, job: AnyJob, reason: str) -> dict[str, Any]:
        return {} if reason else {"application": job.mailbox, "letter": job.kind}

    return DescribedMail((job,), prove, "admission_mailed", "admission_dropped", about, "not_so")
