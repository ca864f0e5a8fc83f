"""GET /extranet/bureau/paiements: the payments online of families, and below it each of them, with its acts."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.domain.refusals import NotThere
from chalicelib.office.account import note_consultation
from chalicelib.office.family_file import FamilyFile
from chalicelib.office.today import SiteToday
from chalicelib.presentation import texts
from chalicelib.web.office.acts import DONE, ActBlueprint, ActPage, Outcome
from chalicelib.web.office.edge import DESK, DeskRequest, family_path
from chalicelib.web.office.filters import ANY, BY_SITE
from chalicelib.web.office.lists import DeskList, FilteredList, serve_csv
from chalicelib.web.office.parts import FamilyMatter, TodayLine, TodayTask
from chalicelib.web.office.tables import Column, ListChoice, ListTable
from chalicelib.wings.payment.domain.attempts import Attempt
from chalicelib.wings.payment.flows.questions import ask, ask_if_overdue
from chalicelib.wings.payment.office.payments import (
    FamilyPayment,
    end_checked,
    find_payment,
    site_payments,
    sums_of,
    with_accounts,
)
from chalicelib.wings.payment.presentation.office import DIFFERENCES, state_text

routes = ActBlueprint(__name__)

PAYMENTS_PAGE: Final = f"{DESK}/paiements"
_PAYMENT: Final = f"{PAYMENTS_PAGE}/{{site}}/{{famille}}/{{tentative}}"
_DAYS, _MONTHS, _YEARS = 31, 12, 10  # that the filter offers, the latest first
# By `?etat=`: the words, and whether an attempt is shown.
STATES: Final[dict[str, tuple[str, Callable[[Attempt, datetime], bool]]]] = {
    "a-verifier": ("À vérifier", lambda attempt, _: attempt.state == "differs"),
    "en-retard": ("Sans réponse de PayFiP", Attempt.is_late),
    "en-cours": ("En cours de confirmation", lambda attempt, _: attempt.is_unfinished),
    "payes": ("Payés", lambda attempt, _: attempt.is_received),
    "sans-paiement": ("Refusés, abandonnés, non aboutis", lambda attempt, _: attempt.is_without_money),
}


def _path(row: FamilyPayment) -> str:
    return f"{family_path(row.ref, 'paiements')}/{row.attempt.code}" if row.account else ""


def _moment(row: FamilyPayment) -> tuple[date, datetime]:
    return row.attempt.day, row.attempt.started_at


def _columns(request: DeskRequest) -> tuple[Column, ...]:
    return (
        Column("Jour", lambda row: row.attempt.day, "date", _moment, _path),
        Column(
            "Famille",
            lambda row: row.account.name if row.account else "Compte effacé",
            path=lambda row: family_path(row.ref) if row.account else "",
        ),
        Column("Facture", lambda row: row.attempt.number, "facture", is_exact=True),
        Column(
            "Montant",
            lambda row: texts.euros(row.attempt.cents),
            "montant",
            lambda row: row.attempt.cents,
            is_number=True,
        ),
        Column("État", lambda row: state_text(row.attempt, request.now), "etat"),
        Column("Référence", lambda row: row.attempt.reference, is_exact=True),
        Column("Autorisation", lambda row: row.attempt.authorization, is_exact=True),
    )


def _amount(row: FamilyPayment) -> str:
    return f"{row.attempt.cents // 100},{row.attempt.cents % 100:02}"


def _method(row: FamilyPayment) -> str:
    state = row.attempt.state
    return "carte" if state == "paid" else "prélèvement" if state == "debited" else ""


def _file_columns(request: DeskRequest) -> tuple[Column, ...]:
    """List the columns that the accounting reads: amounts as numbers, fields by the service's names too."""
    names = {site.code: site.name for site in request.staff.sites}
    return (
        Column("Date du paiement", lambda row: row.attempt.day, "date", _moment),
        Column("Contrat (numcli)", lambda row: row.attempt.contract),
        Column("Référence (refdet)", lambda row: row.attempt.reference),
        Column("Opération (idOp)", lambda row: row.attempt.operation),
        Column("Facture", lambda row: row.attempt.number, "facture"),
        Column("Montant en euros", _amount, "montant", lambda row: row.attempt.cents),
        Column("Moyen", _method),
        Column("Autorisation (numauto)", lambda row: row.attempt.authorization),
        Column("Mode (saisie)", lambda row: row.attempt.mode),
        Column("État", lambda row: state_text(row.attempt, request.now), "etat"),
        Column("Site", lambda row: names[row.ref.site]),
        Column("Identifiant", lambda row: row.ref.identifier),
        Column("Famille", lambda row: row.account.name if row.account else ""),
    )


def _first_day(text: str) -> date | None:
    """Parse the first day of a year, a month or a day. None for another text."""
    with suppress(ValueError):
        first = date.fromisoformat(f"{text}-01-01"[:10])
        return first if len(text) in {4, 7, 10} and first.isoformat().startswith(text) else None
    return None


def _month_before(day: date, months: int) -> date:
    """Return the first day of an earlier month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1)


def _table(
    columns: Callable[[DeskRequest], tuple[Column, ...]], request: DeskRequest, listing: FilteredList
) -> tuple[ListTable, date]:
    """Return the table of the filters' payments, and its first day. Without one: of this month, the last, and to do."""
    token = listing.values["jour"]
    first = _first_day(token) or _month_before(request.now.astimezone(PARIS).date(), 1)
    rows = site_payments(request.services, listing.sites, datetime.combine(first, time(), PARIS), request.now)
    shows = STATES[state][1] if (state := listing.values["etat"]) else lambda *_: True
    matching = [
        row
        for row in rows
        if (row.attempt.day.isoformat().startswith(token) if token else row.attempt.is_due or row.attempt.day >= first)
        and shows(row.attempt, request.now)
    ]
    empty = "Aucun paiement en ligne ne répond à ces choix : élargissez-les, ou choisissez une autre année."

    def complete(page: Sequence[FamilyPayment]) -> list[FamilyPayment]:
        rows = with_accounts(request.services, page)
        for row in rows:
            ask_if_overdue(request.services, row.ref, row.attempt, request.now, request.client.request)
        return rows

    return ListTable("Paiements", columns(request), matching, empty, complete), first


_LIST: Final = DeskList(
    PAYMENTS_PAGE,
    "reader",
    "payments",
    "payments",
    BY_SITE | {"etat": STATES.__contains__, "jour": _first_day, "tri": ANY, "page": ANY},
)
serve_csv(routes, _LIST, lambda request, listing: _table(_file_columns, request, listing)[0])


@_LIST.serve(routes, is_table=True)
def show_payments(request: DeskRequest, listing: FilteredList) -> dict[str, Any]:
    """List the payments, and the amounts received at each site."""
    table, first = _table(_columns, request, listing)
    today = request.now.astimezone(PARIS).date()
    days = (today - timedelta(days=number) for number in range(_DAYS))
    months = (_month_before(today, number) for number in range(_MONTHS))
    moments = {
        **{day.isoformat(): texts.day(day) for day in days},
        **{f"{month:%Y-%m}": texts.day(month).removeprefix("1er ") for month in months},
        **{str(today.year - number): str(today.year - number) for number in range(_YEARS)},
    }
    return {
        "first": first,
        "sums": sums_of(listing.sites, table.rows),
        "choices": [
            ListChoice("etat", "État", {token: words for token, (words, _) in STATES.items()}),
            ListChoice("jour", "Jour", moments, "ce mois et le dernier"),
        ],
        "table": table,
    }


def _payment(request: DeskRequest) -> FamilyPayment:
    payment = find_payment(request.services, request.family, request.parts["tentative"])
    if payment is None:
        raise NotThere
    return payment


def _open(request: DeskRequest) -> FamilyPayment:
    """Find the payment, and note the consultation. Raises `NotThere`."""
    payment = _payment(request)
    ask_if_overdue(request.services, payment.ref, payment.attempt, request.now, request.client.request)
    note_consultation(request.services, payment.ref, "bills_read", request.staff.member.known_as, request.now)
    return payment


def _facts(request: DeskRequest, payment: FamilyPayment, _outcome: Outcome) -> dict[str, Any]:
    return {
        "payment": payment,
        "attempt": payment.attempt,
        "state": state_text(payment.attempt, request.now),
        "differing": ", ".join(DIFFERENCES[name] for name in payment.attempt.differences),
        "path": _path(payment),
        "family_path": family_path(payment.ref),
    }


def _confirmation(request: DeskRequest, payment: FamilyPayment) -> str | None:
    """Write the outcome of the question or the check, by the state of the payment now."""
    attempt, act = payment.attempt, request.query.get(DONE, "")
    if act not in {"relance", "verifie"}:
        return None
    if attempt.is_checked:
        return "C'est vérifié : cette facture peut de nouveau être payée en ligne."
    if attempt.is_unfinished:
        again = attempt.next_question_at
        later = f" : la question sera posée de nouveau à {texts.hour(again)}" if again else ""
        return f"PayFiP est interrogé, sans résultat pour l'instant{later}."
    state = state_text(attempt, request.now)
    return f"PayFiP est interrogé. État du paiement : {state[0].lower()}{state[1:]}."


PAYMENT: Final = ActPage(
    "payment",
    "payments",
    _facts,
    _open,
    back=lambda request: _path(_payment(request)),
    inputs=("raison",),
    confirmation=_confirmation,
)
routes.page(_PAYMENT, "reader", PAYMENT)


@routes.act(f"{_PAYMENT}/relancer", "secretary", PAYMENT, find=_payment)
def ask_again(request: DeskRequest, payment: FamilyPayment) -> str:
    """Ask the service for the result now."""
    ask(request.services, payment.ref, payment.attempt, request.now, request.client.request)
    return "relance"


@routes.act(f"{_PAYMENT}/verifie", "manager", PAYMENT, has_reason=True, find=_payment)
def end_after_check(request: DeskRequest, payment: FamilyPayment) -> str:
    """End a payment whose answer differed, once it was checked with the régie."""
    author = request.staff.author(request.field("raison"))
    end_checked(request.services, payment.ref, payment.attempt, author, request.now)
    return "verifie"


def _words(file: FamilyFile) -> str:
    count = sum(attempt.state == "differs" for attempt in file.parts["payments"])
    return f"{count} paiement{'s' * (count > 1)} en ligne à vérifier" if count else ""


MATTER: Final = FamilyMatter("payments", _words, lambda ref: f"{family_path(ref)}#paiements")


def _today(_request: DeskRequest, days: Sequence[SiteToday]) -> list[TodayLine]:
    return [
        TodayLine(
            *(count, words[count > 1], f"{PAYMENTS_PAGE}?site={of_site.site.code}&etat={token}"),
            site=of_site.site.name if len(days) > 1 else "",
        )
        for of_site in days
        for count, token, *words in (
            (of_site.parts["payments"][0], "a-verifier", "paiement à vérifier", "paiements à vérifier"),
            (of_site.parts["payments"][1], "en-retard", "paiement sans réponse", "paiements sans réponse"),
        )
    ]


TODAY: Final = TodayTask("Paiements en ligne", _today)
