"""Jobs: a queued job holds enough to write a letter, and nothing worth stealing."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.logins import with_login
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.mail.account_jobs import AccessFrozen, GuardianInvited, LoginAdded, LoginJobs, LostPassword
from chalicelib.mail.jobs import QueuedJob
from chalicelib.wings.campaign.mail import CampaignNotice
from chalicelib.work.post import job_from_json
from tests.support.two_logins import COMES, HOUSEHOLD
from tests.support.world import ROSSIGNOL

PSEUDONYMS = Pseudonyms("key")


def test_the_first_login_is_told_at_each_of_its_addresses_and_the_guardian_is_invited() -> None:
    emails = ("rossignol@example.org", "come@example.net", "mamie@example.org")
    family = with_login(
        Account(ROSSIGNOL, "Famille", emails, "stamp", household=HOUSEHOLD), HOUSEHOLD.guardians[1], COMES
    )
    jobs = LoginJobs("request", datetime(2027, 6, 2, tzinfo=UTC), "decision").all(family, COMES, PSEUDONYMS)

    refs = [AccountRef(job.site, job.identifier) for job in jobs if isinstance(job, GuardianInvited)]
    notices = [job for job in jobs if isinstance(job, LoginAdded)]

    assert refs == [COMES]
    assert [job.mailbox for job in notices] == [PSEUDONYMS.of_mailbox(email) for email in (emails[0], emails[2])]
    assert {(job.identifier, job.decision) for job in notices} == {(ROSSIGNOL.identifier, "decision")}
    assert all("@" not in job.to_json() for job in jobs)
    assert replace(notices[0], mailbox="") == replace(notices[1], mailbox="")


NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
ASKED: dict[str, Any] = {"request": "request-1", "asked_at": NOW}
ACCOUNT = {**ASKED, "site": "evry-xenakis", "identifier": "xen1"}
MAILBOX: dict[str, Any] = {"mailbox": "0123456789abcdef0123"}
LOST = LostPassword(**ASKED, identifier="xen1", **MAILBOX)
TOLD = CampaignNotice(
    **ASKED | {"request": "campaign-1"},
    **MAILBOX,
    campaign="reinscription-2026",
    accounts=(("evry-magnard", "mag1"), ("evry-xenakis", "été-12")),
)
JOBS = (
    LOST,
    pytest.param(TOLD, marks=pytest.mark.wing("campaign")),
    AccessFrozen(**ACCOUNT, decision="0123456789abcdef-ba9876543210"),
)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize("job", JOBS)
def test_a_job_comes_back_from_the_queue_as_it_was(job: QueuedJob) -> None:
    back = job_from_json(job.to_json())

    assert back == job
    assert type(back) is type(job)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"kind": "campaign"}, id="a kind that is unknown"),
        pytest.param({"kind": None}, id="no kind"),
        pytest.param({"identifier": None}, id="an identifier that is none"),
        pytest.param({"asked_at": "hier"}, id="a moment that is none"),
        pytest.param({"kind": "password_changed"}, id="another kind's fields"),
    ],
)
def test_what_is_no_job_of_ours_is_refused(change: dict[str, Any]) -> None:
    body = json.dumps(json.loads(LOST.to_json()) | change)

    with pytest.raises(ValidationError):
        job_from_json(body)


def test_a_field_that_this_version_does_not_know_is_let_go() -> None:
    """After a deployment the queue holds jobs that another version wrote."""
    body = json.dumps(json.loads(LOST.to_json()) | {"language": "fr"})

    assert job_from_json(body) == LOST


def test_a_job_waits_under_the_same_names_as_ever() -> None:
    assert TOLD.to_json() == (
        '{"request":"campaign-1","asked_at":"2026-09-01T07:00:00Z","kind":"notice","campaign":"reinscription-2026",'
        '"mailbox":"0123456789abcdef0123","accounts":[["evry-magnard","mag1"],["evry-xenakis","été-12"]],"again":false}'
    )


@pytest.mark.parametrize("body", ["", "{}", "[]", "lost_password", '{"kind": "lost_password"'])
def test_what_is_no_json_of_a_job_is_refused(body: str) -> None:
    with pytest.raises(ValidationError):
        job_from_json(body)


@pytest.mark.parametrize(("age", "stale"), [(timedelta(0), False), (HOUR, False), (HOUR + timedelta(seconds=1), True)])
def test_nobody_waits_for_a_job_after_an_hour(age: timedelta, *, stale: bool) -> None:
    assert LOST.is_stale(NOW + age) is stale
