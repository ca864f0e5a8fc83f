"""The data held on re-enrolments and their uploads, for the family that asks: as data, and as text."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, Final

from agency.rights.titles import Titles
from chalicelib.domain.account.accounts import Account
from chalicelib.domain.dossiers.documents import ProvidedDocument
from chalicelib.domain.dossiers.uploads import UploadedFile, season_of, slot_of
from chalicelib.domain.enrolment.answers import HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment, EnrolmentDecision, PupilFile, Receipt
from chalicelib.domain.teaching.courses import courses_of
from chalicelib.domain.teaching.opinions import Opinion
from chalicelib.domain.teaching.rolls import Mark
from chalicelib.office.rights.lessons import HeldLesson, LessonData
from chalicelib.presentation.office import enrolments
from chalicelib.presentation.office.accounts import WITHHELD, moment
from chalicelib.presentation.office.enrolments import LEANINGS
from chalicelib.presentation.texts import answer_lines, day, day_and_hour, school_year, size


def opinion_json(opinion: Opinion, account: Account) -> dict[str, Any]:
    """List an opinion. Its author is withheld."""
    return {
        "season": opinion.ref.season,
        "pupil": _personal_data_opinions_pupil(opinion, account) or opinion.ref.pupil.key,
        "discipline": opinion.discipline,
        "teacher": opinion.teacher,
        "opinion": opinion.said.leaning,
        "words": opinion.said.words,
        "at": opinion.at,
        "by": WITHHELD,
    }


def opinion_line(opinion: Opinion, account: Account) -> str:
    """Write an opinion as a line to read."""
    leaning = LEANINGS[opinion.said.leaning] if opinion.said.leaning else ""
    at = f" le {day_and_hour(opinion.at)}" if opinion.at else ""
    words = f" : « {opinion.said.words} »" if opinion.said.words else ""
    course = f"{opinion.discipline}, {opinion.teacher}"
    pupil = _personal_data_opinions_pupil(opinion, account) or "un élève qui n'est plus au dossier"
    return f"{school_year(opinion.ref.season)}, {pupil}, {course} : {leaning}{at}{words}"


def _personal_data_opinions_pupil(opinion: Opinion, account: Account) -> str:
    """Name the pupil, if it is still on file."""
    pupil = account.household.pupils_by_key.get(opinion.ref.pupil.key)
    return pupil.name if pupil else ""


_MARKS: Final[dict[Mark, str]] = {"absent": "absence", "late": "retard", "excused": "absence excusée"}


def lessons_json(data: LessonData) -> dict[str, Any]:
    """List the data of lessons, each field under its name."""
    return {
        "announced_absences": [
            {**_lesson(lesson), "at": absence.at, "by": absence.by, "why": absence.why}
            for lesson, absence in data.absences
        ],
        "marks": [{**_lesson(lesson), "mark": one.mark, "since": one.since} for lesson, one in data.marks],
        "unexcused_absences": [{**_lesson(lesson), "discipline": discipline} for lesson, discipline in data.unexcused],
        "assessments": [
            {
                "pupil": pupil,
                "school_year": ref.year,
                "period": ref.period,
                "course": ref.course,
                "title": one.title,
                "discipline": one.discipline,
                "teacher": one.teacher,
                "text": one.text,
                "at": one.at,
                "by": WITHHELD,
            }
            for pupil, ref, one in data.assessments
        ],
        "calendars": [
            {"pupil": one.pupil.key, "by": one.by, "at": one.at, "address": WITHHELD} for one in data.calendars
        ],
    }


def _lesson(lesson: HeldLesson) -> dict[str, str]:
    return {"pupil": lesson.pupil, "course": lesson.course, "day": lesson.day.isoformat()}


def lesson_lines(data: LessonData, account: Account) -> Iterator[str]:
    """Write it as lines to read: pupils by their names, courses by their disciplines, as far as the file has them."""
    for lesson, absence in data.absences:
        why = f" : « {absence.why} »" if absence.why else ""
        by = f", par {absence.by}" if absence.by else ""
        yield f"{_about(lesson, account)} : absence annoncée le {day_and_hour(absence.at)}{by}{why}"
    for lesson, mark in data.marks:
        yield f"{_about(lesson, account)} : {_MARKS[mark.mark]}, notée le {day_and_hour(mark.since)}"
    for lesson, discipline in data.unexcused:
        yield f"{_about(lesson, account, discipline)} : absence comptée comme non excusée"
    for pupil, ref, assessment in data.assessments:
        title, course = f"{assessment.title} {school_year(ref.year)}", f"{assessment.discipline}, {assessment.teacher}"
        about = f"{_name(pupil, account)}, {title}, {course}"
        yield f"{about} : appréciation écrite le {day_and_hour(assessment.at)} : « {assessment.text} »"
    for calendar in data.calendars:
        by = f", par {calendar.by}" if calendar.by else ""
        yield f"{_name(calendar.pupil.key, account)} : agenda, son adresse créée {moment(calendar.at)}{by} ({WITHHELD})"


def _about(lesson: HeldLesson, account: Account, discipline: str = "un cours qui n'est plus au dossier") -> str:
    course = courses_of(account, lesson.pupil).get(lesson.course)
    discipline = course.discipline if course else discipline
    return f"{_name(lesson.pupil, account)}, {discipline}, {day(lesson.day)}"


def _name(pupil: str, account: Account) -> str:
    known = account.household.pupils_by_key.get(pupil)
    return known.name if known else "un élève qui n'est plus au dossier"


_OURS: Final = ("object_key", "etag", "size")  # of the copy, which is exported beside


def enrolment_json(enrolment: Enrolment) -> dict[str, Any]:
    """List a re-enrolment, each field under its name. The author of a decision is withheld."""
    data = asdict(enrolment)
    season = data.pop("ref")["season"]
    del data["item"]  # the same a second time, as the table has it
    for pupil in data["pupils"]:
        if pupil["sent"] and pupil["sent"]["decision"]:
            pupil["sent"]["decision"]["by"] = WITHHELD
    for provided in (data, *data["receipts"]):
        provided["provided"] = [without_key(document) for document in provided["provided"]]
    return {"season": season, **data}


def without_key(provided: dict[str, Any]) -> dict[str, Any]:
    """Replace the place of a document's copy by whether it was uploaded."""
    return {name: value for name, value in provided.items() if name not in _OURS} | {
        "uploaded": bool(provided["object_key"])
    }


def upload_json(stored: UploadedFile) -> dict[str, Any]:
    """Describe an uploaded file, whose copy is exported beside."""
    code, owner = slot_of(stored.key)
    return {"season": season_of(stored.key), "code": code, "owner": owner, "at": stored.at, "bytes": stored.size}


def enrolment_lines(enrolment: Enrolment, titles: Titles) -> Iterator[str]:
    """Write a re-enrolment as lines to read."""
    season, names = school_year(enrolment.ref.season), {file.key: file.name for file in enrolment.pupils}
    if enrolment.started_at:
        yield f"{season} : commencée le {day_and_hour(enrolment.started_at)}"
    if enrolment.household_saved:
        answers, saved = _answers(enrolment.household), enrolment.household_saved
        unsent = enrolments.household_unsent(enrolment)
        waits = f" ; modifié depuis l'envoi, pas renvoyé : {unsent}" if unsent else ""
        yield f"{season}, le foyer : {answers}{waits} (le {day_and_hour(saved.at)}, par {saved.by})"
    yield from (f"{season}, {_pupil(pupil)}" for pupil in enrolment.pupils)
    yield from (f"{season}, {document_line(document, names, titles)}" for document in enrolment.provided)
    for receipt in enrolment.receipts:
        yield from (f"{season}, {line}" for line in _receipt(receipt, titles))


def _answers(given: HouseholdAnswers | PupilAnswers) -> str:
    return " ; ".join(f"{name} : {answer}" for name, answer in answer_lines(given).items())


def _pupil(file: PupilFile) -> str:
    parts = [enrolments.pupil_answers(file)]
    parts += [_answers(file.answers)] if file.answers else []
    parts += [f"envoyé le {day_and_hour(file.sent.at)} (reçu {file.sent.receipt})"] if file.sent else []
    parts += [_decision(file.sent.decision)] if file.sent and file.sent.decision else []
    parts += [f"enregistré le {day_and_hour(file.saved.at)}, par {file.saved.by}"] if file.saved else []
    return f"{file.name} : {' ; '.join(filter(None, parts))}"


def _decision(decision: EnrolmentDecision) -> str:
    reason = f" : « {decision.words} »" if decision.words else ""
    return f"{enrolments.VERDICTS.get(decision.verdict, decision.verdict)} le {day_and_hour(decision.at)}{reason}"


def document_line(provided: ProvidedDocument, names: Mapping[str, str], titles: Titles) -> str:
    """Describe how a document was provided. `names`: of pupils, by their keys."""
    saved, title = provided.saved, _document(provided.code, provided.owner, names, titles)
    return f"pièce {title} : {enrolments.provided_how(provided)} (le {day_and_hour(saved.at)}, par {saved.by})"


def _document(code: str, owner: str, names: Mapping[str, str], titles: Titles) -> str:
    return f"« {titles.document(code)} »" + (f" ({names[owner]})" if owner in names else "")


def _receipt(receipt: Receipt, titles: Titles) -> Iterator[str]:
    """Write a receipt, then all answers sent with it: later ones may have replaced them."""
    about = f"reçu {receipt.number}"
    yield f"{about} du {day_and_hour(receipt.at)}, par {receipt.by}"
    yield f"{about}, le foyer : {_answers(receipt.household)}"
    for _, name, sent in receipt.pupils:
        yield f"{about}, {name} : {' ; '.join(filter(None, (enrolments.answers(sent), _answers(sent))))}"
    names = {key: name for key, name, _ in receipt.pupils}
    yield from (f"{about}, {document_line(document, names, titles)}" for document in receipt.provided)


def upload_line(stored: UploadedFile, names: Mapping[str, str], titles: Titles) -> str:
    """Describe an uploaded file in one line."""
    title, season = _document(*slot_of(stored.key), names, titles), school_year(season_of(stored.key))
    return f"{title}, {season} : {size(stored.size)}, le {day_and_hour(stored.at)}"
