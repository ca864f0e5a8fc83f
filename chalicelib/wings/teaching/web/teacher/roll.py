"""/extranet/enseignant/cours/{site}/{cours}/appel/{jour}: the roll of a lesson, on a telephone in a corridor."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter
from typing import Final

from chalicelib.domain.family.households import PupilRef
from chalicelib.domain.refusals import FormRefusal, NotThere
from chalicelib.presentation.texts import hour, sentence
from chalicelib.web.office.edge import part_of, redirect
from chalicelib.web.requests import BODY_BYTES
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback, Response, feedback_on
from chalicelib.wings.teaching.domain.rolls import Mark, RollMoved, RollPupilsChanged
from chalicelib.wings.teaching.domain.school_years import WEEKDAYS
from chalicelib.wings.teaching.flows.teacher.entry import TeacherContext
from chalicelib.wings.teaching.flows.teacher.roll import RollLesson, SentRoll, find_lesson, next_course, save_roll
from chalicelib.wings.teaching.web.teacher.edge import (
    COURSE_PATH,
    TEACHER,
    FormBlueprint,
    TeacherRequest,
    course_path,
    teacher_page,
)

routes = FormBlueprint(__name__, TEACHER)

ROLL_PATH: Final = f"{COURSE_PATH}/appel/{{jour}}"
MARKS: Final[Mapping[str, Mark | None]] = {"present": None, "absent": "absent", "retard": "late", "excuse": "excused"}
_MARK: Final = "marque-"  # then the pupil
_VALUE_BYTES: Final = len("=present&")  # the longest
_OTHER_BYTES: Final = 256  # for the form's other fields
# The browser keeps the page: without network, going back finds the chosen marks (docs/decisions/0080).
_KEPT: Final = {"Cache-Control": "private, no-cache"}


@routes.get(ROLL_PATH, right="teacher")
def show_roll(request: TeacherRequest) -> Response:
    """Show the pupils with their marks. Without a mark, a pupil is present."""
    return _page(request, _find(request), {}, NO_FEEDBACK)


@routes.post(ROLL_PATH, right="teacher")
def call_roll(request: TeacherRequest) -> Response:
    """Save the marks. If another teacher saved first, show their marks beside one's own."""
    lesson, marks = _find(request), _chosen(request)
    form = SentRoll(marks, request.field("vu"), request.client.request, request.now)
    try:
        request.check_lengths()
        _check_pupils(request, marks)
        save_roll(request.services, request.teacher, lesson, form)
    except FormRefusal as refusal:
        lesson = _find(request)
        return _page(request, lesson, marks, _feedback(request, lesson, refusal))
    return redirect(request.services, f"{_path(request)}?fait=appel")


def fields_of(pupils: Iterable[PupilRef]) -> dict[PupilRef, str]:
    """Name the field of each pupil's mark. In a form that would pass `BODY_BYTES`, a digest shortens each name."""
    names = {pupil: f"{_MARK}{part_of(pupil.identifier)}-{pupil.key}" for pupil in pupils}
    if sum(map(len, names.values())) + len(names) * _VALUE_BYTES <= BODY_BYTES - _OTHER_BYTES:
        return names
    return {pupil: f"{_MARK}{blake2b(name.encode(), digest_size=8).hexdigest()}" for pupil, name in names.items()}


def _chosen(request: TeacherRequest) -> dict[PupilRef, Mark | None]:
    """Read the marks of the pupils now in the course."""
    values = {ref: request.field(name) for ref, name in _fields(request).items()}
    return {ref: MARKS[value] for ref, value in values.items() if value in MARKS}


def _fields(request: TeacherRequest) -> dict[PupilRef, str]:
    return fields_of(pupil.ref for pupil in request.course.course.pupils)


def _check_pupils(request: TeacherRequest, marks: Mapping[PupilRef, Mark | None]) -> None:
    names = {name for name in request.form if name.startswith(_MARK)}
    if names != set(_fields(request).values()) or len(names) != len(marks):
        raise RollPupilsChanged


def _find(request: TeacherRequest) -> RollLesson:
    try:
        day = date.fromisoformat(request.parts["jour"])
    except ValueError:
        raise NotThere from None
    if day.isoformat() != request.parts["jour"]:  # the same day written otherwise
        raise NotThere
    return find_lesson(request.services, request.course, day, request.now)


def _path(request: TeacherRequest) -> str:
    return course_path(request.course, "appel", request.parts["jour"])


def _feedback(request: TeacherRequest, lesson: RollLesson, refusal: FormRefusal) -> FormFeedback:
    """Name the author of the roll saved first, with the hour."""
    roll = lesson.roll
    if not isinstance(refusal, RollMoved) or roll.saved_at is None:
        return feedback_on(refusal, request)
    return FormFeedback(422, sentence(refusal.code, who=name_of(roll.by), at=hour(roll.saved_at)))


def name_of(known_as: str) -> str:
    """Read the name of a member as proven, without the address."""
    return known_as.partition(" <")[0]


def _page(
    request: TeacherRequest, lesson: RollLesson, marks: Mapping[PupilRef, Mark | None], feedback: FormFeedback
) -> Response:
    roll = lesson.roll
    is_saved = request.query.get("fait") == "appel" and not marks
    information = sentence("roll_saved", at=hour(roll.saved_at)) if is_saved and roll.saved_at else None
    after = timedelta(minutes=request.services.settings.network.teaching.absence_minutes)
    return teacher_page(
        request,
        "roll",
        "week",
        feedback=replace(feedback, headers=_KEPT, information=information),
        lesson=lesson,
        own=lesson.course,
        weekday=WEEKDAYS[roll.ref.day.weekday()],
        marks={pupil.ref: marks.get(pupil.ref, lesson.mark_of(pupil.ref)) for pupil in lesson.course.course.pupils},
        chosen=marks,
        stored={ref: one.mark for ref, one in roll.marks.items()},
        choices=MARKS,
        names=_names(request.teacher, lesson),
        mails=_mails(lesson, after, request.now),
        fields=_fields(request),
        name_of=name_of,
        # Without network, a page that posts to its own address would be replaced in the history.
        action=_path(request) if request.is_unsafe else f"{_path(request)}?envoi=1",
        next_course=next_course(request.teacher, lesson),
    )


def _names(teacher: TeacherContext, lesson: RollLesson) -> dict[PupilRef, str]:
    """Name the pupils of a roll. One that left the course is named by another course of the teacher's, if any."""
    names = {pupil.ref: pupil.name for own in teacher.courses for pupil in own.course.pupils}
    return dict.fromkeys(lesson.leavers, "un élève qui a quitté ce cours") | names


def _mails(lesson: RollLesson, after: timedelta, now: datetime) -> dict[datetime, list[PupilRef]]:
    """List the pupils whose mails are still to be sent, by the minute."""
    ahead = sorted((due.replace(second=0, microsecond=0), ref.name, ref) for due, ref in lesson.mails_ahead(after, now))
    return {due: [ref for _, _, ref in some] for due, some in groupby(ahead, key=itemgetter(0))}
