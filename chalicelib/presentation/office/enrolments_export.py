"""The re-enrolments as rows for the school's software, one per pupil and course: see docs/enrolments-export.md."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from chalicelib.domain.dossiers.documents import FOYER
from chalicelib.domain.enrolment.answers import (
    DAYS_AT_MOST,
    HOUSEHOLD_FIELDS,
    PUPIL_FIELDS,
    CourseWish,
    FormField,
    pair_with_wishes,
)
from chalicelib.domain.enrolment.enrolments import Enrolment, SentAnswers
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.domain.family.households import Course
from chalicelib.presentation.office import enrolments
from chalicelib.presentation.papers import paper_text
from chalicelib.presentation.texts import Words, answer, field_words

if TYPE_CHECKING:
    from chalicelib.office.enrolment.reenrolments import EnrolledPupil

Cell = str | date | datetime | None
Row = tuple[Cell, ...]

# « Souhait » says who stays. What is asked of who stays stands where the household was asked it first.
_PUPIL_FIELDS: Final = tuple(field for field in PUPIL_FIELDS if field.attribute in {"reason", "remark"})
_STAYING_FIELDS: Final = tuple(field for field in PUPIL_FIELDS if field.attribute == "image_rights")
_PAYER, *_HOUSEHOLD_FIELDS = (field for field in HOUSEHOLD_FIELDS if field.is_exported and field.is_required)
# Optional columns come last: a column that a later version adds moves no other.
_OPTIONAL_FIELDS: Final = tuple(field for field in HOUSEHOLD_FIELDS if field.is_exported and not field.is_required)
_LATER_FIELDS: Final = tuple(
    field for field in PUPIL_FIELDS if field.attribute != "stays" and field not in _PUPIL_FIELDS + _STAYING_FIELDS
)


def _heading(field: FormField) -> str:
    return field_words(field).column or field_words(field).title


HEADINGS: Final = (
    *("Site", "Saison", "Identifiant", "Famille", "Élève", "Date de naissance", "Discipline", "Niveau"),
    *("Souhait", "Discipline souhaitée", *(f"Jour souhaité {place}" for place in range(1, DAYS_AT_MOST + 1))),
    *map(_heading, _PUPIL_FIELDS),
    *("État", "Reçu", "Envoyé le", "Décision", "Décidé le", "Texte de l'administration"),
    *map(_heading, (_PAYER, *_STAYING_FIELDS, *_HOUSEHOLD_FIELDS)),
    *("Pièces", *map(_heading, _OPTIONAL_FIELDS)),
    "Fichier annuel",
    *map(_heading, _LATER_FIELDS),
    "Saisie par",
)
_GONE: Final = "partie"
_LEAVES: Final = "part"
_CHOICES: Final = Words(keep="continue", change="change", stop="arrête", add="ajoute")


def rows_of(pupil: EnrolledPupil) -> Iterator[Row]:
    """Build a row for each course as sent, one for a pupil without courses. A draft asks for nothing."""
    pupil_answers = pupil.file.sent
    later = (answer(pupil_answers.answers, field) if pupil_answers else None for field in _LATER_FIELDS)
    first = _pupil_cells(pupil)
    departure = _GONE if pupil.family.account.gone_at else ""
    last = (*_sending_cells(pupil), *_household_cells(pupil), departure, *later, _origin(pupil))
    wishes = pupil_answers.answers.wishes if pupil_answers else ()
    if pupil_answers and pupil_answers.answers.stays is False:  # nothing more, then
        wishes = tuple(wish for wish in wishes if not wish.is_added)
    pairs = pair_with_wishes(pupil.pupil.courses, wishes) or ((Course(""), None),)
    for course, wish in pairs:
        yield (*first, course.discipline, course.level, *_wish_cells(pupil_answers, wish), *last)


def _pupil_cells(pupil: EnrolledPupil) -> Row:
    account = pupil.family.account
    return (
        account.ref.site,
        pupil.family.enrolment.ref.season,
        account.display_identifier or account.ref.identifier,
        account.name,
        pupil.file.name,
        pupil.pupil.born_on,
    )


def _wish_cells(pupil_answers: SentAnswers | None, wish: CourseWish | None) -> Row:
    """Describe the wish for a course. A leaving pupil leaves all courses, regardless of their wishes.

    An added discipline is a row without a discipline of this year.
    """
    nothing = ("",) * (1 + DAYS_AT_MOST)
    if pupil_answers and pupil_answers.answers.stays is False:
        return (_LEAVES, *nothing)
    if wish is None:
        return ("", *nothing)
    days = (*wish.days, *nothing)[:DAYS_AT_MOST]
    discipline = wish.discipline if wish.is_added else wish.wanted
    return (_CHOICES.get(wish.choice, wish.choice), discipline, *days)


def _sending_cells(pupil: EnrolledPupil) -> Row:
    pupil_answers, state = pupil.file.sent, enrolments.STATES[pupil.file.state]
    if pupil_answers is None:
        return (*("" for _ in _PUPIL_FIELDS), state, *(None,) * 5)
    decision = pupil_answers.decision
    decision_cells = (
        (enrolments.VERDICTS.get(decision.verdict, decision.verdict), _paris(decision.at), decision.words)
        if decision
        else (None,) * 3
    )
    answers = (answer(pupil_answers.answers, field) for field in _PUPIL_FIELDS)
    return (*answers, state, pupil_answers.receipt, _paris(pupil_answers.at), *decision_cells)


def _household_cells(pupil: EnrolledPupil) -> Row:
    """List the household's answers as last sent, with this pupil or later, and the documents' current status."""
    enrolment, pupil_answers = pupil.family.enrolment, pupil.file.sent
    household = enrolment.sent_household if pupil_answers else None
    payer, answers, other_cells = (
        [answer(household, field) if household else None for field in fields]
        for fields in ((_PAYER,), _HOUSEHOLD_FIELDS, _OPTIONAL_FIELDS)
    )
    pupil_cells = (
        answer(pupil_answers.answers, field) if pupil_answers and pupil_answers.answers.stays else None
        for field in _STAYING_FIELDS
    )
    return (*payer, *pupil_cells, *answers, _documents(enrolment, pupil.file.key), *other_cells)


def _documents(enrolment: Enrolment, key: str) -> str:
    documents = (document for document in enrolment.provided if document.owner in {key, FOYER})
    return " ; ".join(
        f"{document.code} ({'en ligne' if document.object_key else 'sur papier'})" for document in documents
    )


def _origin(pupil: EnrolledPupil) -> str:
    """Write where a pupil's sent answers come from: the family itself, or a paper or call that the office entered."""
    number = pupil.file.sent.receipt if pupil.file.sent else ""
    receipt = next((receipt for receipt in pupil.family.enrolment.receipts if receipt.number == number), None)
    if receipt is None:
        return ""
    return f"l'administration, {paper_text(receipt.paper)}" if receipt.paper else "la famille"


def _paris(moment: datetime) -> datetime:
    return moment.astimezone(PARIS)
