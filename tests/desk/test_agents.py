"""GET /extranet/bureau/agents: the door by ProConnect, where a network has it."""

from collections.abc import Iterator

import pytest

from chalicelib import wiring
from tests.support.provider import Provider, serving, with_proconnect
from tests.support.staff import DESK, enter, member
from tests.support.world import Visitor, World


@pytest.fixture
def provider(world: World) -> Iterator[Provider]:
    with serving(Provider(), lambda: int(world.now.timestamp())) as made:
        world.services = with_proconnect(world.services, made.issuer)
        with wiring.using(world.services):
            yield made


def test_a_network_without_it_has_no_such_door(world: World, visitor: Visitor) -> None:
    member(world)

    assert "ProConnect" not in visitor.get(f"{DESK}/connexion").text
    assert visitor.get(f"{DESK}/agents").status_code == 404
    assert visitor.get(f"{DESK}/agents/retour?code=x&state=y").status_code == 404


def test_a_member_goes_there_and_comes_back_inside(world: World, visitor: Visitor, provider: Provider) -> None:
    member(world)
    assert "S'identifier avec ProConnect" in visitor.get(f"{DESK}/connexion").text

    left = visitor.get(f"{DESK}/agents")
    answer = provider.allow(left.headers["Location"])
    back = visitor.get(f"{DESK}/agents/retour", query_string=answer)

    assert left.status_code == 303
    assert left.headers["Location"].startswith(f"{provider.issuer}/authorization_endpoint?")
    assert (back.status_code, back.headers["Location"]) == (303, DESK)
    assert visitor.get(DESK).status_code == 200


def test_who_comes_in_again_leaves_no_other_session_behind(world: World, visitor: Visitor, provider: Provider) -> None:
    member(world)
    enter(world, visitor)
    former = visitor.cookie("clef-bureau")

    answer = provider.allow(visitor.get(f"{DESK}/agents").headers["Location"])
    visitor.get(f"{DESK}/agents/retour", query_string=answer)

    assert visitor.get(DESK).status_code == 200
    visitor.show(former, "clef-bureau")
    assert visitor.get(DESK).status_code == 303


def test_an_answer_to_another_browser_is_none(world: World, visitor: Visitor, provider: Provider) -> None:
    """Nobody is logged in to an attacker's session by a link (OAuth 2.0 Security BCP, 4.7)."""
    member(world)
    answer = provider.allow(visitor.get(f"{DESK}/agents").headers["Location"])
    visitor.show("", "clef-bureau-agent")

    refused = visitor.get(f"{DESK}/agents/retour", query_string=answer)

    assert refused.status_code == 401
    assert "L'identification par ProConnect n'a pas abouti" in refused.text
    assert "Mot de passe" in refused.text
    assert visitor.cookie("clef-bureau") is None


def test_who_is_not_invited_reads_what_to_do(visitor: Visitor, provider: Provider) -> None:
    answer = provider.allow(visitor.get(f"{DESK}/agents").headers["Location"])

    refused = visitor.get(f"{DESK}/agents/retour", query_string=answer)

    assert refused.status_code == 401
    assert "Demandez une invitation à un responsable du réseau" in refused.text


def test_a_provider_that_is_down_leaves_the_other_door(visitor: Visitor, provider: Provider) -> None:
    provider.answers["/.well-known/openid-configuration"] = (500, "text/plain", b"")

    page = visitor.get(f"{DESK}/agents")

    assert page.status_code == 503
    assert "Entrez avec votre adresse, votre mot de passe et votre code" in page.text
    assert 'name="mot_de_passe"' in page.text
