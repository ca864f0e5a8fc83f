"""The edge of applications: a proven mailbox opens its own, all others are redirected to the start."""

from dataclasses import field
from typing import TYPE_CHECKING, Any, Final

from chalice.app import Request, Response

from chalicelib.domain.admission.applicant_sessions import token_from
from chalicelib.domain.refusals import MustChange, NotLoggedIn
from chalicelib.flows.applicant.entry import ApplicantContext, enter
from chalicelib.services.admission import ApplicantServices
from chalicelib.services.family import Client, Services
from chalicelib.values import frozen
from chalicelib.web import requests, responses
from chalicelib.web.edge import FormBlueprint, PageRequest
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback

if TYPE_CHECKING:
    from chalicelib.settings.environment import Site

START_PAGE: Final = "/extranet/pre-inscription"
CODE_PAGE: Final = f"{START_PAGE}/code"
FOLLOW_UP_PAGE: Final = f"{START_PAGE}/suivi"
LEAVE_PATH: Final = f"{START_PAGE}/quitter"
SITE_PAGE: Final = f"{START_PAGE}/conservatoires/{{site}}"
OVERVIEW_PAGE: Final = f"{START_PAGE}/demande"


@frozen
class ApplicantRequest(PageRequest):
    """A `PageRequest` whose token is an applicant's, with its cookie.

    `cookie` holds a session's token, or before that the sealed `CodeRequest` whose code is awaited.
    """

    services: ApplicantServices
    cookie: str = field(default="", repr=False)

    def enter(self) -> ApplicantContext:
        """Let in the holder of a proven mailbox, in two reads. A post must be proven by a header or its `jeton`.

        Raises `NotLoggedIn`: the view lets it pass, and the visitor is redirected to the start page.
        """
        self.check_form_proof()
        return enter(self.services, self.token, self.now)


class ApplicantBlueprint(FormBlueprint):
    """A blueprint of applications: its views take an `ApplicantRequest`. Without a session, it sends to the start."""

    request_type = ApplicantRequest

    def own_facts(self, _request: Request, cookies: str, services: Services, _client: Client) -> dict[str, Any]:
        """Read the applicant's cookie."""
        cookie = requests.cookie(cookies, cookie_name(services))
        return {"token": token_from(cookie), "cookie": cookie}

    def turn_back(self, request: PageRequest, path: str, refusal: NotLoggedIn | MustChange) -> Response:  # noqa: ARG002
        """Redirect to the start page."""
        return responses.redirect(request.services, START_PAGE)


def site_named(request: PageRequest, code: str = "") -> "Site | None":
    """Find a site by its code, or without one by the page that led here. None if it is unknown."""
    code = code or request.came_from.removeprefix(SITE_PAGE.format(site=""))
    return next((site for site in request.services.settings.network.sites if site.code == code), None)


def cookie_name(services: Services) -> str:
    """Name the applicant's cookie: bound to this host and to TLS where there is TLS."""
    return f"{responses.cookie_name(services)}-demande"


def redirect(services: Services, path: str, cookie: str | None = None) -> Response:
    """Redirect to a page of ours. A cookie given replaces the current one, an empty one deletes it."""
    if cookie is None:
        return responses.redirect(services, path)
    return responses.redirect_with(services, path, cookie_name(services), cookie)


def applicant_page(
    request: ApplicantRequest,
    context: ApplicantContext,
    name: str,
    *,
    feedback: FormFeedback = NO_FEEDBACK,
    information: str | None = None,
    **facts: Any,  # noqa: ANN401 - facts of any type
) -> Response:
    """Render `templates/applicant/NAME.html` for an applicant.

    It has `context`, and `proof`, which each of its forms carries as `jeton`.
    """
    return responses.page(
        request.services,
        f"applicant/{name}",
        feedback=feedback,
        information=information,
        context=context,
        proof=context.token.form_proof,
        **facts,
    )
