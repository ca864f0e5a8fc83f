"""The step « Pièces à fournir »: what was uploaded, as the bucket has it, and what is promised on paper."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from chalicelib.domain.enrolment import uploads
from chalicelib.domain.enrolment.checklist import Slot
from chalicelib.domain.enrolment.enrolments import Enrolment, SavedBy
from chalicelib.domain.enrolment.uploads import (
    FORM_LIFETIME,
    MOST_RECEIVED,
    DocumentStatus,
    Fault,
    UploadForm,
    family_folder,
)
from chalicelib.domain.refusals import FieldsRefused, Unavailable
from chalicelib.flows.reenrolment import EnrolmentContext, StepSubmission, StepUpdate, save_step
from chalicelib.services import Client, Services

_FAULTS: Final[Mapping[Fault, str]] = {
    "empty": "document_empty",
    "too_large": "document_too_large",
    "heic": "document_heic",
    "unknown": "document_unreadable",
    "too_many": "document_too_many",
}


def document_statuses(services: Services, context: EnrolmentContext) -> tuple[DocumentStatus, ...]:
    """Find how each document asked for stands: a listing of the family's folder, a look into each newest file."""
    required = context.required_documents(services)
    stored = services.documents.files(_folder(services, context)) if required else ()
    return uploads.document_statuses(required, context.enrolment, stored, services.documents.read_signature)


def upload_forms(
    services: Services, context: EnrolmentContext, statuses: Sequence[DocumentStatus], then: str
) -> dict[Slot, UploadForm]:
    """Sign a form for each document that may be sent, none of which outlives the period; then it sends to an address.

    A document has one key at a time, whoever opens the page however often: nobody fills the bucket by it.
    """
    if not context.is_open:
        return {}
    folder, lifetime = _folder(services, context), min(FORM_LIFETIME, context.time_left)
    keys = {status.document.slot: status.next_key(folder, services.record.pseudonyms.of) for status in statuses}
    return {slot: services.documents.form(key, MOST_RECEIVED, lifetime, then) for slot, key in keys.items() if key}


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
    lacking = {
        promise_field(status.document.slot): (refusal_code(status),) for status in statuses if status.lacks(promised)
    }
    is_refused = bool(lacking) and not submission.later
    saved = context.saved_by(submission.by, lacking if is_refused else {})
    fixed = statuses if is_refused else tuple(_fix(services, status) for status in statuses)

    def apply(enrolment: Enrolment) -> Enrolment:
        for status in fixed:
            enrolment = status.record_in(enrolment, promised, saved)
        return enrolment

    step = StepUpdate(
        part=lambda enrolment: enrolment.provided,
        saved=_saved_last,
        apply=apply,
        submission=submission,
        lacking=lacking,  # to finish later takes a promise back where its box is ticked no more
    )
    try:
        after = save_step(services, context, step, client)
    except FieldsRefused:
        _tidy(services, context, [status for status in statuses if status.fault], client)
        raise
    _tidy(services, context, statuses, client)
    return after


def promise_field(slot: Slot) -> str:
    """Name the field by which a document is promised on paper."""
    return "-".join(("papier", *slot))


def refusal_code(status: DocumentStatus) -> str:
    """Name the code of what is wrong with a document that is not there, or whose newest file is not taken."""
    return _FAULTS[status.fault] if status.fault else "document_missing"


def _fix(services: Services, status: DocumentStatus) -> DocumentStatus:
    """Copy what is about to be noted to where nobody can replace it, unless the same content stands there."""
    newest = status.newest
    if newest is None or status.kind is None or newest.is_fixed:
        return status
    if newest.fixed_copy.key not in {file.key for file in status.files}:
        services.documents.copy(newest, newest.fixed_copy.key)
    return replace(status, newest=newest.fixed_copy)


def _tidy(services: Services, context: EnrolmentContext, statuses: Sequence[DocumentStatus], client: Client) -> None:
    """Delete files that are refused, or noted and copied; what fails stays until the season's files go."""
    gone = tuple(status.newest.key for status in statuses if status.newest and status.newest.is_upload)
    try:
        services.documents.delete(gone)
    except Unavailable as error:
        services.record.write("unavailable", context.now, client.request, what=str(error), lacking="tidying")


def _folder(services: Services, context: EnrolmentContext) -> str:
    account, season = context.enrolment.ref.account, context.enrolment.ref.season
    return family_folder(season, account.site, services.record.pseudonyms.of(account.site, account.identifier))


def _saved_last(enrolment: Enrolment) -> SavedBy | None:
    return max((document.saved for document in enrolment.provided), key=lambda saved: saved.at, default=None)
