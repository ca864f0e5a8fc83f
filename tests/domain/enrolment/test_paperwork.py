"""The required documents: their owners and conditions."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chalicelib.domain.dossiers.documents import FOYER, DocumentRule, DueDocument, ProvidedDocument
from chalicelib.domain.enrolment.answers import CourseWish, PupilAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile, Receipt
from chalicelib.domain.enrolment.paperwork import (
    ReceiptDocument,
    all_leave,
    disciplines_of,
    due_documents,
    household_waits,
    next_step,
    receipt_documents,
    required_documents,
    steps,
)
from chalicelib.domain.enrolment.submissions import submit
from chalicelib.domain.family.households import Course, Pupil
from tests.support.answers import LEAVES, NOW, REF, SAVED, STAYS, WHOLE, sent_answers

CHECKLIST_PUPILS = {"a1": Pupil("Zélie"), "b2": Pupil("Léo")}
NEW = Enrolment(REF)
SLOT = ("quotient", FOYER)


def summary(enrolment: Enrolment, *expected: tuple[str, str]) -> list[tuple[str, bool]]:
    return [(step.key or step.kind, step.is_done) for step in steps(enrolment, CHECKLIST_PUPILS, expected)]


def with_pupils(*pupils: PupilFile) -> Enrolment:
    return replace(NEW, started_at=NOW, household=WHOLE, pupils=pupils)


def test_at_first_everything_is_awaited_in_order() -> None:
    assert summary(NEW, SLOT) == [
        ("household", False),
        ("a1", False),
        ("b2", False),
        ("documents", False),
        ("summary", False),
    ]
    assert [step.name for step in steps(NEW, CHECKLIST_PUPILS, ())] == ["", "Zélie", "Léo", ""]


def test_documents_are_a_step_only_where_some_are_asked_for() -> None:
    enrolment = with_pupils().with_document(ProvidedDocument(*SLOT, SAVED))

    assert ("documents", True) in summary(enrolment, SLOT)
    assert ("documents", False) in summary(enrolment, SLOT, ("certificat", "a1"))
    assert "documents" not in dict(summary(NEW))


@pytest.mark.parametrize(
    ("pupil", "is_done"),
    [
        (PupilFile("a1", "Zélie", STAYS, SAVED), True),
        (PupilFile("a1", "Zélie", PupilAnswers(), SAVED), False),
        (PupilFile("a1", "Zélie", None, SAVED, sent_answers(STAYS)), True),
        (PupilFile("a1", "Zélie", None, SAVED, sent_answers(STAYS, "to_complete")), False),
        (PupilFile("a1", "Zélie", STAYS, SAVED, sent_answers(STAYS, "to_complete")), True),
    ],
)
def test_a_pupil_is_done_when_answered_and_the_office_asks_for_nothing(pupil: PupilFile, *, is_done: bool) -> None:
    assert dict(summary(with_pupils(pupil)))["a1"] is is_done


def test_the_summary_is_done_when_every_pupil_is_sent_and_nothing_waits() -> None:
    first, second = (
        PupilFile("a1", "Zélie", None, SAVED, sent_answers(STAYS)),
        PupilFile("b2", "Léo", None, SAVED, sent_answers(LEAVES)),
    )

    assert dict(summary(with_pupils(first, second)))["summary"] is True
    assert dict(summary(with_pupils(first)))["summary"] is False
    assert dict(summary(with_pupils(first, replace(second, draft=STAYS))))["summary"] is False
    back = replace(first, sent=sent_answers(STAYS, "to_complete"))
    assert dict(summary(with_pupils(back, second)))["summary"] is False
    assert next_step(steps(with_pupils(first, second), CHECKLIST_PUPILS, ())) is None


def test_of_a_family_whose_pupils_all_leave_nothing_else_is_asked() -> None:
    file = with_pupils(PupilFile("a1", "Zélie", LEAVES, SAVED), PupilFile("b2", "Léo", LEAVES, SAVED))

    assert all_leave(file, CHECKLIST_PUPILS)
    assert summary(replace(file, household=NEW.household), SLOT) == [("a1", True), ("b2", True), ("summary", False)]
    assert not all_leave(with_pupils(PupilFile("a1", "Zélie", LEAVES, SAVED)), CHECKLIST_PUPILS)
    assert not all_leave(file, ())


def test_a_household_that_changed_since_it_was_sent_is_to_be_sent_unless_everybody_leaves() -> None:
    first, second = PupilFile("a1", "Zélie", STAYS, SAVED), PupilFile("b2", "Léo", LEAVES, SAVED)
    whole = replace(with_pupils(first, second), household_saved=SAVED)
    whole = submit(whole, whole.pupils, "R27-AAAA-AAAA", SAVED)
    enrolment_after = whole.with_household(replace(WHOLE, payer="M. Rossignol"), SAVED)
    leaves = enrolment_after.with_pupil(replace(first, draft=LEAVES, sent=sent_answers(STAYS)), NOW)

    assert [household_waits(enrolment, CHECKLIST_PUPILS) for enrolment in (NEW, whole, enrolment_after, leaves)] == [
        False,
        False,
        True,
        False,
    ]
    assert [(step.kind, step.is_done, step.state) for step in steps(enrolment_after, CHECKLIST_PUPILS, ())] == [
        ("household", True, "changed"),
        ("pupil", True, "submitted"),
        ("pupil", True, "leaving"),
        ("summary", False, "none"),
    ]


def test_the_next_step_is_the_first_that_is_not_done() -> None:
    enrolment = with_pupils(PupilFile("a1", "Zélie", STAYS, SAVED))

    step = next_step(steps(enrolment, CHECKLIST_PUPILS, ()))

    assert step is not None
    assert (step.kind, step.key) == ("pupil", "b2")


TODAY = date(2027, 6, 2)
DANCER = Pupil("Léo", date(2015, 1, 1), (Course("Danse classique"), Course("Chant")))
PUPILS = {"a1": DANCER}
DANCE = DocumentRule("certificat", "Certificat médical", disciplines=("danse",))
GOES_ON = PupilAnswers(stays=True, wishes=(CourseWish("Danse classique", "keep"), CourseWish("Chant", "keep")))


def enrolment_with(answers: PupilAnswers | None) -> Enrolment:
    return Enrolment(REF, NOW, pupils=(PupilFile("a1", "Léo", answers, SAVED),))


def slots(rule: DocumentRule, answers: PupilAnswers | None = GOES_ON, pupils: dict[str, Pupil] = PUPILS) -> list[str]:
    return [document.owner for document in required_documents([rule], pupils, enrolment_with(answers), TODAY)]


def test_a_document_is_asked_of_a_pupil_that_goes_on_in_such_a_discipline() -> None:
    stops = replace(GOES_ON, wishes=(CourseWish("Danse classique", "stop"), CourseWish("Chant", "keep")))
    begins = replace(GOES_ON, wishes=(CourseWish("Chant", "change", "Danse contemporaine"),))

    assert slots(DANCE) == ["a1"]
    assert slots(DANCE, begins) == ["a1"]
    assert [slots(DANCE, answers) for answers in (stops, LEAVES, None, PupilAnswers())] == [[], [], [], []]


@pytest.mark.parametrize(
    ("conditions", "is_asked"),
    [
        ({}, True),
        ({"adults": False}, True),
        ({"adults": True}, False),
        ({"sites": ("evry-xenakis",)}, True),
        ({"sites": ("evry-magnard",)}, False),
        ({"disciplines": ("DANSE",), "adults": False, "sites": ("evry-xenakis",)}, True),
        ({"disciplines": ("danse",), "adults": True}, False),
        ({"disciplines": ("théâtre", "chant")}, True),
    ],
)
def test_all_the_conditions_given_must_hold(conditions: dict[str, Any], *, is_asked: bool) -> None:
    assert bool(slots(replace(DANCE, **({"disciplines": ()} | conditions)))) is is_asked


def test_of_the_household_it_is_asked_once_unless_everybody_leaves() -> None:
    rule = DocumentRule("quotient", "Quotient familial", of="household")

    assert slots(rule) == [FOYER]
    assert slots(rule, None) == [FOYER]
    assert slots(rule, LEAVES) == []
    assert slots(rule, pupils={}) == []


def test_it_names_the_pupil_that_it_is_asked_of() -> None:
    (document,) = required_documents([DANCE], PUPILS, enrolment_with(GOES_ON), TODAY)

    assert (document.name, document.slot) == ("Léo", ("certificat", "a1"))


def test_what_a_pupil_wishes_to_learn() -> None:
    wishes = (CourseWish("Danse classique", "stop"), CourseWish("Chant", "change", "Alto"), CourseWish("Cor", "change"))

    assert disciplines_of(DANCER, PupilAnswers(stays=True)) == ("Danse classique", "Chant")
    assert disciplines_of(DANCER, PupilAnswers(stays=True, wishes=wishes)) == ("Alto", "Cor")


def test_a_receipt_tells_the_documents_of_who_was_sent_and_stays() -> None:
    rules = (DocumentRule("certificat", "Certificat médical"), DocumentRule("quotient", "Avis d'imposition"))
    documents = (
        ProvidedDocument("certificat", "a1", SAVED, "documents/x"),
        ProvidedDocument("certificat", "b2", SAVED),
        ProvidedDocument("oublie", "foyer", SAVED),
        ProvidedDocument("quotient", "foyer", SAVED),
    )
    receipt = Receipt("R27-AAAA-BBBB", NOW, "Mme Rossignol", WHOLE, (("a1", "Zélie", STAYS),), documents)

    assert receipt_documents(rules, receipt) == (
        ReceiptDocument("Certificat médical", "Zélie", is_uploaded=True),
        ReceiptDocument("oublie", "", is_uploaded=False),
        ReceiptDocument("Avis d'imposition", "", is_uploaded=False),
    )
    assert receipt_documents(rules, replace(receipt, pupils=(("b2", "Léo", LEAVES),))) == ()


def test_what_is_due_is_not_asked_of_a_declined_pupil() -> None:
    waiting = enrolment_with(GOES_ON)
    second = replace(waiting, pupils=(PupilFile("a1", "Léo", sent=sent_answers(GOES_ON, "declined")),))

    due = [due_documents((DANCE,), PUPILS, enrolment, TODAY) for enrolment in (waiting, second)]

    assert due == [(DueDocument("Certificat médical, Léo", is_promised=False),), ()]
