"""/extranet/bureau/absences: pupils absent three times unexcused, one absence excused, rolls never called."""

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from chalice.app import Response

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.refusals import FormRefusal, NotThere
from chalicelib.domain.teaching.courses import PupilRef
from chalicelib.domain.teaching.rolls import RollRef
from chalicelib.domain.teaching.school_years import today
from chalicelib.flows.teacher.cancel import Cancellable, CancellationInput, cancel
from chalicelib.office.teaching.recall import missing_of_week
from chalicelib.office.teaching.unexcused import AbsentPupil, MissedLesson, absent_of_family, excuse, often_absent
from chalicelib.presentation import texts
from chalicelib.values import frozen
from chalicelib.web.feedback import feedback_on
from chalicelib.web.office.edge import (
    DESK,
    DeskBlueprint,
    StaffRequest,
    desk_page,
    family_path,
    identifier_from_part,
    part_of,
    redirect,
)
from chalicelib.web.office.filters import ANY, BY_SITE, chosen_sites
from chalicelib.web.office.staff import check_reason
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback

ENDING: Final = "annuler"


@frozen
class CancelForm:
    """The page of a form: its own address, the course's page to go back to, the tab. `hint`: a teacher's key."""

    path: str
    back: str
    tab: str
    hint: str = ""


def cancel_page(
    request: StaffRequest, form: CancelForm, cancellable: Cancellable, feedback: FormFeedback = NO_FEEDBACK
) -> Response:
    """Show the lessons to come, and the form that cancels one."""
    return desk_page(
        request,
        "cancel_form",
        form.tab,
        feedback=feedback,
        information=texts.sentence("lesson_cancelled") if request.query.get("fait") else None,
        form=form,
        found=cancellable,
        typed={name: request.field(name) for name in ("jour", "annulation", "accord")},
    )


def take_cancellation(request: StaffRequest, form: CancelForm, find: Callable[[], Cancellable]) -> Response:
    """Cancel a lesson, or show the form again with the current lessons."""
    member = request.staff.member
    typed = CancellationInput(
        request.field("jour"), request.field("annulation"), bool(request.field("accord")), member.known_as
    )
    try:
        request.check_lengths()
        cancel(request.services, find(), typed, request.client, request.now)
    except FormRefusal as refusal:
        return cancel_page(request, form, find(), feedback_on(refusal, request))
    return redirect(request.services, f"{form.path}?fait=annule")


routes = DeskBlueprint(__name__)

ABSENCES_PAGE: Final = f"{DESK}/absences"
_DONE: Final = {
    "excusee": "L'absence est excusée : elle ne compte plus.",
    "rien": "Il n'y avait rien à changer : cette absence ne comptait plus.",
}
_LESSON: Final = re.compile(r"([0-9a-f]{16})\.(\d{4}-\d{2}-\d{2})", re.ASCII)


@routes.get(ABSENCES_PAGE, right="reader", filters=BY_SITE | {"famille": ANY})
def show_absences(request: StaffRequest) -> Response:
    """Show the pupils absent often and a week's rolls never called, or all the absences of a family."""
    site, part = request.query.get("site", ""), request.query.get("famille", "")
    return _page(request, family=AccountRef(site, identifier_from_part(part)) if part else None)


@routes.post(f"{ABSENCES_PAGE}/excuser", right="secretary")
def excuse_absence(request: StaffRequest) -> Response:
    """Excuse an absence afterwards."""
    ref, pupil = _roll(request), _pupil(request)
    try:
        request.check_lengths()
        check_reason(request)
    except FormRefusal as refusal:
        return _page(request, feedback_on(refusal, request), AccountRef(ref.site, pupil.identifier))
    author = request.staff.author(request.field("raison"))
    is_done = excuse(request.services, ref, pupil, author, request.now)
    return redirect(request.services, f"{ABSENCES_PAGE}?fait={'excusee' if is_done else 'rien'}")


def _roll(request: StaffRequest) -> RollRef:
    """Read the lesson of a form, at a site of the member's. Raises `NotThere`."""
    site, match = request.field("site"), _LESSON.fullmatch(request.field("jour"))
    if match is None or not request.staff.sees(site):
        raise NotThere
    try:
        return RollRef(site, match[1], date.fromisoformat(match[2]))
    except ValueError:
        raise NotThere from None


def _pupil(request: StaffRequest) -> PupilRef:
    """Read the pupil of a form. Raises `NotThere`."""
    part, _, key = request.field("eleve").partition(".")
    return PupilRef(identifier_from_part(part), key)


def _value_of(pupil: AbsentPupil) -> str:
    return f"{part_of(pupil.pupil.identifier)}.{pupil.pupil.key}"


def _lesson_value(lesson: MissedLesson) -> str:
    return f"{lesson.course}.{lesson.day.isoformat()}"


def _page(request: StaffRequest, feedback: FormFeedback = NO_FEEDBACK, family: AccountRef | None = None) -> Response:
    sites, site = chosen_sites(request)
    if family and not (request.staff.sees(family.site) and request.services.accounts.find(family)):
        raise NotThere
    codes, day = [one.code for one in sites], today(request.now)
    return desk_page(
        request,
        "absences",
        "teaching",
        feedback=feedback,
        information=_DONE.get(request.query.get("fait", "")),
        family=family,
        pupils=absent_of_family(request.services, family, request.now)
        if family
        else often_absent(request.services, codes, request.now),
        teachers=() if family else missing_of_week(request.services, codes, day),
        site=site,
        path=ABSENCES_PAGE,
        family_path=family_path,
        value_of=_value_of,
        lesson_value=_lesson_value,
        typed={name: request.field(name) for name in ("eleve", "jour", "raison")},
    )
