"""POST /extranet/compte/connexion: the pages that a family sees."""

from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from chalicelib import wiring
from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.periods import Periods
from chalicelib.flows.login_methods.entry import open_account
from chalicelib.presentation.public_pages import period_pages
from chalicelib.settings.network import FranceConnect
from tests.support.french import plain
from tests.support.world import PASSWORD, PERIOD_READ, ROSSIGNOL, Visitor, World
from tools.local.cdn import LocalCdn

LOGOUT = "/extranet/compte/deconnexion"


def test_logging_out_leads_to_the_login_form_and_forgets_the_cookie(world: World, visitor: Visitor) -> None:
    world.settle()
    visitor.log_in()
    cookie = visitor.cookie()
    visitor.get(LOGOUT)
    assert visitor.get("/extranet/compte").status_code == 200, "a link cannot log out"

    answer = visitor.post(LOGOUT)

    assert (answer.status_code, answer.location) == (303, "/extranet/usager")
    assert "Max-Age=0" in answer.headers["Set-Cookie"]
    again = visitor.get("/extranet/compte", headers={"Cookie": f"clef={cookie}"})
    assert again.location == visitor.post(LOGOUT).location == "/extranet/usager"


def test_logging_out_of_a_session_that_franceconnect_opened_goes_on_there(world: World, visitor: Visitor) -> None:
    account, there = world.settle(), "https://fc.example/session/end?id_token_hint=a.b.c&state=x"
    token = open_account(world.visit(), account, account, "franceconnect", logout=there)
    visitor.show(token.cookie)

    answer = visitor.post(LOGOUT)

    assert (answer.status_code, answer.headers["Refresh"]) == (200, f"0; url={there}")
    assert f'href="{there}"' in unescape(answer.text)
    assert "Max-Age=0" in answer.headers["Set-Cookie"]
    assert visitor.get("/extranet/compte", headers={"Cookie": f"clef={token.cookie}"}).location == "/extranet/usager"


LOGIN = "/extranet/compte/connexion"


def test_2_4_the_right_password_opens_the_account(world: World, visitor: Visitor) -> None:
    world.settle()

    answer = visitor.log_in()

    assert (answer.status_code, answer.location) == (303, "/extranet/compte")
    assert "Bonjour <strong>Famille Rossignol</strong>" in visitor.get("/extranet/compte").text


def test_what_a_keyboard_or_a_copy_adds_to_a_login_does_not_matter(world: World, visitor: Visitor) -> None:
    password, composed = "\N{LATIN CAPITAL LETTER E WITH ACUTE}lan5Majeur", "E\N{COMBINING ACUTE ACCENT}lan5Majeur"
    world.settle(password=password)
    identifiers = ("XEN1", " xen 1 ", "x\N{ZERO WIDTH SPACE}en1", "\N{NO-BREAK SPACE}Xen1")
    typed = [(identifier, password) for identifier in identifiers]
    typed += [("xen1", copied) for copied in (f" {password}", f"{password}\n", f"\t{password} ", composed)]

    for identifier, copied in typed:
        assert visitor.log_in(AccountRef(ROSSIGNOL.site, identifier), copied).status_code == 303, (identifier, copied)


def test_a_login_leaves_two_cookies_that_name_nobody_and_are_out_of_reach(world: World, visitor: Visitor) -> None:
    world.settle()

    session, device = visitor.log_in().headers.getlist("Set-Cookie")

    assert [cookie.partition("=")[0] for cookie in (session, device)] == ["clef", DEVICE]
    assert session.split("; ")[1:] == ["Path=/", "HttpOnly", "SameSite=Lax"]
    assert device.split("; ")[1:] == ["Path=/", "HttpOnly", "SameSite=Lax", "Max-Age=34128000"]
    assert not any(name in cookie for name in (ROSSIGNOL.identifier, "Rossignol") for cookie in (session, device))
    assert ROSSIGNOL.site not in device
    assert session.split(";")[0].partition(".")[2] not in world.aws.everything(world.resources)
    assert visitor.log_in().headers["Set-Cookie"] != session
    page = visitor.get("/extranet/mentions-legales").text
    assert "deux cookies indispensables" in page
    assert "pendant treize mois" in page


@pytest.mark.wing("billing")
@pytest.mark.parametrize("page", ["", "/facturation", "/mot-de-passe"])
def test_the_wrong_site_leads_where_a_link_led_and_names_the_right(world: World, visitor: Visitor, page: str) -> None:
    world.settle()
    visitor.get(f"/extranet/compte{page}")
    sentence = "Votre compte est au conservatoire Evry - Xénakis : nous vous y avons connecté."

    answer = visitor.log_in(AccountRef("evry-magnard", "XEN-1"))

    assert (answer.status_code, answer.location) == (303, f"/extranet/compte{page}")
    devices = world.new_client(devices=visitor.cookie(DEVICE) or "").devices
    assert devices.find(ROSSIGNOL, world.now), "the account that opened knows this browser"
    assert visitor.get(answer.location).text.count(sentence) == 1
    world.wait(timedelta(minutes=2))
    assert sentence not in visitor.get(answer.location).text


def test_a_refusal_is_the_same_page_whatever_was_wrong(world: World, visitor: Visitor) -> None:
    world.settle()
    world.settle(AccountRef(ROSSIGNOL.site, "xen2"), disabled=True)
    world.settle(AccountRef(ROSSIGNOL.site, "xen3"), password=None)
    pages = set()
    for identifier in ("xen1", "xen2", "xen3", "nobody"):
        answer = visitor.log_in(AccountRef(ROSSIGNOL.site, identifier), "Faux1234")
        pages.add((answer.status_code, answer.text.replace(identifier, "…")))
        assert "Set-Cookie" not in answer.headers
    answer = visitor.log_in(AccountRef("evry-magnard", "xen1"), "Faux1234")
    pages.add((answer.status_code, answer.text.replace("xen1", "…").replace(" selected", "")))

    assert len(pages) == 2  # the site stays selected
    assert {status for status, _ in pages} == {401}


def test_a_refusal_keeps_site_and_identifier_and_never_the_password(world: World, visitor: Visitor) -> None:
    answer = visitor.post(LOGIN, {"site": "evry-xenakis", "identifiant": '"><b>x', "mot_de_passe": "Secret1234"})

    assert '<option value="evry-xenakis" selected>' in answer.text
    assert 'value="&#34;&gt;&lt;b&gt;x"' in answer.text
    assert "Secret1234" not in answer.text + world.log.getvalue()
    assert "Set-Cookie" not in answer.headers


def test_a_missing_field_is_told_beside_it(world: World, visitor: Visitor) -> None:
    form = {"site": ROSSIGNOL.site, "identifiant": "xen1", "mot_de_passe": PASSWORD}

    for missing in form:
        answer = visitor.post(LOGIN, form | {missing: ""})

        assert (answer.status_code, f'id="{missing}-erreur"' in answer.text) == (422, True), missing
    assert world.aws.calls == PERIOD_READ


@pytest.mark.parametrize("identifier", ["xen1", "nobody"])
def test_slowed_down_says_until_when_and_the_way_out(world: World, visitor: Visitor, identifier: str) -> None:
    world.settle()
    for _ in range(5):
        visitor.log_in(AccountRef(ROSSIGNOL.site, identifier), "Faux1234")

    answer = visitor.log_in(AccountRef(ROSSIGNOL.site, identifier))

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"
    assert "à partir de 9 h 01" in answer.text
    assert 'href="/extranet/usager/mot-de-passe-perdu"' in answer.text
    world.wait(timedelta(seconds=60))
    assert visitor.log_in(AccountRef(ROSSIGNOL.site, identifier)).status_code == (303 if identifier == "xen1" else 401)


DEVICE = "clef-appareil"


def test_over_tls_it_is_bound_to_this_host(world: World, visitor: Visitor) -> None:
    world.settle()
    network = replace(world.services.settings.network, public_url="https://extranet.example.fr")
    settings = replace(world.services.settings, network=network)
    with wiring.using(replace(world.services, settings=settings)):
        cookies = visitor.log_in().headers.getlist("Set-Cookie")

    assert [each.partition("=")[0] for each in cookies] == ["__Host-clef", "__Host-clef-appareil"]
    assert all("; Path=/; HttpOnly; SameSite=Lax; Secure" in each and "Domain" not in each for each in cookies)


def test_a_stolen_session_without_the_browser_s_is_a_stranger(world: World, visitor: Visitor, front: LocalCdn) -> None:
    """The form « Mot de passe » counts as login does: a thief's guesses slow down strangers, not the family."""
    world.settle()
    visitor.log_in()
    thief = Visitor(front)
    thief.show(visitor.cookie())
    change = {"actuel": "Faux1234", "nouveau": "Merle7Moqueur", "confirmation": "Merle7Moqueur"}
    statuses = [thief.post("/extranet/compte/mot-de-passe", change).status_code for _ in range(6)]

    assert statuses == [422] * 5 + [429]
    answer = visitor.post("/extranet/compte/mot-de-passe", change | {"actuel": PASSWORD})
    assert answer.status_code == 303
    assert [each.partition("=")[0] for each in answer.headers.getlist("Set-Cookie")] == ["clef", DEVICE]


@pytest.mark.parametrize("has_passkeys", [True, False])
@pytest.mark.parametrize("franceconnect", [FranceConnect("https://franceconnect.example.fr/api/v2", "clef"), None])
def test_the_other_login_methods_stand_under_the_form_if_the_network_has_them(
    world: World, visitor: Visitor, franceconnect: FranceConnect | None, has_passkeys: bool
) -> None:
    network = replace(world.services.settings.network, franceconnect=franceconnect, passkeys=has_passkeys)
    settings = replace(world.services.settings, network=network)

    with wiring.using(replace(world.services, settings=settings)):
        text = visitor.log_in(password="Faux1234").text
    html = plain(dict(period_pages(network, Periods()))["extranet/usager"].decode())

    for page in (html, text):
        methods = page.partition("</form>")[2]
        assert ("Ou sans mot de passe" in methods) == (has_passkeys or franceconnect is not None)
        assert ('"/extranet/compte/acces/cle">Se connecter avec une clé d\'accès<' in methods) == has_passkeys
        assert ('"/extranet/compte/acces/franceconnect"' in methods) == (franceconnect is not None)
        assert ("S'identifier avec <b>FranceConnect</b>" in methods) == (franceconnect is not None)
        assert ("Qu'est-ce que FranceConnect ?</a>" in methods) == (franceconnect is not None)
