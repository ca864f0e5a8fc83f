"""The edge of applications: a proven mailbox opens its own, all others are redirected to the start page."""

from typing import TYPE_CHECKING, Final

from chalicelib.domain.refusals import NotLoggedIn
from chalicelib.services.family import Services
from chalicelib.values import frozen
from chalicelib.web import responses
from chalicelib.web.edge import EntryDoor, PageRequest, VisitorKind
from chalicelib.web.edge import FormBlueprint as FormBlueprint  # noqa: PLC0414 - with the names of this kind of visitor
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback, Response
from chalicelib.wings.admission.domain.applicant_sessions import token_from
from chalicelib.wings.admission.flows.entry import ApplicantContext, enter
from chalicelib.wings.admission.services.applicants import ApplicantServices

if TYPE_CHECKING:
    from chalicelib.settings.environment import Site

START_PAGE: Final = "/extranet/pre-inscription"
CODE_PAGE: Final = f"{START_PAGE}/code"
FOLLOW_UP_PAGE: Final = f"{START_PAGE}/suivi"
LEAVE_PATH: Final = f"{START_PAGE}/quitter"
SITE_PAGE: Final = f"{START_PAGE}/conservatoires/{{site}}"
OVERVIEW_PAGE: Final = f"{START_PAGE}/demande"


@frozen
class ApplicantRequest(PageRequest[ApplicantServices]):
    """A `PageRequest` whose token is an applicant's.

    Its cookie holds a session's token, or before that the sealed `CodeRequest` whose code is awaited.
    """

    def enter(self) -> ApplicantContext:
        """Let in the holder of a proven mailbox, in two reads. Raises `NotLoggedIn`."""
        return enter(self)


def _refuse(request: ApplicantRequest, _path: str, _refusal: NotLoggedIn) -> Response:
    """Redirect to the start page."""
    return responses.redirect(request.services, START_PAGE)


APPLICANT: Final = VisitorKind(
    services=ApplicantServices,
    request=ApplicantRequest,
    door=EntryDoor,
    refusals=(NotLoggedIn,),
    refuse=_refuse,
    token_from=token_from,
    cookie="-demande",
)
redirect: Final = APPLICANT.redirect


def site_named(request: PageRequest[Services], code: str = "") -> "Site | None":
    """Find a site by its code, or without one by the page that led here. None if it is unknown."""
    code = code or request.came_from.removeprefix(SITE_PAGE.format(site=""))
    return next((site for site in request.services.settings.network.sites if site.code == code), None)


def applicant_page(
    request: ApplicantRequest,
    context: ApplicantContext,
    name: str,
    *,
    feedback: FormFeedback = NO_FEEDBACK,
    **facts: object,
) -> Response:
    """Render `applicant/NAME.html` for an applicant.

    It has `context`, and `proof`, which each of its forms carries as `jeton`.
    """
    return responses.page(
        request.services,
        f"applicant/{name}",
        feedback=feedback,
        context=context,
        proof=context.token.form_proof,
        **facts,
    )
