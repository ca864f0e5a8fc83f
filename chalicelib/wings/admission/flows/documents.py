"""The step « Pièces à fournir » of an application: the uploaded files in the bucket, and the promised papers."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.dossiers import uploads
from chalicelib.domain.dossiers.documents import RequiredDocument, SavedBy, Slot
from chalicelib.domain.dossiers.uploads import FORM_LIFETIME, DocumentStatus, Statuses, UploadForm
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, StepMoved
from chalicelib.flows.family.uploads import fix, last_saved, missing_fields, record_all, sign_forms, tidy
from chalicelib.services.family import Visit
from chalicelib.values import version_of
from chalicelib.wings.admission.domain.applications import Application
from chalicelib.wings.admission.domain.paperwork import application_folder, required_documents
from chalicelib.wings.admission.flows.draft import StepForm
from chalicelib.wings.admission.flows.entry import ApplicantContext
from chalicelib.wings.admission.services.applicants import ApplicantServices as Services


class DocumentsClosed(FormRefusal):
    """No candidate asks for a place any longer, or applications are closed: no document is accepted."""

    code = "documents_closed"


def required_now(services: Services, context: ApplicantContext) -> tuple[RequiredDocument, ...]:
    """List the documents that the current answers require."""
    rules = services.settings.network.admission.document_rules
    return required_documents(rules, context.application, context.now.astimezone(PARIS).date())


def may_provide(context: ApplicantContext) -> bool:
    """Whether documents are accepted: while applications are, then as long as a sent candidate asks for a place."""
    return bool(context.application.live) if context.application.sent else context.is_open


def document_statuses(services: Services, context: ApplicantContext) -> tuple[DocumentStatus, ...]:
    """Find the status of each required document: list the application's folder, and look into each newest file."""
    documents = required_now(services, context)
    files = services.documents.files(application_folder(context.application.ref)) if documents else ()
    return uploads.document_statuses(documents, context.application, files, services.documents.read_signature)


def upload_forms(
    services: Services, context: ApplicantContext, statuses: Statuses, then: str
) -> dict[Slot, UploadForm]:
    """Sign an upload form for each document that may be sent. It redirects to `then`."""
    if not may_provide(context):
        return {}
    folder = application_folder(context.application.ref)
    return sign_forms(services, folder, statuses, then, _time_left(context))


def save_documents(
    visit: Visit[Services], context: ApplicantContext, statuses: Statuses, promises: Collection[Slot], form: StepForm
) -> Application:
    """Record the uploaded files and the promised papers, all of them unless `form.later`. A refusal records nothing.

    A recorded file is copied to a key that no upload form can replace. A rejected file is deleted in any case. Raises
    `FieldsRefused` (accepted files stay in place), `DocumentsClosed`, and `StepMoved` if another device saved the step
    since then.
    """
    services = visit.services
    if not may_provide(context):
        raise DocumentsClosed
    if (lacking := missing_fields(statuses, promises)) and not form.later:
        tidy(visit, [status for status in statuses if status.fault])
        raise FieldsRefused(lacking)
    results = tuple(fix(services, status) for status in statuses)
    author = SavedBy(context.application.answers.guardian, context.now)

    def decide(current: Application) -> Application:
        after = record_all(current, results, promises, author)
        if after.provided == current.provided:
            return current
        if version_of(current.provided) != form.version:
            raise StepMoved(last_saved(current.provided), version_of(current.provided))
        return replace(after, saved_at=context.now)

    before, after = services.admission.applications.revise(context.application, decide)
    tidy(visit, statuses)
    if after is not before:
        visit.record("admission_saved", application=after.ref.mailbox)
    return after


def _time_left(context: ApplicantContext) -> timedelta:
    """Return the lifetime of an upload form. Before the sending, it ends when the last open site closes."""
    if context.application.sent:
        return FORM_LIFETIME
    periods = (context.period(site.code) for site in context.open_sites)
    return max(period.ends_at - context.now for period in periods if period)
