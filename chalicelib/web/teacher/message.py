"""/extranet/enseignant/cours/{site}/{cours}/mot: a teacher's message to the families of a course."""

from datetime import timedelta
from typing import Final

from chalice.app import Response

from chalicelib.domain.refusals import FormRefusal
from chalicelib.domain.teaching.messages import new_form
from chalicelib.flows.teacher.message import MessageInput, view_message, write_message
from chalicelib.presentation import texts
from chalicelib.web.feedback import feedback_on
from chalicelib.web.office.edge import redirect
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback
from chalicelib.web.teacher.edge import COURSE_PATH, TeacherBlueprint, TeacherRequest, course_path, teacher_page

routes = TeacherBlueprint(__name__)

_PATH: Final = f"{COURSE_PATH}/mot"


@routes.get(_PATH, right="teacher")
def show_message(request: TeacherRequest) -> Response:
    """Show the form, and today's message."""
    return _page(request, new_form(request.now))


@routes.post(_PATH, right="teacher")
def send_message(request: TeacherRequest) -> Response:
    """Send a message. Idempotent for the same form."""
    typed = MessageInput(request.field("vu"), request.field("mot"), bool(request.field("accord")))
    try:
        request.check_lengths()
        write_message(request.services, request.teacher, request.course, typed, request.client, request.now)
    except FormRefusal as refusal:
        return _page(request, typed.key, feedback_on(refusal, request))
    return redirect(request.services, f"{course_path(request.course, 'mot')}?fait=envoye")


def _page(request: TeacherRequest, shown: str, feedback: FormFeedback = NO_FEEDBACK) -> Response:
    is_done = request.query.get("fait") == "envoye"
    return teacher_page(
        request,
        "message",
        "week",
        feedback=feedback,
        information=texts.sentence("words_sent") if is_done else None,
        own=request.course,
        view=view_message(request.services, request.teacher, request.course),
        shown=shown,
        again_on=request.teacher.day + timedelta(days=1),
        typed={"mot": request.field("mot"), "accord": request.field("accord")},
    )
