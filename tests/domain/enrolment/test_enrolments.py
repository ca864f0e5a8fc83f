"""A re-enrolment: its missing answers, and the state of each pupil."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from chalicelib.domain.account.accounts import Account, View
from chalicelib.domain.dossiers.documents import SavedBy
from chalicelib.domain.enrolment.answers import PupilAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile, Receipt, SentAnswers, State, see_enrolment
from chalicelib.domain.family.redaction import HIDDEN, patterns_of
from tests.support.answers import LEAVES, NOW, REF, SAVED, STAYS, WHOLE, sent_answers

ACCOUNT: Final = Account(REF.account, "Famille Rossignol", (), "stamp")
BEGUN: Final = Enrolment(REF).with_household(WHOLE, SAVED)


def test_what_is_hidden_is_for_reading_only() -> None:
    view = View("", ("Mme Rossignol",), secrets=patterns_of((), (WHOLE.emergency_telephone,), ()))

    enrolment = see_enrolment(replace(BEGUN, item={"site": "x"}), replace(ACCOUNT, view=view))

    assert enrolment.household == replace(WHOLE, emergency_telephone=HIDDEN)
    assert (enrolment.is_partly_hidden, enrolment.item) == (True, {})


def test_where_nothing_is_hidden_it_is_itself() -> None:
    assert see_enrolment(BEGUN, ACCOUNT) is BEGUN
    elsewhere = View("", (), secrets=patterns_of(("nowhere@example.org",), (), ()))
    assert see_enrolment(BEGUN, replace(ACCOUNT, view=elsewhere)) is BEGUN


@pytest.mark.parametrize(
    ("draft", "was_sent", "state", "is_open"),
    [
        (None, None, "none", True),
        (STAYS, None, "draft", True),
        (None, sent_answers(STAYS), "submitted", True),
        (LEAVES, sent_answers(STAYS), "changed", True),
        (None, sent_answers(LEAVES), "leaving", True),
        (STAYS, sent_answers(LEAVES), "changed", True),
        (None, sent_answers(STAYS, "accepted"), "accepted", False),
        (None, sent_answers(STAYS, "declined"), "declined", False),
        (LEAVES, sent_answers(STAYS, "accepted"), "accepted", False),
        (None, sent_answers(STAYS, "to_complete"), "to_complete", True),
        (LEAVES, sent_answers(STAYS, "to_complete"), "changed", True),
    ],
)
def test_pupil_states(draft: PupilAnswers | None, was_sent: SentAnswers | None, state: State, *, is_open: bool) -> None:
    pupil = PupilFile("a1", "Zélie", draft, SAVED, was_sent)

    assert (pupil.state, pupil.is_open) == (state, is_open)


def test_to_answer_again_what_was_sent_is_no_draft_unless_the_office_waits_for_it() -> None:
    waiting = PupilFile("a1", "Zélie", LEAVES, SAVED, sent_answers(STAYS))
    to_complete = PupilFile("a1", "Zélie", None, SAVED, sent_answers(STAYS, "to_complete"))

    assert waiting.with_draft(STAYS, SAVED).draft is None
    assert waiting.with_draft(LEAVES, SAVED).draft == LEAVES
    assert to_complete.with_draft(STAYS, SAVED).draft == STAYS


def test_the_last_answers_are_the_draft_s_else_those_sent() -> None:
    assert PupilFile("a1", "Zélie").answers is None
    assert PupilFile("a1", "Zélie", LEAVES, SAVED, sent_answers(STAYS)).answers == LEAVES
    assert PupilFile("a1", "Zélie", None, SAVED, sent_answers(STAYS)).answers == STAYS


def test_it_begins_with_the_first_step_saved_and_each_step_stands_for_itself() -> None:
    later = NOW + timedelta(hours=1)

    enrolment = Enrolment(REF).with_pupil(PupilFile("b2", "Léo", STAYS, SAVED), NOW)
    more = enrolment.with_household(WHOLE, SavedBy("M. Rossignol", later)).with_pupil(PupilFile("a1", "Zélie"), later)

    assert more.started_at == NOW
    assert [pupil.key for pupil in more.pupils] == ["a1", "b2"]
    assert more.with_pupil(PupilFile("b2", "Léo", LEAVES, SAVED), later).pupil("b2") == PupilFile(
        "b2", "Léo", LEAVES, SAVED
    )
    assert more.file_of("c3", "Ève") == PupilFile("c3", "Ève")
    assert more.household == WHOLE


def test_once_decided_what_was_sent_is_what_was_answered() -> None:
    assert PupilFile("a1", "Zélie", LEAVES, SAVED, sent_answers(STAYS)).answers == LEAVES
    assert PupilFile("a1", "Zélie", LEAVES, SAVED, sent_answers(STAYS, "accepted")).answers == STAYS
    assert PupilFile("a1", "Zélie", LEAVES, SAVED, sent_answers(STAYS, "to_complete")).answers == LEAVES


def new_receipt(
    number: str, hour: int, payer: str, *pupils: tuple[str, str, PupilAnswers], along: bool = False
) -> Receipt:
    household = replace(WHOLE, payer=payer)
    return Receipt(number, NOW + timedelta(hours=hour), "Mme", household, pupils, with_household=along)


ZELIE, LEO = ("a1", "Zélie", STAYS), ("b2", "Léo", LEAVES)
RECEIPTS = (new_receipt("R1", 0, "one", ZELIE), new_receipt("R2", 1, "two", LEO), new_receipt("R3", 2, "three"))


def test_what_was_sent_of_the_household_is_what_the_last_receipt_tells_in_which_somebody_stays() -> None:
    stays = PupilFile("a1", "Zélie", None, SAVED, sent_answers(STAYS))
    leaves = PupilFile("a1", "Zélie", None, SAVED, sent_answers(LEAVES))
    cases = {
        ("one",): Enrolment(REF, NOW, pupils=(stays,), receipts=RECEIPTS[:1]),
        ("one", "who leaves alone"): Enrolment(REF, NOW, pupils=(stays,), receipts=RECEIPTS[:2]),
        ("three",): Enrolment(REF, NOW, pupils=(stays,), receipts=RECEIPTS),
        ("two",): Enrolment(
            REF, NOW, pupils=(stays,), receipts=(*RECEIPTS[:1], replace(RECEIPTS[1], with_household=True))
        ),
        (None, "everybody leaves"): Enrolment(REF, NOW, pupils=(leaves,), receipts=RECEIPTS),
        (None,): Enrolment(REF, NOW, household=WHOLE),
    }

    assert {
        names: enrolment.sent_household and enrolment.sent_household.payer for names, enrolment in cases.items()
    } == {names: names[0] for names in cases}


def test_the_office_has_seen_what_was_sent_before_its_decision_and_with_the_pupil() -> None:
    file = sent_answers(STAYS, "accepted")
    assert file.decision
    enrolment = Enrolment(REF, NOW, receipts=RECEIPTS)
    results = {}
    for minutes in (0, 60, 90, 120, 121):
        decision = replace(file.decision, at=NOW + timedelta(minutes=minutes))
        household = enrolment.household_seen(replace(file, receipt="R1", decision=decision))
        results[minutes] = household and household.payer

    assert results == {0: "one", 60: "one", 90: "one", 120: "one", 121: "three"}
    assert enrolment.household_seen(replace(file, decision=None)) is None
