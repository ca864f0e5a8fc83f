"""The data held on re-enrolments and their uploads, for the family that asks: as data, and as text."""

from collections.abc import Iterator, Mapping
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
from chalicelib.presentation.texts import Words, answer_lines, day, day_and_hour, school_year, size


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


_MARKS: Final[dict[Mark, str]] = Words(absent="absence", late="retard", excused="absence excusée")


def lesson_lines(data: LessonData, account: Account) -> Iterator[str]:
    """Write it as lines to read: pupils by their names, courses by their disciplines, as far as the file has them."""
    for announcement in data.absences:
        absence = announcement.held
        why = f" : « {absence.why} »" if absence.why else ""
        by = f", par {absence.by}" if absence.by else ""
        yield f"{_about(announcement, account)} : absence annoncée le {day_and_hour(absence.at)}{by}{why}"
    for pupil_mark in data.marks:
        mark = pupil_mark.held
        yield f"{_about(pupil_mark, account)} : {_MARKS[mark.mark]}, notée le {day_and_hour(mark.since)}"
    for missed_lesson in data.unexcused:
        yield f"{_about(missed_lesson, account, missed_lesson.held.discipline)} : absence comptée comme non excusée"
    for assessment_of_pupil in data.assessments:
        ref, assessment = assessment_of_pupil.ref, assessment_of_pupil.assessment
        title, course = f"{assessment.title} {school_year(ref.year)}", f"{assessment.discipline}, {assessment.teacher}"
        about = f"{_name(assessment_of_pupil.pupil, account)}, {title}, {course}"
        yield f"{about} : appréciation écrite le {day_and_hour(assessment.at)} : « {assessment.text} »"
    for calendar in data.calendars:
        by = f", par {calendar.by}" if calendar.by else ""
        yield f"{_name(calendar.pupil.key, account)} : agenda, son adresse créée {moment(calendar.at)}{by} ({WITHHELD})"


def _about(lesson: HeldLesson[Any], account: Account, discipline: str = "un cours qui n'est plus au dossier") -> str:
    course = courses_of(account, lesson.pupil).get(lesson.course)
    discipline = course.discipline if course else discipline
    return f"{_name(lesson.pupil, account)}, {discipline}, {day(lesson.day)}"


def _name(pupil: str, account: Account) -> str:
    pupil_on_file = account.household.pupils_by_key.get(pupil)
    return pupil_on_file.name if pupil_on_file else "un élève qui n'est plus au dossier"


def enrolment_lines(enrolment: Enrolment, titles: Titles) -> Iterator[str]:
    """Write a re-enrolment as lines to read."""
    season, names = school_year(enrolment.ref.season), {file.key: file.name for file in enrolment.pupils}
    if enrolment.started_at:
        yield f"{season} : commencée le {day_and_hour(enrolment.started_at)}"
    if enrolment.household_saved:
        answers, saved_by = _answers(enrolment.household), enrolment.household_saved
        unsent = enrolments.household_unsent(enrolment)
        waits = f" ; modifié depuis l'envoi, pas renvoyé : {unsent}" if unsent else ""
        yield f"{season}, le foyer : {answers}{waits} (le {day_and_hour(saved_by.at)}, par {saved_by.by})"
    yield from (f"{season}, {_pupil(pupil)}" for pupil in enrolment.pupils)
    yield from (f"{season}, {document_line(document, names, titles)}" for document in enrolment.provided)
    for receipt in enrolment.receipts:
        yield from (f"{season}, {line}" for line in _receipt(receipt, titles))


def _answers(answers: HouseholdAnswers | PupilAnswers) -> str:
    return " ; ".join(f"{name} : {answer}" for name, answer in answer_lines(answers).items())


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


def document_line(document: ProvidedDocument, names: Mapping[str, str], titles: Titles) -> str:
    """Describe how a document was provided. `names`: of pupils, by their keys."""
    saved_by, title = document.saved, _document(document.code, document.owner, names, titles)
    return f"pièce {title} : {enrolments.provided_how(document)} (le {day_and_hour(saved_by.at)}, par {saved_by.by})"


def _document(code: str, owner: str, names: Mapping[str, str], titles: Titles) -> str:
    return f"« {titles.document(code)} »" + (f" ({names[owner]})" if owner in names else "")


def _receipt(receipt: Receipt, titles: Titles) -> Iterator[str]:
    """Write a receipt, then all answers sent with it: later ones may have replaced them."""
    about = f"reçu {receipt.number}"
    yield f"{about} du {day_and_hour(receipt.at)}, par {receipt.by}"
    yield f"{about}, le foyer : {_answers(receipt.household)}"
    for _, name, answers in receipt.pupils:
        yield f"{about}, {name} : {' ; '.join(filter(None, (enrolments.answers(answers), _answers(answers))))}"
    names = {key: name for key, name, _ in receipt.pupils}
    yield from (f"{about}, {document_line(document, names, titles)}" for document in receipt.provided)


def upload_line(file: UploadedFile, names: Mapping[str, str], titles: Titles) -> str:
    """Describe an uploaded file in one line."""
    title, season = _document(*slot_of(file.key), names, titles), school_year(season_of(file.key))
    return f"{title}, {season} : {size(file.size)}, le {day_and_hour(file.at)}"
