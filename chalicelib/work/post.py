"""The post: takes one job from either queue and sends its letter. SQS delivers again after a failure."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Final, Union

from chalice.app import Blueprint, SQSEvent
from pydantic import Field, TypeAdapter, ValidationError

from chalicelib import wiring
from chalicelib.domain.refusals import Unavailable
from chalicelib.flows.family import family_email, invitation, lost_password, not_me, security_notices
from chalicelib.flows.login_methods import code
from chalicelib.flows.staff import browser_link
from chalicelib.flows.staff import notices as staff_notices
from chalicelib.mail.account_jobs import AccessFrozen, LoginCode, LostIdentifier, LostPassword
from chalicelib.mail.jobs import QueuedJob
from chalicelib.mail.staff_jobs import DeskJobDue
from chalicelib.office.enrolment import mails as enrolment_mails
from chalicelib.office.helpdesk import correction_mails
from chalicelib.office.roster import identifier_mails
from chalicelib.office.staff import mails as staff_mails
from chalicelib.services.mails import DescribedMail
from chalicelib.services.office import OfficeServices
from chalicelib.settings.wings import WINGS, parts
from chalicelib.values import frozen
from chalicelib.wings import ALL_WINGS
from chalicelib.wings.wing import load

jobs = Blueprint(__name__)


@frozen
class FailureReport:
    """Lambda's report of a run that it gave up, redriven from the dead letters. `event`: the run's."""

    context: Annotated[Mapping[str, Any], Field(alias="requestContext")]
    event: Annotated[Mapping[str, Any], Field(alias="requestPayload")]

    @property
    def request(self) -> str:
        """Its id in the record."""
        return str(self.context["requestId"])

    @property
    def function(self) -> str:
        """The function's name, from its ARN. The policy allows no other than those that report here."""
        return str(self.context["functionArn"].split(":")[6])


_DESCRIBED: Final[tuple[DescribedMail[Any], ...]] = (
    security_notices.NOTICE,
    family_email.CODE,
    invitation.MAIL,
    identifier_mails.MAIL,
    enrolment_mails.MAIL,
    correction_mails.MAIL,
    staff_notices.NOTICE,
    staff_mails.MAIL,
    browser_link.MAIL,
    *parts(DescribedMail),
)
MAILS: Final = {job: mail for mail in _DESCRIBED for job in mail.jobs}
# The others send a password for each account or address, or are counted, or post further jobs, or start a worker.
WRITERS: Final[Mapping[type, Callable[[Any, Any, datetime], None]]] = {
    LostPassword: lost_password.mail_passwords,
    LostIdentifier: lost_password.mail_identifiers,
    LoginCode: code.mail_code,
    AccessFrozen: not_me.mail_password,
    DeskJobDue: lambda services, due, _now: services.post_box.start(
        services.settings.desk_jobs_function, {"job": due.job, "tries": due.tries}
    ),
    FailureReport: lambda services, failed, _now: services.post_box.start(failed.function, failed.event),
    **{load(job): load(writer) for wing in WINGS for job, writer in wing.writers.items()},
    **{job: mail.send for job, mail in MAILS.items()},
}
_QUEUED: Final[Any] = Union[tuple(job for job in WRITERS if job is not FailureReport)]  # noqa: UP007 - as many as jobs
_JOBS: Final[TypeAdapter[Any]] = TypeAdapter(Annotated[_QUEUED, Field(discriminator="kind")] | FailureReport)


def job_from_json(body: str) -> QueuedJob | DeskJobDue | FailureReport:
    """Parse a job of the queue, without fields unknown to this version. Raises pydantic's ValidationError."""
    job: QueuedJob | DeskJobDue | FailureReport = _JOBS.validate_json(body)
    return job


@cache
def _jobs_of_all_wings() -> TypeAdapter[Any]:
    """Parse jobs of wings left out too: one switched off since leaves jobs in the queues, for four days."""
    kinds = {load(job) for wing in ALL_WINGS for job in wing.writers}
    kinds.update(job for mail in parts(DescribedMail, ALL_WINGS) for job in mail.jobs)
    every: Any = Union[(_QUEUED, *kinds)]
    return TypeAdapter(Annotated[every, Field(discriminator="kind")])


# The queues' ARNs are in `.chalice/resources.yaml`, with the slow queue as a second source. One job at a time, so that
# a failure repeats only its own job. Two at once from each queue, the least that Lambda allows: one queue alone sends
# about as many mails a second as SES allows (14 to a new account), and mails refused for the rate of both are soon
# retried.
@jobs.on_sqs_message(queue="mail", batch_size=1, maximum_concurrency=2, name="post")
def post(event: SQSEvent) -> None:
    """Handle each job. After an error, Lambda returns it to the queue, then to the dead-letter queue.

    A wing left out sends no mail: its job is dropped, and recorded.
    """
    services = wiring.services(OfficeServices)
    for message in event:
        now = services.clock()
        try:
            job = job_from_json(message.body)
        except ValidationError:
            job = _jobs_of_all_wings().validate_json(message.body)
            services.record.write("job_left_out", now, job.request, kind=job.kind)
            continue
        try:
            WRITERS[type(job)](services, job, now)
        except Unavailable as error:
            services.record.write("unavailable", now, job.request, what=str(error))
            raise


wiring.start(OfficeServices)
