"""GET and POST /extranet/compte/reinscription/foyer and /eleves/{eleve}: the household, and each pupil's wishes."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from chalicelib.domain.enrolment.answers import (
    ADDED,
    DAYS_AT_MOST,
    HOUSEHOLD_FIELDS,
    PUPIL_FIELDS,
    CourseChoice,
    CourseWish,
    HouseholdAnswers,
    PupilAnswers,
    pair_with_wishes,
)
from chalicelib.domain.enrolment.enrolments import PupilFile
from chalicelib.domain.family.households import Course, Pupil
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, StepMoved
from chalicelib.flows.family.pupil_step import (
    PupilDecided,
    answers_shown,
    file_of,
    save_household,
    save_image_rights,
    save_pupil,
)
from chalicelib.flows.family.reenrolment import EnrolmentContext
from chalicelib.settings.network import EnrolmentSettings
from chalicelib.values import frozen, version_of
from chalicelib.web.family.edge import FAMILY, REENROLMENT_PAGE, FamilyRequest, FormBlueprint
from chalicelib.web.family.reenrolment import (
    check_fields,
    enter_enrolment,
    go_to_next_step,
    read_fields,
    step_feedback,
    step_page,
    submission_of,
)
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback, Response, name_fields, redirect, version_after

routes = FormBlueprint(__name__, FAMILY)

_HOUSEHOLD_STEP_PATH = f"{REENROLMENT_PAGE}/foyer"


@routes.get(_HOUSEHOLD_STEP_PATH, enter_enrolment)
def show_household_step_form(request: FamilyRequest, context: EnrolmentContext) -> Response:
    """Show the file and the stored answers."""
    return _household_step_form(request, context, NO_FEEDBACK, context.enrolment.household)


@routes.post(_HOUSEHOLD_STEP_PATH, enter_enrolment)
def take_household_step_form(request: FamilyRequest, context: EnrolmentContext) -> Response:
    """Save the answers and go on, or show the form again."""
    answers = HouseholdAnswers(**read_fields(request, HOUSEHOLD_FIELDS))
    try:
        context.check_open()
        check_fields(request, HOUSEHOLD_FIELDS)
        after = save_household(request, context, answers, submission_of(request))
    except FormRefusal as refusal:
        return _household_step_form(request, context, step_feedback(refusal, request), answers)
    return go_to_next_step(request, context, after, later=submission_of(request).later)


def _household_step_form(
    request: FamilyRequest, context: EnrolmentContext, feedback: FormFeedback, answers: HouseholdAnswers
) -> Response:
    refusal = feedback.refusal
    version = version_of(context.enrolment.household) if refusal is None else version_after(refusal, request)
    return step_page(
        request,
        context,
        "household_step",
        feedback,
        answers=answers,
        form_fields={field.attribute: field for field in HOUSEHOLD_FIELDS},
        moved=refusal if isinstance(refusal, StepMoved) else None,
        version=version,
    )


_PATH = f"{REENROLMENT_PAGE}/eleves/{{eleve}}"
_IMAGE_ALONE: Final = "image"
# « changer » means either, as on the page before it asked whether the day or the discipline changes.
_CHOICES: dict[str, CourseChoice] = {
    "continuer": "keep",
    "jour": "change",
    "discipline": "change",
    "changer": "change",
    "arreter": "stop",
}


@routes.get(_PATH, enter_enrolment)
def show_form(request: FamilyRequest, context: EnrolmentContext) -> Response:
    """Show this year's courses and the stored answers."""
    file = file_of(context, request.parts["eleve"])
    answers = PupilAnswers(image_rights=context.enrolment.household.image_rights)
    return _form(request, context, file, NO_FEEDBACK, file.answers or answers)


@routes.post(_PATH, enter_enrolment)
def take_form(request: FamilyRequest, context: EnrolmentContext) -> Response:
    """Save the answers and go on, or show the form again."""
    key = request.parts["eleve"]
    file = file_of(context, key)
    if request.choice("quoi", "", _IMAGE_ALONE):
        return _take_image_rights(request, context, file)
    answers = _answers(request, context.pupils[key])
    try:
        context.check_open()
        check_fields(request, PUPIL_FIELDS)
        _check_offered(request, context.pupils[key], answers)
        after = save_pupil(request, context, (key, answers), submission_of(request))
    except FormRefusal as refusal:
        file = refusal.pupil if isinstance(refusal, PupilDecided) else file
        feedback = name_fields(step_feedback(refusal, request), _names(context.pupils[key]))
        return _form(request, context, file, feedback, answers)
    return go_to_next_step(request, context, after, later=submission_of(request).later)


def _names(pupil: Pupil) -> dict[str, str]:
    """Name the course of each field that is repeated for several courses."""
    courses = pupil.courses if len(pupil.courses) > 1 else ()
    return {f"{name}-{n}": course.discipline for n, course in enumerate(courses, 1) for name in ("cours", "discipline")}


def _take_image_rights(request: FamilyRequest, context: EnrolmentContext, file: PupilFile) -> Response:
    """Save the image rights of a pupil already decided on, and show that they are."""
    agrees = read_fields(request, PUPIL_FIELDS)["image_rights"]
    try:
        save_image_rights(request, context, (file.key, agrees), submission_of(request))
    except FormRefusal as refusal:
        return _form(request, context, file, step_feedback(refusal, request), file.answers or PupilAnswers())
    return redirect(request.services, f"{REENROLMENT_PAGE}/eleves/{file.key}")


def _answers(request: FamilyRequest, pupil: Pupil) -> PupilAnswers:
    """Read the answers. Those on the courses of a pupil that leaves are kept, in case that is reversed."""
    rules = request.services.settings.network.enrolment
    wishes = tuple(_wish(request, number, course.discipline, rules) for number, course in enumerate(pupil.courses, 1))
    answers = PupilAnswers(wishes=(*wishes, *_addition(request, pupil)), **read_fields(request, PUPIL_FIELDS))
    return replace(answers, reason=answers.reason or request.choice("motif", "", *rules.reasons))


def _wish(request: FamilyRequest, number: int, discipline: str, settings: EnrolmentSettings) -> CourseWish:
    """Read the wish for a course. « jour » alone keeps the discipline, at another time."""
    typed_choice = request.field(f"cours-{number}")
    choice, days = _CHOICES.get(typed_choice, "keep"), _days(request, str(number))
    discipline_typed = request.field(f"discipline-{number}")
    wish = _if_offered(discipline_typed, (discipline, *settings.disciplines))
    if typed_choice == "jour" and wish not in {"", discipline}:
        return CourseWish(discipline, "keep", wish, days)  # contradicts itself, and is refused later
    if typed_choice == "jour" or (typed_choice == "changer" and days and not discipline_typed):
        wish = discipline
    if choice == "keep" and wish == discipline:
        wish = ""
    return CourseWish(discipline, choice, wish, days)


def _days(request: FamilyRequest, place: str) -> tuple[str, ...]:
    """Read the days wished for, best first, each once."""
    days = request.services.settings.network.enrolment.days
    choices = (request.choice(f"jour-{place}-{rank}", "", *days) for rank in range(1, DAYS_AT_MOST + 1))
    return tuple(dict.fromkeys(day for day in choices if day))


def _addition(request: FamilyRequest, pupil: Pupil) -> tuple[CourseWish, ...]:
    """Read the discipline added to this year's, if its box is ticked."""
    name = _if_offered(request.field(f"discipline-{ADDED}"), _addable(request, pupil.courses))
    return (CourseWish(name, "add", days=_days(request, ADDED)),) if request.field(f"cours-{ADDED}") else ()


def _addable(request: FamilyRequest, courses: Sequence[Course]) -> tuple[str, ...]:
    """List the disciplines offered besides those of some courses."""
    names = {course.discipline for course in courses}
    return tuple(name for name in request.services.settings.network.enrolment.disciplines if name not in names)


def _addition_refused(request: FamilyRequest, pupil: Pupil) -> dict[str, tuple[str, ...]]:
    """Refuse a discipline without its box, or one that is not offered."""
    name = request.field(f"discipline-{ADDED}")
    if name and not request.field(f"cours-{ADDED}"):
        return {f"cours-{ADDED}": ("addition_contradicted",)}
    is_offered = name in {"", *_addable(request, pupil.courses)}
    return {} if is_offered else {f"discipline-{ADDED}": ("addition_missing",)}


def _check_offered(request: FamilyRequest, pupil: Pupil, answers: PupilAnswers) -> None:
    """Refuse a discipline that is not offered, or no longer, instead of losing it. Raises `FieldsRefused`."""
    names = {*request.services.settings.network.enrolment.disciplines, ""}
    disciplines_typed = {number: request.field(f"discipline-{number}") for number, _ in enumerate(pupil.courses, 1)}
    if answers.stays is False:
        return
    errors = {
        f"discipline-{number}": ("wanted_missing",)
        for number, course in enumerate(pupil.courses, 1)
        if disciplines_typed[number] not in names | {course.discipline}
    } | _addition_refused(request, pupil)
    if errors:
        raise FieldsRefused(errors)


def _if_offered(name: str, names: tuple[str, ...]) -> str:
    return name if name in names else ""


def _form(
    request: FamilyRequest, context: EnrolmentContext, file: PupilFile, feedback: FormFeedback, answers: PupilAnswers
) -> Response:
    stored_answers, refusal = answers_shown(context.enrolment, file), feedback.refusal
    version = version_of(stored_answers) if refusal is None else version_after(refusal, request)
    pupil = context.pupils[file.key]
    move = refusal if isinstance(refusal, StepMoved) else None
    return step_page(
        request,
        context,
        "pupil_step",
        feedback,
        file=file,
        answers=answers,
        courses=_courses(request, pupil, answers),
        addition=_shown_addition(request, pupil, answers),
        moved=move,
        version=version,
        form_fields={field.attribute: field for field in PUPIL_FIELDS},
    )


@frozen
class _CourseChoices:
    """A course as the form shows it: its number there, the family's wish, and the other disciplines offered.

    `choice`: the answer that is ticked, as typed if the form is shown again.
    """

    number: str
    course: Course
    wish: CourseWish
    choice: str
    disciplines: tuple[str, ...]


def _courses(request: FamilyRequest, pupil: Pupil, answers: PupilAnswers) -> list[_CourseChoices]:
    choices = []
    for number, (course, former) in enumerate(pair_with_wishes(pupil.courses, answers.wishes)[: len(pupil.courses)], 1):
        wish = former or CourseWish(course.discipline, "keep")
        action = request.field(f"cours-{number}")
        choice = action if action in _CHOICES and action != "changer" else _choice_of(wish)
        choices.append(_CourseChoices(str(number), course, wish, choice, _addable(request, (course,))))
    return choices


def _choice_of(wish: CourseWish) -> str:
    if wish.choice == "change":
        return "jour" if wish.wanted == wish.discipline else "discipline"
    return {"keep": "continuer", "stop": "arreter"}.get(wish.choice, "")


@frozen
class _Addition:
    """The added discipline as the form shows it: whether its box is ticked, the wish, and the disciplines offered."""

    is_ticked: bool
    wish: CourseWish
    disciplines: tuple[str, ...]


def _shown_addition(request: FamilyRequest, pupil: Pupil, answers: PupilAnswers) -> _Addition:
    """Show the input if the form is shown again, else the stored answer."""
    addition = next((wish for wish in answers.wishes if wish.is_added), None)
    wish_typed = CourseWish(request.field(f"discipline-{ADDED}"), "add", days=_days(request, ADDED))
    return _Addition(addition is not None, addition or wish_typed, _addable(request, pupil.courses))
