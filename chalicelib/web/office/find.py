"""GET and POST /extranet/bureau/recherche: families and members by a name, an address or a number.

The search is in no URL. A single hit opens. Without a search, the page shows the files that the session opened last.
"""

from typing import Any, Final

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.search.search import Hit, MatchKind
from chalicelib.office.enrolment.show import find_by_receipt, receipt_number
from chalicelib.office.find import AT_MOST, FoundFamily, FoundFile, SearchResult, find_at, find_by_number, read_recent
from chalicelib.office.parts import OpenedFile
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.staff.members import pseudonym
from chalicelib.presentation.office.accounts import state_text
from chalicelib.presentation.office.refusals import sentence_of
from chalicelib.web.office.acts import ActBlueprint, ActPage, Outcome
from chalicelib.web.office.edge import DESK, DeskRequest, family_path, redirect
from chalicelib.web.office.filters import BY_SITE
from chalicelib.web.office.staff import STAFF_PAGE
from chalicelib.web.responses import FormFeedback, Response

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
    "invoice": "facture",
}


def _facts(request: DeskRequest, result: SearchResult | None, _outcome: Outcome) -> dict[str, Any]:
    families = result.families if result else ()
    staff = request.staff
    recent = () if result else read_recent(request.services, staff.session.recent, staff.site_codes)
    return {
        "typed": request.field("recherche"),
        "site": request.field("site"),
        "found": result,
        "exact": [family for family in families if not family.is_close],
        "close": [family for family in families if family.is_close],
        "files": result.files if result else (),
        "members": result.members if result else (),
        "recent": [_opened(request, file) for file in recent],
        "at_most": AT_MOST,
        "kinds": _KINDS,
        "state_of": state_text,
        "path_of": lambda hit: _path(request, hit),
        "site_names": {site.code: site.name for site in staff.sites},
    }


def _path(request: DeskRequest, hit: FoundFamily | FoundFile | Hit) -> str:
    """Write the address that a hit opens. A family found by an invoice opens at its bills."""
    if isinstance(hit, FoundFile):
        return hit.path
    if isinstance(hit, Hit):
        return f"{STAFF_PAGE}/{pseudonym(request.services, hit.family.emails[0])}"
    is_invoice = any(match.kind == "invoice" for match in hit.matches)
    return family_path(hit.account.ref, *(["factures"] if is_invoice else []))


def _opened(request: DeskRequest, file: Account | OpenedFile) -> OpenedFile:
    if isinstance(file, OpenedFile):
        return file
    site = request.services.settings.network.site(file.ref.site)
    return OpenedFile(family_path(file.ref), file.name, site.name if site else "")


def _feedback(request: DeskRequest, refusal: OfficeRefusal) -> FormFeedback:
    sentence = sentence_of(refusal, request.staff.network)
    return FormFeedback(422, sentence, {"recherche": [sentence]})


FIND: Final = ActPage("find", "find", _facts, feedback=_feedback)
routes.page(FIND_PAGE, "reader", FIND, filters={})


@routes.act(FIND_PAGE, "reader", FIND, filters=BY_SITE)
def show_found(request: DeskRequest, _: None) -> Response:
    """Show the hits at the chosen site, or at all sites. A single hit opens, and for a receipt its re-enrolment."""
    text = request.field("recherche")
    sites = [site.code for site in request.staff.sites if request.field("site") in {"", site.code}]
    if number := receipt_number(text):
        ref = find_by_receipt(request.services, number, sites, request.now)
        return redirect(request.services, f"{family_path(ref.account, 'reinscriptions')}?saison={ref.season}")
    if path := find_by_number(request.services, text, sites):
        return redirect(request.services, path)
    result = find_at(request.services, text, sites, request.now, with_members=request.staff.may("manager"))
    if result.only:
        return redirect(request.services, _path(request, result.only))
    return FIND.show(request, result, Outcome())
