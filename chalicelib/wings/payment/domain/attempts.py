"""Attempts to pay a bill: when one may begin, and how each answer of the State's service ends it.

Amounts are whole cents. The codes, results and limits of time are those of PayFiP, the State's service (decision 169).
"""

import secrets
import string
from dataclasses import field, replace
from datetime import date, datetime, timedelta
from typing import Final, Literal

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.domain.family.dues import OnlineReceipt, Payable
from chalicelib.domain.refusals import FormRefusal
from chalicelib.values import Stored, frozen

# `asked`: about to be created there. `open`: created, its result not known. `differs`: the answer is not of what was
# sent. `expired`: its page never opened, so that nothing was paid. `unknown`: the service gave no result in time, and
# the bank may have paid. The others are the service's own results.
State = Literal["asked", "open", "paid", "debited", "refused", "abandoned", "expired", "unknown", "differs"]
Mode = Literal["T", "X", "W"]  # `saisie`: a test, the activation, production

UNFINISHED: Final = frozenset({"asked", "open"})
RECEIVED: Final = frozenset({"paid", "debited"})
OPENS_WITHIN: Final = timedelta(minutes=15)  # the page of an operation opens for so long (P4)
BETWEEN: Final = timedelta(minutes=20)  # two attempts on one bill
ABANDONED_FOR: Final = timedelta(minutes=2)  # an abandoned one may still be paid
PENDING_FOR: Final = timedelta(hours=2)  # « not known yet » (P5)
ASKED_FIRST: Final = timedelta(minutes=2)
ASKED_EVERY: Final = timedelta(minutes=15)
OVERDUE: Final = timedelta(minutes=30)  # a question that the queue has lost
LATE: Final = timedelta(hours=3)  # an open one rings the alarm
GIVEN_UP: Final = timedelta(days=3)  # of questions that the service never answered
LEAST: Final = 100  # cents (M3)
ENDED_KEPT: Final = 20  # ended attempts of a family without a payment, so that its item never grows full
KEPT: Final = timedelta(days=3653)  # ten years of accounting (Code de commerce, L123-22)
NOTICES: Final = 5  # questions that notifications may cause, of one attempt
_REFERENCE: Final = string.ascii_uppercase + string.digits
_REFERENCE_LENGTH: Final = 20  # of at most 30: more than 100 random bits, which no two bills share
_NIGHT_ENDS: Final = 6  # o'clock in Paris, when the service has forgotten what was abandoned

RESULTS: Final[dict[str, State]] = {"P": "paid", "V": "debited", "R": "refused", "Z": "refused", "A": "abandoned"}


Reason = Literal[
    "nothing_due", "too_small", "too_large", "under_way", "differs",
    "debited", "too_soon", "without_email", "unavailable",
]  # fmt: skip


class PaymentRefused(FormRefusal):
    """A bill cannot be paid online now, for a reason. The family was sent nowhere."""

    code = "payment_refused"

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


@frozen
class Answer:
    """The service's answer about one operation, as it came, or the code of its fault (P1, P4, P5 …).

    `result`: one of `RESULTS`, or anything else that the service may say.
    """

    fault: str = ""
    operation: str = ""
    reference: str = ""
    contract: str = ""
    cents: int = 0
    mode: str = ""
    result: str = ""
    paid_on: date | None = None
    authorization: str = ""


@frozen
class Attempt:
    """One attempt to pay one bill. `code`: its random name in our addresses. `number`: the bill's.

    `reference`: `refdet`, the bill's own at the service. `paid_before`: the sum of the bill's listed payments then.
    `operation`: `idOp`, empty until the service gave it. `differences`: the names of facts in other answers.
    `next_question_at`: the time of its own job. A job of another time ends.
    """

    code: str
    bill: str
    number: str
    reference: str
    cents: int
    paid_before: int
    contract: str
    mode: Mode
    email: str = field(repr=False)
    by: str = field(repr=False)
    started_at: datetime
    state: State = "asked"
    operation: str = ""
    next_question_at: datetime | None = None
    notices: int = 0
    abandoned_at: datetime | None = None
    ended_at: datetime | None = None
    paid_on: date | None = None
    authorization: str = field(default="", repr=False)
    differences: tuple[str, ...] = ()

    @property
    def is_unfinished(self) -> bool:
        """Whether its result is not known yet."""
        return self.state in UNFINISHED

    @property
    def has_result(self) -> bool:
        """Whether a further answer can only be that it was paid after all."""
        return not self.is_unfinished and self.state != "unknown"

    @property
    def is_received(self) -> bool:
        """Whether the money is received, by card or by debit."""
        return self.state in RECEIVED

    @property
    def is_due(self) -> bool:
        """Whether it awaits its end: a result, or the office's check."""
        return self.is_unfinished or self.state == "differs"

    @property
    def is_without_money(self) -> bool:
        """Whether it ended, and nothing was paid for certain."""
        return self.has_result and not self.is_due and not self.is_received

    @property
    def opens_until(self) -> datetime:
        """The end of the time in which the service's page of it opens."""
        return self.started_at + OPENS_WITHIN

    @property
    def is_checked(self) -> bool:
        """Whether the office ended it after an answer that differed: nothing is asked about it any more."""
        return self.state == "expired" and bool(self.differences)

    @property
    def day(self) -> date:
        """The day of the payment, else of its beginning, in Paris."""
        return self.paid_on or self.started_at.astimezone(PARIS).date()

    def may_open(self, now: datetime) -> bool:
        """Whether the service's page of it still opens."""
        return self.state == "open" and not self.abandoned_at and now < self.opens_until

    def is_late(self, now: datetime) -> bool:
        """Whether it has no result for too long: the office must look."""
        return self.state == "unknown" or (self.is_unfinished and now >= self.started_at + LATE)

    def is_overdue(self, now: datetime) -> bool:
        """Whether its next question did not come."""
        return bool(self.next_question_at and now >= self.next_question_at + OVERDUE)

    def created(self, operation: str) -> "Attempt":
        """Take the name of the operation that the service created for it."""
        return replace(self, operation=operation, state="open") if self.state == "asked" else self

    def ended(self, state: State, now: datetime) -> "Attempt":
        """End it, or leave it as it is if it has its end."""
        if self.has_result or self.state == state:
            return self
        return replace(self, state=state, ended_at=now, next_question_at=None)

    def checked(self, now: datetime) -> "Attempt":
        """End it after the office checked an answer that differed: its bill may be paid again."""
        return replace(self, state="expired", ended_at=now) if self.state == "differs" else self

    def answered(self, answer: Answer, now: datetime) -> "Attempt":
        """Take an answer of the service. Only a result of the very operation sent is believed, and never taken back."""
        if self.is_received or self.is_checked:
            return self
        if answer.fault:
            return self._without_result(answer.fault, now)
        if differences := self._differences(answer):
            return replace(self, state="differs", differences=differences, ended_at=now, next_question_at=None)
        state = RESULTS.get(answer.result)
        if state in RECEIVED:
            paid_on = answer.paid_on or now.astimezone(PARIS).date()
            with_day = replace(self, paid_on=paid_on, authorization=answer.authorization)
            return replace(with_day, state=state, ended_at=now, next_question_at=None)
        since = self.abandoned_at or now
        if state == "abandoned" and self.is_unfinished and now < since + ABANDONED_FOR:
            return self._asked_again(now, abandoned_at=since, at=since + ABANDONED_FOR)
        return self.ended(state, now) if state else self._asked_again(now)

    def noticed(self) -> "Attempt":
        """Count a notification, if it may cause a question: few do, and none of a payment received."""
        return self if self.is_received or self.notices >= NOTICES else replace(self, notices=self.notices + 1)

    def _differences(self, answer: Answer) -> tuple[str, ...]:
        pairs = {
            "operation": (answer.operation, self.operation),
            "reference": (answer.reference, self.reference),
            "contract": (answer.contract, self.contract),
            "cents": (answer.cents, self.cents),
            "mode": (answer.mode, self.mode),
        }
        return tuple(name for name, (theirs, ours) in pairs.items() if theirs != ours)

    def _without_result(self, fault: str, now: datetime) -> "Attempt":
        if fault == "P1" and now >= _end_of_night(self.started_at):
            return self.ended("abandoned", now)
        if fault == "P4" and now >= self.opens_until:
            return self.ended("expired", now)
        if fault == "P5" and now >= self.started_at + PENDING_FOR:
            return self.ended("unknown", now)
        return self._asked_again(now)

    def _asked_again(
        self, now: datetime, *, at: datetime | None = None, abandoned_at: datetime | None = None
    ) -> "Attempt":
        if not self.is_unfinished:
            return self
        if now >= self.started_at + GIVEN_UP:
            return self.ended("unknown", now)
        return replace(self, next_question_at=at or now + ASKED_EVERY, abandoned_at=abandoned_at or self.abandoned_at)


def _end_of_night(started_at: datetime) -> datetime:
    """Return the end of the night after a moment, in Paris."""
    local = started_at.astimezone(PARIS)
    day = local.date() + timedelta(days=local.hour >= _NIGHT_ENDS)
    return datetime(day.year, day.month, day.day, _NIGHT_ENDS, tzinfo=PARIS)


@frozen
class Payer:
    """The payer: their name as chosen in the form, and the address that the service writes to."""

    name: str = field(repr=False)
    email: str = field(repr=False)


@frozen
class Terms:
    """The terms of a contract with the service. `limit`: cents of one payment."""

    contract: str
    mode: Mode
    limit: int


@frozen
class Payments(Stored):
    """The attempts of a family, oldest first. `stamp`: new with each change, empty before the first."""

    ref: AccountRef
    attempts: tuple[Attempt, ...] = ()
    stamp: str = field(default="", compare=False)

    def by_code(self, code: str) -> Attempt | None:
        """Find an attempt by its name in our addresses."""
        return next((attempt for attempt in self.attempts if attempt.code == code), None)

    def last_of(self, bill: str) -> Attempt | None:
        """Find the latest attempt on a bill."""
        return next((attempt for attempt in reversed(self.attempts) if attempt.bill == bill), None)

    @property
    def receipts(self) -> tuple[OnlineReceipt, ...]:
        """The amounts received, for the bills' balances."""
        return tuple(
            OnlineReceipt(attempt.bill, attempt.paid_on, attempt.cents, attempt.paid_before)
            for attempt in self.attempts
            if attempt.is_received and attempt.paid_on
        )

    @property
    def payables(self) -> tuple[Payable, ...]:
        """The bills whose payment is under way or to be checked, as they were when it began."""
        return tuple(
            Payable(attempt.bill, attempt.number, attempt.cents, attempt.paid_before)
            for attempt in self.attempts
            if attempt.is_due
        )

    def of_year(self, year: int) -> tuple[Attempt, ...]:
        """List the payments received in a year, oldest first."""
        return tuple(
            attempt
            for attempt in self.attempts
            if attempt.is_received and attempt.paid_on and attempt.paid_on.year == year
        )

    def refusal(self, due: Payable, terms: Terms, now: datetime) -> Reason | None:
        """Return why a bill cannot be paid online now. None if it can."""
        if due.cents <= 0:
            return "nothing_due"
        if not LEAST <= due.cents <= terms.limit:
            return "too_small" if due.cents < LEAST else "too_large"
        last = self.last_of(due.bill)
        if last and (last.is_unfinished or last.state == "differs"):
            return "under_way" if last.is_unfinished else "differs"
        if due.is_debited:
            return "debited"
        return "too_soon" if last and now < last.started_at + BETWEEN else None

    def begun(self, due: Payable, terms: Terms, payer: Payer, now: datetime) -> "Payments":
        """Begin an attempt on a bill, before the service is called. Raises `PaymentRefused`."""
        if reason := self.refusal(due, terms, now):
            raise PaymentRefused(reason)
        last = self.last_of(due.bill)
        attempt = Attempt(
            code=secrets.token_hex(12),
            bill=due.bill,
            number=due.number,
            reference=last.reference if last else new_reference(),
            cents=due.cents,
            paid_before=due.cents_paid,
            contract=terms.contract,
            mode=terms.mode,
            email=payer.email,
            by=payer.name,
            started_at=now,
            next_question_at=now + ASKED_FIRST,
        )
        codes = [one.code for one in self.attempts if not one.is_due and not one.is_received]
        codes_dropped = frozenset(codes[: max(0, len(codes) + 1 - ENDED_KEPT)])
        return replace(self, attempts=(*(one for one in self.attempts if one.code not in codes_dropped), attempt))

    def without_names(self) -> "Payments":
        """Keep payments received, and those that still may be, for accounting: without names and addresses."""
        attempts = (one for one in self.attempts if not one.is_without_money)
        return replace(self, attempts=tuple(replace(one, email="", by="") for one in attempts))

    def in_order(self) -> "Payments":
        """List the attempts of two accounts, merged, oldest first."""
        return replace(self, attempts=tuple(sorted(self.attempts, key=lambda one: one.started_at)))

    def with_attempt(self, attempt: Attempt) -> "Payments":
        """Replace an attempt by its later state. The same value if nothing changed."""
        if self.by_code(attempt.code) == attempt:
            return self
        attempts = tuple(attempt if one.code == attempt.code else one for one in self.attempts)
        return replace(self, attempts=attempts)


def new_reference() -> str:
    """Draw the reference of a bill at the service: letters and digits, so that no two numbers collide."""
    return "".join(secrets.choice(_REFERENCE) for _ in range(_REFERENCE_LENGTH))
