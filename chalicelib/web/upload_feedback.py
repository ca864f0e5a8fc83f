"""What pages of documents say alike of a file that is not taken, and which refusals they say beside which document."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.domain.enrolment.uploads import LARGEST, MOST_FILES, DocumentStatus
from chalicelib.domain.refusals import FieldsRefused
from chalicelib.flows.family.uploads import promise_field, refusal_code
from chalicelib.presentation import texts
from chalicelib.web.edge import PageRequest
from chalicelib.web.feedback import feedback_on
from chalicelib.web.responses import FormFeedback


def documents_feedback(
    refusal: FieldsRefused, statuses: Sequence[DocumentStatus], request: PageRequest
) -> FormFeedback:
    """Describe what was refused; the document is named in each refusal: those on top of the page are read together."""
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
    """Describe what is wrong with a document, and what to do."""
    size, largest = texts.size(status.newest.size) if status.newest else "", texts.size(LARGEST)
    size = f"un peu plus de {size}" if size == largest else size
    return texts.sentence(refusal_code(status), size=size, largest=largest, most=MOST_FILES)
