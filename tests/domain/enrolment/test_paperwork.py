"""The required documents: their owners and conditions."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chalicelib.domain.enrolment.answers import CourseWish, PupilAnswers
from chalicelib.domain.enrolment.enrolments import FOYER, Enrolment, ProvidedDocument, PupilFile, Receipt
from chalicelib.domain.enrolment.paperwork import (
    DocumentRule,
    DueDocument,
    ReceiptDocument,
    disciplines_of,
    due_documents,
    receipt_documents,
    required_documents,
)
from chalicelib.domain.family.households import Course, Pupil
from tests.support.answers import LEAVES, NOW, REF, SAVED, STAYS, WHOLE, sent_answers

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
    provided = (
        ProvidedDocument("certificat", "a1", SAVED, "documents/x"),
        ProvidedDocument("certificat", "b2", SAVED),
        ProvidedDocument("oublie", "foyer", SAVED),
        ProvidedDocument("quotient", "foyer", SAVED),
    )
    receipt = Receipt("R27-AAAA-BBBB", NOW, "Mme Rossignol", WHOLE, (("a1", "Zélie", STAYS),), provided)

    assert receipt_documents(rules, receipt) == (
        ReceiptDocument("Certificat médical", "Zélie", is_uploaded=True),
        ReceiptDocument("oublie", "", is_uploaded=False),
        ReceiptDocument("Avis d'imposition", "", is_uploaded=False),
    )
    assert receipt_documents(rules, replace(receipt, pupils=(("b2", "Léo", LEAVES),))) == ()


def test_what_is_due_is_what_is_asked_and_not_uploaded() -> None:
    rules = (DANCE, DocumentRule("avis", "Avis d'imposition", of="household"))
    waiting = enrolment_with(GOES_ON)
    promised = waiting.with_document(ProvidedDocument("certificat", "a1", SAVED))
    uploaded = promised.with_document(ProvidedDocument("certificat", "a1", SAVED, "documents/x"))
    declined = replace(waiting, pupils=(PupilFile("a1", "Léo", sent=sent_answers(GOES_ON, "declined")),))

    notice = DueDocument("Avis d'imposition", is_promised=False)
    certificate = DueDocument("Certificat médical, Léo", is_promised=False)
    assert [
        due_documents(rules, PUPILS, enrolment, TODAY) for enrolment in (waiting, promised, uploaded, declined)
    ] == [
        (certificate, notice),
        (replace(certificate, is_promised=True), notice),
        (notice,),
        (),
    ]
