"""The re-enrolments as rows for the school's software, one for each pupil and course: see docs/enrolments-export.md."""

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from datetime import date, datetime
from itertools import chain
from typing import Final

from chalicelib.domain.account.audit import AuditEntry, Author
from chalicelib.domain.enrolment.answers import (
    DAYS_AT_MOST,
    HOUSEHOLD_FIELDS,
    PUPIL_FIELDS,
    CourseWish,
    FormField,
    pair_with_wishes,
)
from chalicelib.domain.enrolment.enrolments import FOYER, Enrolment, SentAnswers
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.domain.family.households import Course
from chalicelib.office.account import check_author
from chalicelib.office.csv_writer import row_writer
from chalicelib.office.enrolment import labels
from chalicelib.office.enrolment.reenrolments import EnrolledPupil, PupilQuery, pupils
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.texts import answer, field_words
from chalicelib.services.family import Services
from chalicelib.values import frozen

Cell = str | date | datetime | None
Row = tuple[Cell, ...]

# « Souhait »: whether the pupil stays. Questions to those who stay are in the columns where the household was first
# asked.
_PUPIL_FIELDS: Final = tuple(field for field in PUPIL_FIELDS if field.attribute != "stays" and not field.of_who_stays)
_STAYING_FIELDS: Final = tuple(field for field in PUPIL_FIELDS if field.of_who_stays)
_PAYER, *_HOUSEHOLD_FIELDS = (field for field in HOUSEHOLD_FIELDS if field.is_exported and field.is_required)
# The optional columns come last: a column that a later version adds moves no other.
_OPTIONAL_FIELDS: Final = tuple(field for field in HOUSEHOLD_FIELDS if field.is_exported and not field.is_required)


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
)
_GONE: Final = "partie"
_LEAVES: Final = "part"
_CHOICES: Final = {"keep": "continue", "change": "change", "stop": "arrête", "add": "ajoute"}


def rows(services: Services, query: PupilQuery, now: datetime) -> Iterator[Row]:
    """Build a row for each course of each matching pupil, one for a pupil without courses. Raises `OfficeRefusal`."""
    for pupil in pupils(services, query, now):
        yield from _rows(pupil)


def _rows(pupil: EnrolledPupil) -> Iterator[Row]:
    """Build the rows of the sent answers. An unsent draft has no wishes."""
    sent = pupil.file.sent
    first, last = _pupil_cells(pupil), (*_sending_cells(pupil), *_household_cells(pupil), _gone_cell(pupil))
    wishes = sent.answers.wishes if sent else ()
    if sent and sent.answers.stays is False:  # no further cells
        wishes = tuple(wish for wish in wishes if not wish.is_added)
    pairs = pair_with_wishes(pupil.pupil.courses, wishes) or ((Course(""), None),)
    for course, wish in pairs:
        yield (*first, course.discipline, course.level, *_wish_cells(sent, wish), *last)


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


def _gone_cell(pupil: EnrolledPupil) -> str:
    return _GONE if pupil.family.account.gone_at else ""


def _wish_cells(sent: SentAnswers | None, wish: CourseWish | None) -> Row:
    """Describe the wish for a course. A leaving pupil leaves all courses, regardless of its wishes.

    An added discipline is a row without a discipline of this year.
    """
    nothing = ("",) * (1 + DAYS_AT_MOST)
    if sent and sent.answers.stays is False:
        return (_LEAVES, *nothing)
    if wish is None:
        return ("", *nothing)
    days = (*wish.days, *nothing)[:DAYS_AT_MOST]
    wanted = wish.discipline if wish.is_added else wish.wanted
    return (_CHOICES.get(wish.choice, wish.choice), wanted, *days)


def _sending_cells(pupil: EnrolledPupil) -> Row:
    sent, state = pupil.file.sent, labels.STATES[pupil.file.state]
    if sent is None:
        return (*("" for _ in _PUPIL_FIELDS), state, *(None,) * 5)
    decision = sent.decision
    decided = (
        (labels.VERDICTS.get(decision.verdict, decision.verdict), _paris(decision.at), decision.words)
        if decision
        else (None,) * 3
    )
    answers = (answer(sent.answers, field) for field in _PUPIL_FIELDS)
    return (*answers, state, sent.receipt, _paris(sent.at), *decided)


def _household_cells(pupil: EnrolledPupil) -> Row:
    """List the household's answers as last sent, with this pupil or later, and the documents' current status."""
    enrolment, sent = pupil.family.enrolment, pupil.file.sent
    given = enrolment.sent_household if sent else None
    payer, answers, others = (
        [answer(given, field) if given else None for field in some]
        for some in ((_PAYER,), _HOUSEHOLD_FIELDS, _OPTIONAL_FIELDS)
    )
    own = (answer(sent.answers, field) if sent and sent.answers.stays else None for field in _STAYING_FIELDS)
    return (*payer, *own, *answers, _documents(enrolment, pupil.file.key), *others)


def _documents(enrolment: Enrolment, key: str) -> str:
    own = (document for document in enrolment.provided if document.owner in {key, FOYER})
    return " ; ".join(f"{document.code} ({'en ligne' if document.object_key else 'sur papier'})" for document in own)


def _paris(moment: datetime) -> datetime:
    return moment.astimezone(PARIS)


# A function answers 6 MB at most, as JSON (AWS Lambda, « Quotas »), so escapes are counted.
LARGEST: Final = 5_500_000
_MARK: Final = "\ufeff"  # the mark by which a spreadsheet recognises UTF-8
EXPORT_TRAIL: Final = "export"  # in the audit trail, in place of an account's pseudonym


@frozen
class CsvFile:
    """A file's text, and its number of rows without the headings."""

    text: str = field(repr=False)
    rows: int


def enrolments_csv(
    services: Services, queries: Sequence[PupilQuery], author: Author, now: datetime, largest: int = LARGEST
) -> CsvFile:
    """Write the rows of some queries, each of one site. The export is audited before. Raises `OfficeRefusal`."""
    check_author(author)
    for query in queries:
        services.audit_trail.add(AuditEntry("exported", query.site or "*", EXPORT_TRAIL, author, now))
    return _write(chain.from_iterable(rows(services, query, now) for query in queries), largest)


def _write(cells: Iterable[Sequence[object]], largest: int) -> CsvFile:
    text, size, count = [_MARK], 0, 0
    for count, line in enumerate(_lines(cells)):
        size += len(json.dumps(line))
        if size > largest:
            raise OfficeRefusal("export_too_large", rows=count - 1)
        text.append(line)
    return CsvFile("".join(text), count)


def _lines(cells: Iterable[Sequence[object]]) -> Iterator[str]:
    buffer = io.StringIO(newline="")
    write = row_writer(buffer)
    for row in chain([HEADINGS], cells):
        write(row)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
