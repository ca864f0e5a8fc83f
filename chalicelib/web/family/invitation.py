"""GET and POST /extranet/compte/famille/acces: invite another guardian to a login of their own, with the password."""

from chalicelib.domain.account.coordinates import speakers
from chalicelib.domain.account.passwords import trim
from chalicelib.domain.family.households import Guardian
from chalicelib.domain.refusals import FormRefusal
from chalicelib.flows.family.invitation import InvitationForm, guardians, invite
from chalicelib.web.family.edge import FAMILY, FAMILY_PAGE, FamilyRequest, FormBlueprint, Visitor, family_page
from chalicelib.web.family.reenrolment import step_feedback
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback, Response, redirect

routes = FormBlueprint(__name__, FAMILY)

_PATH = f"{FAMILY_PAGE}/acces"


@routes.get(_PATH, FamilyRequest.enter)
def show_form(request: FamilyRequest, visitor: Visitor) -> Response:
    """Show the guardians with a login, and those who may be invited."""
    return _page(request, visitor, NO_FEEDBACK)


@routes.post(_PATH, FamilyRequest.enter)
def take_form(request: FamilyRequest, visitor: Visitor) -> Response:
    """Invite a guardian, or show the form again."""
    form = InvitationForm(request.field("responsable"), request.field("par"), trim(request.field("actuel")))
    try:
        request.check_lengths()
        invite(request, visitor, form)
    except FormRefusal as refusal:
        return _page(request, visitor, step_feedback(refusal, request))
    return redirect(request.services, FAMILY_PAGE)


def _options(visitor: Visitor) -> dict[str, Guardian]:
    """List the guardians who may be invited, as this login may see them."""
    options = {str(number): one for number, one in enumerate(visitor.account.household.guardians, 1)}
    return {number: options[number] for number in guardians(visitor)}


def _page(request: FamilyRequest, visitor: Visitor, feedback: FormFeedback) -> Response:
    return family_page(
        request,
        visitor,
        "invitation",
        tab="family",
        feedback=feedback,
        guardians=_options(visitor),
        chosen=request.field("responsable"),
        names=speakers(visitor.account),
    )
