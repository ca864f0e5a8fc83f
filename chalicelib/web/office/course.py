"""/extranet/bureau/cours/{site}/{cours}: a course. A secretary lends it to a substitute, or takes it back."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.periods import today
from chalicelib.domain.family.birth_dates import birth_date_from as day_from
from chalicelib.domain.refusals import FieldsRefused, NotThere
from chalicelib.flows.teacher.cancel import Cancellable, office_cancellable
from chalicelib.office.teaching.course_mails import messages_of_month
from chalicelib.office.teaching.courses import CourseDetails, course_details, site_courses
from chalicelib.office.teaching.loans import LoanInput, lend, take_back
from chalicelib.web.office.absences import ENDING, CancelForm, cancel_act
from chalicelib.web.office.acts import ActBlueprint, ActPage, Outcome, parameter, typed_days
from chalicelib.web.office.edge import DESK, DeskRequest, family_path
from chalicelib.web.office.filters import BY_SITE
from chalicelib.web.office.lists import FilteredList, serve_list

routes = ActBlueprint(__name__)

MESSAGES_PAGE: Final = f"{DESK}/mots"
_MONTH: Final = re.compile(r"20\d{2}-(0[1-9]|1[0-2])", re.ASCII)


@serve_list(routes, MESSAGES_PAGE, "reader", "course_messages", "teaching", BY_SITE | {"mois": _MONTH.fullmatch})
def show_messages(request: DeskRequest, listing: FilteredList) -> dict[str, Any]:
    """List the messages of a month, the current one unless `?mois=` names another."""
    month = listing.values["mois"] or f"{today(request.now):%Y-%m}"
    return {"found": messages_of_month(request.services, listing.codes, month, request.now)}


_COURSE: Final = f"{DESK}/cours/{{site}}/{{cours}}"


def _form(request: DeskRequest) -> CancelForm:
    """Read the form. `?enseignant=` saves a search of the site's timetables."""
    hint = parameter(request, "enseignant")
    course = _COURSE.format(**request.parts)
    return CancelForm(f"{course}/{ENDING}", course, hint)


def _cancellable(request: DeskRequest) -> Cancellable:
    site = next(site for site in request.staff.sites if site.code == request.parts["site"])
    return office_cancellable(request.services, site, request.parts["cours"], _form(request).hint, request.now)


CANCEL: Final = cancel_act(f"{_COURSE}/{ENDING}", "secretary", "teaching", _form, _cancellable)
routes.page(CANCEL.path, "secretary", CANCEL.page)
routes.add(CANCEL)


COURSES_PAGE: Final = f"{DESK}/cours"


@serve_list(routes, COURSES_PAGE, "reader", "courses", "teaching", BY_SITE)
def show_courses(request: DeskRequest, listing: FilteredList) -> dict[str, Any]:
    """List the courses of a site, or of all that the member sees."""
    return {"found": site_courses(request.services, listing.sites)}


COURSE_PAGE: Final = f"{COURSES_PAGE}/{{site}}/{{cours}}"
_DAYS: Final = ("du", "au")


def _find(request: DeskRequest) -> CourseDetails:
    """Find the course that the address names. Raises `NotThere`."""
    site = next((one for one in request.staff.sites if one.code == request.parts["site"]), None)
    if site is None:
        raise NotThere
    return course_details(request.services, site, request.parts["cours"], request.now)


def _loan_input(
    request: DeskRequest, details: CourseDetails, errors: Mapping[str, tuple[str, ...]] = MappingProxyType({})
) -> LoanInput:
    """Read the substitute and the reason. Raises `FieldsRefused`, with the `errors` of other fields."""
    members = {_part(request, member.email): member.email for member in details.substitutes}
    members |= {_part(request, loan.member.email): loan.member.email for loan in details.loans}
    email, why = members.get(request.field("remplacant")), request.field("raison")
    unchosen = {} if email else {"remplacant": ("substitute_missing",)}
    unsaid = {} if why else {"raison": ("desk_reason_missing",)}
    if email is None or unsaid or errors:
        raise FieldsRefused({**unchosen, **errors, **unsaid})
    return LoanInput(email, request.staff.author(why), request.field("vu"))


def _part(request: DeskRequest, email: str) -> str:
    return request.services.record.pseudonyms.of_mailbox(email)


def _path(request: DeskRequest) -> str:
    return COURSE_PAGE.format(**request.parts)


def _facts(request: DeskRequest, details: CourseDetails, _outcome: Outcome) -> dict[str, Any]:
    """List the facts of the course: its pupils, next lessons and teachers."""
    fields, is_day = typed_days(request, _DAYS)
    return {
        "found": details,
        "pupils": [(one, AccountRef(details.site.code, one.ref.identifier)) for one in details.course.pupils],
        "family_path": family_path,
        "part_of": lambda member: _part(request, member.email),
        "typed": fields | {name: request.field(name) for name in ("remplacant", "raison")},
        "is_day": is_day,
        "path": _path(request),
        "back": f"{COURSES_PAGE}?site={details.site.code}",
    }


# A list is not noted as a consultation (decision 73).
COURSE: Final = ActPage(
    "course",
    "teaching",
    _facts,
    _find,
    back=_path,
    sentences={
        "remplacement": "Le cours est confié : la personne le voit dans sa semaine pendant ces jours-là.",
        "fin": "Le remplacement est terminé : la personne ne voit plus ce cours.",
        "rien": "Il n'y avait rien à changer : c'était déjà ainsi.",
    },
)
routes.page(COURSE_PAGE, "reader", COURSE)


@routes.act(f"{COURSE_PAGE}/remplacement", "secretary", COURSE, form="remplacement")
def lend_course(request: DeskRequest, details: CourseDetails) -> str:
    """Lend the course to another teacher from one day to another, both included."""
    days = {name: day for name in _DAYS if (day := day_from(request.field(name)))}
    loan = _loan_input(request, details, {name: ("day_unreadable",) for name in _DAYS if name not in days})
    is_new = lend(request.services, details, loan, (days["du"], days["au"]), request.now)
    return "remplacement" if is_new else "rien"


@routes.act(f"{COURSE_PAGE}/remplacement/fin", "secretary", COURSE, form=lambda request: request.field("remplacant"))
def end_loan(request: DeskRequest, details: CourseDetails) -> str:
    """Take the course back before its last day."""
    return "fin" if take_back(request.services, details, _loan_input(request, details), request.now) else "rien"
