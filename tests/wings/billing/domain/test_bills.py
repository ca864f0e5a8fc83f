"""The bills of a family: payments, balances and states, to the cent."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.wings.billing.domain.bills import Bills, Due, Invoice, Payment, State
from tests.support.billing import ALL, CREDIT, OVERDUE, PAID, PART_PAID, TO_PAY, TODAY
from tests.support.world import ROSSIGNOL

CENTS = st.integers(-10_000_00, 10_000_00)


@pytest.mark.parametrize(
    ("invoice", "state", "balance"),
    [
        (PAID, "paid", 0),
        (PART_PAID, "part_paid", 63_450),
        (TO_PAY, "to_pay", 18_700),
        (OVERDUE, "overdue", 9_000),
        (CREDIT, "credit", -2_500),
        (replace(TO_PAY, payments=(Payment(TODAY, 20_000),)), "credit", -1_300),
        (replace(CREDIT, payments=(Payment(TODAY, -2_500),)), "paid", 0),
        (replace(PART_PAID, due_on=TODAY - timedelta(days=1)), "overdue", 63_450),
        (replace(TO_PAY, due_on=TODAY), "to_pay", 18_700),
        (replace(TO_PAY, due_on=None), "to_pay", 18_700),
        (replace(PART_PAID, due_on=None), "part_paid", 63_450),
        (replace(PAID, payments=(Payment(TODAY, 5_000), Payment(TODAY, -500))), "paid", 0),
    ],
)
def test_an_invoice_says_where_it_stands_and_what_is_left(invoice: Invoice, state: State, balance: int) -> None:
    assert (invoice.state(TODAY), invoice.balance) == (state, balance)


def test_what_is_late_and_what_is_left_in_all_count_what_is_in_hand() -> None:
    bills = Bills(ROSSIGNOL, ALL)

    assert bills.balance == 63_450 + 18_700 + 9_000 - 2_500
    assert bills.overdue(TODAY) == 9_000


def test_what_is_to_be_paid_next_is_what_falls_due_first_and_is_not_late() -> None:
    together = replace(TO_PAY, number="2026-0021", cents=100)

    assert Bills(ROSSIGNOL, (*ALL, together)).next_due(TODAY) == Due(date(2026, 9, 25), 18_800)
    assert Bills(ROSSIGNOL, (PAID, OVERDUE, CREDIT, replace(TO_PAY, due_on=None))).next_due(TODAY) is None


PLAN = replace(TO_PAY, instalments=tuple(Due(date(2026, month, 15), 6_000 + month) for month in (8, 9, 10)))


@pytest.mark.parametrize(
    ("cents_paid", "day", "state", "overdue", "next_due"),
    [
        (0, date(2026, 8, 15), "to_pay", 0, Due(date(2026, 8, 15), 6_008)),
        (0, date(2026, 8, 16), "overdue", 6_008, Due(date(2026, 9, 15), 6_009)),
        (6_007, date(2026, 8, 16), "overdue", 1, Due(date(2026, 9, 15), 6_009)),
        (6_008, date(2026, 8, 16), "part_paid", 0, Due(date(2026, 9, 15), 6_009)),
        (7_008, date(2026, 8, 16), "part_paid", 0, Due(date(2026, 9, 15), 5_009)),
        (0, date(2026, 11, 1), "overdue", 18_027, None),
        (18_700, date(2026, 11, 1), "paid", 0, None),
    ],
)
def test_payments_fill_the_instalments_oldest_first_and_only_past_ones_are_late(
    cents_paid: int, day: date, state: State, overdue: int, next_due: Due | None
) -> None:
    bills = Bills(ROSSIGNOL, (replace(PLAN, payments=(Payment(TODAY, cents_paid),)),))

    assert (bills.invoices[0].state(day), bills.overdue(day), bills.next_due(day)) == (state, overdue, next_due)


def test_what_the_office_debits_is_not_late() -> None:
    debited_bill = replace(PLAN, plan="Prélèvement automatique")

    assert [bill.state(date(2026, 11, 1)) for bill in (debited_bill, replace(PLAN, plan="chèques"))] == [
        *("to_pay", "overdue")
    ]
    assert [due.is_debited for due in Bills(ROSSIGNOL, (debited_bill, PLAN)).dues] == [True, False]


@pytest.mark.parametrize(
    ("plan", "is_debited"),
    [
        ("10 prélèvements, le 5", True),
        ("Mensualisé (PRELEVEMENT SEPA)", True),
        *((plan, False) for plan in ("", "Chèques", "Sans prélèvement", "pas de prélèvement", "Plus de prélèvement")),
        *((f"Prélèvement {end}", False) for end in ("refusé", "rejeté le 5", "impayé", "arrêté", "suspendu", "annulé")),
    ],
)
def test_a_plan_that_denies_its_debit_is_none(plan: str, *, is_debited: bool) -> None:
    assert replace(PLAN, plan=plan).is_debited == is_debited


@given(st.lists(CENTS, max_size=5), st.lists(CENTS, max_size=5))
def test_a_balance_is_exact_whatever_the_amounts(amounts: list[int], payment_amounts: list[int]) -> None:
    payments = tuple(Payment(TODAY, cents) for cents in payment_amounts)
    invoices = tuple(Invoice(str(number), TODAY, cents) for number, cents in enumerate(amounts))

    bills = Bills(ROSSIGNOL, (*invoices, Invoice("x", TODAY, 0, payments=payments)))

    assert bills.balance == sum(amounts) - sum(payment_amounts)


def test_the_newest_invoice_stands_first_and_those_of_one_day_in_the_order_of_their_numbers() -> None:
    same_day = [Invoice(number, date(2026, 9, 1), 100) for number in ("B2", "B1")]

    bills = Bills(ROSSIGNOL).with_listed([*ALL, *same_day])

    assert [invoice.number for invoice in bills.invoices] == [
        *("B1", "B2", "2026-0020", "2026-0012", "2026-0015", "2026-0003", "2025-0007")
    ]


def test_what_is_listed_takes_the_place_of_what_was_and_the_rest_stays() -> None:
    before = Bills(ROSSIGNOL, (TO_PAY, OVERDUE), "stamp")
    invoice = replace(TO_PAY, number="2026 0020", payments=(Payment(TODAY, 18_700),))

    after = before.with_listed([invoice, CREDIT])

    assert after == Bills(ROSSIGNOL, (invoice, CREDIT, OVERDUE), "stamp")
    assert before.with_listed([TO_PAY]) == before


def test_an_invoice_is_found_by_its_code_or_by_any_spelling_of_its_number() -> None:
    bills = Bills(ROSSIGNOL, ALL)

    assert bills.by_code(CREDIT.code) == CREDIT
    assert bills.by_code("0" * 12) is None
    assert bills.by_number("2026/0015") == CREDIT
    assert bills.by_number("20260015") is None
    assert bills.without("2026 0015").invoices == (PAID, PART_PAID, TO_PAY, OVERDUE)


@pytest.mark.parametrize("number", ["2026-0012", "Nº 12/É", "12" * 20, "<b>", "../../x"])
def test_a_code_can_stand_in_an_address_and_tells_nothing_of_the_number(number: str) -> None:
    code = Invoice(number, TODAY, 1).code

    assert len(code) == 12
    assert set(code) <= set("0123456789abcdef")


def test_codes_differ_where_numbers_do() -> None:
    assert len({Invoice(f"2026-{number:06}", TODAY, 1).code for number in range(10_000)}) == 10_000


def test_printed_in_a_traceback_an_invoice_does_not_tell_for_what_it_is() -> None:
    assert "Location" not in repr(OVERDUE)
    assert "chèque" not in repr(PAID)
