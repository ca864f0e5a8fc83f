"""A campaign's notice: each family once, one mail to a mailbox, under repeated jobs, faults and crashes."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.notices import Notice
from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, EnrolmentRef, Periods
from chalicelib.domain.enrolment.submissions import submit
from chalicelib.domain.family.households import Household, Pupil, pupil_key
from chalicelib.domain.refusals import Unavailable
from chalicelib.services.office import OfficeServices
from chalicelib.stores.periods import PeriodStore
from chalicelib.wings.campaign.domain.campaigns import CANARY, UNCERTAIN_AT_MOST
from chalicelib.wings.campaign.mail import CampaignNotice
from chalicelib.wings.campaign.office.notice import write
from tests.support.answers import SAVED, STAYS
from tests.support.aws import When, faults_of
from tests.support.campaigns import (
    FOR_ALL,
    SEASON,
    announce,
    begin,
    counts,
    job,
    mailbox,
    notices,
    settle,
    states,
    work,
    written_to,
)
from tests.support.two_logins import COMES, put, settle_two_logins
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("running_campaign")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def running_campaign(world: World) -> None:
    announce(world)
    begin(world)


def take(world: World, notice: CampaignNotice) -> None:
    write(world.services, notice, world.now)


def drop_reasons(world: World) -> list[str]:
    return [event["reason"] for event in world.events() if event["event"] == "campaign_dropped"]


# Once.


def test_its_dates_are_those_of_its_run_also_in_a_function_that_has_just_read_others(world: World) -> None:
    (family,) = settle(world, 1)
    over = Periods(EnrolmentPeriod(date(2026, 8, 1), date(2026, 8, 2)))
    for periods, count in ((over, 0), (FOR_ALL, 1)):
        before = world.services.periods.current(world.now)
        PeriodStore(world.database, world.services.settings.office_table).write(before, periods)
        world.wait(timedelta(seconds=1))
        take(world, job(world, family))
        assert len(world.mails()) == count, periods


def test_a_family_is_told_once(world: World) -> None:
    (family,) = settle(world, 1)
    notice = job(world, family)

    take(world, notice)
    take(world, notice)

    assert written_to(world) == {("Evry - Xénakis", "FAM 0"): 1}
    assert world.mails()[0].to == "famille0@example.org"
    assert states(world, family) == ["sent"]
    assert counts(world) == (1, 0, 0, 0)
    assert drop_reasons(world) == ["not_due"]


def test_families_of_one_address_get_one_mail_that_lists_them_all(world: World) -> None:
    here = settle(world, 2, email="nid@example.org")
    there = settle(world, 1, site="evry-magnard", email="nid@example.org")

    take(world, job(world, *here, *there))

    assert len(world.mails()) == 1
    assert written_to(world) == Counter(
        [("Evry - Xénakis", "FAM 0"), ("Evry - Xénakis", "FAM 1"), ("Evry - Magnard", "FAM 0")]
    )
    assert counts(world) == (1, 0, 0, 0)
    assert [len(notices(world, family)[0].companions) for family in (*here, *there)] == [2, 2, 2]


def test_consumers_that_take_the_same_job_at_once_send_one_mail(world: World) -> None:
    notice = job(world, *settle(world, 3, email="nid@example.org"))
    together = Barrier(4)

    def consume(_: int) -> None:
        rebuilt = wiring.build(world.services.settings, calls=1, patience=20)
        services = OfficeServices.over(replace(rebuilt, record=world.services.record))
        together.wait()
        write(services, notice, world.now)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(consume, range(4)))

    assert len(world.mails()) == 1
    assert len(written_to(world)) == 3
    assert counts(world) == (1, 0, 0, 0)


def test_a_job_that_is_read_while_another_consumer_is_at_it_is_left_to_that_one(world: World) -> None:
    family, companion = settle(world, 2, email="nid@example.org")
    notice = job(world, family, companion)
    with world.aws.failing("UpdateItem", "before", skips=1), pytest.raises(Unavailable):
        take(world, notice)  # claimed one, and could not even release it
    assert states(world, family) == ["sending"]

    take(world, notice)

    assert world.mails() == []
    assert drop_reasons(world) == ["in_doubt"]


def test_the_first_consumer_at_a_family_has_the_rest_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    family, companion = settle(world, 2, email="nid@example.org")
    asked = job(world, family, companion)
    claim = Notice(SEASON, asked.mailbox, "sending", world.now)
    read_together = world.database.read_together

    def read_then_another_claims(*lookups: Any) -> Any:
        items = read_together(*lookups)
        world.services.accounts.change(family, family.with_notice(claim))
        return items

    monkeypatch.setattr(world.database, "read_together", read_then_another_claims)
    take(world, asked)

    assert world.mails() == []
    assert states(world, companion) == []


# No longer due.


def change(world: World, **changes: Any) -> None:
    family = world.account(FAMILY)
    world.services.accounts.change(family, replace(family, **changes))


FAMILY = AccountRef("evry-xenakis", "fam0")
OVER = Periods(EnrolmentPeriod(date(2026, 8, 1), date(2026, 8, 31)))
# A change between the list and the mail, and the reason in the record.
SINCE: dict[str, tuple[Callable[[World], object], str]] = {
    "disabled": (lambda world: change(world, disabled=True), "not_due"),
    "without an address": (lambda world: change(world, emails=()), "not_due"),
    "another address": (lambda world: change(world, emails=("nouvelle@example.org",)), "not_due"),
    "erased": (lambda world: world.services.accounts.erase(world.account(FAMILY)), "not_due"),
    "no period": (lambda world: announce(world, Periods()), "not_due"),
    "a period that is over": (lambda world: announce(world, OVER), "not_due"),
    "stopped": (lambda world: world.services.campaigns.stop(SEASON), "stopped"),
    "too late": (lambda world: world.wait(timedelta(hours=1, seconds=1)), "stale"),
}


@pytest.mark.parametrize("since", SINCE)
def test_a_family_that_is_no_longer_due_is_not_written_to(world: World, since: str) -> None:
    (family,) = settle(world, 1)
    notice, (happen, reason) = job(world, family), SINCE[since]
    happen(world)

    take(world, notice)

    assert (world.mails(), drop_reasons(world)) == ([], [reason])


def test_of_two_families_of_a_mailbox_the_one_still_due_is_written_to_and_in_no_unknown_campaign(world: World) -> None:
    family, companion = settle(world, 2, email="nid@example.org")
    notice = job(world, family, companion)
    change(world, disabled=True)

    take(world, replace(notice, campaign="nulle"))
    take(world, notice)

    assert written_to(world) == {("Evry - Xénakis", "FAM 1"): 1}
    assert drop_reasons(world) == ["unknown"]


def test_a_change_at_the_very_moment_of_the_claim_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (family,) = settle(world, 1)
    read_together = world.database.read_together

    def read_then_somebody_disables(*lookups: Any) -> Any:
        items = read_together(*lookups)
        world.services.accounts.change(family, family.with_disabled(is_disabled=True))
        return items

    monkeypatch.setattr(world.database, "read_together", read_then_somebody_disables)
    take(world, job(world, family))

    assert world.mails() == []


@pytest.fixture
def started_family(world: World) -> Account:
    """Open the period, let a family begin, and make the reminder to that step with the job for the family."""
    (family,) = settle(world, 1)
    world.services.accounts.change(family, replace(family, household=Household(pupils=(ZOE,))))
    world.now = datetime(2026, 9, 12, 9, tzinfo=UTC)
    draft = Enrolment(REF).with_pupil(PupilFile(pupil_key(ZOE), ZOE.name, STAYS, SAVED), world.now)
    world.services.enrolments.change(Enrolment(REF), draft)
    begin(world, "rappel", step="started", about=SEASON, since=world.now - timedelta(days=9))  # type: ignore[arg-type]
    return world.account(family.ref)


ZOE = Pupil("Zoé Merle")
REF = EnrolmentRef(AccountRef("evry-xenakis", "fam0"), "2026")


def test_who_has_begun_reads_what_is_awaited_and_until_when(world: World, started_family: Account) -> None:
    take(world, job(world, started_family, campaign="rappel"))

    (mail,) = world.mails()
    assert mail.subject == "Rappel : réinscription 2026-2027 à terminer jusqu'au 30 septembre 2026 - Evry - Xénakis"
    assert "Reste à envoyer : Zoé Merle\n" in mail.text
    assert written_to(world) == {("Evry - Xénakis", "FAM 0"): 1}


def test_who_sends_between_the_list_and_the_mail_is_not_reminded(world: World, started_family: Account) -> None:
    asked = job(world, started_family, campaign="rappel")
    world.services.enrolments.revise(
        world.services.enrolments.find(REF), lambda found: submit(found, found.pupils, "R26-AAAA-BBBB", SAVED)
    )

    take(world, asked)

    assert world.mails() == []
    assert drop_reasons(world) == ["not_due"]


def test_a_reminder_to_enrol_waits_for_the_period_even_if_moved(world: World, started_family: Account) -> None:
    asked = job(world, started_family, campaign="rappel")
    announce(world, Periods(EnrolmentPeriod(date(2026, 10, 1), date(2026, 10, 9))))

    take(world, asked)

    assert drop_reasons(world) == ["not_due"]


@pytest.mark.parametrize("spared", [0, 1])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_reminder_that_reads_nothing_waits(world: World, started_family: Account, spared: int, when: When) -> None:
    asked = job(world, started_family, campaign="rappel")
    with world.aws.failing("BatchGetItem", when, skips=spared), pytest.raises(Unavailable):
        take(world, asked)
    assert world.mails() == []

    take(world, asked)

    assert len(world.mails()) == 1


# Faults.


@faults_of("BatchGetItem", "UpdateItem", "SendEmail")
@pytest.mark.parametrize("calls", range(6))
def test_whatever_call_fails_nobody_is_written_to_twice(world: World, call: str, calls: int, when: When) -> None:
    families = settle(world, 2, email="nid@example.org")
    notice = job(world, *families)

    with world.aws.failing(call, when, skips=calls, times=1):
        _try(world, notice)
    for _ in range(3):
        _try(world, notice)
    work(world)

    recipients = written_to(world)
    assert set(recipients.values()) <= {1}
    assert len(world.mails()) <= 1
    for family in families:
        assert (states(world, family) == ["delivered"]) is (("Evry - Xénakis", family.display_identifier) in recipients)
        assert states(world, family) in (["delivered"], ["sending"])


def _try(world: World, notice: CampaignNotice) -> None:
    try:
        take(world, notice)
    except Unavailable:
        return


@pytest.mark.parametrize("code", ["TooManyRequestsException", "SendingPausedException", "MessageRejected"])
def test_what_ses_surely_did_not_take_is_sent_when_the_job_comes_again(world: World, code: str) -> None:
    families = settle(world, 2, email="nid@example.org")
    notice = job(world, *families)

    with world.aws.failing("SendEmail", "before", error=(400, code)), pytest.raises(Unavailable):
        take(world, notice)
    assert [states(world, family) for family in families] == [[], []]
    take(world, notice)

    assert len(world.mails()) == 1
    assert counts(world) == (1, 0, 0, 0)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_mail_whose_answer_is_lost_stays_in_doubt_until_ses_tells(world: World, when: When) -> None:
    (family,) = settle(world, 1)
    notice = job(world, family)

    with world.aws.failing("SendEmail", when):
        take(world, notice)
    take(world, notice)
    assert states(world, family) == ["sending"]
    assert counts(world) == (0, 0, 0, 1)
    work(world)

    assert len(world.mails()) == (1 if when == "after" else 0)
    assert states(world, family) == (["delivered"] if when == "after" else ["sending"])
    assert counts(world) == ((1, 1, 0, 1) if when == "after" else (0, 0, 0, 1))
    assert [event["event"] for event in world.events()][:2] == ["campaign_uncertain", "campaign_dropped"]


def test_when_ses_answers_no_more_the_campaign_stops(world: World) -> None:
    families = settle(world, UNCERTAIN_AT_MOST + 2)

    with world.aws.failing("SendEmail", "before"):
        for family in families:
            take(world, job(world, family))

    assert counts(world) == (0, 0, 0, UNCERTAIN_AT_MOST + 1)
    assert [event["event"] for event in world.events()][-2:] == ["campaign_stopped", "campaign_dropped"]


def test_the_office_may_have_it_written_again_once(world: World) -> None:
    (family,) = settle(world, 1)
    with world.aws.failing("SendEmail", "before"):
        take(world, job(world, family))
    world.wait(4 * MINUTE)
    take(world, job(world, family, again=True))
    assert (world.mails(), drop_reasons(world)) == ([], ["in_doubt"]), "it may still be at work"

    world.wait(2 * MINUTE)
    again = job(world, family, again=True)
    take(world, again)
    take(world, again)

    assert written_to(world) == {("Evry - Xénakis", "FAM 0"): 1}
    assert states(world, family) == ["sent"]


def test_written_again_and_in_doubt_again_it_stays_so(world: World) -> None:
    (family,) = settle(world, 1)
    with world.aws.failing("SendEmail", "before"):
        take(world, job(world, family))
        world.wait(6 * MINUTE)
        again = job(world, family, again=True)
        take(world, again)
    take(world, again)

    assert world.mails() == []
    assert states(world, family) == ["sending"]


def test_an_address_that_ses_never_takes_counts_as_come_back(world: World) -> None:
    family = world.settle(AccountRef("evry-xenakis", "fam0"), emails=("rossignolé@example.org",))

    take(world, job(world, family))

    assert states(world, family) == ["bounced"]
    assert [failing.kind for failing in world.account(family.ref).failing_mailboxes] == ["bounced"]
    assert counts(world) == (1, 0, 1, 0)


def test_too_many_of_those_stop_the_campaign(world: World) -> None:
    for _ in range(CANARY):
        world.services.campaigns.count(SEASON, "sent")
    for number in range(3):
        family = world.settle(AccountRef("evry-xenakis", f"fam{number}"), emails=(f"é{number}@example.org",))
        take(world, job(world, family))

    assert counts(world) == (CANARY + 2, 0, 2, 0)
    assert drop_reasons(world) == ["stopped"]


# Its text, and its exclusions.


def test_it_costs_one_read_and_three_writes(world: World) -> None:
    (family,) = settle(world, 1)
    world.services.periods.current(world.now)
    world.aws.calls.clear()

    take(world, job(world, family))

    assert world.aws.calls == ["BatchGetItem", "UpdateItem", "SendEmail", "UpdateItem", "UpdateItem"]


def test_neither_the_queue_nor_the_record_holds_a_name_or_an_address(world: World) -> None:
    world.services.post_box.post(*(job(world, family) for family in settle(world, 2)))
    queue = world.aws.queue_bodies()
    work(world)
    with world.aws.failing("SendEmail", "before", error=(400, "MessageRejected")), pytest.raises(Unavailable) as error:
        take(world, job(world, *settle(world, 1, site="evry-magnard")))

    for text in (queue, world.log.getvalue(), str(error.value)):
        assert "example.org" not in text
        assert "Rossignol" not in text


def test_each_address_is_told_of_the_login_that_it_opens_and_of_that_login_s_password(world: World) -> None:
    family = settle_two_logins(world)
    put(world, replace(world.account(COMES), password=None))
    begin(world)

    for email in family.emails:
        world.services.post_box.post(replace(job(world, family), mailbox=mailbox(world, email)))
    world.deliver()

    texts = {mail.to: ("XEN 1 R2" in mail.text, "celui que vous avez déjà" in mail.text) for mail in world.mails()}
    assert texts == {"rossignol@example.org": (False, True), "come@example.net": (True, False)}
