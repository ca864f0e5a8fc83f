"""GET and POST /extranet/compte/reinscription/pieces: documents sent straight to the bucket, or promised on paper."""

from collections.abc import Sequence
from dataclasses import replace

from chalice.app import Response

from chalicelib import texts
from chalicelib.domain.enrolment.checklist import Slot
from chalicelib.domain.enrolment.uploads import LARGEST, MOST_FILES, MOST_RECEIVED, Standing
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, PeriodClosed, StepMoved
from chalicelib.flows.documents import code_of, field_of, forms, keep, standings
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
    found = standings(visit.services, enrolling)
    return _form(visit, enrolling, found, NOTHING, _promised_before(enrolling))


@routes.post(_PATH)
def take_form(visit: Visit) -> Response:
    """Note what was sent and what is promised, and go on, or show the page again."""
    enrolling = enrol(visit)
    found = standings(visit.services, enrolling)
    promised = {each.asked.slot for each in found if visit.typed(field_of(each.asked.slot))}
    try:
        enrolling.check_open()
        visit.check_lengths()
        after = keep(visit.services, enrolling, found, promised, said(visit), visit.client)
    except FormRefusal as refusal:
        shown = promised | _promised_before(enrolling) if isinstance(refusal, StepMoved) else promised
        return _form(visit, enrolling, found, _told(refusal, found, visit), shown, refusal)
    return go_on(visit, enrolling, after, later=said(visit).later)


def _told(refusal: FormRefusal, found: Sequence[Standing], visit: Visit) -> Told:
    """Say what was refused; the document is named in each refusal: those on top of the page are read together."""
    if not isinstance(refusal, FieldsRefused):
        return step_told(refusal, visit)
    documents = {field_of(each.asked.slot): each for each in found}
    others = {name: codes for name, codes in refusal.fields.items() if name not in documents}
    errors = {
        name: [f"{each.asked.called} : {_uncapitalised(_refused(each))}"]
        for name, each in documents.items()
        if name in refusal.fields
    }
    what = step_told(FieldsRefused(others), visit)
    return replace(what, errors={**errors, **what.errors})


def _refused(standing: Standing) -> str:
    """Say what is wrong with a document, and what to do."""
    size, largest = texts.size(standing.newest.size) if standing.newest else "", texts.size(LARGEST)
    size = f"un peu plus de {size}" if size == largest else size
    return texts.say(code_of(standing), size=size, largest=largest, most=MOST_FILES)


def _uncapitalised(sentence: str) -> str:
    return f"{sentence[0].lower()}{sentence[1:]}"


def _promised_before(enrolling: Enrolling) -> set[Slot]:
    return {(each.code, each.owner) for each in enrolling.enrolment.provided if not each.object_key}


def _form(  # noqa: PLR0913, PLR0917 - all that the page shows
    visit: Visit,
    enrolling: Enrolling,
    found: Sequence[Standing],
    what: Told,
    promised: set[Slot],
    refusal: FormRefusal | None = None,
) -> Response:
    before, received = _promised_before(enrolling), {each.asked.slot for each in found if each.state == "received"}
    is_closed = isinstance(refusal, PeriodClosed)
    unsaved = (promised ^ before) - received if is_closed else set[Slot]()
    signed = forms(visit.services, enrolling, found, visit.services.settings.network.url(_PATH))
    headers = also_posting_to(next(iter(signed.values())).origin) if signed else {}
    return step_page(
        visit,
        enrolling,
        "documents",
        replace(what, headers={**what.headers, **headers}),
        standings=found,
        refused={each.asked.slot: _refused(each) for each in found if each.fault},
        forms=signed,
        field_of=field_of,
        promised=before if is_closed else promised,
        unsaved=[each for each in enrolling.asked(visit.services) if each.slot in unsaved],
        largest=LARGEST,
        most_received=MOST_RECEIVED,
        most=MOST_FILES,
        mark=mark_of(enrolling.enrolment.provided) if refusal is None else typed.mark(refusal, visit),
    )
