"""What a form says of a refusal: its status, its sentence, the sentences of each field. The only place for it."""

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.domain.refusals import FieldsRefused, FormRefusal, LoginRefused, SlowedDown
from chalicelib.presentation import texts
from chalicelib.web.edge import PageRequest
from chalicelib.web.responses import FormFeedback


def feedback_on(refusal: FormRefusal, request: PageRequest) -> FormFeedback:
    """Describe a refusal: 422 beside the fields, 429 until when, 401 without telling which, 422 for any other."""
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
    """Name in a refusal what its field is about, where fields are alike: those on top of a page are read together."""
    errors = {
        field: [texts.about(names[field], sentence) if field in names else sentence for sentence in sentences]
        for field, sentences in feedback.errors.items()
    }
    return replace(feedback, errors=errors)


def _facts(lengths: dict[str, int], longest: int | None) -> dict[str, int]:
    return lengths if longest is None else lengths | {"longest": longest}
