"""GET and POST /extranet/pre-inscription/demande/proposition/{eleve}: a place is offered, taken or declined."""

from typing import Final

from chalice.app import Response

from chalicelib.domain.admission.progress import CandidateProgress
from chalicelib.domain.admission.refusals import OfferGone
from chalicelib.domain.refusals import NotThere
from chalicelib.flows.applicant.application import ApplicationStatus, application_status, enter_listed
from chalicelib.flows.applicant.offer import decline_offer, take_offer
from chalicelib.web.applicant.edge import OVERVIEW_PAGE, ApplicantBlueprint, ApplicantRequest, applicant_page, redirect
from chalicelib.web.feedback import feedback_on
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback

routes = ApplicantBlueprint(__name__)

_PATH: Final = f"{OVERVIEW_PAGE}/proposition/{{eleve}}"


@routes.get(_PATH)
def show_offer(request: ApplicantRequest) -> Response:
    """Show the places offered, until when, and the effects of accepting one."""
    followed = enter_with_status(request)
    return _page(request, followed, _candidate(request, followed))


@routes.post(_PATH)
def take_answer(request: ApplicantRequest) -> Response:
    """Take the place, ask once more before it is declined, or decline it."""
    followed = enter_with_status(request)
    candidate, name = _candidate(request, followed), request.field("proposition")
    if request.field("action") not in {"accepter", "refuser-vraiment"}:
        return _page(request, followed, candidate, declining=name)
    answer = take_offer if request.field("action") == "accepter" else decline_offer
    try:
        answer(request.services, followed, candidate, name, request.client)
    except OfferGone as refusal:
        return _page(request, followed, candidate, feedback_on(refusal, request))
    return redirect(request.services, OVERVIEW_PAGE)


def enter_with_status(request: ApplicantRequest) -> ApplicationStatus:
    """Let in the holder of a proven mailbox, with the status of its application: three reads."""
    request.check_form_proof()
    context, listed = enter_listed(request.services, request.token, request.now)
    return application_status(request.services, context, listed)


def _candidate(request: ApplicantRequest, followed: ApplicationStatus) -> CandidateProgress:
    """Find the candidate that the address names. Raises `NotThere` outside this application."""
    progress = followed.candidate(request.parts["eleve"])
    if progress is None:
        raise NotThere
    return progress


def _page(
    request: ApplicantRequest,
    followed: ApplicationStatus,
    candidate: CandidateProgress,
    feedback: FormFeedback = NO_FEEDBACK,
    declining: str = "",
) -> Response:
    return applicant_page(
        request,
        followed.context,
        "offer",
        feedback=feedback,
        followed=followed,
        own=candidate,
        offers=() if feedback.alert else candidate.offers,
        declining=declining,
    )
