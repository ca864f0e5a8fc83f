"""GET /extranet/enseignant/cours/…/eleves/…: one pupil in one of the own courses."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from chalice.app import Response

from chalicelib.domain.family.birth_dates import age_at
from chalicelib.flows.teacher.pupil import read_own_pupil
from chalicelib.values import frozen
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback
from chalicelib.web.teacher import opinion_part
from chalicelib.web.teacher.assessment import pupil_facts, pupil_lookups
from chalicelib.web.teacher.edge import PUPIL_PATH, TeacherBlueprint, TeacherRequest, teacher_page

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
    PupilPart(opinion_part.lookups, opinion_part.facts),
    PupilPart(pupil_lookups, pupil_facts),
)


@routes.get(PUPIL_PATH, right="teacher")
def show_pupil(request: TeacherRequest) -> Response:
    """Show it; and what was done, which may have been done of another pupil of the course."""
    return pupil_page(request, information=opinion_part.information(request))


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
    found, read = read_own_pupil(request.services, request.course, request.pupil, request.now, lookups)
    told: dict[str, Any] = {}
    for part, some in asked:
        told |= part.facts(request, read[: len(some)])
        read = read[len(some) :]
    born_on = found.pupil.born_on
    return teacher_page(
        request,
        "pupil",
        "own_pupils",
        feedback=feedback,
        information=information,
        found=found,
        courses=tuple(found.with_teacher(request.teacher)),
        age=age_at(born_on, request.teacher.day) if born_on else None,
        **told | facts,
    )
