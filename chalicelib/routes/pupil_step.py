"""GET and POST /extranet/compte/reinscription/eleves/{eleve}: one pupil goes on, changes or leaves."""

from dataclasses import replace

from chalice.app import Response

from chalicelib.domain.enrolment.answers import DAYS_AT_MOST, PUPIL_FIELDS, CourseChoice, CourseWish, PupilAnswers
from chalicelib.domain.enrolment.enrolments import PupilFile
from chalicelib.domain.family.households import Course, Pupil
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, PupilDecided
from chalicelib.flows.pupil_step import answers_shown, file_of, save_pupil
from chalicelib.flows.reenrolment import EnrolmentContext, version_of
from chalicelib.network import EnrolmentSettings
from chalicelib.routes.edge import REENROLMENT_PAGE, FormBlueprint, PageRequest
from chalicelib.routes.reenrolment import (
    check_fields,
    enter_enrolment,
    go_to_next_step,
    read_fields,
    step_feedback,
    step_page,
    submission_of,
)
from chalicelib.routes.responses import NO_FEEDBACK, FormFeedback
from chalicelib.routes.versions import version_after
from chalicelib.values import frozen

routes = FormBlueprint(__name__)

_PATH = f"{REENROLMENT_PAGE}/eleves/{{eleve}}"
_CHOICES: dict[str, CourseChoice] = {"continuer": "keep", "changer": "change", "arreter": "stop"}


@routes.get(_PATH)
def show_form(request: PageRequest) -> Response:
    """Show this year's courses and what was answered."""
    context = enter_enrolment(request)
    file = file_of(context, request.parts["eleve"])
    answered = PupilAnswers(image_rights=context.enrolment.household.image_rights)
    return _form(request, context, file, NO_FEEDBACK, file.answers or answered)


@routes.post(_PATH)
def take_form(request: PageRequest) -> Response:
    """Save the answers and go on, or show the form again."""
    context = enter_enrolment(request)
    key = request.parts["eleve"]
    file = file_of(context, key)
    answers = _answers(request, context.pupils[key])
    try:
        context.check_open()
        check_fields(request, PUPIL_FIELDS)
        _check_offered(request, context.pupils[key], answers)
        after = save_pupil(request.services, context, (key, answers), submission_of(request), request.client)
    except FormRefusal as refusal:
        file = refusal.pupil if isinstance(refusal, PupilDecided) else file
        return _form(request, context, file, step_feedback(refusal, request), answers, refusal)
    return go_to_next_step(request, context, after, later=submission_of(request).later)


def _answers(request: PageRequest, pupil: Pupil) -> PupilAnswers:
    """Read the answers; of a pupil that leaves, what was answered of its courses is kept for who comes back on it."""
    offered = request.services.settings.network.enrolment
    wishes = tuple(_wish(request, number, course.discipline, offered) for number, course in enumerate(pupil.courses, 1))
    typed = PupilAnswers(wishes=wishes, **read_fields(request, PUPIL_FIELDS))
    return replace(typed, reason=typed.reason or _if_offered(request.field("motif"), offered.reasons))


def _wish(request: PageRequest, number: int, discipline: str, offered: EnrolmentSettings) -> CourseWish:
    """Read what is wished of a course; only another day is the same discipline at another time."""
    choice = _CHOICES.get(request.field(f"cours-{number}"), "keep")
    typed_days = (
        _if_offered(request.field(f"jour-{number}-{place}"), offered.days) for place in range(1, DAYS_AT_MOST + 1)
    )
    days = tuple(dict.fromkeys(day for day in typed_days if day))
    discipline_typed = request.field(f"discipline-{number}")
    wanted = _if_offered(discipline_typed, (discipline, *offered.disciplines))
    if choice == "change" and days and not discipline_typed:
        wanted = discipline
    if choice == "keep" and wanted == discipline:
        wanted = ""
    return CourseWish(discipline, choice, wanted, days)


def _check_offered(request: PageRequest, pupil: Pupil, answers: PupilAnswers) -> None:
    """Refuse a discipline that is not offered, or no more, instead of losing it. Raises `FieldsRefused`."""
    offered = {*request.services.settings.network.enrolment.disciplines, ""}
    disciplines_typed = {number: request.field(f"discipline-{number}") for number, _ in enumerate(pupil.courses, 1)}
    names = [
        f"discipline-{number}"
        for number, course in enumerate(pupil.courses, 1)
        if answers.stays is not False and disciplines_typed[number] not in offered | {course.discipline}
    ]
    if names:
        raise FieldsRefused(dict.fromkeys(names, ("wanted_missing",)))


def _if_offered(chosen: str, offered: tuple[str, ...]) -> str:
    return chosen if chosen in offered else ""


def _form(  # noqa: PLR0913, PLR0917 - what a page shows of a form that comes back
    request: PageRequest,
    context: EnrolmentContext,
    file: PupilFile,
    feedback: FormFeedback,
    answers: PupilAnswers,
    refusal: FormRefusal | None = None,
) -> Response:
    shown = answers_shown(context.enrolment, file)
    version = version_of(shown) if refusal is None else version_after(refusal, request)
    offered = request.services.settings.network.enrolment
    return step_page(
        request,
        context,
        "pupil_step",
        feedback,
        file=file,
        answers=answers,
        courses=_courses(context.pupils[file.key], answers, offered),
        version=version,
        form_fields={field.attribute: field for field in PUPIL_FIELDS},
    )


@frozen
class _CourseChoices:
    """A course as the form shows it: its number there, what was answered of it, and what may be learnt instead."""

    number: int
    course: Course
    wish: CourseWish
    disciplines: tuple[str, ...]


def _courses(pupil: Pupil, answers: PupilAnswers, offered: EnrolmentSettings) -> list[_CourseChoices]:
    remaining = list(answers.wishes)
    choices = []
    for number, course in enumerate(pupil.courses, 1):
        own = next((wish for wish in remaining if wish.discipline == course.discipline), None)
        if own:
            remaining.remove(own)
        disciplines = tuple(dict.fromkeys((course.discipline, *offered.disciplines)))
        choices.append(_CourseChoices(number, course, own or CourseWish(course.discipline, "keep"), disciplines))
    return choices
