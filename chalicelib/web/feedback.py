"""The feedback of a form on a refusal: its status, its sentence, the sentences of each field. Made only here."""

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.domain.refusals import FieldsRefused, FormRefusal, LoginRefused, SlowedDown
from chalicelib.presentation import texts
from chalicelib.web.edge import PageRequest
from chalicelib.web.responses import FormFeedback


def feedback_on(refusal: FormRefusal, request: PageRequest) -> FormFeedback:
    """Describe a refusal: 422 with its fields, 429 with its end, 401 for a login without a cause, else 422."""
    if isinstance(refusal, FieldsRefused):
        rule = request.services.settings.network.passwords
        lengths = {"shortest": rule.shortest, "longest": rule.longest}
        errors = {
            name: [texts.sentence(code, **_facts(lengths, refusal.longest.get(name))) for code in codes]
            for name, codes in refusal.fields.items()
        }
        return FormFeedback(422, texts.sentence(refusal.code), errors)
    if isinstance(refusal, SlowedDown):
        seconds = int((refusal.until - request.now).total_seconds())
        sentence = texts.sentence(refusal.code, until=texts.retry_at(refusal.until, request.now))
        return FormFeedback(429, sentence, headers={"Retry-After": str(seconds)})
    return FormFeedback(401 if isinstance(refusal, LoginRefused) else 422, texts.sentence(refusal.code))


def name_fields(feedback: FormFeedback, names: Mapping[str, str]) -> FormFeedback:
    """Put the subject of a field into its errors, where fields are alike: a page lists them together on top."""
    errors = {
        field: [texts.about(names[field], sentence) if field in names else sentence for sentence in sentences]
        for field, sentences in feedback.errors.items()
    }
    return replace(feedback, errors=errors)


def _facts(lengths: dict[str, int], longest: int | None) -> dict[str, int]:
    return lengths if longest is None else lengths | {"longest": longest}
