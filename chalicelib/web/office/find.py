"""GET and POST /extranet/bureau/recherche: families by their names or addresses, or by a receipt's number.

The search is in no URL.
"""

from typing import Final

from chalice.app import Response

from chalicelib.domain.refusals import FormRefusal
from chalicelib.domain.search.search import MatchKind
from chalicelib.office.enrolment.show import find_by_receipt, receipt_number
from chalicelib.office.helpdesk.find import AT_MOST, SearchResult, find_at
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.office.accounts import state_text
from chalicelib.presentation.office.refusals import sentence_of
from chalicelib.web.feedback import feedback_on
from chalicelib.web.office.edge import DESK, DeskBlueprint, StaffRequest, desk_page, family_path, redirect
from chalicelib.web.office.filters import BY_SITE
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback

routes = DeskBlueprint(__name__)

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


@routes.get(FIND_PAGE, right="reader", filters={})
def show_form(request: StaffRequest) -> Response:
    """Show the search form."""
    return _page(request)


@routes.post(FIND_PAGE, right="reader", filters=BY_SITE)
def show_found(request: StaffRequest) -> Response:
    """Show the families found at the chosen site, or at all, or redirect to the re-enrolment of a receipt."""
    typed = request.field("recherche")
    try:
        request.check_lengths()
        sites = [site.code for site in request.staff.sites if request.field("site") in {"", site.code}]
        if number := receipt_number(typed):
            ref = find_by_receipt(request.services, number, sites, request.now)
            path = family_path(ref.account, "reinscriptions")
            return redirect(request.services, f"{path}?saison={ref.season}")
        search_result = find_at(request.services, typed, sites)
    except FormRefusal as refusal:
        return _page(request, feedback_on(refusal, request))
    except OfficeRefusal as refusal:
        sentence = sentence_of(refusal, request.staff.network)
        return _page(request, FormFeedback(422, sentence, {"recherche": [sentence]}))
    return _page(request, search_result=search_result)


def _page(
    request: StaffRequest, feedback: FormFeedback = NO_FEEDBACK, *, search_result: SearchResult | None = None
) -> Response:
    families = search_result.families if search_result else ()
    return desk_page(
        request,
        "find",
        "find",
        feedback=feedback,
        typed=request.field("recherche"),
        site=request.field("site"),
        found=search_result,
        exact=[family for family in families if not family.is_close],
        close=[family for family in families if family.is_close],
        at_most=AT_MOST,
        kinds=_KINDS,
        state_of=state_text,
        path_of=family_path,
        site_names={site.code: site.name for site in request.staff.sites},
    )
