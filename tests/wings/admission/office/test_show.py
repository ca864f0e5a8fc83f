"""All of an application at once: its candidates, its documents, its history."""

from dataclasses import replace

import pytest

from chalicelib.office.refusals import OfficeRefusal
from chalicelib.wings.admission.domain.applications import AdmissionDecision
from chalicelib.wings.admission.office.decide import AdmissionDecisionInput, CandidateVersion
from chalicelib.wings.admission.office.show import application_overview_at
from tests.support.applications import ALBA, NOW, SENT
from tests.support.stored_applications import application_of, decide, open_admission, stored
from tests.support.world import World

WAIT = AdmissionDecision("waiting", "Mme Lyre", NOW)
DECLINE = AdmissionDecision("declined", "M. Orme", NOW, "Complet.")
SHOWN = CandidateVersion.of(SENT, ALBA.key)


def test_a_candidate_that_is_gone_is_not_found() -> None:
    with pytest.raises(OfficeRefusal) as refusal:
        replace(SHOWN, key="nobody").find(SENT, WAIT)
    assert refusal.value.code == "request_vanished"


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
    assert [(one.title, one.record) for one in overview.documents] == [("Justificatif de domicile", None)]
    assert [act.kind for act in overview.acts] == ["request_waiting"]
