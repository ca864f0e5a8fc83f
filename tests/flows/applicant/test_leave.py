"""Leave: the session ends, the answers stay."""

from chalicelib.flows.applicant.access import leave
from tests.support.admission import applicant, application_of, stores
from tests.support.world import Visitor, World


def test_without_a_session_there_is_nothing_to_end(world: World) -> None:
    leave(world.services, None, world.client, world.now)

    assert world.aws.calls == []


def test_a_session_that_is_over_ends_without_a_word(world: World, visitor: Visitor) -> None:
    before = applicant(world, visitor)
    cookie = visitor.cookie("clef-demande") or ""

    for _ in range(2):
        visitor.post("/extranet/pre-inscription/quitter")
        visitor.show(cookie, "clef-demande")

    assert application_of(world) == before
    assert [item for item in world.database.items(world.resources.applicants_table) if item["site"] == "@session"] == []
    assert stores(world).applications.find(before.ref) == before
