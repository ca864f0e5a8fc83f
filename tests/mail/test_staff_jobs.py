"""The jobs of staff's mails: as they wait in the queue, and whose they are to the deployment only."""

from datetime import UTC, datetime, timedelta

from chalicelib.domain.account.sealing import Seal
from chalicelib.jobs.post import job_from_json
from chalicelib.mail.staff_jobs import StaffChanged, StaffInvited, member_of, sealed_member, tracked_as

NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
SEAL = Seal("k" * 40, "member of staff in a job")
EMAIL = "troglodyte@example.org"


def test_a_job_is_read_as_it_was_written_and_says_to_nobody_whose_it_is() -> None:
    job = StaffChanged(request="request-1", asked_at=NOW, member=sealed_member(SEAL, EMAIL), change="c")

    assert job_from_json(job.to_json()) == job
    assert "troglodyte" not in job.to_json()
    assert member_of(SEAL, job) == EMAIL
    assert member_of(Seal("l" * 40, "member of staff in a job"), job) is None


def test_an_invitation_is_mailed_as_long_as_its_link_may_open() -> None:
    job = StaffInvited(request="staff-1", asked_at=NOW, member="")

    assert not job.is_stale(NOW + timedelta(hours=24))
    assert job.is_stale(NOW + timedelta(hours=25))


def test_no_account_has_the_name_under_which_a_mail_to_a_member_is_followed() -> None:
    assert tracked_as("0123456789abcdef0123").site == "bureau"
