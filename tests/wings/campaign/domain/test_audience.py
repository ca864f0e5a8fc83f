"""The audience of a campaign: each family once, at one or at each working address, and the effects of deliveries."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef, FailingMailbox
from chalicelib.domain.account.notices import DeliveryOutcome, Notice, NoticeState
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.family.extensions import Extension
from chalicelib.wings.campaign.domain.audience import Audience, Guardians, MailingStatus
from chalicelib.wings.campaign.domain.campaigns import Campaign
from tests.support.world import OPENING_MORNING as NOW

PSEUDONYMS = Pseudonyms("the key of these tests, long enough")
FIRST, SECOND = (PSEUDONYMS.of_mailbox(email) for email in ("merle@example.org", "pinson@example.fr"))
SEASON = Campaign("reinscription-2026", NOW, "Mme Lyre")
REMINDER = Campaign("rappel", NOW + timedelta(days=9), "Mme Lyre", "delivered", SEASON.name, NOW)
FAMILY = Account(AccountRef("evry-xenakis", "xen1"), "Famille Merle", ("merle@example.org", "pinson@example.fr"), "s")
BROKEN_FIRST = (FailingMailbox(FIRST, "bounced", NOW),)
BROKEN_BOTH = (*BROKEN_FIRST, FailingMailbox(SECOND, "bounced", NOW))


def audience(campaign: Campaign = SEASON, guardians: Guardians = "first", **more: object) -> Audience:
    return Audience(campaign, guardians, PSEUDONYMS, **more)  # type: ignore[arg-type]  # a moment


def notice_of(state: NoticeState, mailbox: str = FIRST, campaign: Campaign = SEASON) -> Notice:
    return Notice(campaign.name, mailbox, state, NOW)


@pytest.mark.parametrize(
    ("family", "status", "mailboxes"),
    [
        pytest.param(FAMILY, "due", (FIRST,), id="at its first address"),
        pytest.param(replace(FAMILY, failing_mailboxes=BROKEN_FIRST), "due", (SECOND,), id="at the first that works"),
        pytest.param(replace(FAMILY, failing_mailboxes=BROKEN_BOTH), "unreachable", (), id="at none that works"),
        pytest.param(replace(FAMILY, emails=()), "unreachable", (), id="without any"),
        pytest.param(replace(FAMILY, disabled=True), "apart", (), id="not when it may not log in"),
        pytest.param(replace(FAMILY, gone_at=NOW), "apart", (), id="not when the file lists it no more"),
        pytest.param(replace(FAMILY, notices=(notice_of("sent"),)), "told", (), id="not again"),
        pytest.param(replace(FAMILY, notices=(notice_of("delivered"),)), "told", (), id="not again once it arrived"),
        pytest.param(replace(FAMILY, notices=(notice_of("complained"),)), "told", (), id="not who calls it unwanted"),
        pytest.param(replace(FAMILY, notices=(notice_of("sending"),)), "uncertain", (), id="not in doubt"),
        pytest.param(
            replace(FAMILY, notices=(notice_of("bounced"),), failing_mailboxes=BROKEN_FIRST),
            "due",
            (SECOND,),
            id="elsewhere if it came back",
        ),
        pytest.param(
            replace(FAMILY, notices=(notice_of("bounced"),), failing_mailboxes=BROKEN_BOTH),
            "unreachable",
            (),
            id="nowhere else to go",
        ),
        pytest.param(
            replace(FAMILY, notices=(notice_of("bounced"), notice_of("sent", SECOND))), "told", (), id="told elsewhere"
        ),
        pytest.param(
            replace(FAMILY, notices=(notice_of("sent", campaign=REMINDER),)), "due", (FIRST,), id="by each campaign"
        ),
    ],
)
def test_a_family_is_written_to_once(family: Account, status: MailingStatus, mailboxes: tuple[str, ...]) -> None:
    assert audience().status(family) == (status, mailboxes)


@pytest.mark.parametrize(
    ("family", "status", "mailboxes"),
    [
        pytest.param(FAMILY, "due", (FIRST, SECOND), id="at each address"),
        pytest.param(replace(FAMILY, emails=FAMILY.emails * 2), "due", (FIRST, SECOND), id="once at each"),
        pytest.param(replace(FAMILY, notices=(notice_of("sent"),)), "due", (SECOND,), id="where it was not yet"),
        pytest.param(
            replace(FAMILY, notices=(notice_of("sent"), notice_of("sent", SECOND))), "told", (), id="nowhere again"
        ),
        pytest.param(
            replace(FAMILY, notices=(notice_of("sent"), notice_of("sending", SECOND))),
            "told",
            (),
            id="told and in doubt",
        ),
        pytest.param(
            replace(FAMILY, notices=(notice_of("sending"),), failing_mailboxes=BROKEN_BOTH),
            "uncertain",
            (),
            id="in doubt",
        ),
        pytest.param(replace(FAMILY, failing_mailboxes=BROKEN_BOTH), "unreachable", (), id="at none that works"),
    ],
)
def test_every_guardian_may_be_written_to(family: Account, status: MailingStatus, mailboxes: tuple[str, ...]) -> None:
    assert audience(guardians="every").status(family) == (status, mailboxes)


@pytest.mark.parametrize("guardians", ["first", "every"])
def test_where_nobody_can_say_it_is_written_again_if_the_office_decides_so_and_once(guardians: Guardians) -> None:
    in_doubt = replace(FAMILY, emails=FAMILY.emails[:1], notices=(notice_of("sending"),))

    before, after = (
        audience(guardians=guardians, doubts_before=NOW + timedelta(seconds=seconds)) for seconds in (0, 1)
    )

    assert before.status(in_doubt) == ("uncertain", ())
    assert after.status(in_doubt) == ("due", (FIRST,))


def more_time(days: int) -> Extension:
    return Extension((NOW + timedelta(days=days)).date(), "deuil", "Mme Lyre", NOW)


REMINDED = replace(FAMILY, notices=(notice_of("delivered"),))


@pytest.mark.parametrize(
    ("family", "status"),
    [
        pytest.param(REMINDED, "due", id="who stands at the step"),
        pytest.param(replace(FAMILY, notices=(notice_of("sent"),)), "elsewhere", id="not at another"),
        pytest.param(replace(REMINDED, extension=more_time(9)), "elsewhere", id="nor who has more time"),
        pytest.param(replace(REMINDED, extension=more_time(8)), "due", id="but who had more time before"),
        pytest.param(replace(REMINDED, last_login=NOW), "elsewhere", id="nor who has logged in meanwhile"),
        pytest.param(replace(REMINDED, failing_mailboxes=BROKEN_BOTH), "unreachable", id="nor where no mail arrives"),
        pytest.param(
            replace(FAMILY, failing_mailboxes=BROKEN_BOTH), "elsewhere", id="who stands elsewhere is not counted so"
        ),
        pytest.param(REMINDED.with_notice(notice_of("sent", campaign=REMINDER)), "told", id="nor twice"),
        pytest.param(REMINDED.with_notice(notice_of("sending", campaign=REMINDER)), "uncertain", id="nor in doubt"),
    ],
)
def test_a_reminder_goes_to_exactly_those_who_stand_at_its_step(family: Account, status: MailingStatus) -> None:
    assert audience(REMINDER).status(family)[0] == status


def test_a_reminder_that_came_back_is_no_step_of_its_own() -> None:
    never_told = replace(REMINDER, step="imported")
    came_back = replace(FAMILY, failing_mailboxes=BROKEN_FIRST, notices=(notice_of("bounced", campaign=REMINDER),))

    assert audience(never_told).status(came_back) == ("due", (SECOND,))


def test_a_mail_that_came_back_marks_its_address_and_its_notice() -> None:
    account = replace(FAMILY, notices=(notice_of("sent"), notice_of("sent", SECOND)))

    after = DeliveryOutcome(SEASON.name, FIRST, "bounced", NOW).apply_to(account, PSEUDONYMS)

    assert after.failing_mailboxes == BROKEN_FIRST
    assert {notice.mailbox: notice.state for notice in after.notices} == {FIRST: "bounced", SECOND: "sent"}


def test_a_mail_that_arrived_marks_no_address() -> None:
    after = DeliveryOutcome(SEASON.name, FIRST, "delivered", NOW).apply_to(
        replace(FAMILY, notices=(notice_of("sent"),)), PSEUDONYMS
    )

    assert after == replace(FAMILY, notices=(notice_of("delivered"),))


def test_an_address_that_is_no_longer_on_file_is_not_marked() -> None:
    account = replace(FAMILY, emails=("pinson@example.fr",), notices=(notice_of("sent"),))

    after = DeliveryOutcome(SEASON.name, FIRST, "bounced", NOW).apply_to(account, PSEUDONYMS)

    assert after == replace(account, notices=(notice_of("bounced"),))


def test_news_of_a_mail_that_was_never_sent_to_it_write_no_notice() -> None:
    assert DeliveryOutcome(SEASON.name, FIRST, "delivered", NOW).apply_to(FAMILY, PSEUDONYMS) == FAMILY
