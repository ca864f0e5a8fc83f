"""A decision of either kind: a verdict of a later version is unknown, and the same one may come again."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.domain.dossiers.decisions import Decision
from chalicelib.domain.enrolment.enrolments import EnrolmentDecision
from chalicelib.wings.admission.domain.applications import AdmissionDecision
from tests.support.applications import NOW

DECISIONS: list[Decision] = [
    EnrolmentDecision("declined", "M. Orme", NOW, "Complet."),
    AdmissionDecision("declined", "M. Orme", NOW, "Complet.", date(2027, 7, 8)),
]
OTHERS: list[dict[str, Any]] = [{"verdict": "accepted"}, {"by": "Mme Lyre"}, {"words": ""}]


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_decision_is_the_same_at_any_time_and_another_by_any_other_fact(decision: Decision) -> None:
    assert decision.says_the_same(replace(decision, at=NOW + timedelta(hours=2)))
    for fields in OTHERS:
        assert not decision.says_the_same(replace(decision, **fields))
        assert replace(decision, **fields).facts != decision.facts


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_verdict_of_a_later_version_is_unknown(decision: Decision) -> None:
    assert decision.is_known
    assert not replace(decision, verdict="deferred").is_known


def test_a_decision_on_a_candidate_is_another_with_another_last_day() -> None:
    assert not DECISIONS[1].says_the_same(replace(DECISIONS[1], until=None))  # type: ignore[call-arg]
    assert DECISIONS[1].facts[:-1] == DECISIONS[0].facts
