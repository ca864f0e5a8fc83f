"""Summaries of applications: their searchable texts, and the states of their candidates."""

import json

import pytest

from chalicelib.wings.admission.domain.summaries import application_summary, summarise_application
from tests.support.applications import BEGUN, FULL, NEW_EMAIL, NOW, NUMBER


def test_a_sent_application_is_summarised_and_an_unsent_one_is_not() -> None:
    summary = application_summary(json.loads(json.dumps(summarise_application(FULL))))

    assert summary
    assert (summary.number, summary.guardian, summary.email) == (NUMBER, "Mme Inès Geai", NEW_EMAIL)
    assert summary.telephone == "06 99 00 20 01"
    assert summary.address == "4 allée des Tilleuls 91000 Evry"
    assert [(one.state, one.since) for one in summary.candidates] == [
        ("accepted", int(NOW.timestamp())),
        ("withdrawn", int(NOW.timestamp())),
    ]
    assert summary.is_at(["evry-xenakis"])
    assert not summary.is_at(["ris-orangis-messiaen"])
    assert application_summary(summarise_application(BEGUN)) is None
    with pytest.raises(ValueError, match="another version"):
        application_summary([0, NUMBER])
