"""/extranet/bureau/cours/{site}/{cours}: a course. A secretary lends it to a substitute, or takes it back."""

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.periods import today
from chalicelib.domain.family.birth_dates import birth_date_from as day_from
from chalicelib.domain.family.teacher_keys import teacher_key
from chalicelib.domain.refusals import FieldsRefused
from chalicelib.domain.text import fold
from chalicelib.presentation import texts
from chalicelib.values import frozen
from chalicelib.web.office.acts import ActBlueprint, ActPage, Outcome, parameter, typed_days
from chalicelib.web.office.edge import DESK, DeskRequest, family_path
from chalicelib.web.office.filters import ANY, BY_SITE
from chalicelib.web.office.lists import DeskList, FilteredList
from chalicelib.web.office.tables import Column, ListChoice, ListTable
from chalicelib.wings.teaching.domain.courses import TaughtCourse
from chalicelib.wings.teaching.domain.school_years import WEEKDAYS, Slot
from chalicelib.wings.teaching.flows.teacher.cancel import Cancellable, office_cancellable, office_days
from chalicelib.wings.teaching.office.course_mails import MessageEntry, messages_of_month
from chalicelib.wings.teaching.office.courses import CourseDetails, TeacherName, course_details, site_courses
from chalicelib.wings.teaching.office.loans import LoanInput, lend, take_back
from chalicelib.wings.teaching.web.office.absences import CHANGE, ENDING, HOLD, CancelForm, cancel_acts

if TYPE_CHECKING:
    from chalicelib.settings.environment import Site

routes = ActBlueprint(__name__)

MESSAGES_PAGE: Final = f"{DESK}/mots"
_MONTH: Final = re.compile(r"20\d{2}-(0[1-9]|1[0-2])", re.ASCII)


_OF_MESSAGES: Final = BY_SITE | {"mois": _MONTH.fullmatch, "enseignant": ANY}
_FORMER_MONTHS: Final = 12  # a message is kept for a year


def _author(entry: MessageEntry) -> str:
    """Name the author of a message, and the course's teacher if they are not the same."""
    by, teacher = entry.message.by, entry.course.teacher
    return by if by == teacher else f"{by}, pour le cours de {teacher}"


@DeskList(MESSAGES_PAGE, "reader", "course_messages", "teaching", _OF_MESSAGES).serve_table(routes)
def show_messages(request: DeskRequest, listing: FilteredList) -> dict[str, Any]:
    """List the messages of a month, the current one unless `?mois=` names another."""
    names, day = {site.code: site.name for site in request.staff.sites}, today(request.now)
    numbers = (day.year * 12 + day.month - 1 - back for back in range(1, _FORMER_MONTHS + 1))
    months = [date(number // 12, number % 12 + 1, 1) for number in numbers]
    entries = messages_of_month(request.services, listing.codes, listing.values["mois"] or f"{day:%Y-%m}", request.now)
    teachers = {teacher_key(name): name for name in sorted({entry.course.teacher for entry in entries}, key=fold)}
    key = listing.values["enseignant"]
    columns = (
        Column("Envoyé", lambda row: row.message.at, "quand"),
        Column("Cours", lambda row: row.course.discipline or "Cours", "cours"),
        Column("Jour et heure", lambda row: row.course.slot, "jour", lambda row: Slot.parse(row.course.slot).order),
        Column("Par", _author, "par"),
        Column("Site", lambda row: names[row.course.site], "site"),
        Column("Familles", lambda row: row.message.families, "familles", is_number=True),
        Column("Adresses", lambda row: row.message.addresses, "adresses", is_number=True),
        Column("Mot", lambda row: row.message.text, is_text=True),
    )
    return {
        "choices": [
            ListChoice(
                "mois",
                "Mois",
                {f"{first:%Y-%m}": texts.day(first).removeprefix("1er ") for first in months},
                "Ce mois-ci",
            ),
            ListChoice("enseignant", "Professeur", teachers),
        ],
        "table": ListTable(
            "Mots",
            columns,
            [entry for entry in entries if key in {"", teacher_key(entry.course.teacher)}],
            "Aucun mot ce mois-là : ceux des enseignants à leurs familles auraient leur ligne ici.",
        ),
    }


_COURSE: Final = f"{DESK}/cours/{{site}}/{{cours}}"


def _form(request: DeskRequest) -> CancelForm:
    """Read the form. `?enseignant=` saves a search of the site's timetables."""
    hint = parameter(request, "enseignant")
    course = _COURSE.format(**request.parts)
    return CancelForm(f"{course}/{ENDING}", course, hint=hint)


def _cancellable(request: DeskRequest) -> Cancellable:
    hint = _form(request).hint
    return office_cancellable(
        request.services, request.staff.site(request.parts["site"]), request.parts["cours"], hint, request.now
    )


_DAYS_OF: Final = f"{DESK}/journee/{{site}}/{{enseignant}}/{{du}}/{{au}}"


def _days_form(request: DeskRequest) -> CancelForm:
    return CancelForm(_DAYS_OF.format(**request.parts), f"{COURSES_PAGE}?site={request.parts['site']}", "Cours")


def _days_cancellable(request: DeskRequest) -> Cancellable:
    site, days = request.staff.site(request.parts["site"]), (request.parts["du"], request.parts["au"])
    return office_days(request.services, site, request.parts["enseignant"], days, request.now)


for _act in (
    *cancel_acts(f"{_COURSE}/{ENDING}", "secretary", "teaching", (_form, _cancellable)),
    *cancel_acts(_DAYS_OF, "secretary", "teaching", (_days_form, _days_cancellable), is_days=True),
):
    routes.add(_act)
    if not _act.path.endswith((HOLD, CHANGE)):
        routes.page(_act.path, "secretary", _act.page)


COURSES_PAGE: Final = f"{DESK}/cours"


_SEARCH: Final = "quoi"
_NO_COURSE: Final = (
    "Aucun cours : le fichier annuel des familles n'est pas encore importé, ou n'y nomme aucun professeur."
)


@frozen
class _CourseRow:
    """A course of a site, with its teacher's name."""

    site: "Site"
    name: TeacherName
    course: TaughtCourse
    day: str  # the current one, for a member who may cancel it, else empty

    @property
    def days_path(self) -> str:
        """The address of the teacher's day."""
        site, key = self.site.code, self.name.timetable.key
        return _DAYS_OF.format(site=site, enseignant=key, du=self.day, au=self.day) if self.day else ""

    @property
    def members(self) -> str:
        """The members who open it."""
        return ", ".join(member.name for member in self.name.members) or "sans accès"

    def matches(self, filters: Mapping[str, str]) -> bool:
        """Whether a course is on the day, of the teacher, and has each word in discipline, place, hours or teacher."""
        teacher, course, day = self.name.timetable.teacher, self.course, filters["jour"]
        texts = fold(f"{course.discipline} {course.place} {course.slot} {teacher}")
        return (
            (not day or Slot.parse(course.slot).weekday == WEEKDAYS.index(day))
            and filters["enseignant"] in {"", teacher_key(teacher)}
            and all(word in texts for word in fold(filters[_SEARCH]).split())
        )


_COLUMNS: Final = (
    Column(
        "Cours",
        lambda row: row.course.discipline or "Cours",
        "cours",
        path=lambda row: f"{COURSES_PAGE}/{row.site.code}/{row.course.key}",
    ),
    Column("Jour et heure", lambda row: row.course.slot, "jour", lambda row: Slot.parse(row.course.slot).order),
    Column("Professeur", lambda row: row.name.timetable.teacher, "professeur", path=lambda row: row.days_path),
    Column("Accès", lambda row: row.members, "acces"),
    Column("Lieu", lambda row: row.course.place, "lieu"),
    Column("Élèves", lambda row: len(row.course.pupils), "eleves", is_number=True),
)


_FILTERS: Final = BY_SITE | {"jour": WEEKDAYS.__contains__, "enseignant": ANY, _SEARCH: ANY}


@DeskList(COURSES_PAGE, "reader", "courses", "teaching", _FILTERS).serve_table(routes)
def show_courses(request: DeskRequest, listing: FilteredList) -> dict[str, Any]:
    """List the courses of a site, or of all that the member sees, by day, teacher, and words."""
    sites = site_courses(request.services, listing.sites)
    day = today(request.now).isoformat() if request.staff.may("secretary") else ""
    rows = [_CourseRow(of.site, name, course, day) for of in sites for name in of.names for course in name.courses]
    teachers = {teacher_key(name): name for name in sorted({row.name.timetable.teacher for row in rows}, key=fold)}
    return {
        "built_at": min((of.built_at for of in sites if of.built_at), default=None),
        "choices": [
            ListChoice("jour", "Jour", {day: day for day in WEEKDAYS}),
            ListChoice("enseignant", "Professeur", teachers),
            ListChoice(_SEARCH, "Discipline, lieu", suggestions=sorted({row.course.discipline for row in rows})),
        ],
        "table": ListTable(
            "Cours",
            _COLUMNS if len(sites) == 1 else (*_COLUMNS, Column("Site", lambda row: row.site.name, "site")),
            [row for row in rows if row.matches(listing.values)],
            "Aucun cours : élargissez les filtres." if rows else _NO_COURSE,
        ),
    }


COURSE_PAGE: Final = f"{COURSES_PAGE}/{{site}}/{{cours}}"
_DAYS: Final = ("du", "au")


def _find(request: DeskRequest) -> CourseDetails:
    """Find the course that the address names. Raises `NotThere`."""
    return course_details(
        request.services, request.staff.site(request.parts["site"]), request.parts["cours"], request.now
    )


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
