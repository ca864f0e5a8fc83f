"""POST …/eleves/{famille}/{eleve}/avis: what a teacher says of a pupil's return; the page has the form."""

from chalice.app import Response

from chalicelib.domain.refusals import FormRefusal
from chalicelib.domain.teaching.opinions import LEANINGS, OpinionMoved, OpinionsClosed, OpinionWords
from chalicelib.flows.teacher.opinion import GivenOpinion, give_opinion
from chalicelib.office.enrolment import labels
from chalicelib.presentation.texts import sentence
from chalicelib.web.feedback import feedback_on
from chalicelib.web.office.edge import redirect
from chalicelib.web.responses import FormFeedback
from chalicelib.web.teacher import opinion_part
from chalicelib.web.teacher.edge import PUPIL_PATH, TeacherBlueprint, TeacherRequest, pupil_path
from chalicelib.web.teacher.pupil import pupil_page

routes = TeacherBlueprint(__name__)


@routes.post(f"{PUPIL_PATH}/avis", right="teacher")
def give(request: TeacherRequest) -> Response:
    """Store it, and lead to the page of this pupil, or of the next without one; or show the form again as it was."""
    try:
        request.check_lengths()
        opinions = give_opinion(request.services, _given(request), request.now)
    except OpinionsClosed:
        return pupil_page(request, feedback=FormFeedback(422, opinion_part.when(request.services, "opinions_closed")))
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
    said = OpinionWords(chosen, request.field("avis_mots"))
    by = request.staff.member.known_as
    return GivenOpinion(request.course, request.pupil, said, by, request.field("vu"))
