"""GET /extranet/bureau/factures: the balances of families, and below it, the bills as one family sees them."""

from typing import Any, Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import Author
from chalicelib.domain.billing.bills import FamilyState
from chalicelib.domain.enrolment.periods import today
from chalicelib.domain.refusals import NotThere
from chalicelib.flows.family.billing import link_to
from chalicelib.office.account import note_consultation
from chalicelib.office.billing.balances import FamilyBills, bills_page, family_bills
from chalicelib.office.billing.import_invoices import remove_invoice
from chalicelib.office.family_file import FamilyFile
from chalicelib.presentation.texts import euros
from chalicelib.web.office.acts import ActBlueprint, ActPage, Outcome
from chalicelib.web.office.edge import DESK, DeskRequest, family_path
from chalicelib.web.office.filters import ANY, BY_SITE
from chalicelib.web.office.lists import FilteredList, serve_list
from chalicelib.web.office.parts import FamilyMatter
from chalicelib.web.responses import Response, redirect

routes = ActBlueprint(__name__)


def _words(file: FamilyFile) -> str:
    overdue = file.parts["bills"].overdue(today(file.overview.now))
    return f"{euros(overdue)} en retard" if overdue else ""


MATTER: Final = FamilyMatter("bills", _words, lambda ref: family_path(ref, "factures"))

BILLS_PAGE: Final = f"{DESK}/factures"
_FAMILY: Final = f"{BILLS_PAGE}/{{site}}/{{famille}}"
# By `?etat=`: the state, the title of its families, and of one of them.
STATES: Final[dict[str, tuple[FamilyState, str, str]]] = {
    "en-retard": ("overdue", "En retard", "En retard"),
    "a-payer": ("to_pay", "À payer, sans retard", "À payer"),
    "en-leur-faveur": ("credit", "En leur faveur", "En sa faveur"),
    "reglees": ("settled", "Tout est réglé", "Tout est réglé"),
}


@serve_list(routes, BILLS_PAGE, "reader", "bills", "bills", BY_SITE | {"etat": STATES.__contains__, "page": ANY})
def show_bills(request: DeskRequest, listing: FilteredList) -> dict[str, Any]:
    """List fifty families, and the sums of each site."""
    token, number = listing.values["etat"], listing.values["page"]
    page = int(number) if number.isascii() and number.isdigit() and len(number) < len("100000") else 1
    day = today(request.now)
    state = STATES[token][0] if token else None
    return {
        "found": bills_page(request.services, listing.sites, state, page, day),
        "today": day,
        "state": token,
        "states": STATES,
        "state_words": {name: words for name, _, words in STATES.values()},
        "family_path": family_path,
    }


def _family(request: DeskRequest) -> FamilyBills:
    """Find the family, and note the consultation. Raises `NotThere`."""
    bills = family_bills(request.services, request.family)
    if bills is None:
        raise NotThere
    note_consultation(request.services, request.family, "bills_read", request.staff.member.known_as, request.now)
    return bills


def _ref(request: DeskRequest) -> AccountRef:
    return request.family


def _family_facts(request: DeskRequest, bills: FamilyBills, _outcome: Outcome) -> dict[str, Any]:
    return {
        "found": bills,
        "bills": bills.bills,
        "today": today(request.now),
        "path": family_path(request.family, "factures"),
        "family_path": family_path,
    }


FAMILY_BILLS: Final = ActPage(
    "family_bills",
    "bills",
    _family_facts,
    _family,
    back=lambda request: family_path(request.family, "factures"),
    inputs=("facture", "raison"),
    sentences={"retrait": "La facture est retirée, avec son PDF. Retirez-la aussi de la liste : elle y reviendrait."},
)
routes.page(_FAMILY, "reader", FAMILY_BILLS)


@routes.act(f"{_FAMILY}/retrait", "manager", FAMILY_BILLS, has_reason=True, is_proven_again=True, find=_ref)
def remove(request: DeskRequest, ref: AccountRef) -> str:
    """Remove an invoice that is not this family's, and its PDF."""
    author = Author(request.staff.member.known_as, request.field("raison"))
    remove_invoice(request.services, ref, request.field("facture"), author, request.now)
    return "retrait"


@routes.get(f"{_FAMILY}/{{facture}}", right="reader")
def open_invoice(request: DeskRequest) -> Response:
    """Redirect to the PDF of a family's invoice, valid for five minutes, as the family gets it."""
    return redirect(request.services, link_to(request.services, _family(request).bills, request.parts["facture"]))
