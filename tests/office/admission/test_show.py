"""All of a request at once: its candidates, its documents, its history."""

from chalicelib.office.admission.decide import RequestDecision
from chalicelib.office.admission.show import request_overview_at
from tests.support.stored_applications import decide, open_requests, request_of, stored
from tests.support.world import World


def test_a_request_is_shown_with_what_was_done_to_it_and_what_lacks(world: World) -> None:
    open_requests(world)
    request_of(world)
    decide(world, RequestDecision("waiting", "Mme Lyre"), "Nils")

    overview = request_overview_at(world.services, stored(world), ("evry-xenakis",), world.now)

    assert [(pupil.candidate.first_name, pupil.state) for pupil in overview.pupils] == [
        ("Alba", "sent"),
        ("Nils", "waiting"),
    ]
    assert [len(standings) for standings in overview.wishes] == [2, 1]
    assert [(one.title, one.provided) for one in overview.documents] == [("Justificatif de domicile", None)]
    assert [act.kind for act in overview.acts] == ["request_waiting"]
