"""GET /extranet/compte and its tabs: what a family sees; and the record of a whole journey."""

import html
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from tests.world import EMAIL, PASSWORD, ROSSIGNOL, Visitor, World

TABS = ["Accueil", "Famille", "Elèves", "Facturation", "Accessibilité", "Mot de passe", "Déconnexion"]


class _Tabs(HTMLParser):
    """Reads the labels inside `<nav class="tabs">`."""

    def __init__(self) -> None:
        super().__init__()
        self.labels: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = self._inside or (tag == "nav" and ("class", "tabs") in attrs)

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "nav"

    def handle_data(self, data: str) -> None:
        if self._inside and data.strip():
            self.labels.append(data.strip())


@pytest.fixture
def inside(world: World, visitor: Visitor) -> Visitor:
    world.settle(name="Mme D'Églantine-Noël & <fils>")
    visitor.log_in()
    return visitor


@pytest.mark.parametrize("page", ["", "/famille", "/eleves", "/facturation", "/accessibilite", "/mot-de-passe"])
def test_2_5_every_page_has_the_seven_tabs(inside: Visitor, page: str) -> None:
    tabs = _Tabs()

    tabs.feed(inside.get(f"/extranet/compte{page}").text)

    assert tabs.labels == TABS


def test_2_5_home_greets_by_name_and_says_who_we_are(world: World, inside: Visitor) -> None:
    page = html.unescape(inside.get("/extranet/compte").text)

    network = world.services.settings.network
    assert "Bonjour <strong>Mme D'Églantine-Noël & <fils></strong>" in page
    assert "Bienvenue dans l'espace extranet Imuse du réseau des conservatoires." in page
    assert all(line in page for line in network.address)
    assert "droit d'accès, de rectification" in page
    assert network.data_protection.officer_email in page


def test_home_says_when_the_last_login_was(world: World, inside: Visitor) -> None:
    assert "c'est la première" in inside.get("/extranet/compte").text
    world.wait(timedelta(days=1))

    inside.log_in()

    assert "le 1er septembre 2026 à 9 h 00" in inside.get("/extranet/compte").text


def test_home_recalls_that_a_mailed_password_may_be_changed(world: World, visitor: Visitor) -> None:
    world.settle(origin="mailed")
    visitor.log_in()

    assert "Vous utilisez le mot de passe reçu par mail." in visitor.get("/extranet/compte").text


def test_the_record_of_a_whole_journey_tells_each_step_and_no_secret(world: World, visitor: Visitor) -> None:
    world.settle(password=None)
    visitor.log_in(password="Faux1234")
    visitor.post("/extranet/compte/mot-de-passe-perdu", {"identifiant": "xen1", "email": EMAIL})
    world.deliver()
    mailed = world.mailed_password()
    visitor.log_in(password=mailed)
    cookie = visitor.cookie()
    form = {"actuel": mailed, "nouveau": PASSWORD, "confirmation": PASSWORD}
    visitor.post("/extranet/compte/mot-de-passe", form)
    world.deliver()
    visitor.post("/extranet/compte/deconnexion")
    visitor.post("/extranet/compte/deconnexion", headers={"Sec-Fetch-Site": "cross-site"})
    for _ in range(6):
        visitor.log_in(password="Faux1234")

    lines = world.events()

    assert [line["event"] for line in lines] == [
        "login_refused",
        "reset_asked",
        "reset_mailed",
        "reset_used",
        "login_ok",
        "password_changed",
        "notice_mailed",
        "session_ended",
        "cross_site_refused",
        *["login_refused"] * 5,
        "login_slowed",
    ]
    assert all(line["time"].startswith("2026-09-01T07:00:00") and line["request"] for line in lines)
    pseudonyms = {line["account"] for line in lines if line.get("site")}
    assert len(pseudonyms) == 1
    record = world.log.getvalue()
    for secret in (ROSSIGNOL.identifier, EMAIL, mailed, PASSWORD, "Faux1234", str(cookie).partition(".")[2]):
        assert secret not in record
