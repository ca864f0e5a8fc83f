"""All of an application at once: its candidates, its documents, its history."""

from dataclasses import replace

import pytest

from chalicelib.domain.admission.applications import AdmissionDecision, Standing
from chalicelib.office.admission.decide import AdmissionDecisionInput
from chalicelib.office.admission.show import CandidateVersion, application_overview_at
from chalicelib.office.refusals import OfficeRefusal
from tests.support.applications import ALBA, NOW, SENT
from tests.support.stored_applications import application_of, decide, open_admission, stored
from tests.support.world import World

WAIT = AdmissionDecision("waiting", "Mme Lyre", NOW)
DECLINE = AdmissionDecision("declined", "M. Orme", NOW, "Complet.")
SHOWN = CandidateVersion.of(SENT, ALBA.key)


def test_it_comes_back_as_it_went_and_says_nothing_of_whom() -> None:
    waiting = SENT.with_standing(Standing(ALBA.key, decision=WAIT))

    version = CandidateVersion.of(waiting, ALBA.key)

    assert CandidateVersion.parse(version.key, version.text) == version != SHOWN
    assert "Lyre" not in version.text
    assert version.find(waiting, DECLINE).key == ALBA.key


@pytest.mark.parametrize("text", ["", ".", "nothing of ours", "a.b.c"])
def test_what_no_page_of_ours_wrote_is_like_nothing_that_is_there(text: str) -> None:
    with pytest.raises(OfficeRefusal) as raised:
        CandidateVersion.parse(ALBA.key, text).find(SENT, WAIT)
    assert raised.value.code == "request_resent"


def test_another_decision_meanwhile_is_told_and_the_very_same_is_found() -> None:
    waiting = SENT.with_standing(Standing(ALBA.key, decision=WAIT))

    with pytest.raises(OfficeRefusal) as raised:
        SHOWN.find(waiting, DECLINE)

    assert raised.value.code == "decide_meanwhile"
    assert SHOWN.find(waiting, replace(WAIT, at=NOW.replace(hour=9))).key == ALBA.key


def test_a_candidate_that_is_gone_is_not_found() -> None:
    with pytest.raises(OfficeRefusal) as raised:
        replace(SHOWN, key="nobody").find(SENT, WAIT)
    assert raised.value.code == "request_vanished"


def test_an_application_is_shown_with_what_was_done_to_it_and_what_lacks(world: World) -> None:
    open_admission(world)
    application_of(world)
    decide(world, AdmissionDecisionInput("waiting", "Mme Lyre"), "Nils")

    overview = application_overview_at(world.services, stored(world), ("evry-xenakis",), world.now)

    assert [(pupil.candidate.first_name, pupil.state) for pupil in overview.pupils] == [
        ("Alba", "sent"),
        ("Nils", "waiting"),
    ]
    assert [len(standings) for standings in overview.wishes] == [2, 1]
    assert [(one.title, one.provided) for one in overview.documents] == [("Justificatif de domicile", None)]
    assert [act.kind for act in overview.acts] == ["request_waiting"]
