"""What a form says of a refusal: its status, its sentence, the sentences of each field. The only place for it."""

from chalicelib import texts
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, LoginRefused, SlowedDown
from chalicelib.routes.answers import Told
from chalicelib.routes.edge import Visit


def told(refusal: FormRefusal, visit: Visit) -> Told:
    """Say a refusal: 422 beside the fields, 429 until when, 401 without telling which, 422 for any other."""
    if isinstance(refusal, FieldsRefused):
        rule = visit.services.settings.network.passwords
        lengths = {"shortest": rule.shortest, "longest": rule.longest}
        errors = {
            name: [texts.say(code, **_facts(lengths, refusal.longest.get(name))) for code in codes]
            for name, codes in refusal.fields.items()
        }
        return Told(422, texts.say(refusal.code), errors)
    if isinstance(refusal, SlowedDown):
        seconds = int((refusal.until - visit.now).total_seconds())
        sentence = texts.say(refusal.code, until=texts.retry_at(refusal.until, visit.now))
        return Told(429, sentence, headers={"Retry-After": str(seconds)})
    return Told(401 if isinstance(refusal, LoginRefused) else 422, texts.say(refusal.code))


def _facts(lengths: dict[str, int], longest: int | None) -> dict[str, int]:
    return lengths if longest is None else lengths | {"longest": longest}
