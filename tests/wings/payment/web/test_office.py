"""GET /extranet/bureau/paiements: the payments, their sums and their file, a question asked again, a check."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest

from chalicelib import wiring
from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import AuditEntry, Author
from chalicelib.domain.family.dues import Payable
from chalicelib.office.account import pseudonym
from chalicelib.wings.payment.domain.attempts import Attempt, Terms
from chalicelib.wings.payment.office.payments import end_checked
from chalicelib.wings.payment.stores import PaymentStore
from tests.support.billing import TO_PAY, bill
from tests.support.payments import pass_time, payfip
from tests.support.staff import DESK, MANAGER, READER, SECRETARY, enter
from tests.support.world import ROSSIGNOL, Visitor, World
from tools.local.payfip import Operation

PAYMENTS = f"{DESK}/paiements"
MAG = AccountRef("evry-magnard", "mag1")
TERMS = Terms("999999", "W", 1_000_000)


def attempt(number: int, **values: object) -> Attempt:
    """Make an open attempt on a bill of its own."""
    facts = {
        "code": f"{number:024x}",
        "bill": f"b{number}",
        "number": f"2026/{number}",
        "reference": f"REFERENCE{number:011}",
        "cents": 13_200,
        "paid_before": 0,
        "contract": "999999",
        "mode": "W",
        "email": "rossignol@example.fr",
        "by": "Mme Rossignol",
        "started_at": datetime(2026, 9, 1, 6, tzinfo=UTC),
        "state": "open",
        "operation": f"{number:032x}",
    }
    return Attempt(**{**facts, **values})  # type: ignore[arg-type]


def keep(world: World, *attempts: Attempt, to: AccountRef = ROSSIGNOL) -> None:
    world.services.store(PaymentStore).revise_at(to, lambda payments: replace(payments, attempts=attempts))


PAID = attempt(1, state="paid", paid_on=date(2026, 9, 1), authorization="112233")
DEBITED = attempt(2, state="debited", cents=5_050, paid_on=date(2026, 8, 31))
DIFFERS = attempt(3, state="differs", differences=("cents", "mode"))
OPEN = attempt(4, next_question_at=datetime(2026, 9, 1, 9, tzinfo=UTC))
REFUSED = attempt(5, state="refused", started_at=datetime(2026, 8, 30, 6, tzinfo=UTC))


@pytest.fixture
def payer(world: World) -> World:
    """Give payments to a family of the reader's site, and one to a family of another site."""
    world.settle()
    keep(world, PAID, DEBITED, DIFFERS, OPEN, REFUSED)
    world.settle(MAG, emails=())
    keep(world, attempt(6, state="paid", cents=1_000, paid_on=date(2026, 9, 1)), to=MAG)
    return world


def numbers(page: str) -> list[str]:
    """List the bills of the rows of a page, in their order."""
    return re.findall(r">2026/(\d)<", page)


def file(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}"), newline=""), delimiter=";"))


def page_of(of: Attempt, ref: AccountRef = ROSSIGNOL) -> str:
    return f"{PAYMENTS}/{ref.site}/{ref.identifier}/{of.code}"


def press(visitor: Visitor, page: str, act: str, **fields: str) -> str:
    """Press a button of a payment's page, and return the page after it."""
    match = re.search(rf'action="{page}/{act}".*?name="jeton" value="([^"]+)"', visitor.get(page).text, re.DOTALL)
    assert match, f"no button {act}"
    answer = visitor.post(f"{page}/{act}", {"jeton": unescape(match[1]), **fields})
    return visitor.get(answer.headers["Location"]).text if answer.status_code == 303 else answer.text


def find(world: World, of: Attempt, ref: AccountRef = ROSSIGNOL) -> Attempt:
    attempt_now = world.services.store(PaymentStore).find(ref).by_code(of.code)
    assert attempt_now
    return attempt_now


@contextmanager
def answering(world: World, of: Attempt, *results: str) -> Iterator[None]:
    """Have the stand-in answer about an attempt inside the block."""
    fields = {"exer": "2026", "mel": of.email, "montant": str(of.cents), "numcli": of.contract, "objet": "Facture"}
    fields |= {"refdet": of.reference, "saisie": of.mode}
    with payfip(world) as local, wiring.using(world.services):
        local.operations[of.operation] = Operation(fields, world.now, list(results))
        yield


def test_a_reader_sees_their_site_and_a_manager_all_and_what_differs_comes_first(
    payer: World, visitor: Visitor
) -> None:
    pages = {}
    for email in (READER, MANAGER):
        enter(payer, visitor, email)
        pages[email] = numbers(visitor.get(PAYMENTS).text)

    assert pages[READER][0] == pages[MANAGER][0] == "3"
    assert sorted(pages[READER]) == ["1", "2", "3", "4", "5"]
    assert sorted(pages[MANAGER]) == ["1", "2", "3", "4", "5", "6"]


def test_a_late_payment_comes_before_the_others(payer: World, visitor: Visitor) -> None:
    payer.wait(timedelta(hours=4))
    enter(payer, visitor, READER)

    page = visitor.get(PAYMENTS).text

    assert numbers(page)[:2] == ["3", "4"]
    assert page.count("Sans réponse depuis plus de trois heures") == 1


@pytest.mark.parametrize(
    ("query", "bills"),
    [
        ("etat=a-verifier", "3"),
        ("etat=en-cours", "4"),
        ("etat=en-retard", ""),
        ("etat=payes", "126"),
        ("etat=sans-paiement", "5"),
        ("jour=2026-08", "25"),
        ("jour=2026-08-31", "2"),
        ("jour=2026", "123456"),
        ("jour=2025", ""),
        ("site=evry-magnard", "6"),
        ("site=evry-magnard&etat=en-cours", ""),
    ],
)
def test_payments_are_filtered_by_day_site_and_state(payer: World, visitor: Visitor, query: str, bills: str) -> None:
    enter(payer, visitor, MANAGER)

    page = visitor.get(f"{PAYMENTS}?{query}").text

    assert "".join(sorted(numbers(page))) == bills
    assert bills or "Aucun paiement en ligne ne répond" in page


def test_payments_of_before_last_month_are_shown_by_their_year_unless_they_await(
    payer: World, visitor: Visitor
) -> None:
    old = datetime(2025, 6, 30, 23, tzinfo=UTC)  # the next day in Paris
    keep(payer, replace(PAID, started_at=old, paid_on=date(2025, 7, 1)), replace(DIFFERS, started_at=old), REFUSED)
    enter(payer, visitor, READER)

    pages = {query: visitor.get(f"{PAYMENTS}{query}") for query in ("", "?jour=2025-07", "?jour=2025-06", "?jour=2026")}

    assert {query: "".join(numbers(page.text)) for query, page in pages.items()} == {
        "": "35",
        "?jour=2025-07": "31",
        "?jour=2025-06": "",
        "?jour=2026": "5",
    }
    assert re.search(r"Encaissé depuis le 1er\s+août\s+2026", pages[""].text)
    assert f'href="{PAYMENTS}?jour=2026">Voir toute l\'année 2026' in pages[""].text
    assert "Voir toute l'année" not in pages["?jour=2026"].text
    assert [visitor.get(f"{PAYMENTS}?jour={day}").status_code for day in ("2026-02-30", "hier", "20260101")] == [
        404
    ] * 3


def test_the_sums_of_the_page_are_those_of_the_filters(payer: World, visitor: Visitor) -> None:
    enter(payer, visitor, MANAGER)

    pages = [re.sub(r"\s", " ", visitor.get(f"{PAYMENTS}{query}").text) for query in ("", "?jour=2026-09-01")]

    assert [re.findall(r"(\d+,\d\d €)</td></tr>", page)[-1] for page in pages] == ["192,50 €", "142,00 €"]


def test_the_file_has_the_accounting_s_fields_and_no_formula(payer: World, visitor: Visitor) -> None:
    keep(payer, replace(PAID, number="=1+2", authorization="@SUM(A1)"), DEBITED)
    enter(payer, visitor, SECRETARY)

    headings, *rows = file(visitor.get(f"{PAYMENTS}/csv?etat=payes").text)

    assert headings[:6] == [
        *("Date du paiement", "Contrat (numcli)", "Référence (refdet)", "Opération (idOp)", "Facture"),
        "Montant en euros",
    ]
    assert [row[5] for row in rows] == ["132,00", "50,50"]
    assert rows[0][0] == "01/09/2026"
    assert (rows[0][4], rows[0][7]) == ("'=1+2", "'@SUM(A1)")
    assert [row[6] for row in rows] == ["carte", "prélèvement"]


def test_a_reader_gets_no_file_and_no_button(payer: World, visitor: Visitor) -> None:
    enter(payer, visitor, READER)

    page = visitor.get(page_of(DIFFERS)).text

    assert visitor.get(f"{PAYMENTS}/csv").status_code == 404
    assert "le montant, le mode" in page
    assert "/relancer" not in page
    assert "/verifie" not in page


def test_the_desk_reads_beside_a_bill_what_its_family_reads(payer: World, visitor: Visitor) -> None:
    bill(payer, TO_PAY)
    keep(payer, replace(OPEN, bill=TO_PAY.code))
    enter(payer, visitor, READER)

    page = visitor.get(f"{DESK}/factures/{ROSSIGNOL.site}/{ROSSIGNOL.identifier}").text

    assert "Paiement en cours de confirmation" in page
    assert "À régler" not in page


def test_a_button_leads_back_to_the_same_place_of_the_list(payer: World, visitor: Visitor) -> None:
    with answering(payer, OPEN, "P"):
        enter(payer, visitor, SECRETARY)
        place = "ligne=2%2F5%2Fextranet%2Fbureau%2Fpaiements%3Fetat%3Den-cours"
        page = f"{page_of(OPEN)}?{place}"
        token = re.findall(r'name="jeton" value="([^"]+)"', visitor.get(page).text)[-1]
        referer = {"Referer": f"{payer.services.settings.network.public_url}{page}"}
        answer = visitor.post(f"{page_of(OPEN)}/relancer", {"jeton": unescape(token)}, headers=referer)

    assert answer.location.endswith(f"fait=relance&{place}")
    assert ">2 sur 5<" in visitor.get(answer.location).text


@pytest.mark.parametrize("email", [READER, SECRETARY])
def test_a_payment_of_another_site_is_not_there(payer: World, visitor: Visitor, email: str) -> None:
    enter(payer, visitor, email)

    assert visitor.get(page_of(attempt(6), MAG)).status_code == 404
    assert visitor.get(page_of(attempt(7))).status_code == 404


@pytest.mark.parametrize(
    ("result", "state", "words"),
    [
        ("P", "paid", "État du paiement : payé par carte."),
        ("V", "debited", "État du paiement : payé par prélèvement."),
        ("R", "refused", "État du paiement : paiement refusé."),
        ("P5", "open", "PayFiP est interrogé, sans résultat pour l'instant : la question sera posée de nouveau à"),
        ("html", "open", "PayFiP est interrogé, sans résultat pour l'instant : la question sera posée de nouveau à"),
        ("P/montant=100", "differs", "État du paiement : à vérifier par l'administration."),
    ],
)
def test_a_secretary_asks_again_and_reads_the_answer(
    payer: World, visitor: Visitor, result: str, state: str, words: str
) -> None:
    with answering(payer, OPEN, result):
        enter(payer, visitor, SECRETARY)
        page = press(visitor, page_of(OPEN), "relancer")

    assert find(payer, OPEN).state == state
    assert words in page


@pytest.mark.parametrize("page", [PAYMENTS, page_of(OPEN)])
def test_a_question_that_the_queue_lost_is_posted_by_a_reader_who_looks(
    payer: World, visitor: Visitor, page: str
) -> None:
    keep(payer, replace(OPEN, next_question_at=payer.now))
    payer.wait(timedelta(minutes=30))
    enter(payer, visitor, READER)
    with answering(payer, OPEN, "P"):
        visitor.get(page)
        pass_time(payer, 1)

    assert find(payer, OPEN).state == "paid"


def test_a_question_asked_again_settles_a_payment_that_differed(payer: World, visitor: Visitor) -> None:
    with answering(payer, DIFFERS, "P"):
        enter(payer, visitor, SECRETARY)
        press(visitor, page_of(DIFFERS), "relancer")

    assert find(payer, DIFFERS).state == "paid"


def test_a_payment_received_is_not_asked_about_again(payer: World, visitor: Visitor) -> None:
    enter(payer, visitor, SECRETARY)

    assert "/relancer" not in visitor.get(page_of(PAID)).text


def test_a_manager_frees_a_bill_after_a_check_with_a_reason(payer: World, visitor: Visitor) -> None:
    due = Payable("b3", "2026/3", 13_200, 0)
    enter(payer, visitor, MANAGER)

    refusal = press(visitor, page_of(DIFFERS), "verifie", raison="")
    page = press(visitor, page_of(DIFFERS), "verifie", raison="la régie a remboursé")

    later = payer.now + timedelta(hours=1)
    after = payer.services.store(PaymentStore).find(ROSSIGNOL)
    assert 'aria-invalid="true"' in refusal
    assert "C'est vérifié" in page
    assert find(payer, DIFFERS).state == "expired"
    assert find(payer, DIFFERS).is_checked
    assert after.refusal(due, TERMS, later) is None
    assert [(act.kind, act.author.why) for act in _acts(payer)] == [
        ("payment_checked", "2026/3 : la régie a remboursé")
    ]


def test_of_two_checks_at_once_one_is_noted(payer: World) -> None:
    def check(why: str, seconds: int) -> None:
        at = payer.now + timedelta(seconds=seconds)
        end_checked(payer.services, ROSSIGNOL, DIFFERS, Author("Odile Fauvette", why), at)

    with payer.aws.interrupted("UpdateItem", lambda: check("d'abord", 1)):
        check("ensuite", 0)

    assert [act.author.why for act in _acts(payer)] == ["2026/3 : d'abord"]


def _acts(world: World) -> list[AuditEntry]:
    account = pseudonym(world.services, ROSSIGNOL)
    return list(world.services.audit_trail.on(ROSSIGNOL.site, account))


def test_nothing_brings_a_checked_payment_back(payer: World, visitor: Visitor) -> None:
    enter(payer, visitor, MANAGER)
    press(visitor, page_of(DIFFERS), "verifie", raison="la régie a remboursé")
    form = {"jeton": _proof(visitor), "raison": "encore"}

    with answering(payer, DIFFERS, "P"):
        visitor.post(f"{page_of(DIFFERS)}/relancer", form)
    again = visitor.post(f"{page_of(DIFFERS)}/verifie", form)

    assert again.status_code == 303
    assert find(payer, DIFFERS).is_checked
    assert len(_acts(payer)) == 1


def _proof(visitor: Visitor) -> str:
    match = re.search(r'name="jeton" value="([^"]+)"', visitor.get(page_of(OPEN)).text)
    assert match
    return unescape(match[1])


def test_a_secretary_may_not_end_a_payment_nor_a_manager_one_that_agrees(payer: World, visitor: Visitor) -> None:
    enter(payer, visitor, SECRETARY)
    refusal = visitor.post(f"{page_of(DIFFERS)}/verifie", {"jeton": _proof(visitor), "raison": "remboursé"})
    enter(payer, visitor, MANAGER)
    visitor.post(f"{page_of(OPEN)}/verifie", {"jeton": _proof(visitor), "raison": "remboursé"})

    assert refusal.status_code == 404
    assert find(payer, DIFFERS).state == "differs"
    assert find(payer, OPEN).state == "open"
    assert _acts(payer) == []


def test_the_family_s_file_and_today_name_what_awaits(payer: World, visitor: Visitor) -> None:
    enter(payer, visitor, SECRETARY)

    file_page = visitor.get(f"{DESK}/familles/evry-xenakis/xen1").text
    today = visitor.get(DESK).text

    assert file_page.count(f'href="{page_of(DIFFERS)}"') == 1
    assert "<strong>1</strong> paiement à vérifier" in today
    assert "sans réponse" not in today
    payer.wait(timedelta(hours=4))
    enter(payer, visitor, SECRETARY)
    assert "<strong>1</strong> paiement sans réponse" in visitor.get(DESK).text
