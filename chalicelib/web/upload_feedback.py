"""The feedback of pages of documents on a refused file, and which refusals they show beside which document."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.domain.dossiers.uploads import LARGEST, MOST_FILES, DocumentStatus
from chalicelib.domain.refusals import FieldsRefused
from chalicelib.flows.family.uploads import promise_field, refusal_code
from chalicelib.presentation import texts
from chalicelib.web.edge import PageRequest
from chalicelib.web.feedback import feedback_on
from chalicelib.web.responses import FormFeedback


def documents_feedback(
    refusal: FieldsRefused, statuses: Sequence[DocumentStatus], request: PageRequest
) -> FormFeedback:
    """Describe a refusal. Each one names its document, as they are listed together on top of the page."""
    documents = {promise_field(status.document.slot): status for status in statuses}
    others = {name: codes for name, codes in refusal.fields.items() if name not in documents}
    errors = {
        name: [texts.about(status.document.label, refusal_sentence(status))]
        for name, status in documents.items()
        if name in refusal.fields
    }
    feedback = feedback_on(FieldsRefused(others), request)
    return replace(feedback, alert=texts.sentence("step_refused"), errors={**errors, **feedback.errors})


def refusal_sentence(status: DocumentStatus) -> str:
    """Describe the fault of a document, and its remedy."""
    size, largest = texts.size(status.newest.size) if status.newest else "", texts.size(LARGEST)
    size = f"un peu plus de {size}" if size == largest else size
    return texts.sentence(refusal_code(status), size=size, largest=largest, most=MOST_FILES)
