"""The pages of a payment: five states, the same to both guardians, and a call only in a page that pays."""

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.wings.billing.domain.bills import Due
from chalicelib.wings.billing.stores import Billing
from chalicelib.wings.payment.domain.attempts import Attempt
from chalicelib.wings.payment.flows.pay import NOTICE_PATH, PAGE, part_of
from chalicelib.wings.payment.services import PayFip
from chalicelib.wings.payment.stores import PaymentStore
from tests.support.billing import TO_PAY, bill
from tests.support.french import plain
from tests.support.payments import choose, pass_time, payments, states
from tests.support.pdf_tags import heard
from tests.support.two_logins import COMES, COMES_PASSWORD, put, settle_two_logins
from tests.support.world import ROSSIGNOL, Visitor, World
from tools.local.cdn import LocalCdn
from tools.local.payfip import LocalPayFip

HOME, BILLS = "/extranet/compte", "/extranet/compte/facturation"


@pytest.fixture(autouse=True)
def family(world: World, standin: LocalPayFip) -> None:
    assert not standin.operations
    settle_two_logins(world)
    bill(world, TO_PAY)


@pytest.fixture
def aimee(front: LocalCdn, world: World) -> Visitor:
    visitor = Visitor(front, world=world)
    visitor.log_in()
    return visitor


@pytest.fixture
def guardian(front: LocalCdn, world: World) -> Visitor:
    visitor = Visitor(front, world=world)
    visitor.log_in(COMES, COMES_PASSWORD)
    return visitor


def shown(visitor: Visitor, path: str) -> str:
    answer = visitor.get(path)
    assert answer.status_code == 200, path
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).replace("\xa0", " ").split())


def click(visitor: Visitor, code: str = TO_PAY.code) -> str:
    """Click on « Payer » among the bills, and return the address of the payment's page."""
    (token,) = set(re.findall(r'name="jeton" value="([^"]+)"', visitor.get(BILLS).text))
    answer = visitor.post(PAGE, {"jeton": token, "facture": code})
    assert answer.status_code == 303
    return answer.location.removeprefix("http://127.0.0.1:8000")


def begin(world: World, visitor: Visitor) -> Attempt:
    click(visitor)
    return payments(world).attempts[-1]


def test_three_taps_lead_from_home_to_the_service(standin: LocalPayFip, aimee: Visitor) -> None:
    assert f'href="{BILLS}"' in aimee.get(HOME).text
    assert "Payer 187,00 € de la facture n° 2026-0020" in shown(aimee, BILLS)
    path = click(aimee)

    (operation,) = standin.operations
    assert f'href="{standin.address}/tpa/paiementws.web?idop={operation}"' in aimee.get(path).text
    assert re.search(r"pendant quinze minutes, jusqu.à \d+ h 15\.", shown(aimee, path))


@pytest.mark.parametrize(
    "case",
    [
        ("", 1, "Paiement en cours de confirmation, commencé le", "187,00 €"),
        ("P", 3, "Payée par carte le", ""),
        ("V", 3, "Payée par prélèvement le", ""),
        ("R", 3, "refusé par la banque : rien n'a été prélevé", "187,00 €"),
        ("A", 5, "abandonné : rien n'a été prélevé", "187,00 €"),
        ("montant", 3, "l'administration doit le vérifier. Ne payez pas une seconde fois", "187,00 €"),
    ],
)
def test_both_guardians_read_the_same_state_everywhere(
    world: World, standin: LocalPayFip, aimee: Visitor, guardian: Visitor, case: tuple[str, int, str, str]
) -> None:
    choice, minutes, words, sum_left = case
    attempt = begin(world, aimee)
    if choice:
        choose(standin, attempt, choice)
    pass_time(world, 2)
    pass_time(world, minutes - 2, step=1)

    for visitor in (aimee, guardian):
        for path in (BILLS, f"{PAGE}/{attempt.code}"):
            assert words in shown(visitor, path).replace("’", "'")
        page, home = shown(visitor, BILLS), shown(visitor, HOME)
        assert ("À régler" in page or "Réglée" in page) == (choice in {"R", "A"}), "two states contradict"
        assert ("Reste à payer : 187,00 €" in home) == bool(sum_left)
        assert ("187,00 € attend sa confirmation" in home) == (choice in {"", "montant"})
        assert ("est dépassée" in home) == (choice in {"R", "A"})
        assert ("Payer 187,00" in shown(visitor, BILLS)) is False, "not within twenty minutes, and never once paid"
    assert shown(aimee, BILLS) == shown(guardian, BILLS).replace("M. Côme Merle", "Mme Aimée Rossignol")


def test_a_payment_without_a_result_is_never_said_to_have_cost_nothing(world: World, aimee: Visitor) -> None:
    attempt = begin(world, aimee)
    world.wait(timedelta(minutes=21))
    store = world.services.store(PaymentStore)
    store.revise_at(ROSSIGNOL, lambda payments: payments.with_attempt(attempt.ended("unknown", world.now)))

    page = shown(aimee, BILLS)

    assert "Regardez votre relevé bancaire avant de payer de nouveau" in page
    assert "Payer 187,00" in page
    assert "rien n" not in page


def test_a_bill_with_a_plan_is_paid_at_once_and_none_that_the_office_debits(world: World, aimee: Visitor) -> None:
    plan = (Due(world.now.date(), TO_PAY.cents),)
    bill(world, replace(TO_PAY, instalments=plan))
    assert "En ligne, elle se paie en une fois. Payer 187,00 €" in shown(aimee, BILLS)
    bill(world, replace(TO_PAY, instalments=plan, plan="Prélèvement"))

    assert "Payer 187,00 €" not in shown(aimee, BILLS)
    assert "vous n'avez rien à faire" in shown(aimee, BILLS)
    assert (click_again(aimee), states(world)) == (422, [])


def test_no_page_calls_the_service_that_does_not_pay(
    world: World, standin: LocalPayFip, aimee: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = begin(world, aimee)
    choose(standin, attempt, "P")
    monkeypatch.setattr(PayFip, "_ask", lambda *_, **__: pytest.fail("called"))

    for path in (HOME, BILLS, f"{PAGE}/{attempt.code}", f"{HOME}/eleves", f"{HOME}/famille"):
        shown(aimee, path)
    assert aimee.get(f"{NOTICE_PATH}/{ROSSIGNOL.site}/{part_of('xen1')}/{attempt.code}").status_code == 200
    assert states(world) == ["open"]


def test_a_return_leads_to_the_result_and_believes_nothing(world: World, standin: LocalPayFip, aimee: Visitor) -> None:
    attempt = begin(world, aimee)
    back = f"{PAGE}/{attempt.code}/retour?idop={'0' * 36}&resultrans=P"

    assert aimee.get(back).location.endswith(f"{PAGE}/{attempt.code}")
    assert states(world) == ["open"]
    choose(standin, attempt, "P")
    aimee.get(back)
    assert "Payée par carte le" in shown(aimee, f"{PAGE}/{attempt.code}")


def test_a_second_guardian_goes_on_with_the_first_s_payment(world: World, aimee: Visitor, guardian: Visitor) -> None:
    first = click(aimee)
    answer = guardian.get(first)

    assert click_again(guardian) == 303
    assert "payfip.gouv.fr" in answer.text
    assert len(payments(world).attempts) == 1


def click_again(visitor: Visitor) -> int:
    token = re.findall(r'name="jeton" value="([^"]+)"', visitor.get(f"{HOME}/mot-de-passe").text)[0]
    return visitor.post(PAGE, {"jeton": token, "facture": TO_PAY.code}).status_code


def test_guardians_kept_apart_read_no_address_of_each_other_even_at_the_service(
    world: World, standin: LocalPayFip, aimee: Visitor, guardian: Visitor
) -> None:
    put(world, replace(world.account(), separated_at=world.now))
    put(world, replace(world.account(COMES), emails=("come@example.net",)))
    first = click(aimee)
    page = guardian.get(first).text

    assert "rossignol@example.org" not in page
    assert "paiementws" not in page, "the service's page shows the address"
    assert "Paiement en cours de confirmation" in page
    assert "paiementws" in aimee.get(first).text
    assert (click_again(guardian), click_again(aimee), len(standin.operations)) == (422, 303, 1)
    world.deliver()
    choose(standin, payments(world).attempts[0], "P")
    pass_time(world, 10)
    assert [mail.to for mail in world.mails()] == ["rossignol@example.org"]
    assert "Payée par carte" in shown(guardian, BILLS)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", PAGE, 405),
        ("POST", f"{PAGE}/0123/retour", 405),
        ("GET", f"{PAGE}/0123", 404),
        ("GET", f"{PAGE}/0123/retour", 404),
        ("POST", PAGE, 404),
    ],
)
def test_other_methods_and_unknown_codes_are_refused(aimee: Visitor, method: str, path: str, status: int) -> None:
    (token,) = set(re.findall(r'name="jeton" value="([^"]+)"', aimee.get(BILLS).text))
    form = {"jeton": token, "facture": "0" * 12}

    answer = aimee.get(path) if method == "GET" else aimee.post(path, form)

    assert answer.status_code == status


def test_a_refusal_says_that_nothing_began_and_where_to_go(world: World, standin: LocalPayFip, aimee: Visitor) -> None:
    standin.create.append("html")
    assert click_again(aimee) == 422
    token = re.findall(r'name="jeton" value="([^"]+)"', aimee.get(f"{HOME}/mot-de-passe").text)[0]
    answer = aimee.post(PAGE, {"jeton": token, "facture": TO_PAY.code})

    assert answer.status_code == 422
    assert "Aucun paiement n" in answer.text
    assert f'href="{BILLS}"' in answer.text
    assert re.search(r"essayer à nouveau à partir de \d+ h 20\.", shown(aimee, BILLS))
    assert states(world) == ["expired"]


def test_without_its_proof_or_from_another_site_nothing_begins(world: World, aimee: Visitor) -> None:
    assert aimee.post(PAGE, {"facture": TO_PAY.code}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert states(world) == []


def test_a_notification_is_answered_the_same_whatever_it_is(world: World, front: LocalCdn, aimee: Visitor) -> None:
    attempt, stranger = begin(world, aimee), Visitor(front, {}, world)
    family = f"{NOTICE_PATH}/{ROSSIGNOL.site}/{part_of('xen1')}"
    paths = [
        f"{family}/{attempt.code}", f"{family}/{attempt.code}?idOp=x", f"{family}/unknown",
        f"{NOTICE_PATH}/nowhere/{part_of('xen1')}/{attempt.code}", f"{NOTICE_PATH}/{ROSSIGNOL.site}/_w/x",
        f"{NOTICE_PATH}/{ROSSIGNOL.site}/{part_of('é' * 140)}/x",
    ]  # fmt: skip
    answers = [stranger.get(path) for path in paths]
    answers += [stranger.post(path, {"idop": attempt.operation}) for path in paths]

    assert {(answer.status_code, answer.text, answer.headers["Content-Type"]) for answer in answers} == {
        (200, "", "text/plain")
    }
    assert payments(world).attempts[0].notices == 4


def test_the_payments_of_a_year_are_a_pdf_for_both_guardians(
    world: World, standin: LocalPayFip, aimee: Visitor, guardian: Visitor
) -> None:
    choose(standin, begin(world, aimee), "P")
    aimee.get(f"{PAGE}/{payments(world).attempts[-1].code}/retour")
    link = f"{BILLS}/releves/{world.now.year}"
    assert link in aimee.get(BILLS).text

    for visitor in (aimee, guardian):
        elements = heard(visitor.get(link).data)
        assert ("H1", f"Relevé des paiements en ligne de {world.now.year}") in elements
        assert any(f"facture n° {TO_PAY.number}, par carte" in plain(text) for _, text in elements)
    assert "Aucun paiement" in str(heard(aimee.get(f"{BILLS}/releves/2099").data))
    assert aimee.get(f"{BILLS}/releves/1").status_code == 404


def test_a_bill_that_changed_or_went_while_it_is_paid_is_said_to_the_family(world: World, aimee: Visitor) -> None:
    begin(world, aimee)
    bill(world, replace(TO_PAY, cents=TO_PAY.cents + 1_000))
    assert "le montant de la facture a changé depuis" in shown(aimee, BILLS)

    store = world.services.store(Billing)
    store.revise_at(ROSSIGNOL, lambda bills: bills.without(TO_PAY.number))
    text = shown(aimee, BILLS)

    assert f"Paiements d'autres factures Facture n° {TO_PAY.number}" in text
    assert "Paiement en cours de confirmation" in text
