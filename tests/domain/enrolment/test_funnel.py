"""The funnel: each family is at exactly one step, and moves on from there."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.account.accounts import Account, MailedLetter, MailedPassword, Password
from chalicelib.domain.account.notices import Notice, NoticeState
from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile
from chalicelib.domain.enrolment.funnel import STEPS, enrolment_step, step_of
from chalicelib.domain.family.households import Household, Pupil, pupil_key
from tests.support.answers import LEAVES, REF, SAVED, STAYS, sent_answers
from tests.support.login_methods import TELEPHONE
from tests.support.world import OPENING_MORNING, ROSSIGNOL

DAY = timedelta(days=1)
BEGAN = OPENING_MORNING
FAMILY = Account(ROSSIGNOL, "Famille Rossignol", ("rossignol@example.org",), "stamp")
WITH_PASSWORD = replace(FAMILY, password=Password("hash", BEGAN - 300 * DAY, "chosen"))


def add_notice(account: Account, state: NoticeState, campaign: str = "rentree", days: int = 1) -> Account:
    notice = Notice(campaign, "mailbox", state, BEGAN + days * DAY)
    return replace(account, notices=(*account.notices, notice))


def step(account: Account) -> str:
    return step_of(account, "rentree", BEGAN)


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        pytest.param(FAMILY, "imported", id="nothing happened"),
        pytest.param(WITH_PASSWORD, "imported", id="last year's password, and no notice"),
        pytest.param(add_notice(FAMILY, "sending"), "uncertain", id="nobody can say whether the mail left"),
        pytest.param(add_notice(FAMILY, "sent"), "notified", id="the mail left"),
        pytest.param(add_notice(FAMILY, "bounced"), "bounced", id="it came back"),
        pytest.param(add_notice(FAMILY, "complained"), "bounced", id="it is unwanted"),
        pytest.param(add_notice(WITH_PASSWORD, "bounced"), "bounced", id="who has a password does not know the dates"),
        pytest.param(add_notice(FAMILY, "delivered"), "delivered", id="it arrived"),
        pytest.param(add_notice(WITH_PASSWORD, "delivered"), "password", id="told, with last year's password"),
        pytest.param(add_notice(WITH_PASSWORD, "sent"), "password", id="the same where SES has not said yet"),
    ],
)
def test_a_family_stands_where_it_has_come(account: Account, expected: str) -> None:
    assert step(account) == expected


@pytest.mark.parametrize("account", [FAMILY, WITH_PASSWORD, add_notice(FAMILY, "bounced")])
def test_who_logged_in_has_arrived_however_it_was_told(account: Account) -> None:
    assert step(replace(account, last_login=BEGAN)) == "logged_in"
    assert step(replace(account, last_login=BEGAN - timedelta(seconds=1))) == step(account)


def test_another_campaign_of_last_year_does_not_count() -> None:
    assert step(add_notice(FAMILY, "delivered", campaign="rentree-2025", days=-365)) == "imported"


def test_a_reminder_to_an_address_put_right_makes_up_for_a_mail_that_came_back() -> None:
    account = add_notice(FAMILY, "bounced")

    assert step(add_notice(account, "sent", campaign="rappel", days=5)) == "notified"
    assert step(add_notice(account, "delivered", campaign="rappel", days=5)) == "delivered"
    assert step(add_notice(account, "sending", campaign="rappel", days=5)) == "uncertain"


def test_a_reminder_that_comes_back_takes_nothing_from_who_was_told() -> None:
    assert step(add_notice(add_notice(FAMILY, "delivered"), "bounced", campaign="rappel", days=5)) == "delivered"


def test_one_guardian_whom_the_mail_reached_is_enough() -> None:
    two = replace(FAMILY, notices=(Notice("rentree", "one", "bounced", BEGAN), Notice("rentree", "two", "sent", BEGAN)))

    assert step(two) == "notified"


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        pytest.param(FAMILY, False, id="never"),
        pytest.param(WITH_PASSWORD, True, id="one of its own"),
        pytest.param(
            replace(FAMILY, mailed_passwords=(MailedPassword("digest", BEGAN, "1"),)), True, id="mailed, not used"
        ),
        pytest.param(replace(FAMILY, passkeys=(TELEPHONE,)), True, id="none, but a passkey"),
        pytest.param(replace(FAMILY, letters=(MailedLetter("1", BEGAN),)), True, id="mailed, and expired since"),
    ],
)
def test_a_password_that_was_mailed_counts_as_one(account: Account, expected: bool) -> None:
    assert account.is_activated is expected


def test_who_is_disabled_or_gone_stands_apart() -> None:
    assert FAMILY.exclusion is None
    assert replace(FAMILY, disabled=True).exclusion == "disabled"
    assert replace(FAMILY, gone_at=BEGAN).exclusion == "gone"


def test_who_came_by_an_application_stands_apart_until_a_yearly_file_lists_it() -> None:
    newcomer = replace(FAMILY, application="P27-K4TN-8WCB", imported=())

    assert newcomer.exclusion == "newcomer"
    assert replace(newcomer, imported=(("name", "digest"),)).exclusion is None


@given(
    st.lists(st.sampled_from(["sending", "sent", "delivered", "bounced", "complained"]), max_size=3),
    st.sampled_from([FAMILY, WITH_PASSWORD]),
    st.sampled_from([None, BEGAN - DAY, BEGAN + DAY]),
)
def test_every_history_has_its_step(states: list[NoticeState], account: Account, last_login: datetime | None) -> None:
    history = replace(account, last_login=last_login)
    for number, state in enumerate(states):
        history = add_notice(history, state, campaign="rentree" if number == 0 else f"rappel-{number}")

    assert step(history) in STEPS


# The re-enrolment.

ZELIE, LEO = Pupil("Zélie Rossignol"), Pupil("Léo Rossignol")
KEYS = (pupil_key(ZELIE), pupil_key(LEO))
TWO = replace(FAMILY, household=Household(pupils=(ZELIE, LEO)))
SENT, ACCEPTED, DECLINED = (
    PupilFile("", "", None, SAVED, sent_answers(STAYS, verdict)) for verdict in (None, "accepted", "declined")
)
LEAVING, ASKED = (
    PupilFile("", "", None, SAVED, answers) for answers in (sent_answers(LEAVES), sent_answers(STAYS, "to_complete"))
)
DRAFT, NOTHING = PupilFile("", "", STAYS, SAVED), PupilFile("", "")
BEGUN = Enrolment(REF, started_at=BEGAN)


def with_files(*files: PupilFile) -> Enrolment:
    return replace(BEGUN, pupils=tuple(replace(file, key=key) for key, file in zip(KEYS, files, strict=False)))


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param((), "started", id="the household only"),
        pytest.param((DRAFT, NOTHING), "started", id="a draft"),
        pytest.param((SENT,), "started", id="one sent, the other not begun"),
        pytest.param((ACCEPTED, DRAFT), "started", id="one accepted, the other to send"),
        pytest.param((ASKED, DRAFT), "started", id="the office asks of one, the other is to send"),
        pytest.param((SENT, SENT), "submitted", id="both sent"),
        pytest.param((SENT, ACCEPTED), "submitted", id="one yet to decide"),
        pytest.param((SENT, replace(SENT, draft=LEAVES)), "submitted", id="what was sent holds"),
        pytest.param((ACCEPTED, replace(LEAVING, draft=STAYS)), "submitted", id="who leaves thinks it over"),
        pytest.param((SENT, ASKED), "to_complete", id="the office asks of one"),
        pytest.param((replace(ASKED, draft=STAYS), ACCEPTED), "to_complete", id="answered, and not sent anew"),
        pytest.param((ACCEPTED, DECLINED), "validated", id="decided"),
        pytest.param((ACCEPTED, LEAVING), "validated", id="who leaves needs no decision"),
        pytest.param((LEAVING, LEAVING), "validated", id="all leave"),
        pytest.param((replace(ACCEPTED, draft=LEAVES), DECLINED), "validated", id="a draft counts no more"),
    ],
)
def test_a_re_enrolment_stands_where_its_pupils_do(files: tuple[PupilFile, ...], expected: str) -> None:
    assert step_of(TWO, "rentree", BEGAN, with_files(*files)) == expected
    assert step_of(replace(TWO, last_login=BEGAN), "rentree", BEGAN, with_files(*files)) == expected


def test_what_is_not_begun_leaves_a_family_where_it_was() -> None:
    assert enrolment_step(TWO, None) is enrolment_step(TWO, Enrolment(REF)) is None
    assert step_of(replace(TWO, last_login=BEGAN), "rentree", BEGAN, Enrolment(REF)) == "logged_in"


def test_a_family_without_pupils_on_file_stands_where_those_it_had_do() -> None:
    assert enrolment_step(FAMILY, BEGUN) == "started"
    assert enrolment_step(FAMILY, with_files(ACCEPTED, SENT)) == "submitted"


def test_who_is_on_file_no_more_is_not_waited_for() -> None:
    assert (
        enrolment_step(replace(TWO, household=Household(pupils=(ZELIE,))), with_files(ACCEPTED, DRAFT)) == "validated"
    )


@given(st.lists(st.sampled_from([NOTHING, DRAFT, SENT, LEAVING, ASKED, ACCEPTED, DECLINED]), max_size=2))
def test_every_re_enrolment_has_its_step(files: list[PupilFile]) -> None:
    assert enrolment_step(TWO, with_files(*files)) in STEPS[STEPS.index("started") :]
