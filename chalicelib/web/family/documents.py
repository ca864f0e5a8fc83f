"""GET and POST /extranet/compte/reinscription/pieces: documents sent straight to the bucket, or promised on paper."""

from collections.abc import Sequence
from dataclasses import replace

from chalice.app import Response

from chalicelib.domain.dossiers.documents import Slot
from chalicelib.domain.dossiers.uploads import LARGEST, MOST_FILES, DocumentStatus
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, NotLoggedIn, PeriodClosed, StepMoved
from chalicelib.flows.family.documents import document_statuses, save_documents, upload_forms
from chalicelib.flows.family.reenrolment import EnrolmentContext, version_of
from chalicelib.flows.family.uploads import promise_field
from chalicelib.web import responses
from chalicelib.web.edge import REENROLMENT_PAGE, FormBlueprint, PageRequest
from chalicelib.web.family.reenrolment import enter_enrolment, go_to_next_step, step_feedback, step_page, submission_of
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback, also_uploading
from chalicelib.web.upload_feedback import documents_feedback, refusal_sentence
from chalicelib.web.versions import version_after

routes = FormBlueprint(__name__)

_PATH = f"{REENROLMENT_PAGE}/pieces"
_SENT = f"{_PATH}/envoyee"


@routes.get(_PATH)
def show_form(request: PageRequest) -> Response:
    """Show each document asked for, with its status."""
    context = enter_enrolment(request)
    statuses = document_statuses(request.services, context)
    return _form(request, context, statuses, NO_FEEDBACK, _saved_promises(context))


@routes.get(_SENT)
def come_back(request: PageRequest) -> Response:
    """Redirect to the page: S3 sends here after an upload, with its key and its bucket in the address."""
    if request.token is None:
        raise NotLoggedIn
    return responses.redirect(request.services, _PATH)


@routes.post(_PATH)
def take_form(request: PageRequest) -> Response:
    """Save the uploads and promises, and go on, or show the page again."""
    context = enter_enrolment(request)
    statuses = document_statuses(request.services, context)
    promised = {status.document.slot for status in statuses if request.field(promise_field(status.document.slot))}
    try:
        context.check_open()
        request.check_lengths()
        after = save_documents(request.services, context, statuses, promised, submission_of(request), request.client)
    except FormRefusal as refusal:
        promises = promised | _saved_promises(context) if isinstance(refusal, StepMoved) else promised
        return _form(request, context, statuses, _feedback(refusal, statuses, request), promises, refusal)
    return go_to_next_step(request, context, after, later=submission_of(request).later)


def _feedback(refusal: FormRefusal, statuses: Sequence[DocumentStatus], request: PageRequest) -> FormFeedback:
    if isinstance(refusal, FieldsRefused):
        return documents_feedback(refusal, statuses, request)
    return step_feedback(refusal, request)


def _saved_promises(context: EnrolmentContext) -> set[Slot]:
    return {(document.code, document.owner) for document in context.enrolment.provided if not document.object_key}


def _form(  # noqa: PLR0913, PLR0917 - all that the page shows
    request: PageRequest,
    context: EnrolmentContext,
    statuses: Sequence[DocumentStatus],
    feedback: FormFeedback,
    promised: set[Slot],
    refusal: FormRefusal | None = None,
) -> Response:
    before, received = (
        _saved_promises(context),
        {status.document.slot for status in statuses if status.state == "received"},
    )
    is_closed = isinstance(refusal, PeriodClosed)
    unsaved = (promised ^ before) - received if is_closed else set[Slot]()
    signed = upload_forms(request.services, context, statuses, request.services.settings.network.url(_SENT))
    headers = also_uploading(next(iter(signed.values())), _PATH) if signed else {}
    return step_page(
        request,
        context,
        "documents",
        replace(feedback, headers={**feedback.headers, **headers}),
        statuses=statuses,
        refusals={status.document.slot: refusal_sentence(status) for status in statuses if status.fault},
        forms=signed,
        promise_field=promise_field,
        promised=before if is_closed else promised,
        unsaved=[document for document in context.required_documents(request.services) if document.slot in unsaved],
        largest=LARGEST,
        most=MOST_FILES,
        version=version_of(context.enrolment.provided) if refusal is None else version_after(refusal, request),
    )
