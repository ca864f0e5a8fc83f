"""GET /extranet/compte/facturation: the bills that a family reads, and the link to each PDF."""

import html
import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from chalicelib import wiring
from chalicelib.services.office import OfficeServices
from chalicelib.wings.billing.domain.bills import Due, Invoice
from tests.support.billing import ALL, CREDIT, OVERDUE, PAID, PART_PAID, TO_PAY, bill, with_pdfs
from tests.support.world import Visitor, World

HOME = "/extranet/compte"
PAGE = "/extranet/compte/facturation"
PAYMENT = "https://paiement.example.fr/"


def words(page: str) -> str:
    """Read the text of a page, with plain blanks."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).replace("\xa0", " ").split())


def shown(visitor: Visitor) -> str:
    answer = visitor.get(PAGE)
    assert answer.status_code == 200
    return words(answer.text)


def with_payment(services: OfficeServices) -> OfficeServices:
    network = services.settings.network
    billing = replace(network.billing, payment_url=PAYMENT)
    return replace(services, settings=replace(services.settings, network=replace(network, billing=billing)))


def test_a_family_without_bills_is_told_so_kindly_and_whom_to_ask(at_home: Visitor) -> None:
    page = shown(at_home)

    assert "Aucune facture n'est enregistrée pour votre famille." in page
    assert "01 99 00 10 03" in page
    assert "Reste à payer" not in page


def test_what_is_left_to_pay_stands_first_then_the_newest_invoice(world: World, at_home: Visitor) -> None:
    bill(world, *ALL)

    page = shown(at_home)

    assert "Reste à payer, en tout 886,50 € Dont l'échéance est dépassée 90,00 €" in page
    assert "Factures à payer 911,50 € En votre faveur, déjà déduit 25,00 €" in page
    assert "Reste à payer : 886,50 € L'échéance de 90,00 € est dépassée." in (home := words(at_home.get(HOME).text))
    assert "911,50 € de factures, moins 25,00 € en votre faveur." in home
    assert re.findall(r"(?:Facture|Avoir) n° (\S+)", page) == [
        *("2026-0020", "2026-0012", "2026-0015", "2026-0003", "2025-0007")
    ]


PLAN = (Due(date(2026, 10, 15), 9_350), Due(date(2026, 11, 15), 9_350))


@pytest.mark.parametrize(
    ("invoice", "texts"),
    [
        (PAID, ["Réglée Émise le 1er octobre 2025 Montant 45,00 € Déjà payé 45,00 € Reste à payer 0,00 €"]),
        (
            PART_PAID,
            [
                "Réglée en partie, le reste au plus tard le 30 septembre 2026",
                "Montant 1 234,50 € Déjà payé 600,00 € Reste à payer 634,50 €",
                "Paiements 20 août 2026 : 600,00 € (carte)",
            ],
        ),
        (TO_PAY, ["À régler au plus tard le 25 septembre 2026"]),
        (OVERDUE, ["À régler : l'échéance du 31 août 2026 est dépassée"]),
        (
            CREDIT,
            [
                "Avoir n° 2026-0015 Avoir : cours annulé En votre faveur Émis le 15 juillet 2026",
                "Vous n'avez rien à payer ; en votre faveur 25,00 €",
            ],
        ),
        (replace(TO_PAY, due_on=None), ["À régler Émise le"]),
        (
            replace(TO_PAY, instalments=PLAN),
            ["À régler, en 2 fois", "À payer en 2 fois 93,50 € le 15 octobre 2026 93,50 € le 15 novembre 2026"],
        ),
        (
            replace(TO_PAY, instalments=PLAN, plan="Prélèvement"),
            ["À payer en 2 fois (Prélèvement) 93,50 €", "prélevée à sa date : vous n'avez rien à faire."],
        ),
        (
            replace(TO_PAY, instalments=(Due(date(2026, 8, 31), 8_700), PLAN[0])),
            ["À régler : l'échéance du 31 août 2026 est dépassée", "Dont l'échéance est dépassée 87,00 €"],
        ),
    ],
)
def test_an_invoice_s_state_is_in_words(world: World, at_home: Visitor, invoice: Invoice, texts: list[str]) -> None:
    bill(world, invoice)

    page = shown(at_home)
    assert [text for text in texts if text not in page] == []


def test_an_invoice_is_late_from_the_day_after_as_one_counts_in_paris(world: World, at_home: Visitor) -> None:
    bill(world, replace(TO_PAY, due_on=date(2026, 9, 1)))
    world.now = datetime(2026, 9, 1, 21, 59, tzinfo=UTC)
    at_home.log_in()

    assert "À régler au plus tard le 1er septembre 2026" in shown(at_home)
    world.now = datetime(2026, 9, 1, 22, 0, tzinfo=UTC)
    assert "À régler : l'échéance du 1er septembre 2026 est dépassée" in shown(at_home)


def test_what_the_office_typed_is_shown_as_text(world: World, at_home: Visitor) -> None:
    bill(world, replace(TO_PAY, number='"><script>', label="<b>L'été</b>"))

    page = at_home.get(PAGE).text

    assert "<script>" not in page
    assert "&lt;b&gt;L'été&lt;/b&gt;" in page


def test_online_payment_is_offered_by_the_network_where_something_is_left(world: World, at_home: Visitor) -> None:
    bill(world, PAID, OVERDUE, CREDIT, replace(TO_PAY, instalments=PLAN, plan="prélèvements"))
    assert "Payer en ligne" not in shown(at_home)
    world.services = with_payment(world.services)

    with wiring.using(world.services):
        page = at_home.get(PAGE).text

    assert page.count(f'href="{PAYMENT}"') == 1
    assert "Payer en ligne la facture n° 2026-0003" in words(page)


def test_what_the_office_debits_is_not_asked_of_the_family(world: World, at_home: Visitor) -> None:
    bill(world, TO_PAY, replace(TO_PAY, number="2026/9", instalments=PLAN, plan="Prélèvement"))

    home = words(at_home.get(HOME).text)

    assert "187,00 € à payer au plus tard le 25 septembre 2026" in home
    assert "Prélèvement de 93,50 € le 15 octobre 2026 : vous n'avez rien à faire" in home


# The PDF.


def test_an_invoice_leads_to_a_link_that_no_cache_keeps(world: World, at_home: Visitor) -> None:
    bill(world, *with_pdfs(world, [TO_PAY]))
    bill(world, PAID)  # it has no PDF, and no link
    (path,) = re.findall(rf'href="({PAGE}/[^"]+)"', at_home.get(PAGE).text)

    answer = at_home.get(path)

    assert answer.status_code == 303
    assert answer.location.startswith(f"{world.aws.endpoint_url}/{world.resources.documents_bucket}/invoices/")
    assert "X-Amz-Expires=300&" in answer.location
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data == b""
