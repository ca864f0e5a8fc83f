"""GET /extranet/compte/acces/franceconnect and below, as a family goes there and comes back."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from chalicelib import wiring
from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.periods import Periods
from chalicelib.domain.identity.openid import Identity
from chalicelib.flows.login_methods.franceconnect import LONGEST_LOGOUT, ask_link_code, seal_identity
from chalicelib.settings.environment import Network
from chalicelib.web.login_methods.edge import pending_cookie
from operations.pages.build import build
from tests.support.admission import mailed_code
from tests.support.french import visible_text
from tests.support.provider import Provider, serving, with_franceconnect
from tests.support.world import EMAIL, ROSSIGNOL, Visitor, World
from tools.local.cdn import LocalCdn

ACCESS = "/extranet/compte/acces"
START = f"{ACCESS}/franceconnect"
HOME = "/extranet/compte"
TWIN = AccountRef("villabe-yves-henry", "vil9")
BY_EMAIL = {"action": "e-mail"}


@pytest.fixture
def provider(world: World) -> Iterator[Provider]:
    peer = Provider(claims={"acr": "eidas1"}, userinfo={"email": EMAIL, "email_verified": None})
    with serving(peer, lambda: int(world.now.timestamp())):
        world.services = with_franceconnect(world.services, peer.issuer)
        with wiring.using(world.services):
            yield peer


def settle(world: World, *refs: AccountRef) -> None:
    for ref in refs:
        world.services.accounts.enter_mailboxes(world.settle(ref))


def go(visitor: Visitor, provider: Provider) -> TestResponse:
    """Go to FranceConnect and come back."""
    answer = visitor.get(START)
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (
        303,
        f"{provider.issuer}/authorization_endpoint",
    )
    return visitor.get(f"{START}/retour", query_string=provider.allow(answer.headers["Location"]))


def link(world: World, visitor: Visitor, provider: Provider, **form: str) -> TestResponse:
    """Come the first time, and type the mailed code."""
    assert led(go(visitor, provider)) == f"{START}/associer"
    assert led(visitor.post(f"{START}/associer", form or BY_EMAIL)) == f"{ACCESS}/code"
    world.deliver()
    return visitor.post(f"{ACCESS}/code", {"code": mailed_code(world)})


def decline(visitor: Visitor, state: str) -> TestResponse:
    return visitor.get(f"{START}/retour", query_string={"error": "access_denied", "state": state})


def led(answer: TestResponse) -> str:
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def test_a_network_without_it_has_no_such_pages(visitor: Visitor) -> None:
    for path in (START, f"{START}/retour?code=x&state=y"):
        assert visitor.get(path).status_code == 404
    for path in (f"{START}/choix", f"{START}/associer"):
        assert led(visitor.get(path)) == "/extranet/usager", "the person is not identified"


@pytest.mark.wing("billing")
def test_first_a_code_links_and_then_one_tap_enters(world: World, visitor: Visitor, provider: Provider) -> None:
    settle(world, ROSSIGNOL)
    assert led(link(world, visitor, provider)) == HOME
    assert "Bonjour <strong>Famille Rossignol</strong>" in visitor.get(HOME).text
    assert visitor.cookie("clef-acces") is None
    assert visitor.cookie("clef-appareil"), "the browser is known from now on"
    visitor.show(None)

    visitor.get(f"{HOME}/facturation")
    assert led(go(visitor, provider)) == f"{HOME}/facturation", "the page that asked for a login"


def test_franceconnect_s_address_points_to_the_identifier(world: World, visitor: Visitor, provider: Provider) -> None:
    settle(world, ROSSIGNOL)
    go(visitor, provider)
    other_way = f'<a href="{START}/associer#site">passez par votre identifiant</a>'
    for form, is_told in ((BY_EMAIL, True), ({"site": ROSSIGNOL.site, "identifiant": "xen1"}, False)):
        visitor.post(f"{START}/associer", form)
        assert (other_way in visitor.get(f"{ACCESS}/code").text) == is_told
    assert 'id="site"' in visitor.get(f"{START}/associer").text


@pytest.mark.usefixtures("provider")
def test_help_and_notices_say_what_other_login_methods_keep_and_who_learns(world: World, visitor: Visitor) -> None:
    settle(world, ROSSIGNOL)
    network = world.services.settings.network
    shown = _help_and_notices(network)
    visitor.log_in()
    for page in map(visible_text, (*shown, visitor.get(HOME).text)):
        assert "l'extranet ne garde ni cette adresse, ni votre nom" in page
        assert "FranceConnect apprend que vous êtes venu ici" in page
        assert "votre empreinte et votre visage ne quittent jamais votre appareil" in page
        assert "L'administration voit qu'ils existent, et leurs dates" in page
        assert "Plus court" not in page, "docs/performance.md, « Taps to enter »"
    without = _help_and_notices(replace(network, franceconnect=None, passkeys=False))
    assert not re.search("FranceConnect :|lé d'accès :|Sans mot de passe", visible_text("".join(without)))


def _help_and_notices(network: Network) -> list[str]:
    keys = {"extranet/aide", "extranet/mentions-legales"}
    return [page.body.decode() for page in build(network, Periods()) if page.key in keys]


def test_several_accounts_are_chosen_by_site_and_name(world: World, visitor: Visitor, provider: Provider) -> None:
    settle(world, TWIN, ROSSIGNOL)
    assert led(link(world, visitor, provider)) == f"{START}/choix"

    accounts = re.findall(r'name="compte" value="([^"]+)">([^<]+)<', visitor.get(f"{START}/choix").text)
    assert [words for _, words in accounts] == [
        "Evry - Xénakis : Famille Rossignol",
        "Villabé - Yves Henry : Famille Rossignol",
    ]
    answer = visitor.post(f"{START}/choix", {"compte": "another"})
    assert (answer.status_code, "Choisissez l'un de ces comptes." in answer.text) == (422, True)

    assert led(visitor.post(f"{START}/choix", {"compte": accounts[1][0]})) == HOME
    assert (visitor.cookie() or "").startswith(f"{TWIN.site}.")
    assert led(visitor.get(f"{START}/choix")) == "/extranet/usager", "the person is forgotten once inside"


def test_an_identifier_is_asked_for_and_its_address_mailed(world: World, visitor: Visitor, provider: Provider) -> None:
    settle(world, ROSSIGNOL)
    provider.userinfo["email"] = None
    go(visitor, provider)
    page = visitor.get(f"{START}/associer").text
    assert "Recevoir un code à cette adresse" not in page
    assert f'<a href="{provider.issuer}/end_session_endpoint?id_token_hint=' in page, (
        "of a shared computer's other user"
    )
    refused = visitor.post(f"{START}/associer", BY_EMAIL)
    assert (refused.status_code, refused.text.count('aria-invalid="true"')) == (422, 2)

    assert led(link(world, visitor, provider, site=ROSSIGNOL.site, identifiant=" XEN 1 ")) == HOME


@pytest.mark.parametrize("form", [BY_EMAIL, {"site": ROSSIGNOL.site}], ids=["e-mail", "site and identifier"])
def test_known_and_unknown_look_alike(world: World, provider: Provider, front: LocalCdn, form: dict[str, str]) -> None:
    settle(world, ROSSIGNOL)
    shown = []
    for email, identifier in ((EMAIL, "xen1"), ("rossigneux@example.org", "xen4")):
        browser = Visitor(front, world=world)
        provider.userinfo["email"] = email
        answers = [go(browser, provider)]
        world.aws.calls.clear()
        answers += [
            browser.get(f"{START}/associer"),
            browser.post(f"{START}/associer", form | {"identifiant": identifier}),
        ]
        answers += [browser.get(f"{ACCESS}/code"), browser.post(f"{ACCESS}/code", {"code": "000000"})]
        texts = [re.sub(r'href="http[^"]+"', "", answer.text.replace(email, "…")) for answer in answers]
        shown.append((world.aws.calls.copy(), [answer.status_code for answer in answers], texts))

    assert shown[0][1] == [303, 200, 303, 200, 422]
    assert shown[0] == shown[1]


def test_a_code_links_once(world: World, visitor: Visitor, provider: Provider, front: LocalCdn) -> None:
    settle(world, ROSSIGNOL)
    link(world, visitor, provider)
    thief = Visitor(front, world=world)
    provider.claims["sub"] = provider.userinfo["sub"] = "a-thief"
    go(thief, provider)
    thief.post(f"{START}/associer", BY_EMAIL)

    assert thief.post(f"{ACCESS}/code", {"code": mailed_code(world)}).status_code == 422
    assert len(world.account().links) == 1


def test_a_code_links_only_a_person_still_identified(world: World, visitor: Visitor, provider: Provider) -> None:
    settle(world, ROSSIGNOL)
    go(visitor, provider)
    world.wait(timedelta(minutes=14))
    visitor.post(f"{START}/associer", BY_EMAIL)
    world.deliver()
    world.wait(timedelta(minutes=9))
    code, mine = {"code": mailed_code(world)}, visitor.cookie("clef-acces") or ""
    provider.claims["sub"] = provider.userinfo["sub"] = "another person of a shared computer"
    go(visitor, provider)
    question, address, _ = mine.split("~")
    for other in ((visitor.cookie("clef-acces") or "").rpartition("~")[2], ""):
        visitor.show(f"{question}~{address}~{other}", "clef-acces")
        assert "recommencez" in visitor.post(f"{ACCESS}/code", code).text
    assert world.account().links == ()

    visitor.show(mine, "clef-acces")
    assert led(visitor.post(f"{ACCESS}/code", code)) == HOME


@pytest.mark.usefixtures("provider")
def test_the_longest_that_waits_fits_into_one_cookie(world: World) -> None:
    email = f"{'a' * 64}@{'b' * 189}"
    person = seal_identity(world.services, Identity("s" * 64, email, "x" * LONGEST_LOGOUT), world.now)
    question = ask_link_code(world.visit(), Identity("s" * 64, email), None)

    cookie = pending_cookie(world.services, question, email, person)

    assert len(f"__Host-clef{cookie.ending}={cookie.value}") <= 4_096


def test_an_answer_declined_or_to_another_browser_shows_other_doors(visitor: Visitor, provider: Provider) -> None:
    answer = provider.allow(led(visitor.get(START)))
    declined = decline(visitor, answer["state"])
    visitor.show("", "clef-acces")
    forged = visitor.get(f"{START}/retour", query_string=answer)

    for refused in (declined, forged):
        assert refused.status_code == 401
        assert "La connexion par FranceConnect n'a pas abouti" in refused.text
        assert "Se connecter" in refused.text


def test_a_page_reloaded_after_the_answer_stays_inside(world: World, visitor: Visitor, provider: Provider) -> None:
    settle(world, ROSSIGNOL)
    link(world, visitor, provider)
    answer = provider.allow(led(visitor.get(START)))
    visitor.get(f"{START}/retour", query_string=answer)

    assert led(visitor.get(f"{START}/retour", query_string=answer)) == HOME
    assert visitor.get(HOME).status_code == 200


def test_a_silent_provider_leaves_the_other_doors(world: World, visitor: Visitor) -> None:
    world.services = with_franceconnect(world.services, "http://127.0.0.1:9")  # the discard port: nothing listens
    with wiring.using(world.services):
        page = visitor.get(START)

    assert page.status_code == 503
    assert "FranceConnect ne répond pas" in page.text
    assert "Se connecter" in page.text


def test_it_is_linked_from_inside_after_a_recent_proof(world: World, visitor: Visitor, provider: Provider) -> None:
    settle(world, ROSSIGNOL)
    visitor.log_in()
    proof = re.search(r'name="jeton" value="([^"]+)"', visitor.get(HOME).text)
    assert proof
    assert led(visitor.get(f"{START}/aller")) == ACCESS, "a link of another site has no proof"

    url = led(visitor.get(f"{START}/aller?jeton={proof[1]}"))
    assert "prompt=login" in url
    refusal = decline(visitor, provider.allow(url)["state"])
    assert (refusal.status_code, "Rien n'a changé" in refusal.text) == (401, True)
    assert led(visitor.get(f"{START}/retour", query_string=provider.allow(url))) == ACCESS

    assert len(world.account().links) == 1
    world.wait(timedelta(minutes=10))
    assert led(visitor.get(f"{START}/aller?jeton={proof[1]}")) == f"{ACCESS}/preuve"
