"""Sending without changes: the answers kept for a family, and the questions still unanswered."""

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

Given = Mapping[str, Any]  # a form's answers, by attribute
Kept = Literal["", "mine", "theirs"]  # which of two conflicting answers a form chooses
Answers = TypeVar("Answers", HouseholdAnswers, PupilAnswers)

# The questions that may remain beside kept answers. Whether a pupil stays is asked at its own step.
PUPIL_QUESTIONS: Final = tuple(field for field in PUPIL_FIELDS if field.is_required and field.attribute != "stays")
HOUSEHOLD_QUESTIONS: Final = tuple(field for field in HOUSEHOLD_FIELDS if field.is_required and field.kind != "tick")
TICKS: Final = tuple(field for field in HOUSEHOLD_FIELDS if field.is_required and field.kind == "tick")
_ASKED: Final = frozenset(field.name for field in PUPIL_QUESTIONS)


@frozen
class FamilyAnswers:
    """The answers of a household, and of its pupils by key."""

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
    """Return the answers that apply to a pupil: this season's, or else to stay with each of its courses.

    `image_rights`: its standing consent.
    """
    wishes = tuple(CourseWish(course.discipline, "keep") for course in pupil.courses)
    answers = file.answers or PupilAnswers(stays=True, wishes=wishes)
    return answers.with_image_rights(standing=image_rights) if answers.stays else answers


def kept_of_household(enrolment: Enrolment, last: Enrolment, payer: str) -> HouseholdAnswers:
    """Return the answers that apply to the household: this season's, or else the typed ones sent the year before.

    `payer`: the proposed payer. Ticks and choices have to be made again each year.
    """
    if enrolment.household_saved:
        return enrolment.household
    sent = last.sent_household or HouseholdAnswers()
    typed = {field.attribute: getattr(sent, field.attribute) for field in HOUSEHOLD_FIELDS if field.is_typed}
    return HouseholdAnswers(**typed | {"payer": payer})


def questions(answers: HouseholdAnswers | PupilAnswers, fields: Iterable[FormField]) -> tuple[FormField, ...]:
    """List the fields without an answer."""
    return tuple(field for field in fields if field.name in answers.lacking)


def goes_along(file: PupilFile, answers: PupilAnswers) -> bool:
    """Whether a pupil is sent with its kept answers: open, with unsent ones, and no question left outside this page.

    One that the office sent back is not: the family has to complete it first.
    """
    return file.state in {"none", "draft", "changed"} and _ASKED.issuperset(answers.lacking)


def may_be_answered_otherwise(file: PupilFile) -> bool:
    """Whether a page may send changed answers of a pupil: the office has neither decided nor sent it back."""
    return file.verdict is None


def blank(answers: Answers, attributes: Iterable[str]) -> Answers:
    """Reset some answers, for a page that asks for them."""
    unset = type(answers)()
    return replace(answers, **{attribute: getattr(unset, attribute) for attribute in attributes})


def contradicts(given: Given, kept: HouseholdAnswers | PupilAnswers, fields: Iterable[FormField]) -> bool:
    """Whether a form contradicts an answer saved concurrently."""
    own = {field.attribute: getattr(kept, field.attribute) for field in fields if field.attribute in given}
    answered = {field.attribute for field in fields if field.is_answered(own.get(field.attribute))}
    return any(own[attribute] != given[attribute] for attribute in answered & own.keys())
