"""/extranet/bureau/cours/{site}/{cours}: a course. A secretary lends it to a substitute, or takes it back."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from chalice.app import Response

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.family.birth_dates import birth_date_from as day_from
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, NotThere
from chalicelib.domain.teaching.school_years import today
from chalicelib.flows.teacher.cancel import Cancellable, office_cancellable
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.staff.loans import LoanInput, lend, take_back
from chalicelib.office.teaching.course_messages import messages_of_month
from chalicelib.office.teaching.courses import CourseDetails, course_details, site_courses
from chalicelib.presentation.office.refusals import sentence_of
from chalicelib.web.feedback import feedback_on
from chalicelib.web.office.absences import ENDING, CancelForm, cancel_page, take_cancellation
from chalicelib.web.office.edge import DESK, DeskBlueprint, StaffRequest, desk_page, family_path, redirect
from chalicelib.web.office.filters import BY_SITE, chosen_sites
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback

routes = DeskBlueprint(__name__)

MESSAGES_PAGE: Final = f"{DESK}/mots"
_MONTH: Final = re.compile(r"20\d{2}-(0[1-9]|1[0-2])", re.ASCII)


@routes.get(MESSAGES_PAGE, right="reader", filters=BY_SITE | {"mois": _MONTH.fullmatch})
def show_messages(request: StaffRequest) -> Response:
    """Show the messages of a month, the current one unless `?mois=` names another."""
    sites, site = chosen_sites(request)
    month = request.query.get("mois") or f"{today(request.now):%Y-%m}"
    monthly_messages = messages_of_month(request.services, [site.code for site in sites], month, request.now)
    return desk_page(request, "course_messages", "teaching", found=monthly_messages, site=site, path=MESSAGES_PAGE)


_COURSE: Final = f"{DESK}/cours/{{site}}/{{cours}}"
_PATH: Final = f"{_COURSE}/{ENDING}"


@routes.get(_PATH, right="secretary")
def show_form(request: StaffRequest) -> Response:
    """Show the lessons to come. `?enseignant=` saves a search of the site's timetables."""
    hint = request.query.get("enseignant", "")
    return cancel_page(request, _form(request, hint), _course_cancel_find(request, hint))


@routes.post(_PATH, right="secretary")
def cancel_lesson(request: StaffRequest) -> Response:
    """Cancel a lesson."""
    hint = request.field("enseignant")
    return take_cancellation(request, _form(request, hint), lambda: _course_cancel_find(request, hint))


def _form(request: StaffRequest, hint: str) -> CancelForm:
    return CancelForm(_PATH.format(**request.parts), _COURSE.format(**request.parts), "teaching", hint)


def _course_cancel_find(request: StaffRequest, hint: str) -> Cancellable:
    site = next(site for site in request.staff.sites if site.code == request.parts["site"])
    return office_cancellable(request.services, site, request.parts["cours"], hint, request.now)


COURSES_PAGE: Final = f"{DESK}/cours"


@routes.get(COURSES_PAGE, right="reader", filters=BY_SITE)
def show_courses(request: StaffRequest) -> Response:
    """Show the courses of a site, or of all that the member sees."""
    sites, chosen = chosen_sites(request)
    courses = site_courses(request.services, sites)
    return desk_page(request, "courses", "teaching", found=courses, site=chosen, path=COURSES_PAGE)


COURSE_PAGE: Final = f"{COURSES_PAGE}/{{site}}/{{cours}}"
_DAYS: Final = ("du", "au")
_DONE: Final = {
    "remplacement": "Le cours est confié : la personne le voit dans sa semaine pendant ces jours-là.",
    "fin": "Le remplacement est terminé : la personne ne voit plus ce cours.",
    "rien": "Il n'y avait rien à changer : c'était déjà ainsi.",
}


@routes.get(COURSE_PAGE, right="reader")
def show(request: StaffRequest) -> Response:
    """Show a course: its pupils, next lessons and teachers. A list is not noted as a consultation (decision 73)."""
    return _page(request, _find(request))


@routes.post(f"{COURSE_PAGE}/remplacement", right="secretary")
def lend_course(request: StaffRequest) -> Response:
    """Lend the course to another teacher, from a day to a day."""

    def act(details: CourseDetails) -> str:
        days = {name: day for name in _DAYS if (day := day_from(request.field(name)))}
        asked = _loan_input(request, details, {name: ("day_unreadable",) for name in _DAYS if name not in days})
        changed = lend(request.services, details, asked, (days["du"], days["au"]), request.now)
        return "remplacement" if changed else "rien"

    return _act(request, act, "remplacement")


@routes.post(f"{COURSE_PAGE}/remplacement/fin", right="secretary")
def end_loan(request: StaffRequest) -> Response:
    """Take the course back before its last day."""

    def act(details: CourseDetails) -> str:
        return "fin" if take_back(request.services, details, _loan_input(request, details), request.now) else "rien"

    return _act(request, act, request.field("remplacant"))


def _act(request: StaffRequest, act: Callable[[CourseDetails], str], opened: str = "") -> Response:
    """Do an act, and redirect to its result. If refused, show its form again with its input."""
    details = _find(request)
    try:
        request.check_lengths()
        done = act(details)
    except FormRefusal as refusal:
        return _page(request, details, feedback_on(refusal, request), opened)
    except OfficeRefusal as refusal:
        return _page(request, _find(request), FormFeedback(422, sentence_of(refusal, request.staff.network)), opened)
    return redirect(request.services, f"{_path(request)}?fait={done}")


def _find(request: StaffRequest) -> CourseDetails:
    """Find the course that the address names. Raises `NotThere`."""
    site = next((one for one in request.staff.sites if one.code == request.parts["site"]), None)
    if site is None:
        raise NotThere
    return course_details(request.services, site, request.parts["cours"], request.now)


def _loan_input(
    request: StaffRequest, details: CourseDetails, refused: Mapping[str, tuple[str, ...]] = MappingProxyType({})
) -> LoanInput:
    """Read the substitute and the reason. Raises `FieldsRefused`, with the fields already `refused`."""
    members = {_part(request, member.email): member.email for member in details.substitutes}
    members |= {_part(request, loan.member.email): loan.member.email for loan in details.loans}
    email, why = members.get(request.field("remplacant")), request.field("raison")
    unchosen = {} if email else {"remplacant": ("substitute_missing",)}
    unsaid = {} if why else {"raison": ("desk_reason_missing",)}
    if email is None or unsaid or refused:
        raise FieldsRefused({**unchosen, **refused, **unsaid})
    return LoanInput(email, request.staff.author(why), request.field("vu"))


def _part(request: StaffRequest, email: str) -> str:
    return request.services.record.pseudonyms.of_mailbox(email)


def _path(request: StaffRequest) -> str:
    return COURSE_PAGE.format(**request.parts)


def _page(
    request: StaffRequest, details: CourseDetails, feedback: FormFeedback = NO_FEEDBACK, opened: str = ""
) -> Response:
    """Show the course. `opened`: the form that was refused, « remplacement », or the substitute of the loan to end."""
    typed = {name: request.field(name) for name in (*_DAYS, "remplacant", "raison")}
    # A browser shows an invalid day as an empty date field. It is shown again in a text field.
    days = {name: day_from(typed[name]) for name in _DAYS}
    typed |= {name: day.isoformat() for name, day in days.items() if day}
    pupils = [(one, AccountRef(details.site.code, one.ref.identifier)) for one in details.course.pupils]
    return desk_page(
        request,
        "course",
        "teaching",
        feedback=feedback,
        information=_DONE.get(request.query.get("fait", "")),
        found=details,
        pupils=pupils,
        family_path=family_path,
        part_of=lambda member: _part(request, member.email),
        typed=typed,
        opened=opened,
        kinds={name: "text" if typed[name] and not days[name] else "date" for name in _DAYS},
        path=_path(request),
        back=f"{COURSES_PAGE}?site={details.site.code}",
    )
