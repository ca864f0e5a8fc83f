"""The pages of a teacher: door, week, pupils and calendar, then each course with its telephones and its news."""

from datetime import timedelta
from itertools import groupby
from typing import Final

from chalicelib.domain.refusals import FormRefusal, NotLoggedIn
from chalicelib.flows.staff.entry import CodeAwaited, enter
from chalicelib.flows.staff.proconnect import is_offered
from chalicelib.office.account import note_consultation
from chalicelib.web.edge import FormBlueprint
from chalicelib.web.office.edge import CODE_PAGE, DESK, TEACHERS_DOOR, WEEK_PAGE, door_page, redirect
from chalicelib.web.responses import FormFeedback, Response, confirmation, feedback_on
from chalicelib.wings.teaching.domain.messages import new_form
from chalicelib.wings.teaching.domain.school_years import WEEKDAYS
from chalicelib.wings.teaching.flows.teacher import courses as flow
from chalicelib.wings.teaching.flows.teacher.calendar import calendar_link, change_calendar
from chalicelib.wings.teaching.flows.teacher.cancel import Cancellable, own_cancellable, own_days
from chalicelib.wings.teaching.flows.teacher.message import MessageInput, view_message, write_message
from chalicelib.wings.teaching.web.lesson_calendar import OF_TEACHER, subscription
from chalicelib.wings.teaching.web.office.absences import CHANGE, ENDING, HOLD, CancelForm, cancel_acts
from chalicelib.wings.teaching.web.teacher.edge import (
    COURSE_PATH,
    PUPIL_PATH,
    PUPILS_PAGE,
    TEACHER,
    TeacherRequest,
    course_path,
    teacher_page,
)

routes = FormBlueprint(__name__, TEACHER)
_TELEPHONES: Final = f"{PUPIL_PATH}/telephones"


@routes.get(_TELEPHONES, right="teacher")
def show_telephones(request: TeacherRequest) -> Response:
    """Show the guardians' names and telephones, and nothing else of the family."""
    account = flow.find_family(request.services, request.course, request.pupil)
    note_consultation(request.services, account.ref, "telephones_read", request.staff.member.known_as, request.now)
    guardians = account.household.guardians
    return teacher_page(
        request, "telephones", "own_pupils", own=request.course, pupil=request.pupil, guardians=guardians
    )


@routes.get(COURSE_PATH, right="teacher")
def show_course(request: TeacherRequest) -> Response:
    """Show a course, with the links to its pages."""
    course_file = flow.read_course(request.services, request.teacher, request.course, request.now)
    return teacher_page(request, "course", "own_pupils", own=request.course, found=course_file)


_UNPLACED: Final = "sans jour connu"


@routes.get(PUPILS_PAGE, right="teacher")
def show_own_pupils(request: TeacherRequest) -> Response:
    """Show the teacher's pupils, each in each of their courses."""
    courses = flow.read_own_pupils(request.services, request.teacher, request.now)
    by_day = groupby(courses, key=lambda listed: listed.course.slot.weekday)
    days = [(_UNPLACED if day is None else WEEKDAYS[day], list(some)) for day, some in by_day]
    count = len({(one.course.site.code, listed.pupil.ref) for one in courses for listed in one.pupils})
    return teacher_page(request, "own_pupils", "own_pupils", days=days, count=count)


@routes.get(WEEK_PAGE, right="teacher")
def show_week(request: TeacherRequest) -> Response:
    """Show the week of a day (`?jour=`), or this one."""
    teacher = request.teacher
    week = flow.read_week(
        request.services, teacher, flow.day_from(request.query.get("jour", ""), teacher.day), request.now
    )
    return teacher_page(request, "week", "week", week=week, path=WEEK_PAGE, weekdays=WEEKDAYS)


_SAID: Final = {"terminee": "staff_session_over", "sortie": "staff_logged_out"}  # the cause of coming here, by `fait`


@routes.get(TEACHERS_DOOR, right=None)
def show_door(request: TeacherRequest) -> Response:
    """Show the form, which `/extranet/bureau/connexion` takes. Redirect a session that is open or awaits its code."""
    try:
        staff = enter(request)
    except CodeAwaited:
        return redirect(request.services, CODE_PAGE)
    except NotLoggedIn:
        code = _SAID.get(request.query.get("fait", ""))
        return door_page(
            request,
            "door",
            folder="teacher",
            feedback=confirmation(code),
            typed={"courriel": ""},
            has_proconnect=is_offered(request.services),
        )
    return redirect(request.services, WEEK_PAGE if staff.may("teacher") else DESK)


_CALENDAR: Final = f"{TEACHERS_DOOR}/agenda"


@routes.get(_CALENDAR, right="teacher")
def show_calendar(request: TeacherRequest) -> Response:
    """Show the address, if there is one, and how a telephone or a computer subscribes to it."""
    link = calendar_link(request.services, request.teacher.teacher)
    return teacher_page(
        request, "calendar", "calendar", link=link, subscription=subscription(request.services, OF_TEACHER, link)
    )


@routes.post(_CALENDAR, right="teacher")
def change_address(request: TeacherRequest) -> Response:
    """Make, renew or remove the address, and show the page again."""
    change_calendar(request.services, request.teacher, request.field("action"), request.field("lien"))
    return redirect(request.services, _CALENDAR)


_DAYS: Final = f"{TEACHERS_DOOR}/journee/{{du}}/{{au}}"


def _cancel_form(request: TeacherRequest) -> CancelForm:
    return CancelForm(course_path(request.course, ENDING), course_path(request.course))


def _days_form(request: TeacherRequest) -> CancelForm:
    return CancelForm(_DAYS.format(**request.parts), f"{WEEK_PAGE}?jour={request.parts['du']}", "Ma semaine")


def _days_cancellable(request: TeacherRequest) -> Cancellable:
    return own_days(request.services, request.teacher, (request.parts["du"], request.parts["au"]), request.now)


for _act in (
    *cancel_acts(
        f"{COURSE_PATH}/{ENDING}",
        "teacher",
        "own_pupils",
        (_cancel_form, lambda request: own_cancellable(request.services, request.course, request.now)),
    ),
    *cancel_acts(_DAYS, "teacher", "week", (_days_form, _days_cancellable), is_days=True),
):
    routes.post(_act.path, right="teacher")(_act.take)
    if not _act.path.endswith((HOLD, CHANGE)):
        routes.get(_act.path, right="teacher")(_act.page.open)


_MESSAGE: Final = f"{COURSE_PATH}/mot"


@routes.get(_MESSAGE, right="teacher")
def show_message(request: TeacherRequest) -> Response:
    """Show the form, and today's message."""
    is_done = request.query.get("fait") == "envoye"
    return _message_page(request, new_form(request.now), confirmation("words_sent" if is_done else None))


@routes.post(_MESSAGE, right="teacher")
def send_message(request: TeacherRequest) -> Response:
    """Send a message. Idempotent for the same form."""
    message = MessageInput(request.field("vu"), request.field("mot"), bool(request.field("accord")))
    try:
        request.check_lengths()
        write_message(request, request.teacher, request.course, message)
    except FormRefusal as refusal:
        return _message_page(request, message.key, feedback_on(refusal, request))
    return redirect(request.services, f"{course_path(request.course, 'mot')}?fait=envoye")


def _message_page(request: TeacherRequest, key: str, feedback: FormFeedback) -> Response:
    return teacher_page(
        request,
        "message",
        "week",
        feedback=feedback,
        own=request.course,
        view=view_message(request.services, request.teacher, request.course),
        shown=key,
        again_on=request.teacher.day + timedelta(days=1),
        typed={"mot": request.field("mot"), "accord": request.field("accord")},
    )
