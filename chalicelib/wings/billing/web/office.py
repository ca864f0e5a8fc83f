"""GET /extranet/bureau/factures: the balances of families, and below it, the bills as one family sees them."""

from datetime import date
from functools import partial
from typing import Any, Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import Author
from chalicelib.domain.enrolment.periods import today
from chalicelib.domain.refusals import NotThere
from chalicelib.office.account import note_consultation
from chalicelib.office.family_file import FamilyFile
from chalicelib.presentation import texts
from chalicelib.presentation.texts import euros
from chalicelib.web.office.acts import ActBlueprint, ActPage, Outcome
from chalicelib.web.office.edge import DESK, DeskRequest, family_path
from chalicelib.web.office.filters import BY_SITE
from chalicelib.web.office.lists import DeskList, FilteredList
from chalicelib.web.office.parts import FamilyMatter
from chalicelib.web.office.tables import Column, ListChoice, ListTable
from chalicelib.web.responses import Response, redirect
from chalicelib.wings.billing.domain.bills import FamilyState
from chalicelib.wings.billing.flows import link_to
from chalicelib.wings.billing.office.balances import FamilyBills, billed_families, family_bills, with_accounts
from chalicelib.wings.billing.office.import_invoices import remove_invoice

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
_WORDS: Final = {state: words for state, _, words in STATES.values()}


def _columns(request: DeskRequest, day: date) -> tuple[Column, ...]:
    names = {site.code: site.name for site in request.staff.sites}

    def next_due(row: FamilyBills) -> str:
        due = row.bills.next_due(day)
        return f"{euros(due.cents)} le {texts.day(due.on)}" if due else ""

    return (
        Column(
            "Famille",
            lambda row: row.account.name if row.account else "Compte effacé",
            path=lambda row: family_path(row.ref, "factures") if row.account else "",
        ),
        Column(
            "Identifiant",
            lambda row: (row.account and row.account.display_identifier) or row.ref.identifier,
            is_exact=True,
        ),
        Column("Site", lambda row: names[row.ref.site], "site"),
        Column("État", lambda row: _WORDS[row.bills.state(day)], "etat"),
        Column(
            "Reste à payer",
            lambda row: euros(row.bills.balance),
            "reste",
            lambda row: row.bills.balance,
            is_number=True,
        ),
        Column(
            "Dont échéance dépassée",
            lambda row: euros(row.bills.overdue(day)),
            "retard",
            lambda row: row.bills.overdue(day),
            is_number=True,
        ),
        Column(
            "Prochaine échéance",
            next_due,
            "echeance",
            lambda row: (due := row.bills.next_due(day)) and due.on.toordinal(),
        ),
    )


@DeskList(BILLS_PAGE, "reader", "bills", "bills", BY_SITE | {"etat": STATES.__contains__}).serve_table(routes)
def show_bills(request: DeskRequest, listing: FilteredList) -> dict[str, Any]:
    """List the families with their bills, and the sums of each site."""
    token, day = listing.values["etat"], today(request.now)
    sums, rows = billed_families(request.services, listing.sites, STATES[token][0] if token else None, day)
    empty = " dans cet état" if token else " : aucune facture n'est encore au dossier"
    complete = partial(with_accounts, request.services)
    return {
        "sums": sums,
        "today": day,
        "choices": [ListChoice("etat", "État", {name: title for name, (_, title, _) in STATES.items()}, "toutes")],
        "table": ListTable("Familles", _columns(request, day), rows, f"Aucune famille ici{empty}.", complete),
    }


def _family(request: DeskRequest) -> FamilyBills:
    """Find the family, and note the consultation. Raises `NotThere`."""
    bills = family_bills(request, request.family)
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
