"""The survey of a list of invoices: payments online that it does not agree with."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.roster.yearly_file import Anomaly
from chalicelib.presentation.office.anomalies import sentence
from chalicelib.wings.billing.domain.bills import Invoice
from chalicelib.wings.billing.office.survey import survey_invoices
from chalicelib.wings.payment.domain.attempts import Attempt
from chalicelib.wings.payment.stores import PaymentStore
from tests.support.invoices import COURS, MERLE, but, file
from tests.support.world import World

XEN2 = AccountRef("evry-xenakis", "xen2")
BILL = Invoice("2026-0020", date(2026, 8, 25), 18_700)
BEGUN: dict[str, Any] = {"cents": 18_700, "paid_before": 0, "contract": "999999", "mode": "W", "email": "", "by": ""}
PAID = {"state": "paid", "paid_on": date(2026, 9, 1)}


def pay(world: World, **values: Any) -> None:
    attempt = Attempt(
        code="c1", bill=BILL.code, number=BILL.number, reference="R1", started_at=world.now, **BEGUN | values
    )
    world.services.store(PaymentStore).revise_at(XEN2, lambda payments: replace(payments, attempts=(attempt,)))


def survey(world: World, *rows: tuple[str, ...]) -> list[Anomaly]:
    anomalies: list[Anomaly] = []
    survey_invoices(world.services, file(*rows), anomalies.append)
    return anomalies


@pytest.mark.parametrize("values", [{"state": "open"}, {"state": "asked"}, {"state": "differs"}])
@pytest.mark.parametrize(
    ("rows", "code", "line"),
    [
        ((MERLE,), "", 0),
        ((COURS,), "invoice_awaited_absent", 0),
        ((COURS, but(MERLE, amount="200,00")), "invoice_awaited_changed", 3),
        ((but(MERLE, paid_on="01/09/2026", paid="187,00"),), "invoice_awaited_changed", 2),
    ],
)
def test_a_payment_under_way_is_named_if_the_list_drops_or_changes_its_bill(
    world: World, values: dict[str, Any], rows: tuple[tuple[str, ...], ...], code: str, line: int
) -> None:
    pay(world, **values)

    assert [(one.code, one.line) for one in survey(world, *rows)] == ([(code, line)] if code else [])


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ((MERLE,), "invoice_paid_unlisted"),
        ((but(MERLE, paid_on="01/09/2026", paid="100,00"),), "invoice_paid_unlisted"),
        ((but(MERLE, paid_on="01/09/2026", paid="187,00"),), ""),
        ((COURS,), ""),
    ],
)
def test_a_payment_received_is_named_until_the_list_has_it(
    world: World, rows: tuple[tuple[str, ...], ...], code: str
) -> None:
    pay(world, **PAID)

    assert [one.code for one in survey(world, *rows)] == ([code] if code else [])


@pytest.mark.parametrize("state", ["refused", "abandoned", "expired", "unknown"])
def test_a_payment_that_came_to_nothing_is_not_named(world: World, state: str) -> None:
    pay(world, state=state)

    assert survey(world, COURS) == []


def test_each_is_a_sentence_with_the_number_and_the_amount(world: World) -> None:
    sentences = []
    for values, rows in (({}, (COURS,)), ({}, (but(MERLE, amount="200,00"),)), (PAID, (MERLE,))):
        pay(world, **values)
        sentences += [sentence(one) for one in survey(world, *rows)]

    assert len(sentences) == 3
    assert all("2026-0020" in text and "187,00" in text for text in sentences)
