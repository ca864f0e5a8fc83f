"""The jobs of a guardian's own login: one mail that invites, and a notice to each address of the first login."""

from dataclasses import replace
from datetime import UTC, datetime

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.logins import with_login
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.mail.jobs import GuardianInvited, LoginAdded
from chalicelib.mail.login_jobs import LoginJobs
from tests.support.two_logins import COMES, HOUSEHOLD
from tests.support.world import ROSSIGNOL

PSEUDONYMS = Pseudonyms("key")


def test_the_first_login_is_told_at_each_of_its_addresses_and_the_guardian_is_invited() -> None:
    emails = ("rossignol@example.org", "come@example.net", "mamie@example.org")
    family = with_login(
        Account(ROSSIGNOL, "Famille", emails, "stamp", household=HOUSEHOLD), HOUSEHOLD.guardians[1], COMES
    )
    jobs = LoginJobs("request", datetime(2027, 6, 2, tzinfo=UTC), "decision").all(family, COMES, PSEUDONYMS)

    invited = [AccountRef(job.site, job.identifier) for job in jobs if isinstance(job, GuardianInvited)]
    told = [job for job in jobs if isinstance(job, LoginAdded)]

    assert invited == [COMES]
    assert [job.mailbox for job in told] == [PSEUDONYMS.of_mailbox(email) for email in (emails[0], emails[2])]
    assert {(job.identifier, job.decision) for job in told} == {(ROSSIGNOL.identifier, "decision")}
    assert all("@" not in job.to_json() for job in jobs)
    assert replace(told[0], mailbox="") == replace(told[1], mailbox="")
