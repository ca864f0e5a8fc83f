"""What is sent where nothing changes: what is kept of a family's answers, and the questions that still lack one."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final, Literal, TypeVar

from chalicelib.domain.enrolment.answers import (
    HOUSEHOLD_FIELDS,
    PUPIL_FIELDS,
    CourseWish,
    HouseholdAnswers,
    PupilAnswers,
)
from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile
from chalicelib.domain.enrolment.form_fields import FormField
from chalicelib.domain.family.households import Pupil
from chalicelib.values import frozen

Given = Mapping[str, Any]  # what a form answers, by attribute, of what it asks
Kept = Literal["", "mine", "theirs"]  # of two answers to the same questions, the one that a form chooses
Answers = TypeVar("Answers", HouseholdAnswers, PupilAnswers)

# What may be asked beside what is kept; whether a pupil stays is a question of its own step.
PUPIL_QUESTIONS: Final = tuple(field for field in PUPIL_FIELDS if field.is_required and field.attribute != "stays")
HOUSEHOLD_QUESTIONS: Final = tuple(field for field in HOUSEHOLD_FIELDS if field.is_required and field.kind != "tick")
TICKS: Final = tuple(field for field in HOUSEHOLD_FIELDS if field.is_required and field.kind == "tick")
_ASKED: Final = frozenset(field.name for field in PUPIL_QUESTIONS)


@frozen
class FamilyAnswers:
    """The answers of a household, and of each of its pupils by key."""

    household: HouseholdAnswers
    pupils: Mapping[str, PupilAnswers]

    def filled_from(self, other: "FamilyAnswers", of_household: Iterable[FormField]) -> "FamilyAnswers":
        """Fill each unanswered question of the page from other answers."""
        pupils = {key: _fill(answers, other.pupils[key], PUPIL_QUESTIONS) for key, answers in self.pupils.items()}
        return FamilyAnswers(_fill(self.household, other.household, of_household), pupils)


def _fill(answers: Answers, other: Answers, fields: Iterable[FormField]) -> Answers:
    lacking = (field.attribute for field in questions(answers, fields))
    return replace(answers, **{attribute: getattr(other, attribute) for attribute in lacking})


def kept_of_pupil(file: PupilFile, pupil: Pupil, *, image_rights: bool | None = None) -> PupilAnswers:
    """Find the answers that hold for a pupil: those of this season; else it goes on with each of its courses.

    `image_rights`: what stands of its consent.
    """
    wishes = tuple(CourseWish(course.discipline, "keep") for course in pupil.courses)
    answers = file.answers or PupilAnswers(stays=True, wishes=wishes)
    return answers.with_image_rights(standing=image_rights) if answers.stays else answers


def kept_of_household(enrolment: Enrolment, last: Enrolment, payer: str) -> HouseholdAnswers:
    """Find the answers that hold for the household: those of this season; else what was typed and sent the year before.

    `payer`: who is proposed to pay. What is ticked or chosen is so anew each year.
    """
    if enrolment.household_saved:
        return enrolment.household
    sent = last.sent_household or HouseholdAnswers()
    typed = {field.attribute: getattr(sent, field.attribute) for field in HOUSEHOLD_FIELDS if field.is_typed}
    return HouseholdAnswers(**typed | {"payer": payer})


def questions(answers: HouseholdAnswers | PupilAnswers, fields: Iterable[FormField]) -> tuple[FormField, ...]:
    """List those of some fields that lack an answer."""
    return tuple(field for field in fields if field.name in answers.lacking)


def goes_along(file: PupilFile, answers: PupilAnswers) -> bool:
    """Whether a pupil is sent with what is kept of it: it is open, not sent as it is, and its step has no more to ask.

    One that the office sent back waits for what it was asked for.
    """
    return file.state in {"none", "draft", "changed"} and _ASKED.issuperset(answers.lacking)


def may_be_answered_otherwise(file: PupilFile) -> bool:
    """Whether a page may send other answers of a pupil: the office has neither decided on it nor sent it back."""
    return file.verdict is None


def blank(answers: Answers, attributes: Iterable[str]) -> Answers:
    """Take some answers out: what a page that asks for them shows."""
    unset = type(answers)()
    return replace(answers, **{attribute: getattr(unset, attribute) for attribute in attributes})


def contradicts(given: Given, kept: HouseholdAnswers | PupilAnswers, fields: Iterable[FormField]) -> bool:
    """Whether a form answers otherwise what somebody answered meanwhile."""
    own = {field.attribute: getattr(kept, field.attribute) for field in fields if field.attribute in given}
    answered = {field.attribute for field in fields if field.is_answered(own.get(field.attribute))}
    return any(own[attribute] != given[attribute] for attribute in answered & own.keys())
