"""The step « Pièces à fournir »: what was uploaded, as the bucket has it, and what is promised on paper."""

from collections.abc import Collection, Sequence

from chalicelib.domain.enrolment import uploads
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.enrolment.paperwork import Slot
from chalicelib.domain.enrolment.uploads import DocumentStatus, UploadForm, family_folder
from chalicelib.domain.refusals import FieldsRefused
from chalicelib.flows.family.reenrolment import EnrolmentContext, StepSubmission, StepUpdate, save_step
from chalicelib.flows.family.uploads import fix, last_saved, missing_fields, record_all, sign_forms, tidy
from chalicelib.services.family import Client, Services


def document_statuses(services: Services, context: EnrolmentContext) -> tuple[DocumentStatus, ...]:
    """Find how each document asked for stands: a listing of the family's folder, a look into each newest file."""
    required = context.required_documents(services)
    stored = services.documents.files(_folder(services, context)) if required else ()
    return uploads.document_statuses(required, context.enrolment, stored, services.documents.read_signature)


def upload_forms(
    services: Services, context: EnrolmentContext, statuses: Sequence[DocumentStatus], then: str
) -> dict[Slot, UploadForm]:
    """Sign a form for each document that may be sent, none of which outlives the period; it sends to `then`."""
    if not context.is_open:
        return {}
    return sign_forms(services, _folder(services, context), statuses, then, context.time_left)


def save_documents(  # noqa: PLR0913, PLR0917 - what a step is saved with, and what was found
    services: Services,
    context: EnrolmentContext,
    statuses: Sequence[DocumentStatus],
    promised: Collection[Slot],
    submission: StepSubmission,
    client: Client,
) -> Enrolment:
    """Note what was uploaded and what is promised on paper, all of it or to be finished later; else change nothing.

    What is noted stands from then on where no form can replace it; a file that is not taken is deleted in any case.
    Raises `FieldsRefused` (files that are taken stay where they are), `PeriodClosed`, `StepMoved`, `EnrolmentFull`.
    """
    context.check_open()
    lacking = missing_fields(statuses, promised)
    is_refused = bool(lacking) and not submission.later
    saved = context.saved_by(submission.by, lacking if is_refused else {})
    fixed = statuses if is_refused else tuple(fix(services, status) for status in statuses)
    step = StepUpdate(
        part=lambda enrolment: enrolment.provided,
        saved=lambda enrolment: last_saved(enrolment.provided),
        apply=lambda enrolment: record_all(enrolment, fixed, promised, saved),
        submission=submission,
        lacking=lacking,  # to finish later takes a promise back where its box is ticked no more
    )
    try:
        after = save_step(services, context, step, client)
    except FieldsRefused:
        tidy(services, [status for status in statuses if status.fault], client, context.now)
        raise
    tidy(services, statuses, client, context.now)
    return after


def _folder(services: Services, context: EnrolmentContext) -> str:
    account, season = context.enrolment.ref.account, context.enrolment.ref.season
    return family_folder(season, account.site, services.record.pseudonyms.of(account.site, account.identifier))
