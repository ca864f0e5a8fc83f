"""GET /extranet/enseignant/cours/…/eleves/…: one pupil in one of the own courses."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

from chalice.app import Response

from chalicelib.domain.family.birth_dates import age_at
from chalicelib.domain.refusals import FormRefusal
from chalicelib.domain.teaching.opinions import LEANINGS, Opinion, OpinionMoved, OpinionsClosed, OpinionText
from chalicelib.domain.teaching.school_years import today
from chalicelib.flows.teacher.opinion import (
    GivenOpinion,
    give_opinion,
    opinion_lookups,
    opinion_window,
    opinions_of_course,
)
from chalicelib.flows.teacher.pupil import read_own_pupil
from chalicelib.office.enrolment import labels
from chalicelib.presentation.texts import day, sentence
from chalicelib.services.family import Services
from chalicelib.values import frozen
from chalicelib.web.feedback import feedback_on
from chalicelib.web.office.edge import redirect
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback
from chalicelib.web.teacher.assessment import pupil_facts, pupil_lookups
from chalicelib.web.teacher.edge import PUPIL_PATH, TeacherBlueprint, TeacherRequest, pupil_path, teacher_page


def lookups(request: TeacherRequest) -> Sequence[Any]:
    """Look up the opinions of the course's pupils: the button names who comes next."""
    return opinion_lookups(request.services, request.course, request.now)


def facts(request: TeacherRequest, found: Sequence[Opinion]) -> dict[str, Any]:
    """Say which one stands; and what was typed instead, where this form is shown again."""
    opinions, ref = opinions_of_course(request.course, found), request.pupil.ref
    standing, is_typed = opinions.found[ref], "avis_mots" in request.form
    return {
        "opinion": standing,
        "opinion_version": request.field("vu") if is_typed else standing.version,
        "opinion_typed": (request.field("avis"), request.field("avis_mots"))
        if is_typed
        else (standing.said.leaning, standing.said.words),
        "opinion_next": opinions.next_after(ref),
        "opinions_open": opinion_window(request.services).has(today(request.now)),
        "opinions_when": when(request.services, "opinions_when"),
        "opinion_words": labels,
    }


def when(services: Services, code: str) -> str:
    """Say from when to when opinions are given, in a sentence that has both."""
    window = opinion_window(services)
    return sentence(code, opens_on=_day_of_year(window.opens_on), closes_on=_day_of_year(window.closes_on))


def _day_of_year(written: str) -> str:
    """Write « MM-DD », of whatever year: « 1er mars »."""
    return day(date.fromisoformat(f"2000-{written}")).removesuffix(" 2000")


def information(request: TeacherRequest) -> str | None:
    """Say of whom of the course an opinion was stored, where that led here."""
    saved = request.query.get("avis")
    pupil = next((one for one in request.course.course.pupils if one.ref.key == saved), None)
    return sentence("opinion_saved", name=pupil.name) if pupil else None


routes = TeacherBlueprint(__name__)


@frozen
class PupilPart:
    """A part of the page: what it looks up, in the page's one round trip, and what it says of what was found.

    Both get the request, whose `course` and `pupil` are known; `facts` the answers too, in the order asked.
    """

    lookups: Callable[[TeacherRequest], Sequence[Any]]
    facts: Callable[[TeacherRequest, Sequence[Any]], dict[str, Any]]


# The template of each stands in `pupil.html`; whoever adds a part adds one line here.
PARTS: Final[tuple[PupilPart, ...]] = (
    PupilPart(lookups, facts),
    PupilPart(pupil_lookups, pupil_facts),
)


@routes.get(PUPIL_PATH, right="teacher")
def show_pupil(request: TeacherRequest) -> Response:
    """Show it; and what was done, which may have been done of another pupil of the course."""
    return pupil_page(request, information=information(request))


def pupil_page(
    request: TeacherRequest,
    *,
    feedback: FormFeedback = NO_FEEDBACK,
    information: str | None = None,
    **facts: Any,  # noqa: ANN401 - what the page says
) -> Response:
    """Render it, for any form of the page that was refused too; `facts` stand over what the parts say."""
    asked = [(part, part.lookups(request)) for part in PARTS]
    lookups = [lookup for _, some in asked for lookup in some]
    own_pupil, read = read_own_pupil(request.services, request.course, request.pupil, request.now, lookups)
    told: dict[str, Any] = {}
    for part, some in asked:
        told |= part.facts(request, read[: len(some)])
        read = read[len(some) :]
    born_on = own_pupil.pupil.born_on
    return teacher_page(
        request,
        "pupil",
        "own_pupils",
        feedback=feedback,
        information=information,
        found=own_pupil,
        courses=tuple(own_pupil.with_teacher(request.teacher)),
        age=age_at(born_on, request.teacher.day) if born_on else None,
        **told | facts,
    )


@routes.post(f"{PUPIL_PATH}/avis", right="teacher")
def give(request: TeacherRequest) -> Response:
    """Store it, and lead to the page of this pupil, or of the next without one; or show the form again as it was."""
    try:
        request.check_lengths()
        opinions = give_opinion(request.services, _given(request), request.now)
    except OpinionsClosed:
        return pupil_page(request, feedback=FormFeedback(422, when(request.services, "opinions_closed")))
    except OpinionMoved as refusal:
        said = sentence("opinion_moved", said=labels.opinion(refusal.standing))
        return pupil_page(request, feedback=FormFeedback(422, said), opinion_version=refusal.standing.version)
    except FormRefusal as refusal:
        return pupil_page(request, feedback=feedback_on(refusal, request))
    following = opinions.next_after(request.pupil.ref) if request.field("suite") else None
    page = pupil_path(request.course, following or request.pupil)
    return redirect(request.services, f"{page}?avis={request.pupil.ref.key}")


def _given(request: TeacherRequest) -> GivenOpinion:
    chosen = next((one for one in LEANINGS if one == request.field("avis")), None)
    said = OpinionText(chosen, request.field("avis_mots"))
    by = request.staff.member.known_as
    return GivenOpinion(request.course, request.pupil, said, by, request.field("vu"))
