"""GET /extranet/bureau/agents: login by ProConnect, where a network has it."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from werkzeug.test import TestResponse

from chalicelib import wiring
from chalicelib.domain.staff.staff_sessions import token_from
from tests.support.provider import Provider, serving, with_proconnect
from tests.support.staff import DESK, PASSWORD, enter, member, read_member
from tests.support.world import Visitor, World

OWN = f"{DESK}/mon-acces"
ATTACH = f"{OWN}/proconnect"


@pytest.fixture
def provider(world: World) -> Iterator[Provider]:
    with serving(Provider(), lambda: int(world.now.timestamp())) as peer:
        world.services = with_proconnect(world.services, peer.issuer)
        with wiring.using(world.services):
            yield peer


def test_a_network_without_it_has_no_such_door(world: World, visitor: Visitor) -> None:
    member(world)

    assert "ProConnect" not in visitor.get(f"{DESK}/connexion").text
    assert visitor.get(f"{DESK}/agents").status_code == 404
    assert visitor.get(f"{DESK}/agents/retour?code=x&state=y").status_code == 404


def test_a_member_goes_there_and_comes_back_inside(world: World, visitor: Visitor, provider: Provider) -> None:
    member(world, agent="agent-1")
    assert "S'identifier avec ProConnect" in visitor.get(f"{DESK}/connexion").text

    answer = visitor.get(f"{DESK}/agents")
    back = visitor.get(f"{DESK}/agents/retour", query_string=provider.allow(answer.headers["Location"]))

    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(f"{provider.issuer}/authorization_endpoint?")
    assert (back.status_code, back.headers["Location"]) == (303, DESK)
    assert visitor.get(DESK).status_code == 200


def test_who_comes_in_again_leaves_no_other_session_behind(world: World, visitor: Visitor, provider: Provider) -> None:
    member(world, agent="agent-1")
    enter(world, visitor)
    former = visitor.cookie("clef-bureau")

    answer = provider.allow(visitor.get(f"{DESK}/agents").headers["Location"])
    visitor.get(f"{DESK}/agents/retour", query_string=answer)

    assert visitor.get(DESK).status_code == 200
    visitor.show(former, "clef-bureau")
    assert visitor.get(DESK).status_code == 303


def test_an_answer_to_another_browser_is_none(world: World, visitor: Visitor, provider: Provider) -> None:
    """No link logs a user in to an attacker's session (OAuth 2.0 Security BCP, 4.7)."""
    member(world)
    answer = provider.allow(visitor.get(f"{DESK}/agents").headers["Location"])
    visitor.show("", "clef-bureau-agent")

    answer_page = visitor.get(f"{DESK}/agents/retour", query_string=answer)

    assert answer_page.status_code == 401
    assert "L'identification par ProConnect n'a pas abouti" in answer_page.text
    assert "Mot de passe" in answer_page.text
    assert visitor.cookie("clef-bureau") is None


def test_who_is_not_invited_reads_what_to_do(visitor: Visitor, provider: Provider) -> None:
    answer = provider.allow(visitor.get(f"{DESK}/agents").headers["Location"])

    response = visitor.get(f"{DESK}/agents/retour", query_string=answer)

    assert response.status_code == 401
    assert "Demandez une invitation à un responsable du réseau" in response.text


def test_a_provider_that_is_down_leaves_the_other_door(visitor: Visitor, provider: Provider) -> None:
    provider.answers["/.well-known/openid-configuration"] = (500, "text/plain", b"")

    page = visitor.get(f"{DESK}/agents")

    assert page.status_code == 503
    assert "Entrez avec votre adresse, votre mot de passe et votre code" in page.text
    assert 'name="mot_de_passe"' in page.text


def leave_to_attach(visitor: Visitor) -> TestResponse:
    """Prove the password again on one's own page, and follow the link that it then shows."""
    response = visitor.post(ATTACH, {"mot_de_passe": PASSWORD})
    assert (response.status_code, response.headers["Location"]) == (303, ATTACH)
    (link,) = re.findall(rf'href="({ATTACH}/aller[^"]+)"', visitor.get(ATTACH).text)
    return visitor.get(unescape(link))


def test_a_member_attaches_it_from_the_own_page(world: World, visitor: Visitor, provider: Provider) -> None:
    enter(world, visitor)
    assert "il n'ouvre pas votre accès." in visitor.get(OWN).text

    response = leave_to_attach(visitor)
    assert response.headers["Location"].startswith(f"{provider.issuer}/authorization_endpoint?")
    back = visitor.get(f"{DESK}/agents/retour", query_string=provider.allow(response.headers["Location"]))

    assert (back.status_code, back.headers["Location"]) == (303, f"{OWN}?fait=proconnect")
    page = visitor.get(back.headers["Location"]).text
    assert "ProConnect est attaché : il ouvre désormais votre accès" in page
    assert "Attacher un autre compte ProConnect" in page


def test_who_turns_back_there_reads_so_where_it_began(world: World, visitor: Visitor, provider: Provider) -> None:
    enter(world, visitor)

    state = provider.allow(leave_to_attach(visitor).headers["Location"])["state"]
    back = visitor.get(f"{DESK}/agents/retour", query_string={"error": "access_denied", "state": state})

    assert back.status_code == 401
    assert "L'identification par ProConnect n'a pas abouti" in back.text
    assert "<h1>Attacher ProConnect</h1>" in back.text
    assert read_member(world).agent == ""


def test_no_other_page_and_no_stolen_session_leads_there(world: World, visitor: Visitor, provider: Provider) -> None:
    enter(world, visitor)
    assert visitor.post(ATTACH, {"mot_de_passe": "ce n'est pas le bon"}).status_code == 422
    token = token_from(visitor.cookie("clef-bureau") or "")
    assert token
    assert visitor.get(f"{ATTACH}/aller?jeton={token.form_proof}").headers["Location"] == ATTACH
    visitor.post(ATTACH, {"mot_de_passe": PASSWORD})

    for address in (f"{ATTACH}/aller", f"{ATTACH}/aller?jeton=", f"{ATTACH}/aller?jeton=é"):
        assert visitor.get(address).headers["Location"] == ATTACH
    assert provider.paths == []


def test_a_network_without_it_attaches_nothing(world: World, visitor: Visitor) -> None:
    enter(world, visitor)

    assert "ProConnect" not in visitor.get(OWN).text
    assert [visitor.get(ATTACH).status_code, visitor.post(ATTACH).status_code] == [404, 404]
    assert visitor.get(f"{ATTACH}/aller").status_code == 404
