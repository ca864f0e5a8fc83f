"""The stored summaries of payments: the facts of each attempt that a list sorts, filters and sums."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.wings.payment.domain.attempts import Attempt, Payments

VERSION: Final = 1  # a summary of another version is ignored: the whole payments are read instead


def summarise_payments(payments: Payments) -> list[Any]:
    """Make the summary of a family's attempts."""
    return [VERSION, *map(_words, payments.attempts)]


def payments_summary(site: str, identifier: str, words: Sequence[Any]) -> Payments:
    """Parse a summary: attempts without their other facts. Raises `ValueError` for another version."""
    if words[:1] != [VERSION]:
        raise ValueError("a summary of another version")
    return Payments(
        AccountRef(site, identifier),
        tuple(
            Attempt(
                code=code,
                bill="",
                number=number,
                reference="",
                cents=cents,
                paid_before=0,
                contract="",
                mode="W",
                email="",
                by="",
                started_at=datetime.fromtimestamp(started_at, UTC),
                state=state,
                paid_on=date.fromisoformat(paid_on) if paid_on else None,
            )
            for code, number, cents, started_at, state, paid_on in words[1:]
        ),
    )


def _words(attempt: Attempt) -> list[Any]:
    paid_on = attempt.paid_on.isoformat() if attempt.paid_on else None
    started_at = int(attempt.started_at.timestamp())
    return [attempt.code, attempt.number, attempt.cents, started_at, attempt.state, paid_on]
