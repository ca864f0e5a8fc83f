"""GET and POST /extranet/compte/famille/e-mail: add, replace or remove an address, with the password."""

from dataclasses import replace

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.coordinates import speakers
from chalicelib.domain.account.email_addresses import choices
from chalicelib.domain.account.passwords import trim
from chalicelib.domain.refusals import FormRefusal
from chalicelib.flows.family.family import CoordinatesMoved
from chalicelib.flows.family.family_email import CodeGone, EmailChangeForm, ask, check_allowed, prove, version_of_emails
from chalicelib.flows.family.reenrolment import StepSubmission
from chalicelib.web.edge import FormBlueprint
from chalicelib.web.family.edge import CODE_PAGE, EMAIL_PAGE, FAMILY, FAMILY_PAGE, FamilyRequest, Visitor, family_page
from chalicelib.web.family.reenrolment import step_feedback
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback, Response, version_after

routes = FormBlueprint(__name__, FAMILY)


def _enter(request: FamilyRequest) -> Visitor:
    check_allowed(request.services)
    return request.enter()


@routes.get(EMAIL_PAGE, _enter)
def show_form(request: FamilyRequest, visitor: Visitor) -> Response:
    """Show the addresses on file, and the possible changes."""
    return email_page(request, visitor, NO_FEEDBACK)


@routes.post(EMAIL_PAGE, FamilyRequest.enter)
def take_form(request: FamilyRequest, visitor: Visitor) -> Response:
    """Remove an address, or go on to the code. If refused, show the form again."""
    change = EmailChangeForm(request.field("action"), request.field("email"), trim(request.field("actuel")))
    submission = StepSubmission(by=request.field("par"), version=request.field("vu"))
    try:
        request.check_lengths()
        token = ask(request, visitor, change, submission)
    except FormRefusal as refusal:
        return email_page(request, visitor, step_feedback(refusal, request), refusal)
    removes = change.action.startswith("retirer")
    return FAMILY.redirect(request.services, FAMILY_PAGE if removes else CODE_PAGE, token.cookie if token else None)


def email_page(
    request: FamilyRequest, visitor: Visitor, feedback: FormFeedback, refusal: FormRefusal | None = None
) -> Response:
    """Render the form. After a refusal, with its input and the addresses now on file."""
    account: Account = refusal.account if isinstance(refusal, CoordinatesMoved) else visitor.account
    return family_page(
        request,
        replace(visitor, account=account),
        "family_email",
        tab="family",
        feedback=feedback,
        choices=choices(account),
        action=request.field("action"),
        email=request.field("email"),
        names=speakers(account),
        version=version_of_emails(account) if refusal is None else version_after(refusal, request),
    )


@routes.get(CODE_PAGE, _enter)
def show_family_code_form(request: FamilyRequest, visitor: Visitor) -> Response:
    """Show which address waits for its code."""
    return _form(request, visitor, NO_FEEDBACK)


@routes.post(CODE_PAGE, FamilyRequest.enter)
def take_family_code_form(request: FamilyRequest, visitor: Visitor) -> Response:
    """Confirm the address, or show the form again. If the addresses changed concurrently, show the form before it."""
    try:
        request.check_lengths()
        token = prove(request, visitor, request.field("code"), request.field("vu"))
    except CoordinatesMoved as refusal:
        return email_page(request, visitor, step_feedback(refusal, request), refusal)
    except FormRefusal as refusal:
        ended_name = request.field("vu") if isinstance(refusal, CodeGone) else ""
        return _form(request, visitor, step_feedback(refusal, request), ended_name)
    return FAMILY.redirect(request.services, FAMILY_PAGE, token.cookie if token else None)


def _form(request: FamilyRequest, visitor: Visitor, feedback: FormFeedback, ended_name: str = "") -> Response:
    pending_email = visitor.account.pending_email
    is_open = pending_email is not None and pending_email.is_open(request.now) and pending_email.name != ended_name
    return family_page(
        request,
        visitor,
        "family_code",
        tab="family",
        feedback=feedback,
        pending_email=pending_email if is_open else None,
    )
