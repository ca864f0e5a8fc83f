"""All of a request at once: its candidates, its documents, its history."""

from chalicelib.office.admission.decide import CandidateSelection, RequestDecision, decide
from chalicelib.office.admission.show import request_overview
from tests.support.applications import NUMBER
from tests.support.requested import open_requests, request_of
from tests.support.world import World


def test_a_request_is_shown_with_what_was_done_to_it_and_what_lacks(world: World) -> None:
    open_requests(world)
    request_of(world)
    decide(world.services, CandidateSelection(NUMBER, ("Nils",)), RequestDecision("waiting", "Mme Lyre"), world.now)

    overview = request_overview(world.services, NUMBER, world.now)

    assert [(pupil.candidate.first_name, pupil.state) for pupil in overview.pupils] == [
        ("Alba", "sent"),
        ("Nils", "waiting"),
    ]
    assert [len(standings) for standings in overview.wishes] == [2, 1]
    assert [(one.title, one.provided) for one in overview.documents] == [("Justificatif de domicile", None)]
    assert [act.kind for act in overview.acts] == ["request_waiting"]
