"""What a form of the desk says of a refusal, on a page that has one for each pupil or candidate."""

from collections.abc import Mapping

from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.texts import sentence
from chalicelib.web.office.edge import StaffRequest
from chalicelib.web.office.sentences import sentence_of
from chalicelib.web.responses import FormFeedback


def refusal_feedback(
    request: StaffRequest, refusal: OfficeRefusal, fields: Mapping[str, str], form: str = ""
) -> FormFeedback:
    """Describe what the office refuses, beside its field where `fields` names one by the refusal's code."""
    field = fields.get(refusal.code)
    if field is None:
        return FormFeedback(422, sentence_of(refusal))
    return beside_fields(request, FormFeedback(422, sentence("fields_refused"), {field: [sentence_of(refusal)]}), form)


def beside_fields(request: StaffRequest, feedback: FormFeedback, form: str = "") -> FormFeedback:
    """Name each field by the pupil of its form (`eleve`), and by the form where a pupil has several."""
    key = f"{request.field('eleve')}{form}"
    errors = {f"{name}-{key}": sentences for name, sentences in feedback.errors.items()}
    return FormFeedback(feedback.status, feedback.alert, errors, feedback.headers)
