"""GET and POST /extranet/pre-inscription/demande/retrait: a request, or one of its candidates, is withdrawn."""

from typing import Final

from chalice.app import Response

from chalicelib.domain.refusals import FormRefusal
from chalicelib.flows.applicant.status import Following
from chalicelib.flows.applicant.withdrawal import withdraw, withdrawable
from chalicelib.web.applicant.edge import OVERVIEW_PAGE, ApplicantBlueprint, ApplicantRequest, applicant_page, redirect
from chalicelib.web.applicant.offer import enter_following
from chalicelib.web.feedback import feedback_on
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback

routes = ApplicantBlueprint(__name__)

_PATH: Final = f"{OVERVIEW_PAGE}/retrait"


@routes.get(_PATH)
def show_form(request: ApplicantRequest) -> Response:
    """Say what a withdrawal ends, and of whom."""
    followed = enter_following(request)
    if followed.context.application.sent is None:
        return redirect(request.services, OVERVIEW_PAGE)
    return _page(request, followed)


@routes.post(_PATH)
def take_form(request: ApplicantRequest) -> Response:
    """Withdraw those whose box is ticked."""
    followed = enter_following(request)
    keys = [key for key in _keys(followed) if request.field(f"retirer-{key}")]
    try:
        withdraw(request.services, followed, keys, request.client)
    except FormRefusal as refusal:
        return _page(request, followed, feedback_on(refusal, request))
    return redirect(request.services, OVERVIEW_PAGE)


def _keys(followed: Following) -> list[str]:
    return [one.candidate.key for one in followed.candidates]


def _page(request: ApplicantRequest, followed: Following, feedback: FormFeedback = NO_FEEDBACK) -> Response:
    return applicant_page(
        request,
        followed.context,
        "withdrawal",
        feedback=feedback,
        followed=followed,
        leaving=withdrawable(followed),
    )
