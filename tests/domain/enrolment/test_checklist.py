"""The steps of a re-enrolment, in order: which are done, and the next one."""

from dataclasses import replace

import pytest

from chalicelib.domain.enrolment.answers import PupilAnswers
from chalicelib.domain.enrolment.checklist import everybody_leaves, household_waits, next_step, steps
from chalicelib.domain.enrolment.enrolments import FOYER, Enrolment, ProvidedDocument, PupilFile
from chalicelib.domain.enrolment.submissions import submit
from chalicelib.domain.family.households import Pupil
from tests.support.answers import LEAVES, NOW, REF, SAVED, STAYS, WHOLE, sent_answers

PUPILS = {"a1": Pupil("Zélie"), "b2": Pupil("Léo")}
NEW = Enrolment(REF)
SLOT = ("quotient", FOYER)


def summary(enrolment: Enrolment, *wanted: tuple[str, str]) -> list[tuple[str, bool]]:
    return [(step.key or step.kind, step.is_done) for step in steps(enrolment, PUPILS, wanted)]


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
    assert [step.name for step in steps(NEW, PUPILS, ())] == ["", "Zélie", "Léo", ""]


def test_documents_are_a_step_only_where_some_are_asked_for() -> None:
    provided = with_pupils().with_document(ProvidedDocument(*SLOT, SAVED))

    assert ("documents", True) in summary(provided, SLOT)
    assert ("documents", False) in summary(provided, SLOT, ("certificat", "a1"))
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
def test_a_pupil_is_done_when_it_is_answered_and_the_office_asks_for_nothing(
    pupil: PupilFile, *, is_done: bool
) -> None:
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
    assert next_step(steps(with_pupils(first, second), PUPILS, ())) is None


def test_of_a_family_whose_pupils_all_leave_nothing_else_is_asked() -> None:
    gone = with_pupils(PupilFile("a1", "Zélie", LEAVES, SAVED), PupilFile("b2", "Léo", LEAVES, SAVED))

    assert everybody_leaves(gone, PUPILS)
    assert summary(replace(gone, household=NEW.household), SLOT) == [("a1", True), ("b2", True), ("summary", False)]
    assert not everybody_leaves(with_pupils(PupilFile("a1", "Zélie", LEAVES, SAVED)), PUPILS)
    assert not everybody_leaves(gone, ())


def test_a_household_that_changed_since_it_was_sent_is_to_be_sent_unless_everybody_leaves() -> None:
    first, second = PupilFile("a1", "Zélie", STAYS, SAVED), PupilFile("b2", "Léo", LEAVES, SAVED)
    whole = replace(with_pupils(first, second), household_saved=SAVED)
    whole = submit(whole, whole.pupils, "R27-AAAA-AAAA", SAVED)
    changed = whole.with_household(replace(WHOLE, payer="M. Rossignol"), SAVED)
    leaves = changed.with_pupil(replace(first, draft=LEAVES, sent=sent_answers(STAYS)), NOW)

    assert [household_waits(enrolment, PUPILS) for enrolment in (NEW, whole, changed, leaves)] == [
        False,
        False,
        True,
        False,
    ]
    assert [(step.kind, step.is_done, step.state) for step in steps(changed, PUPILS, ())] == [
        ("household", True, "changed"),
        ("pupil", True, "submitted"),
        ("pupil", True, "leaving"),
        ("summary", False, "none"),
    ]


def test_the_next_step_is_the_first_that_is_not_done() -> None:
    begun = with_pupils(PupilFile("a1", "Zélie", STAYS, SAVED))

    awaited = next_step(steps(begun, PUPILS, ()))

    assert awaited is not None
    assert (awaited.kind, awaited.key) == ("pupil", "b2")
