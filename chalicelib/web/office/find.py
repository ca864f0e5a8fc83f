"""GET and POST /extranet/bureau/recherche: families by their names or addresses, or by a receipt's number.

The search is in no URL.
"""

from typing import Any, Final

from chalice.app import Response

from chalicelib.domain.search.search import MatchKind
from chalicelib.office.enrolment.show import find_by_receipt, receipt_number
from chalicelib.office.helpdesk.find import AT_MOST, SearchResult, find_at
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.office.accounts import state_text
from chalicelib.presentation.office.refusals import sentence_of
from chalicelib.web.office.acts import ActBlueprint, ActPage, Outcome
from chalicelib.web.office.edge import DESK, StaffRequest, family_path, redirect
from chalicelib.web.office.filters import BY_SITE
from chalicelib.web.responses import FormFeedback

routes = ActBlueprint(__name__)

FIND_PAGE: Final = f"{DESK}/recherche"
_KINDS: Final[dict[MatchKind, str]] = {
    "family": "nom de la famille",
    "guardian": "responsable",
    "pupil": "élève",
    "identifier": "identifiant",
    "login": "accès d'un responsable",
    "email": "e-mail",
    "telephone": "téléphone",
    "address": "adresse",
}


def _facts(request: StaffRequest, result: SearchResult | None, _outcome: Outcome) -> dict[str, Any]:
    families = result.families if result else ()
    return {
        "typed": request.field("recherche"),
        "site": request.field("site"),
        "found": result,
        "exact": [family for family in families if not family.is_close],
        "close": [family for family in families if family.is_close],
        "at_most": AT_MOST,
        "kinds": _KINDS,
        "state_of": state_text,
        "path_of": family_path,
        "site_names": {site.code: site.name for site in request.staff.sites},
    }


def _feedback(request: StaffRequest, refusal: OfficeRefusal) -> FormFeedback:
    sentence = sentence_of(refusal, request.staff.network)
    return FormFeedback(422, sentence, {"recherche": [sentence]})


FIND: Final = ActPage("find", "find", _facts, feedback=_feedback)
routes.page(FIND_PAGE, "reader", FIND, filters={})


@routes.act(FIND_PAGE, "reader", FIND, filters=BY_SITE)
def show_found(request: StaffRequest, _: None) -> Response:
    """Show the families found at the chosen site, or at all, or redirect to the re-enrolment of a receipt."""
    typed = request.field("recherche")
    sites = [site.code for site in request.staff.sites if request.field("site") in {"", site.code}]
    if number := receipt_number(typed):
        ref = find_by_receipt(request.services, number, sites, request.now)
        return redirect(request.services, f"{family_path(ref.account, 'reinscriptions')}?saison={ref.season}")
    return FIND.show(request, find_at(request.services, typed, sites), Outcome())
