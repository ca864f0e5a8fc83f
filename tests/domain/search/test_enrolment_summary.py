"""The summary of a re-enrolment: the same pupils, states and documents as the whole."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile
from chalicelib.domain.enrolment.paperwork import Learner
from chalicelib.domain.family.households import Course, Household, Pupil, pupil_key
from chalicelib.domain.search.account_summary import AccountSummary, account_summary
from chalicelib.domain.search.enrolment_summary import EnrolmentSummary, enrolment_summary, learners, listed_pupils
from chalicelib.domain.search.summaries import summarise_account, summarise_enrolment
from tests.support.answers import CHANGES, FULL, NOW, REF, SAVED, sent_answers

TODAY = date(2027, 6, 3)
ZELIE = Pupil("Zélie", date(2015, 3, 14), (Course("Hautbois", teacher="M. Sureau"), Course("Chant")))
LEO = Pupil("Léo", date(2001, 3, 14), (Course("Cor"),))
KEYS = (pupil_key(ZELIE), pupil_key(LEO))
ACCOUNT = Account(REF.account, "Famille Rossignol", (), "stamp", household=Household(pupils=(ZELIE, LEO)))


def family(account: Account = ACCOUNT) -> AccountSummary:
    summarised = account_summary("evry-xenakis", "xen1", summarise_account(account))
    assert summarised
    return summarised


def summary(enrolment: Enrolment) -> EnrolmentSummary:
    return enrolment_summary("evry-xenakis", "xen1", summarise_enrolment(enrolment))


def test_a_family_that_began_nothing_is_listed_with_its_pupils_on_file() -> None:
    assert [(pupil.name, pupil.state) for pupil in listed_pupils(family(), None)] == [
        ("Zélie", "none"),
        ("Léo", "none"),
    ]


def test_who_is_gone_and_began_nothing_is_not_listed_and_who_began_is() -> None:
    gone = family(replace(ACCOUNT, gone_at=datetime(2027, 1, 1, tzinfo=UTC)))
    assert listed_pupils(gone, None) == []
    assert len(listed_pupils(gone, summary(Enrolment(REF, started_at=NOW)))) == 2


def test_pupils_on_file_come_first_then_those_of_the_re_enrolment_only() -> None:
    files = (
        PupilFile(KEYS[1], "Léo R.", sent=sent_answers(CHANGES, "accepted")),
        PupilFile("zz", "Ève", CHANGES, SAVED),
    )
    listed = listed_pupils(family(), summary(Enrolment(REF, started_at=NOW, pupils=files)))

    assert [(pupil.name, pupil.state, pupil.is_on_file, pupil.place) for pupil in listed] == [
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
def test_another_version_s_words_are_not_understood(words: list[object]) -> None:
    with pytest.raises(ValueError, match="another version"):
        enrolment_summary("evry-xenakis", "xen1", words)
