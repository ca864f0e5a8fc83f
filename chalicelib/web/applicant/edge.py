"""The edge of applications: who has proven a mailbox enters, all others are led to the start page."""

from collections.abc import Callable
from dataclasses import field, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, cast

from chalice.app import Request, Response

from chalicelib.domain.admission.applicant_sessions import token_from
from chalicelib.domain.refusals import MustChange, NotLoggedIn
from chalicelib.flows.applicant.entry import ApplicantContext, enter
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
    """One request of the wing: a `PageRequest` whose token is an applicant's, and the cookie that it came in.

    `cookie` holds a session's token, or before that the sealed question whose code is awaited.
    """

    cookie: str = field(default="", repr=False)

    def enter(self) -> ApplicantContext:
        """Let in who has proven a mailbox, in two reads; a post must be vouched for, by a header or by its `jeton`.

        Raises `NotLoggedIn`: the view lets it go up, and the visitor is led to the start page.
        """
        self.check_form_proof()
        return enter(self.services, self.token, self.now)


View = Callable[[ApplicantRequest], Response]


class ApplicantBlueprint(FormBlueprint):
    """A blueprint of the wing: its views take an `ApplicantRequest`, and whoever has no session begins at the start."""

    def get(self, path: str) -> Callable[[View], View]:  # type: ignore[override]  # views take what `read` makes
        """Serve a page at a path, as `FormBlueprint` does."""
        return cast("Callable[[View], View]", super().get(path))

    def post(self, path: str) -> Callable[[View], View]:  # type: ignore[override]  # the same
        """Take a form at a path."""
        return cast("Callable[[View], View]", super().post(path))

    def read(self, request: Request, services: Services, client: Client, now: datetime) -> ApplicantRequest:
        """Parse a request, with the wing's own cookie in the place of a family's. Raises `HttpRefusal`."""
        page_request = super().read(request, services, client, now)
        cookie = requests.cookie(request.headers.get("cookie", ""), cookie_name(services))
        given = {one.name: getattr(page_request, one.name) for one in fields(page_request)}
        return ApplicantRequest(**given | {"token": token_from(cookie)}, cookie=cookie)

    def turn_back(self, request: PageRequest, path: str, refusal: NotLoggedIn | MustChange) -> Response:  # noqa: ARG002
        """Lead to the start page."""
        return responses.redirect(request.services, START_PAGE)


def site_named(request: PageRequest, code: str = "") -> "Site | None":
    """Find a site by its code; without one, that of the page that led here. None where it is not known."""
    code = code or request.came_from.removeprefix(SITE_PAGE.format(site=""))
    return next((site for site in request.services.settings.network.sites if site.code == code), None)


def cookie_name(services: Services) -> str:
    """Name the wing's cookie: bound to this host and to TLS where there is TLS."""
    return f"{responses.cookie_name(services)}-demande"


def redirect(services: Services, path: str, cookie: str | None = None) -> Response:
    """Send to one of our pages; with another cookie from now on, none at all where it is empty."""
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
    **facts: Any,  # noqa: ANN401 - what the page says
) -> Response:
    """Render `templates/applicant/NAME.html` for who has entered.

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
