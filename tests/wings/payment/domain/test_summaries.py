"""The summaries of payments: read back as they were made, and those of another version refused."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.wings.payment.domain.attempts import Payments
from chalicelib.wings.payment.domain.summaries import payments_summary, summarise_payments
from tests.support.world import ROSSIGNOL
from tests.wings.payment.examples import OPEN, PAID


def test_a_summary_has_what_lists_show_before_the_rest_is_read() -> None:
    payments = Payments(ROSSIGNOL, (PAID, replace(OPEN, code="open")))

    summary = payments_summary(ROSSIGNOL.site, ROSSIGNOL.identifier, summarise_payments(payments))

    rest: dict[str, Any] = {
        "bill": "",
        "reference": "",
        "contract": "",
        "email": "",
        "by": "",
        "operation": "",
        "authorization": "",
    }
    assert summary.attempts == tuple(replace(attempt, **rest, ended_at=None) for attempt in payments.attempts)


@pytest.mark.parametrize("words", [[], [0], [2, ["a"]]])
def test_a_summary_of_another_version_is_refused(words: list[object]) -> None:
    with pytest.raises(ValueError, match="another version"):
        payments_summary(*("evry-xenakis", "xen1"), words)
