"""Attempts to pay a bill: each limit of time, each comparison, and answers that change nothing."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.family.dues import OnlineReceipt, Payable
from chalicelib.wings.payment.domain.attempts import (
    NOTICES,
    Answer,
    Attempt,
    Mode,
    Payer,
    PaymentRefused,
    Payments,
    Reason,
    State,
    Terms,
    new_reference,
)
from chalicelib.wings.payment.presentation import SENTENCES
from chalicelib.wings.payment.presentation.office import STATES
from tests.support.world import ROSSIGNOL

NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)  # 9 h 00 in Paris
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
LATER = timedelta(days=9)
DUE = Payable("b1", "FA 2026/12", 13_200, 0, "Cours")
TERMS = Terms("999999", "W", 500_000)
PAYER = Payer("Aimée Rossignol", "rossignol@example.org")
NO_PAYMENTS = Payments(ROSSIGNOL)
OPERATION = "8d7f0c5e-0a3b-4e7e-9c53-5a5e3c8b9f10"


def begin(payments: Payments = NO_PAYMENTS, due: Payable = DUE, at: datetime = NOW, terms: Terms = TERMS) -> Payments:
    return payments.begun(due, terms, PAYER, at)


OPEN = begin().attempts[0].created(OPERATION)
ANSWER = Answer("", OPERATION, OPEN.reference, "999999", 13_200, "W", "P", date(2026, 9, 1), "112233")


def answer(result: str = "", **values: Any) -> Answer:
    return Answer(fault=result) if result[1:].isdigit() else replace(ANSWER, result=result or "P", **values)


def having(attempt: Attempt) -> Payments:
    return replace(NO_PAYMENTS, attempts=(attempt,))


# Beginning.


def test_an_attempt_is_the_whole_bill_as_it_is_now() -> None:
    due = replace(DUE, cents_paid=800)

    (attempt,) = begin(due=due).attempts

    assert replace(attempt, code="", reference="") == Attempt(
        "", "b1", "FA 2026/12", "", 13_200, 800, "999999", "W", PAYER.email, PAYER.name, NOW, "asked", "",
        NOW + timedelta(minutes=2),
    )  # fmt: skip
    assert PAYER.email not in repr(attempt)
    assert PAYER.name not in repr((attempt, PAYER))
    assert attempt.code != begin().attempts[0].code


@pytest.mark.parametrize(
    ("cents", "reason"),
    [
        *((-1, "nothing_due"), (0, "nothing_due"), (1, "too_small"), (99, "too_small"), (100, None)),
        *((500_000, None), (500_001, "too_large")),
    ],
)
def test_an_amount_is_what_the_contract_takes(cents: int, reason: Reason | None) -> None:
    due = replace(DUE, cents=cents)

    assert NO_PAYMENTS.refusal(due, TERMS, NOW) == reason
    if reason:
        with pytest.raises(PaymentRefused) as error:
            begin(due=due)
        assert error.value.reason == reason


@pytest.mark.parametrize(
    ("state", "after", "reason"),
    [
        *(("asked", timedelta(days=9), "under_way"), ("open", timedelta(days=9), "under_way")),
        *(("differs", timedelta(days=9), "differs"),),
        *(
            (state, 20 * MINUTE - SECOND, "too_soon")
            for state in ("refused", "abandoned", "expired", "unknown", "paid", "debited")
        ),
        *((state, 20 * MINUTE, None) for state in ("refused", "abandoned", "expired", "unknown", "paid", "debited")),
    ],
)
def test_one_bill_has_one_attempt_at_once_each_twenty_minutes(
    state: State, after: timedelta, reason: Reason | None
) -> None:
    payments = having(replace(OPEN, state=state))

    assert payments.refusal(DUE, TERMS, NOW + after) == reason
    assert payments.refusal(replace(DUE, bill="b2"), TERMS, NOW) is None, "each bill has its own"


@pytest.mark.parametrize(
    ("state", "reason"), [("open", "under_way"), ("differs", "differs"), ("refused", "debited"), ("paid", "debited")]
)
def test_a_bill_that_the_office_debits_is_not_paid_online(state: State, reason: Reason) -> None:
    due = replace(DUE, is_debited=True)

    assert NO_PAYMENTS.refusal(due, TERMS, NOW) == "debited"
    assert having(replace(OPEN, state=state)).refusal(due, TERMS, NOW) == reason
    assert NO_PAYMENTS.refusal(replace(due, cents=0), TERMS, NOW) == "nothing_due"


def test_the_latest_attempt_on_a_bill_counts() -> None:
    first = having(replace(OPEN, state="refused"))
    second = begin(first, at=NOW + HOUR)

    assert second.last_of("b1") == second.attempts[1]
    assert second.refusal(DUE, TERMS, NOW + HOUR) == "under_way"
    assert second.by_code(OPEN.code) == first.attempts[0]
    assert second.by_code("another") is None


def test_each_reason_and_each_state_has_its_words() -> None:
    assert {f"payment_{reason}" for reason in get_args(Reason)} == set(SENTENCES)
    assert set(get_args(State)) == set(STATES)


# The reference.


def test_a_reference_is_drawn_once_for_a_bill_and_kept() -> None:
    again = begin(having(replace(OPEN, state="refused")), at=NOW + HOUR)
    beside = begin(again, replace(DUE, bill="b2"))

    assert [attempt.reference == OPEN.reference for attempt in beside.attempts] == [True, True, False]


@given(st.sets(st.text(max_size=40), min_size=2, max_size=20))
def test_no_two_numbers_have_one_reference_whatever_they_are(numbers: set[str]) -> None:
    payments = NO_PAYMENTS
    for number in numbers:
        payments = begin(payments, Payable(number, number, 100, 0))

    references = {attempt.reference for attempt in payments.attempts}
    assert len(references) == len(numbers)
    assert all(re.fullmatch(r"[A-Z0-9]{20}", reference, re.ASCII) for reference in references)


def test_references_use_all_letters_and_digits() -> None:
    assert len(set("".join(new_reference() for _ in range(60)))) == 36


# Answers.


@pytest.mark.parametrize(
    ("result", "state"),
    [("P", "paid"), ("V", "debited"), ("R", "refused"), ("Z", "refused"), ("X", "open"), ("", "open")],
)
def test_a_result_is_the_service_s(result: str, state: State) -> None:
    later = OPEN.answered(replace(ANSWER, result=result), NOW + MINUTE)

    assert later.state == state
    assert (later.ended_at, later.next_question_at) == (
        (None, NOW + 16 * MINUTE) if state == "open" else (NOW + MINUTE, None)
    )
    is_received = state in {"paid", "debited"}
    assert (later.is_received, later.is_unfinished) == (is_received, state == "open")
    assert later.paid_on == (date(2026, 9, 1) if is_received else None)
    assert having(later).receipts == ((OnlineReceipt("b1", date(2026, 9, 1), 13_200, 0),) if is_received else ())


def test_a_payment_without_its_day_is_of_today_in_paris() -> None:
    later = OPEN.answered(replace(ANSWER, paid_on=None), datetime(2026, 9, 1, 22, 0, tzinfo=UTC))

    assert (later.paid_on, later.authorization) == (date(2026, 9, 2), "112233")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("operation", OPERATION.upper()), ("operation", "")),
        *(("reference", "lower"), ("reference", "shorter")),
        *(("contract", "999998"), ("contract", "")),
        *(("cents", 13_199), ("cents", 13_201), ("cents", -1)),
        *(("mode", "T"), ("mode", "X"), ("mode", "")),
    ],
)
@pytest.mark.parametrize("result", ["P", "V", "R"])
def test_what_differs_from_what_was_sent_is_never_paid(name: str, value: object, result: str) -> None:
    references = {"lower": OPEN.reference.lower(), "shorter": OPEN.reference[:-1]}
    value = references.get(str(value), value)
    later = OPEN.answered(answer(result, **{name: value}), NOW + MINUTE)

    assert (later.state, later.differences, later.ended_at) == ("differs", (name,), NOW + MINUTE)
    assert (later.is_received, later.is_unfinished, later.next_question_at) == (False, False, None)
    assert having(later).receipts == ()
    assert later.answered(ANSWER, NOW + HOUR).state == "paid", "the office asks again, and the service mended it"


def test_all_that_differs_is_named() -> None:
    later = OPEN.answered(Answer(result="P"), NOW)

    assert later.differences == ("operation", "reference", "contract", "cents", "mode")


@pytest.mark.parametrize("mode", ["T", "X", "W"])
def test_a_mode_is_the_one_that_was_sent(mode: Mode) -> None:
    """Hold production to W, and keep tests and the activation usable."""
    attempt = replace(OPEN, mode=mode)

    states = {theirs: attempt.answered(answer("P", mode=theirs), NOW).state for theirs in "TXWP"}

    assert states == {theirs: "paid" if theirs == mode else "differs" for theirs in "TXWP"}


@given(st.builds(Answer, fault=st.sampled_from(["", "P1", "P5"]), cents=st.integers(), result=st.sampled_from("PVRZA")))
def test_a_payment_is_never_taken_back(later_answer: Answer) -> None:
    for result in "PV":
        receipt = OPEN.answered(answer(result), NOW)
        assert receipt.answered(later_answer, NOW + timedelta(days=9)) == receipt


@pytest.mark.parametrize("fault", ["P1", "P4", "P5", "R", "Z", "A"])
@pytest.mark.parametrize("state", ["refused", "abandoned", "expired", "differs"])
def test_an_end_stays_the_end_unless_it_was_paid_after_all(state: State, fault: str) -> None:
    ended_attempt = replace(OPEN, state=state, ended_at=NOW)

    assert ended_attempt.answered(answer(fault), NOW + timedelta(days=9)) == ended_attempt
    assert ended_attempt.answered(ANSWER, NOW + timedelta(days=9)).state == "paid"
    assert ended_attempt.ended("expired", NOW + HOUR) == ended_attempt
    assert ended_attempt.created(OPERATION) == ended_attempt


@pytest.mark.parametrize(
    ("code", "after", "state"),
    [
        *(("P", LATER, "paid"), ("V", LATER, "debited"), ("R", LATER, "refused"), ("A", 3 * HOUR, "abandoned")),
        *(("P4", LATER, "expired"), ("P1", LATER, "abandoned")),
        *(("P1", 3 * HOUR, "unknown"), ("P5", LATER, "unknown"), ("?", LATER, "unknown"), ("T2", LATER, "unknown")),
    ],
)
def test_an_unknown_result_takes_the_first_one_that_comes(code: str, after: timedelta, state: State) -> None:
    unknown = replace(OPEN, state="unknown", ended_at=NOW, next_question_at=None)

    later = unknown.answered(answer(code), NOW + after)

    assert (later.state, later.next_question_at) == (state, None)
    assert (later == unknown) == (state == "unknown")
    assert later.is_without_money == (state not in {"paid", "debited", "unknown"})


# Faults, at their exact limits.


@pytest.mark.parametrize(
    ("fault", "after", "state"),
    [
        *(("P4", 15 * MINUTE - SECOND, "open"), ("P4", 15 * MINUTE, "expired")),
        *(("P5", 2 * HOUR - SECOND, "open"), ("P5", 2 * HOUR, "unknown")),
        *(("P3", 2 * HOUR, "open"), ("payfip TimeoutError", 2 * HOUR, "open"), ("", 2 * HOUR, "open")),
        *((fault, timedelta(days=3) - SECOND, "open") for fault in ("T2", "P3", "")),
        *((fault, timedelta(days=3), "unknown") for fault in ("T2", "P3", "")),
    ],
)
def test_a_fault_ends_an_attempt_when_the_service_says_so(fault: str, after: timedelta, state: State) -> None:
    unclear = Answer(fault=fault) if fault else replace(ANSWER, result="?")

    later = OPEN.answered(unclear, NOW + after)

    assert later.state == state
    assert later.next_question_at == (NOW + after + 15 * MINUTE if later.is_unfinished else None)


@pytest.mark.parametrize(
    ("started_at", "night_ends"),
    [
        ("2026-09-01T09:00", "2026-09-02T04:00"),  # as one counts in UTC: 6 h 00 in Paris
        ("2026-09-02T03:59", "2026-09-02T04:00"),
        ("2026-09-02T04:00", "2026-09-03T04:00"),
        ("2026-09-01T22:30", "2026-09-02T04:00"),  # 0 h 30 in Paris
        ("2026-03-28T12:00", "2026-03-29T04:00"),  # the night in which summer time begins
        ("2026-10-24T12:00", "2026-10-25T05:00"),  # and ends
        ("2026-12-31T23:30", "2027-01-01T05:00"),
    ],
)
def test_p1_is_abandoned_after_the_night_in_paris(started_at: str, night_ends: str) -> None:
    attempt = replace(OPEN, started_at=datetime.fromisoformat(started_at).replace(tzinfo=UTC))
    end = datetime.fromisoformat(night_ends).replace(tzinfo=UTC)

    states = [attempt.answered(answer("P1"), at).state for at in (end - SECOND, end)]

    assert states == ["open", "abandoned"]


# A, then P.


def test_an_abandoned_payment_is_one_only_after_two_minutes() -> None:
    on_hold = OPEN.answered(answer("A"), NOW + MINUTE)
    assert (on_hold.state, on_hold.abandoned_at, on_hold.next_question_at) == ("open", NOW + MINUTE, NOW + 3 * MINUTE)
    assert not on_hold.may_open(NOW + MINUTE), "it would be paid twice"
    assert having(on_hold).refusal(DUE, TERMS, NOW + HOUR) == "under_way"

    again = on_hold.answered(answer("A"), NOW + 3 * MINUTE - SECOND)
    assert again == on_hold

    assert on_hold.answered(ANSWER, NOW + 2 * MINUTE).state == "paid"
    later = on_hold.answered(answer("A"), NOW + 3 * MINUTE)
    assert (later.state, later.ended_at, later.paid_on) == ("abandoned", NOW + 3 * MINUTE, None)


# What an attempt says of itself.


@pytest.mark.parametrize(
    ("holds", "limit"),
    [(lambda attempt, at: not attempt.may_open(at), 15 * MINUTE), (lambda attempt, at: attempt.is_late(at), 3 * HOUR)],
)
def test_an_attempt_is_late_or_closed_from_its_limit_on(
    holds: Callable[[Attempt, datetime], bool], limit: timedelta
) -> None:
    assert [holds(OPEN, NOW + limit - SECOND), holds(OPEN, NOW + limit)] == [False, True]


def test_only_one_with_an_operation_opens_and_only_one_without_its_end_is_late() -> None:
    assert OPEN.may_open(NOW)
    assert not begin().attempts[0].may_open(NOW)
    assert not replace(OPEN, state="paid").is_late(NOW + 9 * HOUR)
    assert begin().attempts[0].is_late(NOW + 9 * HOUR)


def test_notifications_are_counted() -> None:
    attempt = OPEN
    for _ in range(NOTICES):
        attempt = attempt.noticed()

    assert attempt.notices == NOTICES
    assert attempt.noticed() is attempt, "and no more of them"
    assert replace(OPEN, state="paid").noticed().notices == 0


def test_an_attempt_is_replaced_in_its_place() -> None:
    payments = begin(having(OPEN), replace(DUE, bill="b2"))
    paid_attempt = OPEN.answered(ANSWER, NOW)

    assert payments.with_attempt(OPEN) is payments
    assert payments.with_attempt(paid_attempt).attempts == (paid_attempt, payments.attempts[1])


# What the office's list has too.


def test_the_last_twenty_attempts_without_a_payment_are_kept_and_all_payments() -> None:
    payments = having(replace(OPEN, state="paid", ended_at=NOW))
    for number in range(1, 23):
        payments = begin(payments, replace(DUE, bill=f"later {number}"))
        payments = payments.with_attempt(replace(payments.attempts[-1], state="abandoned"))

    assert [attempt.bill for attempt in payments.attempts] == ["b1", *(f"later {number}" for number in range(3, 23))]


@pytest.mark.parametrize(("listed_cents", "cents_left"), [(0, 0), (13_199, -13_199), (13_200, 0)])
def test_a_payment_is_counted_once_when_the_list_has_it_too(listed_cents: int, cents_left: int) -> None:
    (receipt,) = having(OPEN.answered(ANSWER, NOW)).receipts

    due = replace(DUE, cents=13_200 - listed_cents, cents_paid=listed_cents).after(
        [receipt, replace(receipt, bill="b2")]
    )

    assert due.cents == cents_left
    assert receipt.is_listed(listed_cents) == (listed_cents == 13_200)
