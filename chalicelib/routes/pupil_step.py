"""GET and POST /extranet/compte/reinscription/eleves/{eleve}: one pupil goes on, changes or leaves."""

from dataclasses import dataclass

from chalice.app import Response

from chalicelib.domain.enrolment.answers import DAYS_AT_MOST, CourseChoice, CourseWish, PupilAnswers
from chalicelib.domain.enrolment.enrolments import PupilFile
from chalicelib.domain.family.households import Course, Pupil
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, PupilDecided
from chalicelib.flows.pupil_step import file_of, keep
from chalicelib.flows.reenrolment import Enrolling, mark_of
from chalicelib.network_parts import EnrolmentSettings
from chalicelib.routes import typed
from chalicelib.routes.answers import NOTHING, Told
from chalicelib.routes.edge import REENROLMENT_PAGE, Door, Visit
from chalicelib.routes.reenrolment import enrol, go_on, said, step_page, step_told

routes = Door(__name__)

_PATH = f"{REENROLMENT_PAGE}/eleves/{{eleve}}"
_STAYS = {"oui": True, "non": False}
_CHOICES: dict[str, CourseChoice] = {"continuer": "keep", "changer": "change", "arreter": "stop"}


@routes.get(_PATH)
def show_form(visit: Visit) -> Response:
    """Show this year's courses and what was answered."""
    enrolling = enrol(visit)
    file = file_of(enrolling, visit.parts["eleve"])
    return _form(visit, enrolling, file, NOTHING, file.answers or PupilAnswers())


@routes.post(_PATH)
def take_form(visit: Visit) -> Response:
    """Save the answers and go on, or show the form again."""
    enrolling = enrol(visit)
    key = visit.parts["eleve"]
    file = file_of(enrolling, key)
    given = _answers(visit, enrolling.pupils[key])
    try:
        enrolling.check_open()
        visit.check_lengths()
        _check_offered(visit, enrolling.pupils[key], given)
        after = keep(visit.services, enrolling, (key, given), said(visit), visit.client)
    except FormRefusal as refusal:
        file = refusal.pupil if isinstance(refusal, PupilDecided) else file
        return _form(visit, enrolling, file, step_told(refusal, visit), given, refusal)
    return go_on(visit, enrolling, after, later=said(visit).later)


def _answers(visit: Visit, pupil: Pupil) -> PupilAnswers:
    """Read the answers; of a pupil that leaves, what was answered of its courses is kept for who comes back on it."""
    offered = visit.services.settings.network.enrolment
    return PupilAnswers(
        stays=_STAYS.get(visit.typed("choix")),
        wishes=tuple(
            _wish(visit, number, course.discipline, offered) for number, course in enumerate(pupil.courses, 1)
        ),
        reason=visit.typed("motif_autre") or _offered(visit.typed("motif"), offered.reasons),
        remark=visit.typed("remarque"),
    )


def _wish(visit: Visit, number: int, discipline: str, offered: EnrolmentSettings) -> CourseWish:
    """Read what is wished of a course; only another day is the same discipline at another time."""
    choice = _CHOICES.get(visit.typed(f"cours-{number}"), "keep")
    typed_days = (_offered(visit.typed(f"jour-{number}-{place}"), offered.days) for place in range(1, DAYS_AT_MOST + 1))
    days = tuple(dict.fromkeys(day for day in typed_days if day))
    asked = visit.typed(f"discipline-{number}")
    wanted = _offered(asked, (discipline, *offered.disciplines))
    if choice == "change" and days and not asked:
        wanted = discipline
    if choice == "keep" and wanted == discipline:
        wanted = ""
    return CourseWish(discipline, choice, wanted, days)


def _check_offered(visit: Visit, pupil: Pupil, given: PupilAnswers) -> None:
    """Refuse a discipline that is not offered, or no more, instead of losing it. Raises `FieldsRefused`."""
    known = {*visit.services.settings.network.enrolment.disciplines, ""}
    asked = {number: visit.typed(f"discipline-{number}") for number, _ in enumerate(pupil.courses, 1)}
    names = [
        f"discipline-{number}"
        for number, course in enumerate(pupil.courses, 1)
        if given.stays is not False and asked[number] not in known | {course.discipline}
    ]
    if names:
        raise FieldsRefused(dict.fromkeys(names, ("wanted_missing",)))


def _offered(chosen: str, offered: tuple[str, ...]) -> str:
    return chosen if chosen in offered else ""


def _form(  # noqa: PLR0913, PLR0917 - what a page shows of a form that comes back
    visit: Visit,
    enrolling: Enrolling,
    file: PupilFile,
    what: Told,
    given: PupilAnswers,
    refusal: FormRefusal | None = None,
) -> Response:
    mark = mark_of(file.answers) if refusal is None else typed.mark(refusal, visit)
    offered = visit.services.settings.network.enrolment
    return step_page(
        visit,
        enrolling,
        "pupil_step",
        what,
        file=file,
        given=given,
        courses=_courses(enrolling.pupils[file.key], given, offered),
        mark=mark,
    )


@dataclass(frozen=True)
class _Shown:
    """A course as the form shows it: its number there, what was answered of it, and what may be learnt instead."""

    number: int
    course: Course
    wish: CourseWish
    disciplines: tuple[str, ...]


def _courses(pupil: Pupil, given: PupilAnswers, offered: EnrolmentSettings) -> list[_Shown]:
    left = list(given.wishes)
    shown = []
    for number, course in enumerate(pupil.courses, 1):
        own = next((wish for wish in left if wish.discipline == course.discipline), None)
        if own:
            left.remove(own)
        disciplines = tuple(dict.fromkeys((course.discipline, *offered.disciplines)))
        shown.append(_Shown(number, course, own or CourseWish(course.discipline, "keep"), disciplines))
    return shown
