"""GET and POST /extranet/compte/reinscription/pieces: documents sent straight to the bucket, or promised on paper."""

from chalicelib.domain.dossiers.documents import Slot
from chalicelib.domain.dossiers.uploads import LARGEST, MOST_FILES, Statuses
from chalicelib.domain.enrolment.periods import PeriodClosed
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, NotLoggedIn, StepMoved
from chalicelib.flows.family.documents import document_statuses, save_documents, upload_forms
from chalicelib.flows.family.reenrolment import EnrolmentContext
from chalicelib.values import version_of
from chalicelib.web.family.edge import FAMILY, REENROLMENT_PAGE, FamilyRequest, FormBlueprint
from chalicelib.web.family.reenrolment import enter_enrolment, go_to_next_step, step_feedback, step_page, submission_of
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback, Response, redirect, version_after
from chalicelib.web.upload_feedback import documents_feedback, read_promises, saved_promises, shown_documents

routes = FormBlueprint(__name__, FAMILY)

_PATH = f"{REENROLMENT_PAGE}/pieces"
_SENT = f"{_PATH}/envoyee"


@routes.get(_PATH, enter_enrolment)
def show_form(request: FamilyRequest, context: EnrolmentContext) -> Response:
    """Show each document asked for, with its status."""
    statuses = document_statuses(request.services, context)
    return _form(request, context, statuses, NO_FEEDBACK, saved_promises(context.enrolment.provided))


@routes.get(_SENT)
def come_back(request: FamilyRequest) -> Response:
    """Redirect to the page: S3 sends here after an upload, with its key and its bucket in the address."""
    if request.token is None:
        raise NotLoggedIn
    return redirect(request.services, _PATH)


@routes.post(_PATH, enter_enrolment)
def take_form(request: FamilyRequest, context: EnrolmentContext) -> Response:
    """Save the uploads and promises, and go on, or show the page again."""
    statuses = document_statuses(request.services, context)
    promises = read_promises(request, statuses)
    try:
        context.check_open()
        request.check_lengths()
        after = save_documents(request, context, statuses, promises, submission_of(request))
    except FormRefusal as refusal:
        before = saved_promises(context.enrolment.provided) if isinstance(refusal, StepMoved) else set[Slot]()
        return _form(request, context, statuses, _feedback(refusal, statuses, request), promises | before)
    return go_to_next_step(request, context, after, later=submission_of(request).later)


def _feedback(refusal: FormRefusal, statuses: Statuses, request: FamilyRequest) -> FormFeedback:
    if isinstance(refusal, FieldsRefused):
        return documents_feedback(refusal, statuses, request)
    return step_feedback(refusal, request)


def _form(
    request: FamilyRequest, context: EnrolmentContext, statuses: Statuses, feedback: FormFeedback, promises: set[Slot]
) -> Response:
    before = saved_promises(context.enrolment.provided)
    slots = {status.document.slot for status in statuses if status.state == "received"}
    is_closed = isinstance(feedback.refusal, PeriodClosed)
    changes = (promises ^ before) - slots if is_closed else set[Slot]()
    forms = upload_forms(request.services, context, statuses, request.services.settings.network.url(_SENT))
    feedback, documents = shown_documents(statuses, forms, _PATH, feedback)
    return step_page(
        request,
        context,
        "documents",
        feedback,
        **documents,
        promised=before if is_closed else promises,
        unsaved=[document for document in context.required_documents(request.services) if document.slot in changes],
        largest=LARGEST,
        most=MOST_FILES,
        version=version_of(context.enrolment.provided)
        if feedback.refusal is None
        else version_after(feedback.refusal, request),
    )
