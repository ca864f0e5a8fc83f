"""The jobs of applications: their form in the queue, and the name under which SES reports on their mails."""

from datetime import UTC, datetime

from chalicelib.wings.admission.domain.applications import ApplicationRef
from chalicelib.wings.admission.mail import AdmissionCode, tracked_as
from chalicelib.work.post import job_from_json

NOW = datetime(2027, 6, 1, 7, 0, tzinfo=UTC)


def test_a_job_is_read_as_it_was_written() -> None:
    job = AdmissionCode(request="request-1", asked_at=NOW, question="sealed")

    assert job_from_json(job.to_json()) == job
    assert job.to_json() == (
        '{"request":"request-1","asked_at":"2027-06-01T07:00:00Z","kind":"admission_code","question":"sealed"}'
    )


def test_no_account_has_the_name_under_which_a_mail_to_an_applicant_is_followed() -> None:
    assert tracked_as(ApplicationRef("0123456789abcdef0123", "2027")).site == "demande"
