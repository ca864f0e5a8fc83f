"""/extranet/bureau/navigateur: ask for the link that makes a browser known, and use it. Opening it changes nothing."""

from dataclasses import replace

from chalicelib.domain.account.identifiers import email_from
from chalicelib.domain.refusals import FieldsRefused, FormRefusal
from chalicelib.domain.staff.browser_links import BrowserLinkGone
from chalicelib.flows.staff.browser_link import PATH, ask_for_link, open_link, use_link
from chalicelib.web.office.edge import LOGIN_PAGE, STAFF, DeskRequest, FormBlueprint, door_page, redirect
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback, Response, confirmation, feedback_on, set_cookies

routes = FormBlueprint(__name__, STAFF)
_LINK = f"{PATH}/{{lien}}"


@routes.get(PATH, right=None)
def show_form(request: DeskRequest) -> Response:
    """Ask for the address to which the link is mailed."""
    return _form(request)


@routes.post(PATH, right=None)
def ask(request: DeskRequest) -> Response:
    """Mail a link. Every address gets the same answer."""
    try:
        request.check_lengths()
        email = email_from(request.field("courriel"))
        if not email:
            raise FieldsRefused({"courriel": ("staff_email_missing",)})
        ask_for_link(request, email)
    except FormRefusal as refusal:
        return _form(request, feedback_on(refusal, request))
    return _form(request, confirmation("staff_link_mailed"))


@routes.get(_LINK, right=None)
def show_link(request: DeskRequest) -> Response:
    """Show the button that makes this browser known."""
    try:
        return _link_page(request)
    except BrowserLinkGone as ending:
        return _gone_page(request, ending)


@routes.post(_LINK, right=None)
def use(request: DeskRequest) -> Response:
    """Make this browser known, and go on to the login form.

    The secret of the link, in its address, proves the form: no other page can send it.
    """
    try:
        email = use_link(request, request.parts["lien"])
    except BrowserLinkGone as ending:
        return _gone_page(request, ending)
    except FormRefusal as refusal:
        return _link_page(request, feedback_on(refusal, request))
    return redirect(request.services, f"{LOGIN_PAGE}?fait=navigateur", devices=request.devices_cookie(email))


def _form(request: DeskRequest, feedback: FormFeedback = NO_FEEDBACK) -> Response:
    fields = {"courriel": request.field("courriel")}
    return door_page(request, "browser_link", feedback=feedback, typed=fields)


def _link_page(request: DeskRequest, feedback: FormFeedback = NO_FEEDBACK) -> Response:
    """Show the button. Raises `BrowserLinkGone`."""
    lien, services = request.parts["lien"], request.services
    cookies = set_cookies(services, *STAFF.cookies(None, open_link(request, lien)))
    feedback = replace(feedback, headers={**feedback.headers, **cookies})
    return door_page(request, "browser_link_use", feedback=feedback, path=_LINK.format(lien=lien))


def _gone_page(request: DeskRequest, ending: BrowserLinkGone) -> Response:
    """Answer 410 with how to get another link, the same for a forged, used or expired one."""
    return door_page(request, "browser_link_gone", feedback=FormFeedback(410, feedback_on(ending, request).alert))
