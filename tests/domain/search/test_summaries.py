"""The stored summary of a family: only data that lists show or filter by."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from chalicelib.domain.account.accounts import GUARDIAN, Account, AccountRef, FailingMailbox, MailedLetter, Password
from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile
from chalicelib.domain.enrolment.paperwork import Learner
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil, pupil_key
from chalicelib.domain.search.summaries import (
    AccountSummary,
    EnrolmentSummary,
    account_summary,
    enrolment_summary,
    learners,
    listed_pupils,
    summarise_account,
    summarise_enrolment,
)
from tests.support.answers import CHANGES, FULL, NOW, REF, SAVED, sent_answers

TODAY = date(2027, 6, 3)
ZELIE = Pupil("Zélie", date(2015, 3, 14), (Course("Hautbois", teacher="M. Sureau"), Course("Chant")))
LEO = Pupil("Léo", date(2001, 3, 14), (Course("Cor"),))
KEYS = (pupil_key(ZELIE), pupil_key(LEO))
ACCOUNT = Account(REF.account, "Famille Rossignol", (), "stamp", household=Household(pupils=(ZELIE, LEO)))


def family(account: Account = ACCOUNT) -> AccountSummary:
    row = account_summary("evry-xenakis", "xen1", summarise_account(account))
    assert row
    return row


def summary(enrolment: Enrolment) -> EnrolmentSummary:
    return enrolment_summary("evry-xenakis", "xen1", summarise_enrolment(enrolment))


def test_a_family_that_began_nothing_is_listed_with_its_pupils_on_file() -> None:
    assert [(pupil.name, pupil.state) for pupil in listed_pupils(family(), None)] == [
        ("Zélie", "none"),
        ("Léo", "none"),
    ]


def test_who_is_gone_and_began_nothing_is_not_listed_and_who_began_is() -> None:
    row = family(replace(ACCOUNT, gone_at=datetime(2027, 1, 1, tzinfo=UTC)))
    assert listed_pupils(row, None) == []
    assert len(listed_pupils(row, summary(Enrolment(REF, started_at=NOW)))) == 2


def test_pupils_on_file_come_first_then_those_of_the_re_enrolment_only() -> None:
    files = (
        PupilFile(KEYS[1], "Léo R.", sent=sent_answers(CHANGES, "accepted")),
        PupilFile("zz", "Ève", CHANGES, SAVED),
    )
    rows = listed_pupils(family(), summary(Enrolment(REF, started_at=NOW, pupils=files)))

    assert [(pupil.name, pupil.state, pupil.is_on_file, pupil.place) for pupil in rows] == [
        ("Zélie", "none", True, 0),
        ("Léo R.", "accepted", True, 1),
        ("Ève", "draft", False, 2),
    ]


def test_what_was_sent_last_is_told() -> None:
    assert summary(FULL).sent_at == max(int(receipt.at.timestamp()) for receipt in FULL.receipts)
    assert summary(Enrolment(REF, started_at=NOW)).sent_at is None


def test_documents_are_asked_by_what_is_wished_or_else_learnt_and_not_of_who_is_declined() -> None:
    files = (
        PupilFile(KEYS[0], "Zélie", CHANGES, SAVED),
        PupilFile(KEYS[1], "Léo", sent=sent_answers(CHANGES, "declined")),
    )
    (zelie,) = learners(family(), summary(Enrolment(REF, started_at=NOW, pupils=files)), TODAY)
    assert zelie == Learner(KEYS[0], "Zélie", stays=True, disciplines=("Alto",), is_adult=False)

    _, leo = learners(family(), summary(Enrolment(REF, started_at=NOW)), TODAY)
    assert leo == Learner(KEYS[1], "Léo", None, ("Cor",), is_adult=True)


@pytest.mark.parametrize("words", [[], [0], [2, "later"]])
def test_another_version_s_words_are_not_understood_enrolment_summary(words: list[object]) -> None:
    with pytest.raises(ValueError, match="another version"):
        enrolment_summary("evry-xenakis", "xen1", words)


NINE = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
BARE = Account(AccountRef("evry-xenakis", "xen1"), "Famille Rossignol", ("rossignol@example.org",), "stamp")


def there_and_back(account: Account) -> AccountSummary:
    summary = account_summary(account.ref.site, account.ref.identifier, summarise_account(account))
    assert summary
    return summary


def test_a_season_is_not_about_who_is_closed_gone_or_new() -> None:
    kinds = {
        None: BARE,
        "disabled": replace(BARE, disabled=True, gone_at=NINE),
        "gone": replace(BARE, gone_at=NINE),
        "newcomer": replace(BARE, application="P27-K4TN-8WCB"),
    }
    assert {kind: there_and_back(account).exclusion for kind, account in kinds.items()} == {
        kind: kind for kind in kinds
    }


def test_what_the_desk_attends_to_is_said() -> None:
    assert not there_and_back(BARE).is_activated
    assert there_and_back(replace(BARE, letters=(MailedLetter("request", NINE),))).is_activated
    assert not there_and_back(BARE).is_failing
    assert there_and_back(replace(BARE, failing_mailboxes=(FailingMailbox("box", "bounced", NINE),))).is_failing
    assert not there_and_back(BARE).is_frozen


def test_a_pupil_is_of_age_on_its_birthday_and_one_of_an_unknown_one_is_not() -> None:
    household = Household(pupils=(Pupil("Zélie", date(2008, 9, 1)), Pupil("Léo")))
    zelie, leo = there_and_back(replace(BARE, household=household)).pupils
    assert [zelie.is_adult(date(2026, 8, 31)), zelie.is_adult(date(2026, 9, 1))] == [False, True]
    assert not leo.is_adult(date(2026, 9, 1))


@pytest.mark.parametrize("words", [[], [0], [2, "later"]])
def test_another_version_s_words_are_not_understood(words: list[object]) -> None:
    with pytest.raises(ValueError, match="another version"):
        account_summary("evry-xenakis", "xen1", words)


def test_no_secret_and_no_moment_of_a_login_is_in_it() -> None:
    account = replace(BARE, password=Password("hash", NOW, "chosen"), last_login=datetime(2027, 1, 2, tzinfo=UTC))

    words = summarise_account(account)

    assert words == [1, "a", "", "Famille Rossignol", [], [], ["rossignol@example.org"], [], "", []]
    assert summarise_account(replace(account, last_login=NOW, stamp="another")) == words


def test_each_address_is_told_once() -> None:
    household = Household(
        (Guardian("Mme Rossignol", "rossignol@example.org"), Guardian("M. Merle", "merle@example.org"))
    )
    assert summarise_account(replace(BARE, household=household))[6] == ["rossignol@example.org", "merle@example.org"]


def test_a_guardian_s_own_login_is_told_to_be_none() -> None:
    assert summarise_account(replace(BARE, role=GUARDIAN)) == [1]


def test_no_free_text_of_a_family_is_in_it() -> None:
    text = str(summarise_enrolment(FULL))
    assert "Plutôt" not in text
    assert "Déménagement" not in text
    assert summarise_enrolment(Enrolment(REF, started_at=NOW)) == [1, [], [], None]
