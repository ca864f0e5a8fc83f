"""The step « Pièces à fournir »: the uploaded files in the bucket, and the papers promised."""

from collections.abc import Collection

from chalicelib.domain.dossiers import uploads
from chalicelib.domain.dossiers.documents import Slot
from chalicelib.domain.dossiers.uploads import DocumentStatus, Statuses, UploadForm, family_folder
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.refusals import FieldsRefused
from chalicelib.flows.family.reenrolment import EnrolmentContext, StepSubmission, StepUpdate, save_step
from chalicelib.flows.family.uploads import fix, last_saved, missing_fields, record_all, sign_forms, tidy
from chalicelib.services.family import Services, Visit


def document_statuses(services: Services, context: EnrolmentContext) -> tuple[DocumentStatus, ...]:
    """Find the status of each required document: list the family's folder, and look into each newest file."""
    documents = context.required_documents(services)
    files = services.documents.files(_folder(services, context)) if documents else ()
    return uploads.document_statuses(documents, context.enrolment, files, services.documents.read_signature)


def upload_forms(
    services: Services, context: EnrolmentContext, statuses: Statuses, then: str
) -> dict[Slot, UploadForm]:
    """Sign an upload form for each document that may be sent, valid within the period. It redirects to `then`."""
    if not context.is_open:
        return {}
    return sign_forms(services, _folder(services, context), statuses, then, context.time_left)


def save_documents(
    visit: Visit[Services],
    context: EnrolmentContext,
    statuses: Statuses,
    promises: Collection[Slot],
    submission: StepSubmission,
) -> Enrolment:
    """Record the uploaded files and the promised papers, all of them unless `later`. A refusal records nothing.

    A recorded file is copied to a key that no upload form can replace. A rejected file is deleted in any case. Raises
    `FieldsRefused` (accepted files stay in place), `PeriodClosed`, `StepMoved`, `EnrolmentFull`.
    """
    context.check_open()
    lacking = missing_fields(statuses, promises)
    is_refused = bool(lacking) and not submission.later
    author = context.saved_by(submission.by, lacking if is_refused else {})
    results = statuses if is_refused else tuple(fix(visit.services, status) for status in statuses)
    step = StepUpdate(
        part=lambda enrolment: enrolment.provided,
        author=lambda enrolment: last_saved(enrolment.provided),
        apply=lambda enrolment: record_all(enrolment, results, promises, author),
        submission=submission,
        lacking=lacking,  # with `later`, an unticked box withdraws its promise
    )
    try:
        after = save_step(visit, context, step)
    except FieldsRefused:
        tidy(visit, [status for status in statuses if status.fault])
        raise
    tidy(visit, statuses)
    return after


def _folder(services: Services, context: EnrolmentContext) -> str:
    account, season = context.enrolment.ref.account, context.enrolment.ref.season
    return family_folder(season, account.site, services.record.pseudonyms.of(account.site, account.identifier))
