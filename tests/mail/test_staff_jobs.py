"""The jobs of staff's mails: their form in the queue. Only the deployment can read their recipient."""

import pytest

from chalicelib.domain.account.keys import KeyUnknown
from chalicelib.mail.staff_jobs import (
    BrowserLinkAsked,
    StaffChanged,
    StaffInvited,
    StaffJob,
    member_of,
    sealed_member,
    tracked_as,
)
from chalicelib.work.post import job_from_json
from tests.support.all_letters import NOW
from tests.support.keys import key_ring

EMAIL = "troglodyte@example.org"
KEYS = key_ring("jobs", 1)
SEALED = sealed_member(KEYS, EMAIL)


@pytest.mark.parametrize(
    "job",
    [
        StaffInvited(request="staff-1", asked_at=NOW, member=SEALED),
        StaffChanged(request="request-1", asked_at=NOW, member=SEALED, change="name"),
        BrowserLinkAsked(request="request-1", asked_at=NOW, member=SEALED),
    ],
    ids=["invited", "changed", "browser link"],
)
def test_a_job_is_read_as_it_was_written_and_names_its_member_to_the_deployment_only(job: StaffJob) -> None:
    assert job_from_json(job.to_json()) == job
    assert "troglodyte" not in job.to_json()
    assert member_of(KEYS, job) == EMAIL
    assert member_of(key_ring("staff-links", 1), job) is None
    with pytest.raises(KeyUnknown):
        member_of(key_ring("jobs", 2), job)


def test_ses_is_told_a_pseudonym_that_no_account_has() -> None:
    assert tracked_as("0123").site == "bureau"
