"""The uploads of both document steps, of re-enrolments and applications: forms to sign, files to fix and to delete."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from chalicelib.domain.dossiers.documents import ProvidedDocument, SavedBy, Slot
from chalicelib.domain.dossiers.uploads import (
    FORM_LIFETIME,
    MOST_RECEIVED,
    D,
    DocumentStatus,
    Fault,
    Statuses,
    UploadForm,
)
from chalicelib.domain.family.corrections import OFFICE
from chalicelib.domain.refusals import Unavailable
from chalicelib.services.family import Services, Visit

_FAULTS: Final[Mapping[Fault, str]] = {
    "empty": "document_empty",
    "too_large": "document_too_large",
    "heic": "document_heic",
    "unknown": "document_unreadable",
    "too_many": "document_too_many",
}


def sign_forms(
    services: Services, folder: str, statuses: Statuses, then: str, time_left: timedelta
) -> dict[Slot, UploadForm]:
    """Sign an upload form for each document that may be sent, valid at most `time_left`. It redirects to `then`.

    A document has one key at a time, however often its page is opened: this cannot fill the bucket.
    """
    lifetime = min(FORM_LIFETIME, time_left)
    keys = {status.document.slot: status.next_key(folder, services.record.pseudonyms.of) for status in statuses}
    return {slot: services.documents.form(key, MOST_RECEIVED, lifetime, then) for slot, key in keys.items() if key}


def missing_fields(statuses: Statuses, promises: Collection[Slot]) -> dict[str, tuple[str, ...]]:
    """List the missing or rejected documents, by the field of their promise."""
    lacking = (status for status in statuses if status.lacks(promises))
    return {promise_field(status.document.slot): (refusal_code(status),) for status in lacking}


def record_all(whole: D, statuses: Statuses, promises: Collection[Slot], author: SavedBy) -> D:
    """Record how each document is provided."""
    for status in statuses:
        whole = status.record_in(whole, promises, author)
    return whole


def promise_field(slot: Slot) -> str:
    """Name the field by which a document is promised on paper."""
    return "-".join(("papier", *slot))


def refusal_code(status: DocumentStatus) -> str:
    """Return the code of a missing document, or of one whose newest file is rejected."""
    return _FAULTS[status.fault] if status.fault else "document_missing"


def fix(services: Services, status: DocumentStatus) -> DocumentStatus:
    """Copy a file about to be recorded to a key that no form can replace, unless the same content is there."""
    newest = status.newest
    if newest is None or status.kind is None or newest.is_fixed:
        return status
    if newest.fixed_copy.key not in {file.key for file in status.files}:
        services.documents.copy(newest, newest.fixed_copy.key)
    return replace(status, newest=newest.fixed_copy)


def tidy(visit: Visit[Services], statuses: Statuses) -> None:
    """Delete files that are rejected, or recorded and copied. Those that fail stay until the season's files go."""
    keys = tuple(status.newest.key for status in statuses if status.newest and status.newest.is_upload)
    try:
        visit.services.documents.delete(keys)
    except Unavailable as error:
        visit.record("unavailable", what=str(error), lacking="tidying")


def last_saved(documents: Sequence[ProvidedDocument]) -> SavedBy | None:
    """Find the author and time of the last recorded or checked document."""
    checks = (SavedBy(OFFICE, document.check.at) for document in documents if document.check)
    return max((*(document.saved for document in documents), *checks), key=lambda saved: saved.at, default=None)
