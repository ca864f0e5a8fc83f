"""GET and POST /extranet/compte/reinscription/foyer: what is asked once for all pupils."""

from chalice.app import Response

from chalicelib.domain.enrolment.answers import HouseholdAnswers
from chalicelib.domain.family.telephones import telephone_from, wrong_with
from chalicelib.domain.refusals import FieldsRefused, FormRefusal
from chalicelib.flows.household_step import keep
from chalicelib.flows.reenrolment import Enrolling, mark_of
from chalicelib.routes import typed
from chalicelib.routes.answers import NOTHING, Told
from chalicelib.routes.edge import REENROLMENT_PAGE, Door, Visit
from chalicelib.routes.reenrolment import enrol, go_on, said, step_page, step_told

routes = Door(__name__)

_PATH = f"{REENROLMENT_PAGE}/foyer"
_YES_OR_NO = {"oui": True, "non": False}


@routes.get(_PATH)
def show_form(visit: Visit) -> Response:
    """Show what is on file and what was answered."""
    enrolling = enrol(visit)
    return _form(visit, enrolling, NOTHING, enrolling.enrolment.household)


@routes.post(_PATH)
def take_form(visit: Visit) -> Response:
    """Save the answers and go on, or show the form again."""
    enrolling = enrol(visit)
    given = _answers(visit)
    try:
        enrolling.check_open()
        _check(visit)
        after = keep(visit.services, enrolling, given, said(visit), visit.client)
    except FormRefusal as refusal:
        return _form(visit, enrolling, step_told(refusal, visit), given, refusal)
    return go_on(visit, enrolling, after, later=said(visit).later)


def _answers(visit: Visit) -> HouseholdAnswers:
    telephone = visit.typed("urgence_telephone")
    return HouseholdAnswers(
        coordinates_exact=bool(visit.typed("coordonnees")),
        payer=visit.typed("payeur"),
        image_rights=_YES_OR_NO.get(visit.typed("image")),
        emergency_name=visit.typed("urgence_nom"),
        emergency_telephone=telephone_from(telephone) or telephone,
        rules_accepted=bool(visit.typed("reglement")),
    )


def _check(visit: Visit) -> None:
    visit.check_lengths()
    if code := wrong_with(visit.typed("urgence_telephone")):
        raise FieldsRefused({"urgence_telephone": (code,)})


def _form(
    visit: Visit, enrolling: Enrolling, what: Told, given: HouseholdAnswers, refusal: FormRefusal | None = None
) -> Response:
    mark = mark_of(enrolling.enrolment.household) if refusal is None else typed.mark(refusal, visit)
    return step_page(visit, enrolling, "household_step", what, given=given, mark=mark)
