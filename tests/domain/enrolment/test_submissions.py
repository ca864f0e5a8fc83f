"""Sending: the pupils that can be sent, the content of a receipt, and the office's decisions."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.dossiers.documents import ProvidedDocument, SavedBy
from chalicelib.domain.enrolment.answers import PupilAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment, EnrolmentDecision, PupilFile, State
from chalicelib.domain.enrolment.submissions import new_number, number_from, sendable, submit
from tests.support.answers import FULL, LEAVES, NOW, REF, SAVED, STAYS, WHOLE, sent_answers

UNSAID = replace(STAYS, image_rights=None)


def test_the_household_s_answer_is_that_of_each_pupil_without_its_own() -> None:
    receipt = replace(FULL.receipts[0], household=replace(WHOLE, image_rights=False), pupils=(("a1", "Zélie", UNSAID),))
    enrolment = replace(FULL, household=replace(WHOLE, image_rights=True), receipts=(receipt,))
    file = PupilFile("a1", "Zélie", UNSAID, SAVED, sent_answers(UNSAID))
    enrolment = replace(enrolment, pupils=(file,))

    inherits = enrolment.with_image_rights(file)
    has_its_own = enrolment.with_image_rights(replace(file, draft=STAYS))

    assert inherits.draft
    assert inherits.sent
    assert (inherits.draft.image_rights, inherits.sent.answers.image_rights) == (True, False)
    assert has_its_own.draft == STAYS


@pytest.mark.parametrize(
    ("household", "own", "stands"),
    [
        (None, True, True),
        (None, False, False),
        (None, None, None),
        (True, True, None),  # asked of the household, for that season
        (True, False, False),
        (False, False, False),
        (False, True, True),
    ],
)
def test_an_answer_may_stand_for_the_next_season(household: bool | None, own: bool | None, stands: bool | None) -> None:
    pupil = PupilFile("a1", "Zélie", sent=sent_answers(replace(STAYS, image_rights=own)))
    enrolment = replace(FULL, household=replace(WHOLE, image_rights=household), pupils=(pupil,))

    assert enrolment.standing_image_rights("a1") is stands
    assert enrolment.standing_image_rights("nobody") is None
    assert Enrolment(FULL.ref).standing_image_rights("a1") is None


ZELIE = PupilFile("a1", "Zélie", STAYS, SAVED)
LEO = PupilFile("b2", "Léo", LEAVES, SAVED)
BOTH = Enrolment(REF, NOW, WHOLE, SAVED, (ZELIE, LEO))
CERTIFICATE = ProvidedDocument("certificat", "a1", SAVED, "documents/x")


def test_a_number_can_be_read_on_the_telephone_and_comes_back_however_it_is_typed() -> None:
    numbers = {new_number("2027") for _ in range(500)}

    assert len(numbers) == 500
    for number in numbers:
        assert re.fullmatch(r"R27-[2-9B-DF-HJKMNP-TV-XZ]{4}-[2-9B-DF-HJKMNP-TV-XZ]{4}", number)
        assert number_from(number.lower().replace("-", " ")) == number
        assert number_from(f" {number[:3]}{number[4:8]} {number[9:]} ") == number


def test_what_is_sent_has_answers_that_lack_nothing_and_is_open() -> None:
    file = PupilFile("c3", "Ève", STAYS, SAVED, sent_answers(STAYS, "accepted"))
    lacking = PupilFile("d4", "Noé", PupilAnswers(), SAVED)
    nothing = PupilFile("e5", "Ana", None, SAVED, sent_answers(STAYS))
    whole = replace(BOTH, pupils=(ZELIE, LEO, file, lacking, nothing))

    assert sendable(whole, ["a1", "b2", "c3", "d4", "e5", "z9"]) == (ZELIE, LEO)
    assert sendable(whole, ["b2"]) == (LEO,)


def test_what_the_office_sent_back_may_be_sent_again_as_it_is() -> None:
    back = PupilFile("a1", "Zélie", None, SAVED, sent_answers(STAYS, "to_complete"))

    assert sendable(replace(BOTH, pupils=(back,)), ["a1"]) == (back,)
    again = submit(replace(BOTH, pupils=(back,)), (back,), "R27-EEEE-FFFF", SAVED)
    assert [(pupil.state, pupil.sent and pupil.sent.receipt) for pupil in again.pupils] == [
        ("submitted", "R27-EEEE-FFFF")
    ]


def test_a_receipt_holds_what_was_sent_and_later_answers_change_it_no_more() -> None:
    after = submit(BOTH.with_document(CERTIFICATE), (ZELIE,), "R27-AAAA-BBBB", SAVED)
    later = after.with_pupil(PupilFile("a1", "Zélie", LEAVES, SAVED, (after.pupil("a1") or ZELIE).sent), NOW)

    receipt = later.receipt("R27-AAAA-BBBB")
    assert receipt is not None
    assert (receipt.at, receipt.by, receipt.household) == (NOW, "Mme Rossignol", WHOLE)
    assert receipt.pupils == (("a1", "Zélie", STAYS),)
    assert receipt.provided == (CERTIFICATE,)
    states: dict[str, State] = {pupil.key: pupil.state for pupil in later.pupils}
    assert states == {"a1": "changed", "b2": "draft"}
    assert after.pupil("b2") == LEO


def test_pupils_are_sent_one_by_one_or_together() -> None:
    enrolment = submit(BOTH, (ZELIE,), "R27-AAAA-BBBB", SAVED)
    two = submit(enrolment, (LEO,), "R27-CCCC-DDDD", SavedBy("M.", NOW + timedelta(hours=1)))

    assert [receipt.number for receipt in two.receipts] == ["R27-AAAA-BBBB", "R27-CCCC-DDDD"]
    assert {pupil.key: (pupil.state, pupil.sent and pupil.sent.receipt) for pupil in two.pupils} == {
        "a1": ("submitted", "R27-AAAA-BBBB"),
        "b2": ("leaving", "R27-CCCC-DDDD"),
    }


def test_a_household_that_changed_is_sent_alone_or_with_who_leaves() -> None:
    first = submit(BOTH, (ZELIE,), "R27-AAAA-BBBB", SAVED)
    enrolment_after = first.with_household(replace(WHOLE, image_rights=True), SAVED)
    assert (first.household_state, enrolment_after.household_state) == ("submitted", "changed")
    assert enrolment_after.sent_household == WHOLE

    alone = submit(enrolment_after, (), "R27-CCCC-DDDD", SAVED, with_household=True)
    along = submit(enrolment_after, (LEO,), "R27-CCCC-DDDD", SAVED, with_household=True)
    without = submit(enrolment_after, (LEO,), "R27-CCCC-DDDD", SAVED)

    assert [enrolment.household_state for enrolment in (alone, along, without)] == ["submitted", "submitted", "changed"]
    assert alone.pupils == enrolment_after.pupils
    assert enrolment_after.with_household(WHOLE, SAVED).household_state == "submitted"


def test_a_decision_is_about_the_sent_answers_of_one_pupil_and_replaces_another() -> None:
    decision = EnrolmentDecision("accepted", "Mme Houx", NOW)
    for sent, draft in ((sent_answers(STAYS), LEAVES), (sent_answers(STAYS, "declined"), None)):
        pupil = PupilFile("a1", "Zélie", draft, SAVED, sent)

        after = replace(BOTH, pupils=(pupil, LEO)).with_decision("a1", decision)

        assert after.pupils == (replace(pupil, sent=replace(sent, decision=decision)), LEO)
        assert [after.with_decision(key, decision) for key in ("b2", "z9")] == [after, after]
