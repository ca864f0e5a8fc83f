"""The edge of the teachers' pages. Only the teacher's own courses and pupils of today exist there."""

from dataclasses import replace
from typing import Final

from chalicelib.domain import fields
from chalicelib.domain.family.households import PupilRef
from chalicelib.domain.refusals import NotLoggedIn, NotThere
from chalicelib.domain.staff.members import Right
from chalicelib.presentation.texts import sentence
from chalicelib.values import frozen
from chalicelib.web import responses
from chalicelib.web.edge import FormBlueprint as FormBlueprint  # noqa: PLC0414 - with the names of this kind of visitor
from chalicelib.web.office.edge import (
    STAFF,
    TEACHERS_DOOR,
    DeskDoor,
    DeskRequest,
    desk_page,
    identifier_from_part,
    part_of,
    sentences_in,
    to_door,
)
from chalicelib.web.requests import parts_of
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback, Response
from chalicelib.wings.teaching.domain.courses import TaughtPupil
from chalicelib.wings.teaching.flows.teacher.entry import OwnCourse, TeacherContext, enter

PUPILS_PAGE: Final = f"{TEACHERS_DOOR}/eleves"
COURSE_PATH: Final = f"{TEACHERS_DOOR}/cours/{{site}}/{{cours}}"
PUPIL_PATH: Final = f"{COURSE_PATH}/eleves/{{famille}}/{{eleve}}"


@frozen
class TeacherRequest(DeskRequest):
    """One request of a teacher: a `DeskRequest` with the courses taught today, and the one that the address names."""

    context: TeacherContext | None = None
    own_course: OwnCourse | None = None

    @property
    def teacher(self) -> TeacherContext:
        """The teacher of this request. Raises `NotLoggedIn`."""
        if self.context is None:
            raise NotLoggedIn
        return self.context

    @property
    def course(self) -> OwnCourse:
        """The course that the address names, by its `{site}` and `{cours}`. Raises `NotThere`."""
        if self.own_course is None:
            raise NotThere
        return self.own_course

    @property
    def pupil(self) -> TaughtPupil:
        """The course's pupil that the address names, by its `{famille}` and `{eleve}`. Raises `NotThere`."""
        ref = PupilRef(identifier_from_part(self.parts["famille"]), self.parts["eleve"])
        return self.course.pupil(ref)


@frozen
class TeacherDoor(DeskDoor[TeacherRequest]):
    """A door of teachers: it opens to their own courses and pupils."""

    def enter(self, request: TeacherRequest) -> TeacherRequest:
        """Find the teacher of the session, with their courses of today."""
        context = enter(request)
        return replace(request, inside=context.staff, context=context)

    def open(self, request: TeacherRequest, right: Right) -> TeacherRequest:  # noqa: ARG002 - a teacher's only
        """Open the page of an own course and pupil. Raises `NotThere` for another teacher's, as if it did not exist."""
        if "cours" in request.parts:
            request = replace(request, own_course=request.teacher.course(request.parts["site"], request.parts["cours"]))
        if "eleve" in request.parts:
            _ = request.pupil
        return request


def _refuse(request: TeacherRequest, path: str, refusal: Exception) -> Response:
    """Answer as the desk does. A page keeps a form that was sent, to send again after a login elsewhere."""
    if not isinstance(refusal, NotLoggedIn):
        return STAFF.refuse(request, path, refusal)
    if form := _carried(request):
        return responses.page(
            request.services,
            "teacher/session_over",
            feedback=FormFeedback(401, sentence("staff_session_over")),
            typed=sentences_in(request),
            carried=form,
            path=path,
        )
    return to_door(request, refusal, TEACHERS_DOOR)


TEACHER: Final = replace(
    STAFF,
    request=TeacherRequest,
    door=TeacherDoor,
    refuse=_refuse,
    most_fields=512,  # the roll of a large choir, as far as `BODY_BYTES` allows
)


def _carried(request: TeacherRequest) -> dict[str, str]:
    """Read a form of ours as it came, from a browser with a proven post or a session, with its member."""
    if not request.is_proven and request.token is None:
        return {}
    names = (name for name in request.form if name != "jeton" and fields.is_declared(name))
    whose, _ = parts_of(request.field("jeton"))
    values = {name: request.form[name] for name in names if fields.of(name).kind != "secret"}
    return values | {"jeton": f"{whose}."} if values else {}


def teacher_page(
    request: TeacherRequest, name: str, tab: str, *, feedback: FormFeedback = NO_FEEDBACK, **facts: object
) -> Response:
    """Render `teacher/NAME.html` for a teacher: with `teacher` besides the facts of `desk_page`."""
    return desk_page(
        request,
        name,
        tab,
        folder="teacher",
        feedback=feedback,
        teacher=request.teacher,
        path_of=course_path,
        pupil_path=pupil_path,
        **facts,
    )


def course_path(course: OwnCourse, *ending: str) -> str:
    """Write the address of a course's page, or of one below it."""
    return "/".join((COURSE_PATH.format(site=course.site.code, cours=course.key), *ending))


def pupil_path(course: OwnCourse, pupil: TaughtPupil, *ending: str) -> str:
    """Write the address of a pupil's page in a course, or of one below it."""
    return course_path(course, "eleves", part_of(pupil.ref.identifier), pupil.ref.key, *ending)
