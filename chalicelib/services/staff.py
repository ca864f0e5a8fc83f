"""The stores of the staff."""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from chalicelib.mail.staff_jobs import StaffJob, member_of
from chalicelib.services.admission import ApplicantServices
from chalicelib.services.family import Services
from chalicelib.services.lessons import FamilyServices
from chalicelib.services.mails import ConfirmedMail, DescribedMail
from chalicelib.services.teaching import TeachingStores
from chalicelib.stores.applied_imports import AppliedImports
from chalicelib.stores.attempts import Attempts
from chalicelib.stores.consultations import Consultations, StaffActs
from chalicelib.stores.desk_jobs import DeskJobs
from chalicelib.stores.staff import Managers, Members
from chalicelib.stores.staff_sessions import StaffSessions

AnyJob = TypeVar("AnyJob", bound=StaffJob)


class StaffStores:
    """The stores of the staff, all in its table."""

    def __init__(self, services: Services) -> None:
        database, table = services.database, services.settings.staff_table
        self.members = Members(database, table)
        self.managers = Managers(database, table)
        self.sessions = StaffSessions(database, table)
        self.attempts = Attempts(database, table)  # at passwords and codes
        self.acts = StaffActs(database, table)
        self.jobs = DeskJobs(database, table)
        self.imports = AppliedImports(database, table)
        self.consultations = Consultations(database, table)


class StaffServices(FamilyServices, ApplicantServices):
    """The services of the office: of the staff's functions, of jobs and of commands."""

    @cached_property
    def staff(self) -> StaffStores:
        """The stores of the staff."""
        return StaffStores(self)

    @cached_property
    def teaching(self) -> TeachingStores:
        """The stores of teaching."""
        return TeachingStores(self)


def staff_mail(
    job: type[AnyJob],
    prove: Callable[[Any, AnyJob, datetime], ConfirmedMail | str | None],
    what: Callable[[AnyJob], str],
    unwritten: str = "not_written",
) -> DescribedMail[AnyJob]:
    """Describe a mail to a member. `what`: its name in the record."""

    def about(services: Services, job: AnyJob, _reason: str) -> dict[str, Any]:
        return {"member": member_of(services.settings.key_ring("jobs"), job), "what": what(job)}

    return DescribedMail((job,), prove, "staff_mailed", "staff_mail_dropped", about, unwritten)
