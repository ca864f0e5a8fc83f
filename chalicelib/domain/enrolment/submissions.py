"""Sending a re-enrolment: one or several pupils under one receipt."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, Literal, TypeVar

from chalicelib.domain.account.rate_limits import SENDINGS_OF_FAMILY
from chalicelib.domain.dossiers.documents import SavedBy
from chalicelib.domain.enrolment.answers import (
    HOUSEHOLD_FIELDS,
    PUPIL_FIELDS,
    CourseWish,
    FormField,
    HouseholdAnswers,
    PupilAnswers,
)
from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile, Receipt, SentAnswers
from chalicelib.domain.family.households import Pupil
from chalicelib.domain.refusals import FormRefusal, SlowedDown
from chalicelib.values import frozen

Given = Mapping[str, Any]  # a form's answers, by attribute
Kept = Literal["", "form", "file"]  # which of two conflicting answers a form chooses
Answers = TypeVar("Answers", HouseholdAnswers, PupilAnswers)

# The questions that may remain beside kept answers. Whether a pupil stays is asked at its own step.
PUPIL_QUESTIONS: Final = tuple(field for field in PUPIL_FIELDS if field.is_required and field.attribute != "stays")
HOUSEHOLD_QUESTIONS: Final = tuple(field for field in HOUSEHOLD_FIELDS if field.is_required and field.kind != "tick")
TICKS: Final = tuple(field for field in HOUSEHOLD_FIELDS if field.is_required and field.kind == "tick")
_ASKED: Final = frozenset(field.name for field in PUPIL_QUESTIONS)


class SubmissionsSlowedDown(SlowedDown):
    """Too many receipts in a short time. Saved answers stay, and may be sent from `until`."""

    code = "sendings_slowed_down"


class ReceiptsUsedUp(FormRefusal):
    """The season's maximum of receipts is reached. Saved answers stay, and the family has to call the office."""

    code = "receipts_used_up"


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


def kept_pupil_answers(file: PupilFile, pupil: Pupil, *, image_rights: bool | None = None) -> PupilAnswers:
    """Return the answers that apply to a pupil: this season's, or else to stay with each of its courses.

    `image_rights`: its standing consent.
    """
    wishes = tuple(CourseWish(course.discipline, "keep") for course in pupil.courses)
    answers = file.answers or PupilAnswers(stays=True, wishes=wishes)
    return answers.with_image_rights(standing=image_rights) if answers.stays else answers


def kept_household_answers(enrolment: Enrolment, last: Enrolment, payer: str) -> HouseholdAnswers:
    """Return the answers that apply to the household: this season's, or else the typed ones sent the year before.

    `payer`: the proposed payer. Ticks and choices have to be made again each year.
    """
    if enrolment.household_saved:
        return enrolment.household
    household = last.sent_household or HouseholdAnswers()
    typed_answers = {
        field.attribute: getattr(household, field.attribute) for field in HOUSEHOLD_FIELDS if field.is_typed
    }
    return HouseholdAnswers(**typed_answers | {"payer": payer})


def questions(answers: HouseholdAnswers | PupilAnswers, fields: Iterable[FormField]) -> tuple[FormField, ...]:
    """List the fields without an answer."""
    return tuple(field for field in fields if field.name in answers.lacking)


def is_sent_along(file: PupilFile, answers: PupilAnswers) -> bool:
    """Whether a pupil is sent with their kept answers: open, with unsent ones, and no question left outside this page.

    One that the office sent back is not: the family has to complete it first.
    """
    return file.state in {"none", "draft", "changed"} and _ASKED.issuperset(answers.lacking)


def is_changeable(file: PupilFile) -> bool:
    """Whether a page may send changed answers of a pupil: the office has neither decided nor sent it back."""
    return file.verdict is None


def blank(answers: Answers, attributes: Iterable[str]) -> Answers:
    """Reset some answers, for a page that asks for them."""
    unset = type(answers)()
    return replace(answers, **{attribute: getattr(unset, attribute) for attribute in attributes})


def contradicts(new: Given, old: HouseholdAnswers | PupilAnswers, fields: Iterable[FormField]) -> bool:
    """Whether a form contradicts an answer saved concurrently."""
    old_values = {field.attribute: getattr(old, field.attribute) for field in fields if field.attribute in new}
    answered_fields = {field.attribute for field in fields if field.is_answered(old_values.get(field.attribute))}
    return any(old_values[attribute] != new[attribute] for attribute in answered_fields & old_values.keys())


MOST_RECEIPTS: Final = 20  # of a family in a season
# Without 0 and O, 1, I and L. Without vowels, so that no word appears. Letters that sound alike in French are
# distinguished by reading each group of four twice.
_ALPHABET: Final = "23456789BCDFGHJKMNPQRSTVWXZ"
_GROUP: Final = 4


def new_number(season: str, letter: str = "R") -> str:
    """Make a receipt's number, as « R27-K4TN-8WCB »: unambiguous aloud, and hard to guess (38 bits)."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(2))
    return "-".join((f"{letter}{season[-2:]}", *groups))


def number_from(text: str) -> str:
    """Normalise a typed number: case, blanks and dashes do not matter."""
    bare = "".join(character for character in text.upper() if character.isalnum())
    return "-".join((bare[:3], bare[3:7], bare[7:]))


def sendable(enrolment: Enrolment, keys: Iterable[str]) -> tuple[PupilFile, ...]:
    """List the pupils that may be sent, in order: open, new or sent back, and complete."""
    files = map(enrolment.pupil, keys)
    return tuple(file for file in files if file and is_waiting(file) and file.is_answered)


def is_waiting(pupil: PupilFile) -> bool:
    """Whether a pupil has answers to send: new, changed, or sent back by the office."""
    return pupil.state in {"draft", "changed", "to_complete"}


def check_rate(enrolment: Enrolment, now: datetime) -> None:
    """Refuse a further receipt if the family has too many. Raises `ReceiptsUsedUp` or `SubmissionsSlowedDown`."""
    if len(enrolment.receipts) >= MOST_RECEIPTS:
        raise ReceiptsUsedUp
    until = SENDINGS_OF_FAMILY.waits_until(tuple(receipt.at for receipt in enrolment.receipts), now)
    if until is not None:
        raise SubmissionsSlowedDown(until)


def submit(
    enrolment: Enrolment, files: tuple[PupilFile, ...], number: str, saved_by: SavedBy, *, with_household: bool = False
) -> Enrolment:
    """Send some pupils under one receipt, or none, with the household's current answers and documents.

    `with_household`: its answers have changed, and are sent even if none of these pupils stays.
    """
    receipt = Receipt(
        number=number,
        at=saved_by.at,
        by=saved_by.by,
        household=enrolment.household,
        pupils=tuple((pupil.key, pupil.name, pupil.answers) for pupil in files if pupil.answers),
        provided=enrolment.provided,
        with_household=with_household,
        place=len(enrolment.receipts),
    )
    keys = {pupil.key for pupil in files}
    pupils = tuple(_submit_pupil(pupil, receipt) if pupil.key in keys else pupil for pupil in enrolment.pupils)
    return replace(enrolment, pupils=pupils, receipts=(*enrolment.receipts, receipt))


def _submit_pupil(pupil: PupilFile, receipt: Receipt) -> PupilFile:
    answers = pupil.answers
    return replace(pupil, draft=None, sent=SentAnswers(answers, receipt.number, receipt.at)) if answers else pupil
