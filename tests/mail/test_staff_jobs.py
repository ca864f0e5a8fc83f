"""The jobs of staff's mails: whom they are for is read by the deployment only."""

from datetime import timedelta

from chalicelib.domain.account.sealing import Seal
from chalicelib.mail.staff_jobs import StaffInvited, member_of, sealed_member, tracked_as
from tests.support.all_letters import NOW

EMAIL = "troglodyte@example.org"


def test_a_job_names_its_member_to_the_deployment_only() -> None:
    seal, other = Seal("key", "job"), Seal("other key", "job")

    job = StaffInvited(request="staff-1", asked_at=NOW, member=sealed_member(seal, EMAIL))

    assert "troglodyte" not in job.to_json()
    assert member_of(seal, job) == EMAIL
    assert member_of(other, job) is None


def test_an_invitation_is_mailed_as_long_as_its_link_may_open() -> None:
    job = StaffInvited(request="staff-1", asked_at=NOW, member="")

    assert not job.is_stale(NOW + timedelta(hours=24))
    assert job.is_stale(NOW + timedelta(hours=25))


def test_ses_is_told_a_pseudonym_that_no_account_has() -> None:
    assert tracked_as("0123").site == "bureau"
