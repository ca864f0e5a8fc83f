"""GET /extranet/enseignant/cours/…/eleves/…: a pupil in one of the teacher's own courses."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

from chalicelib.domain.enrolment.opinions import LEANINGS, Opinion, OpinionMoved, OpinionsClosed, OpinionText
from chalicelib.domain.enrolment.periods import today
from chalicelib.domain.family.birth_dates import age_at
from chalicelib.domain.refusals import FormRefusal
from chalicelib.presentation.office import enrolments
from chalicelib.presentation.texts import day, sentence
from chalicelib.values import frozen
from chalicelib.web.office.edge import redirect
from chalicelib.web.responses import FormFeedback, Response, feedback_on
from chalicelib.wings.teaching.flows.teacher import opinion as flow
from chalicelib.wings.teaching.flows.teacher.pupil import read_own_pupil
from chalicelib.wings.teaching.services.teaching import TeachingServices as Services
from chalicelib.wings.teaching.web.teacher.assessment import pupil_facts, pupil_lookups
from chalicelib.wings.teaching.web.teacher.edge import (
    PUPIL_PATH,
    TEACHER,
    FormBlueprint,
    TeacherRequest,
    pupil_path,
    teacher_page,
)


def lookups(request: TeacherRequest) -> Sequence[Any]:
    """Look up the opinions of the course's pupils: the button names the next pupil."""
    return flow.opinion_lookups(request.services, request.course, request.now)


def facts(request: TeacherRequest, answers: Sequence[Opinion]) -> dict[str, Any]:
    """Give the page the stored opinion, or the typed one if the form is shown again."""
    opinions, ref = flow.opinions_of_course(request.course, answers), request.pupil.ref
    standing, is_typed = opinions.by_pupil[ref], "avis_mots" in request.form
    return {
        "opinion": standing,
        "opinion_version": request.field("vu") if is_typed else standing.version,
        "opinion_typed": (request.field("avis"), request.field("avis_mots"))
        if is_typed
        else (standing.said.leaning, standing.said.words),
        "opinion_next": opinions.next_after(ref),
        "opinions_open": flow.opinion_window(request.services).has(today(request.now)),
        "opinions_when": when(request.services, "opinions_when"),
        "opinion_words": enrolments,
    }


def when(services: Services, code: str) -> str:
    """Write from when to when opinions are given, in a sentence that has both."""
    window = flow.opinion_window(services)
    return sentence(code, opens_on=_day_of_year(window.opens_on), closes_on=_day_of_year(window.closes_on))


def _day_of_year(text: str) -> str:
    """Write « MM-DD » in French: « 1er mars »."""
    return day(date.fromisoformat(f"2000-{text}")).removesuffix(" 2000")


def information(request: TeacherRequest) -> str | None:
    """Confirm the opinion just stored on a pupil of the course, if that led here."""
    key = request.query.get("avis")
    pupil = next((one for one in request.course.course.pupils if one.ref.key == key), None)
    return sentence("opinion_saved", name=pupil.name) if pupil else None


routes = FormBlueprint(__name__, TEACHER)


@frozen
class PupilPart:
    """A part of the page: its lookups, in the page's one round trip, and the facts it makes of their answers.

    Both get the request, whose `course` and `pupil` are known. `facts` gets the answers too, in the order asked.
    """

    lookups: Callable[[TeacherRequest], Sequence[Any]]
    facts: Callable[[TeacherRequest, Sequence[Any]], dict[str, Any]]


# The template of each is in `pupil.html`. A new part is one line here.
PARTS: Final[tuple[PupilPart, ...]] = (PupilPart(lookups, facts), PupilPart(pupil_lookups, pupil_facts))


@routes.get(PUPIL_PATH, right="teacher")
def show_pupil(request: TeacherRequest) -> Response:
    """Show the pupil, and confirm the last act, perhaps on another pupil of the course."""
    return pupil_page(request, feedback=FormFeedback(information=information(request)))


def pupil_page(request: TeacherRequest, *, feedback: FormFeedback, **facts: object) -> Response:
    """Render the page, also with a refused form on it. `facts` override those of the parts."""
    lookups_of = [(part, part.lookups(request)) for part in PARTS]
    lookups = [lookup for _, some in lookups_of for lookup in some]
    own_pupil, items = read_own_pupil(request.services, request.course, request.pupil, request.now, lookups)
    part_facts: dict[str, Any] = {}
    for part, part_lookups in lookups_of:
        part_facts |= part.facts(request, items[: len(part_lookups)])
        items = items[len(part_lookups) :]
    born_on = own_pupil.pupil.born_on
    return teacher_page(
        request,
        "pupil",
        "own_pupils",
        feedback=feedback,
        found=own_pupil,
        courses=tuple(own_pupil.with_teacher(request.teacher)),
        age=age_at(born_on, request.teacher.day) if born_on else None,
        **part_facts | facts,
    )


@routes.post(f"{PUPIL_PATH}/avis", right="teacher")
def give(request: TeacherRequest) -> Response:
    """Store the opinion, and go to the page of this pupil or the next without one. If refused, show the form again."""
    try:
        request.check_lengths()
        opinions = flow.give_opinion(request.services, _given(request), request.now)
    except OpinionsClosed:
        return pupil_page(request, feedback=FormFeedback(422, when(request.services, "opinions_closed")))
    except OpinionMoved as refusal:
        alert = sentence("opinion_moved", said=enrolments.opinion(refusal.standing))
        return pupil_page(request, feedback=FormFeedback(422, alert), opinion_version=refusal.standing.version)
    except FormRefusal as refusal:
        return pupil_page(request, feedback=feedback_on(refusal, request))
    following = opinions.next_after(request.pupil.ref) if request.field("suite") else None
    page = pupil_path(request.course, following or request.pupil)
    return redirect(request.services, f"{page}?avis={request.pupil.ref.key}")


def _given(request: TeacherRequest) -> flow.GivenOpinion:
    leaning = next((one for one in LEANINGS if one == request.field("avis")), None)
    opinion = OpinionText(leaning, request.field("avis_mots"))
    by = request.staff.member.known_as
    return flow.GivenOpinion(request.course, request.pupil, opinion, by, request.field("vu"))
