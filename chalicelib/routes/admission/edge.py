"""The edge of new requests: who has proven a mailbox enters, all others are led to the start page."""

from collections.abc import Callable
from dataclasses import field, fields
from typing import Any, Final

from chalice.app import Response

from chalicelib.domain.admission.applicant_sessions import token_from
from chalicelib.domain.refusals import NotLoggedIn
from chalicelib.flows.admission.entering import ApplicantContext, enter
from chalicelib.routes import incoming, responses
from chalicelib.routes.edge import FormBlueprint, PageRequest
from chalicelib.routes.edge import View as PageView
from chalicelib.routes.responses import NO_FEEDBACK, FormFeedback
from chalicelib.services import Services
from chalicelib.values import frozen

START_PAGE: Final = "/extranet/pre-inscription"
CODE_PAGE: Final = f"{START_PAGE}/code"
FOLLOW_UP_PAGE: Final = f"{START_PAGE}/suivi"
LEAVE_PATH: Final = f"{START_PAGE}/quitter"
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

    def get(self, path: str) -> Callable[[View], View]:  # type: ignore[override]  # views take what this edge makes
        """Serve a page at a path, as `FormBlueprint` does."""
        return self._add(super().get(path))

    def post(self, path: str) -> Callable[[View], View]:  # type: ignore[override]  # the same
        """Take a form at a path."""
        return self._add(super().post(path))

    def _add(self, add: Callable[[PageView], PageView]) -> Callable[[View], View]:
        def serve(view: View) -> View:
            add(lambda request: self._answer(view, request))
            return view

        return serve

    def _answer(self, view: View, page_request: PageRequest) -> Response:
        cookies = self.current_request.headers.get("cookie", "")
        request = _applicant_request(page_request, incoming.cookie(cookies, cookie_name(page_request.services)))
        try:
            return view(request)
        except NotLoggedIn:
            return responses.redirect(request.services, START_PAGE)


def _applicant_request(request: PageRequest, cookie: str) -> ApplicantRequest:
    given = {one.name: getattr(request, one.name) for one in fields(request)}
    return ApplicantRequest(**given | {"token": token_from(cookie)}, cookie=cookie)


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
    """Render `templates/pages/admission/NAME.html` for who has entered.

    It has `context`, and `proof`, which each of its forms carries as `jeton`.
    """
    return responses.page(
        request.services,
        f"admission/{name}",
        feedback=feedback,
        information=information,
        context=context,
        proof=context.token.form_proof,
        **facts,
    )
