"""The payments of sites: those that await first, sums equal to the receipts, and one ended while it is paid."""

from dataclasses import replace
from datetime import date, timedelta
from operator import attrgetter

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import Author
from chalicelib.infra.dynamo.database import Put
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.wings.payment.domain.attempts import KEPT
from chalicelib.wings.payment.office.payments import (
    TODAY_PART,
    end_checked,
    find_payment,
    site_payments,
    sums_of,
    with_accounts,
)
from chalicelib.wings.payment.presentation.office import state_text
from chalicelib.wings.payment.stores import PaymentStore
from tests.support.world import ROSSIGNOL, World
from tests.wings.payment.examples import OPEN, PAID

MAG = AccountRef("evry-magnard", "mag1")
DEBITED = replace(PAID, code="debited", state="debited", cents=5_050, paid_on=date(2026, 8, 31))
DIFFERS = replace(PAID, code="differs", state="differs", differences=("cents",), paid_on=None)
START = PAID.started_at - timedelta(days=30)
REASON = Author("Odile Fauvette", "remboursé par la régie")


@pytest.fixture
def payer(world: World) -> World:
    """Store the payments of two families at two sites."""
    world.settle()
    store = world.services.store(PaymentStore)
    recent = replace(OPEN, code="open", started_at=world.now)
    store.revise_at(ROSSIGNOL, lambda payments: replace(payments, attempts=(PAID, DEBITED, DIFFERS, recent)))
    store.revise_at(MAG, lambda payments: replace(payments, attempts=(replace(PAID, cents=1_000),)))
    return world


def test_the_sum_of_the_payments_is_that_of_the_receipts(payer: World) -> None:
    sites, store = payer.services.settings.network.sites, payer.services.store(PaymentStore)

    sums = {one.site.code: one for one in sums_of(sites, site_payments(payer.services, sites, START, payer.now))}

    receipts = [receipt.cents for site in sums for one in store.under(site) for receipt in one.receipts]
    assert (sums["evry-xenakis"].count, sums["evry-xenakis"].card, sums["evry-xenakis"].debit) == (2, 13_200, 5_050)
    assert sum(one.card + one.debit for one in sums.values()) == sum(receipts) == 19_250
    assert sum(one.count for one in sums.values()) == len(receipts)


def test_those_that_differ_come_first_then_the_late_ones(payer: World) -> None:
    later = payer.now + timedelta(hours=3)

    rows = site_payments(payer.services, payer.services.settings.network.sites, START, later)

    assert [row.attempt.code for row in rows[:2]] == ["differs", "open"]
    assert TODAY_PART.reader(payer.services, ROSSIGNOL.site, later) == (1, 1)
    assert TODAY_PART.reader(payer.services, ROSSIGNOL.site, later - timedelta(seconds=1)) == (1, 0)


def test_a_payment_that_ended_without_a_result_awaits_the_office_as_a_late_one(payer: World) -> None:
    unknown = replace(OPEN, code="open", state="unknown", ended_at=payer.now, next_question_at=None)
    payer.services.store(PaymentStore).revise_at(ROSSIGNOL, lambda payments: payments.with_attempt(unknown))

    rows = site_payments(payer.services, payer.services.settings.network.sites, START, payer.now)

    assert [row.attempt.code for row in rows[:2]] == ["differs", "open"]
    assert TODAY_PART.reader(payer.services, ROSSIGNOL.site, payer.now) == (1, 1)
    assert state_text(unknown, payer.now) == "Sans résultat de PayFiP"


def test_today_reads_what_awaits_of_any_time_and_the_last_days_only(payer: World) -> None:
    store, site, years = payer.services.store(PaymentStore), ROSSIGNOL.site, timedelta(days=800)
    for number in range(3):
        ref = AccountRef(site, f"old{number}")
        store.revise_at(ref, lambda payments: replace(payments, attempts=(PAID,)))
    payer.aws.calls.clear()

    assert TODAY_PART.reader(payer.services, site, payer.now + years) == (1, 1)
    assert payer.aws.calls == ["Query"]
    assert [identifier for identifier, _ in store.summary_texts(site, payer.now + years)] == [ROSSIGNOL.identifier]

    store.revise_at(ROSSIGNOL, lambda payments: replace(payments, attempts=(PAID, DEBITED)))
    assert list(store.summary_texts(site, payer.now + years)) == []
    assert len(list(store.summary_texts(site, START))) == 4


def test_payments_of_a_former_version_are_read_whole_and_a_summary_again_once_they_change(payer: World) -> None:
    store, last = payer.services.store(PaymentStore), max(OPEN.started_at, payer.now)
    item = {**store.encode(store.find(ROSSIGNOL)), "summary": None, "expires": last + KEPT}
    payer.database.write_together(Put(payer.resources.table("Payments"), item))
    payer.aws.calls.clear()

    assert TODAY_PART.reader(payer.services, ROSSIGNOL.site, payer.now) == (1, 0)
    assert payer.aws.calls == ["Query", "BatchGetItem"]

    end_checked(payer.services, ROSSIGNOL, DIFFERS, REASON, payer.now)
    payer.aws.calls.clear()
    assert TODAY_PART.reader(payer.services, ROSSIGNOL.site, payer.now) == (0, 0)
    assert payer.aws.calls == ["Query"]


def test_rows_are_read_in_few_words_and_completed_by_page(payer: World) -> None:
    sites = payer.services.settings.network.sites
    rows = site_payments(payer.services, sites, START, payer.now)
    store = payer.services.store(PaymentStore)

    stored_attempts = [*store.find(ROSSIGNOL).attempts, *store.find(MAG).attempts]
    facts = attrgetter("code", "number", "cents", "state", "day", "started_at")
    assert sorted(facts(row.attempt) for row in rows) == sorted(map(facts, stored_attempts))
    payer.aws.calls.clear()
    whole = with_accounts(payer.services, rows)
    assert [row.attempt for row in whole] == [store.find(row.ref).by_code(row.attempt.code) for row in rows]
    assert payer.aws.calls[0] == "BatchGetItem"
    assert {row.account is None for row in whole if row.ref == MAG} == {True}


def test_a_payment_received_while_it_is_checked_stays_received(payer: World) -> None:
    row = find_payment(payer.services, ROSSIGNOL, "differs")
    assert row
    store = payer.services.store(PaymentStore)
    store.revise_at(ROSSIGNOL, lambda payments: payments.with_attempt(replace(DIFFERS, state="paid")))

    end_checked(payer.services, ROSSIGNOL, row.attempt, REASON, payer.now)

    attempt = store.find(ROSSIGNOL).by_code("differs")
    assert attempt
    assert attempt.state == "paid"


def test_no_payment_is_ended_without_a_reason(payer: World) -> None:
    with pytest.raises(OfficeRefusal, match="author_missing"):
        end_checked(payer.services, ROSSIGNOL, DIFFERS, replace(REASON, why=" "), payer.now)

    assert payer.services.store(PaymentStore).find(ROSSIGNOL).by_code("differs") == DIFFERS
