"""The form that cancels a lesson, on a teacher's page and on the office's."""

from collections.abc import Callable
from typing import Final

from chalice.app import Response

from chalicelib.domain.refusals import FormRefusal
from chalicelib.flows.teacher.cancel import Cancellable, TypedCancellation, cancel
from chalicelib.presentation import texts
from chalicelib.values import frozen
from chalicelib.web.feedback import feedback_on
from chalicelib.web.office.edge import StaffRequest, desk_page, redirect
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback

ENDING: Final = "annuler"


@frozen
class CancelForm:
    """Where it is: its own address, the course's page that it leads back to, the tab; `hint`: a teacher's key."""

    path: str
    back: str
    tab: str
    hint: str = ""


def cancel_page(
    request: StaffRequest, form: CancelForm, found: Cancellable, feedback: FormFeedback = NO_FEEDBACK
) -> Response:
    """Show the lessons to come, and the form that cancels one."""
    return desk_page(
        request,
        "cancel_form",
        form.tab,
        feedback=feedback,
        information=texts.sentence("lesson_cancelled") if request.query.get("fait") else None,
        form=form,
        found=found,
        typed={name: request.field(name) for name in ("jour", "annulation", "accord")},
    )


def take_cancellation(request: StaffRequest, form: CancelForm, find: Callable[[], Cancellable]) -> Response:
    """Cancel a lesson, or show the form again with what is so now."""
    member = request.staff.member
    typed = TypedCancellation(
        request.field("jour"), request.field("annulation"), bool(request.field("accord")), member.known_as
    )
    try:
        request.check_lengths()
        cancel(request.services, find(), typed, request.client, request.now)
    except FormRefusal as refusal:
        return cancel_page(request, form, find(), feedback_on(refusal, request))
    return redirect(request.services, f"{form.path}?fait=annule")
