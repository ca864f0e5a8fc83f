"""GET and POST /extranet/pre-inscription/demande/pieces: documents uploaded straight to the bucket, or promised."""

from dataclasses import replace
from typing import Final

from chalicelib.domain.dossiers.documents import Slot
from chalicelib.domain.dossiers.uploads import LARGEST, MOST_FILES, Statuses
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, NotLoggedIn, StepMoved
from chalicelib.presentation import texts
from chalicelib.values import version_of
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback, Response, feedback_on, version_after
from chalicelib.web.upload_feedback import documents_feedback, read_promises, saved_promises, shown_documents
from chalicelib.wings.admission.flows.documents import document_statuses, may_provide, save_documents, upload_forms
from chalicelib.wings.admission.flows.entry import ApplicantContext
from chalicelib.wings.admission.web.application import form_of, go_on, step_page
from chalicelib.wings.admission.web.edge import APPLICANT, OVERVIEW_PAGE, ApplicantRequest, FormBlueprint, redirect

routes = FormBlueprint(__name__, APPLICANT)

_PATH: Final = f"{OVERVIEW_PAGE}/pieces"
_SENT: Final = f"{_PATH}/envoyee"


@routes.get(_PATH, ApplicantRequest.enter)
def show_form(request: ApplicantRequest, context: ApplicantContext) -> Response:
    """Show each document asked for, with its status."""
    statuses = document_statuses(request.services, context)
    return _form(request, context, statuses, NO_FEEDBACK, saved_promises(context.application.provided))


@routes.get(_SENT)
def come_back(request: ApplicantRequest) -> Response:
    """Redirect to the page: S3 sends here after an upload, with its key and its bucket in the address."""
    if request.token is None:
        raise NotLoggedIn
    return redirect(request.services, _PATH)


@routes.post(_PATH, ApplicantRequest.enter)
def take_form(request: ApplicantRequest, context: ApplicantContext) -> Response:
    """Save the uploads and promises, and go on, or show the page again."""
    statuses = document_statuses(request.services, context)
    slots = read_promises(request, statuses)
    form = form_of(request)
    try:
        request.check_lengths()
        after = save_documents(request, context, statuses, slots, form)
    except FormRefusal as refusal:
        promises = slots | saved_promises(context.application.provided) if isinstance(refusal, StepMoved) else slots
        return _form(request, context, statuses, _feedback(refusal, statuses, request), promises)
    return go_on(request, replace(context, application=after), later=form.later or after.sent is not None)


def _feedback(refusal: FormRefusal, statuses: Statuses, request: ApplicantRequest) -> FormFeedback:
    if isinstance(refusal, FieldsRefused):
        return documents_feedback(refusal, statuses, request)
    if isinstance(refusal, StepMoved):
        when = f"le {texts.day_and_hour(refusal.saved.at)}" if refusal.saved else "entre-temps"
        return FormFeedback(422, texts.sentence("request_step_moved", when=when), refusal=refusal)
    return feedback_on(refusal, request)


def _form(
    request: ApplicantRequest, context: ApplicantContext, statuses: Statuses, feedback: FormFeedback, slots: set[Slot]
) -> Response:
    forms = upload_forms(request.services, context, statuses, request.services.settings.network.url(_SENT))
    feedback, documents = shown_documents(statuses, forms, _PATH, feedback)
    return step_page(
        request,
        context,
        "documents",
        feedback,
        **documents,
        promised=slots,
        limits=(LARGEST, MOST_FILES),
        may_provide=may_provide(context),
        version=version_of(context.application.provided)
        if feedback.refusal is None
        else version_after(feedback.refusal, request),
    )
