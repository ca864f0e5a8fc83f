"""GET and POST /extranet/compte/reinscription/pieces: documents sent straight to the bucket, or promised on paper."""

from dataclasses import replace

from chalice.app import Response

from chalicelib.domain.awaited import Slot
from chalicelib.domain.paperwork import Asked
from chalicelib.domain.refusals import FormRefusal, StepMoved
from chalicelib.domain.uploads import LARGEST
from chalicelib.flows.documents import field_of, forms, keep, standings
from chalicelib.flows.reenrolment import Enrolling, mark_of
from chalicelib.routes import typed
from chalicelib.routes.answers import NOTHING, Told, also_posting_to
from chalicelib.routes.edge import REENROLMENT_PAGE, Door, Visit
from chalicelib.routes.reenrolment import enrol, go_on, said, step_page, step_told

routes = Door(__name__)

_PATH = f"{REENROLMENT_PAGE}/pieces"


@routes.get(_PATH)
def show_form(visit: Visit) -> Response:
    """Show each document asked for, as it stands; S3 sends here again after a file."""
    enrolling = enrol(visit)
    return _form(visit, enrolling, NOTHING, _promised_before(enrolling))


@routes.post(_PATH)
def take_form(visit: Visit) -> Response:
    """Note what was sent and what is promised, and go on, or show the page again."""
    enrolling = enrol(visit)
    promised = {each.slot for each in enrolling.asked(visit.services) if visit.typed(field_of(each.slot))}
    try:
        after = keep(visit.services, enrolling, promised, said(visit), visit.client)
    except FormRefusal as refusal:
        shown = promised | _promised_before(enrolling) if isinstance(refusal, StepMoved) else promised
        what = _named(step_told(refusal, visit), enrolling.asked(visit.services))
        return _form(visit, enrolling, what, shown, refusal)
    return go_on(visit, enrolling, after, later=said(visit).later)


def _named(what: Told, asked: tuple[Asked, ...]) -> Told:
    """Name the document in each refusal: those on top of the page are read together."""
    called = {field_of(each.slot): each.called for each in asked}
    return replace(
        what,
        errors={
            name: [f"{called[name]} : {sentence[0].lower()}{sentence[1:]}" for sentence in sentences]
            for name, sentences in what.errors.items()
        },
    )


def _promised_before(enrolling: Enrolling) -> set[Slot]:
    return {(each.code, each.owner) for each in enrolling.enrolment.provided if not each.object_key}


def _form(
    visit: Visit, enrolling: Enrolling, what: Told, promised: set[Slot], refusal: FormRefusal | None = None
) -> Response:
    signed = forms(visit.services, enrolling, visit.services.settings.network.url(_PATH))
    headers = also_posting_to(next(iter(signed.values())).origin) if signed else {}
    return step_page(
        visit,
        enrolling,
        "documents",
        replace(what, headers={**what.headers, **headers}),
        standings=standings(visit.services, enrolling),
        forms=signed,
        field_of=field_of,
        promised=promised,
        largest=LARGEST,
        mark=mark_of(enrolling.enrolment.provided) if refusal is None else typed.mark(refusal, visit),
    )
