"""What steps of documents do alike, a family's and a new family's: forms to sign, files to keep, files to forget."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.enrolment.enrolments import ProvidedDocument, SavedBy
from chalicelib.domain.enrolment.paperwork import Slot
from chalicelib.domain.enrolment.uploads import (
    FORM_LIFETIME,
    MOST_RECEIVED,
    D,
    DocumentStatus,
    Fault,
    UploadForm,
)
from chalicelib.domain.refusals import Unavailable
from chalicelib.services.family import Client, Services

_FAULTS: Final[Mapping[Fault, str]] = {
    "empty": "document_empty",
    "too_large": "document_too_large",
    "heic": "document_heic",
    "unknown": "document_unreadable",
    "too_many": "document_too_many",
}


def sign_forms(
    services: Services, folder: str, statuses: Sequence[DocumentStatus], then: str, time_left: timedelta
) -> dict[Slot, UploadForm]:
    """Sign a form for each document that may be sent, none of which lasts longer; then it sends to an address.

    A document has one key at a time, whoever opens the page however often: nobody fills the bucket by it.
    """
    lifetime = min(FORM_LIFETIME, time_left)
    keys = {status.document.slot: status.next_key(folder, services.record.pseudonyms.of) for status in statuses}
    return {slot: services.documents.form(key, MOST_RECEIVED, lifetime, then) for slot, key in keys.items() if key}


def missing_fields(statuses: Sequence[DocumentStatus], promised: Collection[Slot]) -> dict[str, tuple[str, ...]]:
    """Find what lacks, or is not taken, by the fields of its promise."""
    lacking = (status for status in statuses if status.lacks(promised))
    return {promise_field(status.document.slot): (refusal_code(status),) for status in lacking}


def record_all(whole: D, statuses: Sequence[DocumentStatus], promised: Collection[Slot], saved: SavedBy) -> D:
    """Note of each document how it is provided."""
    for status in statuses:
        whole = status.record_in(whole, promised, saved)
    return whole


def promise_field(slot: Slot) -> str:
    """Name the field by which a document is promised on paper."""
    return "-".join(("papier", *slot))


def refusal_code(status: DocumentStatus) -> str:
    """Name the code of what is wrong with a document that is not there, or whose newest file is not taken."""
    return _FAULTS[status.fault] if status.fault else "document_missing"


def fix(services: Services, status: DocumentStatus) -> DocumentStatus:
    """Copy what is about to be noted to where nobody can replace it, unless the same content stands there."""
    newest = status.newest
    if newest is None or status.kind is None or newest.is_fixed:
        return status
    if newest.fixed_copy.key not in {file.key for file in status.files}:
        services.documents.copy(newest, newest.fixed_copy.key)
    return replace(status, newest=newest.fixed_copy)


def tidy(services: Services, statuses: Sequence[DocumentStatus], client: Client, now: datetime) -> None:
    """Delete files that are refused, or noted and copied; what fails stays until the season's files go."""
    gone = tuple(status.newest.key for status in statuses if status.newest and status.newest.is_upload)
    try:
        services.documents.delete(gone)
    except Unavailable as error:
        services.record.write("unavailable", now, client.request, what=str(error), lacking="tidying")


def last_saved(provided: Sequence[ProvidedDocument]) -> SavedBy | None:
    """Find who noted a document last, and when."""
    return max((document.saved for document in provided), key=lambda saved: saved.at, default=None)
