"""The pages of documents, of re-enrolments and applications: their promises, upload forms and refused files."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from chalicelib.domain.dossiers.documents import ProvidedDocument, Slot
from chalicelib.domain.dossiers.uploads import LARGEST, MOST_FILES, DocumentStatus, Statuses, UploadForm
from chalicelib.domain.refusals import FieldsRefused
from chalicelib.flows.family.uploads import promise_field, refusal_code
from chalicelib.presentation import texts
from chalicelib.services.family import Services
from chalicelib.web.edge import PageRequest
from chalicelib.web.responses import FormFeedback, also_uploading, feedback_on


def read_promises(request: PageRequest[Services], statuses: Statuses) -> set[Slot]:
    """Read the documents that the form promises on paper."""
    return {status.document.slot for status in statuses if request.field(promise_field(status.document.slot))}


def saved_promises(documents: Sequence[ProvidedDocument]) -> set[Slot]:
    """List the documents that are promised on paper."""
    return {(document.code, document.owner) for document in documents if document.is_promised}


def shown_documents(
    statuses: Statuses, forms: Mapping[Slot, UploadForm], path: str, feedback: FormFeedback
) -> tuple[FormFeedback, dict[str, Any]]:
    """Return the feedback with the headers of a page of upload forms, and the documents that the page shows."""
    headers = also_uploading(next(iter(forms.values())), path) if forms else {}
    return replace(feedback, headers={**feedback.headers, **headers}), {
        "statuses": statuses,
        "refusals": {status.document.slot: refusal_sentence(status) for status in statuses if status.fault},
        "forms": forms,
        "promise_field": promise_field,
    }


def documents_feedback(refusal: FieldsRefused, statuses: Statuses, request: PageRequest[Services]) -> FormFeedback:
    """Describe a refusal. Each one names its document, as they are listed together on top of the page."""
    documents = {promise_field(status.document.slot): status for status in statuses}
    rest = {name: codes for name, codes in refusal.fields.items() if name not in documents}
    errors = {
        name: [texts.about(status.document.label, refusal_sentence(status))]
        for name, status in documents.items()
        if name in refusal.fields
    }
    feedback = feedback_on(FieldsRefused(rest), request)
    return replace(feedback, alert=texts.sentence("step_refused"), errors={**errors, **feedback.errors})


def refusal_sentence(status: DocumentStatus) -> str:
    """Describe the fault of a document, and its remedy."""
    size, largest = texts.size(status.newest.size) if status.newest else "", texts.size(LARGEST)
    size = f"un peu plus de {size}" if size == largest else size
    return texts.sentence(refusal_code(status), size=size, largest=largest, most=MOST_FILES)
