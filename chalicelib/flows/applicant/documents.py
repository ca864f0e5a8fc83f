"""The step « Pièces à fournir » of an application: what was uploaded, as the bucket has it, and what is promised."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.admission.applications import Application
from chalicelib.domain.admission.paperwork import application_folder, required_documents
from chalicelib.domain.admission.refusals import DocumentsClosed
from chalicelib.domain.enrolment import uploads
from chalicelib.domain.enrolment.enrolments import SavedBy
from chalicelib.domain.enrolment.paperwork import RequiredDocument, Slot
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.domain.enrolment.uploads import FORM_LIFETIME, DocumentStatus, UploadForm
from chalicelib.domain.refusals import FieldsRefused, StepMoved
from chalicelib.flows.applicant.entry import ApplicantContext
from chalicelib.flows.family.reenrolment import version_of
from chalicelib.flows.family.uploads import fix, last_saved, missing_fields, record_all, sign_forms, tidy
from chalicelib.services.admission import admission_stores
from chalicelib.services.family import Client, Services


def required_now(services: Services, context: ApplicantContext) -> tuple[RequiredDocument, ...]:
    """List the documents asked for, as the answers stand."""
    rules = services.settings.network.admission.document_rules
    return required_documents(rules, context.application, context.now.astimezone(PARIS).date())


def may_provide(context: ApplicantContext) -> bool:
    """Whether documents are taken: while applications are, and once it is sent as long as somebody asks for a place."""
    return bool(context.application.live) if context.application.sent else context.is_open


def document_statuses(services: Services, context: ApplicantContext) -> tuple[DocumentStatus, ...]:
    """Find how each document asked for stands: a listing of the application's folder, a look into each newest file."""
    required = required_now(services, context)
    stored = services.documents.files(application_folder(context.application.ref)) if required else ()
    return uploads.document_statuses(required, context.application, stored, services.documents.read_signature)


def upload_forms(
    services: Services, context: ApplicantContext, statuses: Sequence[DocumentStatus], then: str
) -> dict[Slot, UploadForm]:
    """Sign a form for each document that may be sent; it sends to `then`."""
    if not may_provide(context):
        return {}
    folder = application_folder(context.application.ref)
    return sign_forms(services, folder, statuses, then, _time_left(context))


def save_documents(  # noqa: PLR0913, PLR0917 - what a step is saved with, and what was found
    services: Services,
    context: ApplicantContext,
    statuses: Sequence[DocumentStatus],
    promised: Collection[Slot],
    version: str,
    client: Client,
    *,
    later: bool,
) -> Application:
    """Note what was uploaded and what is promised on paper, all of it or to be finished later; else change nothing.

    What is noted stands from then on where no form can replace it; a file that is not taken is deleted in any case.
    Raises `FieldsRefused` (files that are taken stay where they are), `DocumentsClosed`, and `StepMoved` where another
    device saved it meanwhile.
    """
    if not may_provide(context):
        raise DocumentsClosed
    if (lacking := missing_fields(statuses, promised)) and not later:
        tidy(services, [status for status in statuses if status.fault], client, context.now)
        raise FieldsRefused(lacking)
    fixed = tuple(fix(services, status) for status in statuses)
    saved = SavedBy(context.application.answers.guardian, context.now)

    def decide(current: Application) -> Application:
        after = record_all(current, fixed, promised, saved)
        if after.provided == current.provided:
            return current
        if version_of(current.provided) != version:
            raise StepMoved(last_saved(current.provided), version_of(current.provided))
        return replace(after, saved_at=context.now)

    before, after = admission_stores(services).applications.revise(context.application, decide)
    tidy(services, statuses, client, context.now)
    if after is not before:
        services.record.write("admission_saved", context.now, client.request, application=after.ref.mailbox)
    return after


def _time_left(context: ApplicantContext) -> timedelta:
    """Until when a form is good: of an application that is not sent, until the last site takes no more."""
    if context.application.sent:
        return FORM_LIFETIME
    periods = (context.period(site.code) for site in context.open_sites)
    return max(period.ends_at - context.now for period in periods if period)
