"""What teaching holds of a family, for the family that asks: as data, and as text. Who wrote it is withheld."""

from collections.abc import Iterator
from typing import Any, Final

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.teaching.courses import courses_of
from chalicelib.domain.teaching.rolls import Mark
from chalicelib.office.helpdesk.account_text import WITHHELD, moment
from chalicelib.office.rights.lessons import HeldLesson, LessonData
from chalicelib.presentation.texts import day, day_and_hour, school_year

_MARKS: Final[dict[Mark, str]] = {"absent": "absence", "late": "retard", "excused": "absence excusée"}


def lessons_json(data: LessonData) -> dict[str, Any]:
    """List it, each field under its name."""
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
    for pupil, ref, one in data.assessments:
        about = f"{_name(pupil, account)}, {one.title} {school_year(ref.year)}, {one.discipline}, {one.teacher}"
        yield f"{about} : appréciation écrite le {day_and_hour(one.at)} : « {one.text} »"
    for calendar in data.calendars:
        by = f", par {calendar.by}" if calendar.by else ""
        yield f"{_name(calendar.pupil.key, account)} : agenda, son adresse créée {moment(calendar.at)}{by} ({WITHHELD})"


def _about(lesson: HeldLesson, account: Account, discipline: str = "un cours qui n'est plus au dossier") -> str:
    course = courses_of(account, lesson.pupil).get(lesson.course)
    discipline = course.discipline if course else discipline
    return f"{_name(lesson.pupil, account)}, {discipline}, {day(lesson.day)}"


def _name(pupil: str, account: Account) -> str:
    found = account.household.pupils_by_key.get(pupil)
    return found.name if found else "un élève qui n'est plus au dossier"
