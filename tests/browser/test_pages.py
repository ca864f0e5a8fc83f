"""Every page: no axe-core violation, in light and dark, nothing wider than 320 pixels, usable by keyboard alone."""

import pytest
from playwright.sync_api import Browser, Page, expect

from chalicelib.presentation.rendering import asset_bytes, environment
from tests.support.accessibility import offences
from tests.support.browser import ask_for_password, change, log_in
from tests.support.french import typographic
from tests.support.paper_letters import network_of
from tests.support.service import Running

pytestmark = pytest.mark.browser

PUBLIC = [
    "/extranet",
    "/extranet/usager",
    "/extranet/usager/mot-de-passe-perdu",
    "/extranet/usager/identifiant-perdu",
    "/extranet/usager/premiere-connexion",
    "/extranet/enseignant",
    "/extranet/pre-inscription",
    "/extranet/aide",
    "/extranet/aide/langues",
    "/extranet/etat",
    "/extranet/mentions-legales",
    "/extranet/plan",
    "/extranet/rien",
    "/extranet/compte/connexion",
    "/_local/",
    "/_local/courrier",
]
INSIDE = [
    "",
    "#donnees",
    "/famille",
    "/eleves",
    "/facturation",
    "/accessibilite",
    "/mot-de-passe",
    "/mot-de-passe/connexions",
]


def test_every_page_before_the_login_is_for_everybody(small: Page, running: Running) -> None:
    faults = []
    for path in PUBLIC:
        small.goto(path)
        faults += offences(small)
    log_in(small, running.family("MAG2002") | {"site": ""}, "Faux1234")
    expect(small.get_by_role("alert")).to_be_visible()
    faults += offences(small)
    ask_for_password(small, "x", "x@example.org")
    expect(small.get_by_role("status")).to_be_visible()
    faults += offences(small)

    assert faults == [], "\n".join(faults)


def test_every_tab_is_for_everybody(small: Page, running: Running) -> None:
    family = running.family("MAG2002")
    log_in(small, family, family["mot_de_passe"])
    faults = []
    for path in INSIDE:
        small.goto(f"/extranet/compte{path}")
        expect(small.locator("nav.tabs")).to_be_visible()
        faults += offences(small)
    small.goto("/extranet/compte/eleves")
    of_the_pupil = [link.get_attribute("href") for link in small.locator(".pupil .links a").all()]
    assert len(of_the_pupil) == 3
    for address in of_the_pupil:
        small.goto(address or "")
        expect(small.locator("nav.tabs")).to_be_visible()
        faults += offences(small)
    small.goto("/extranet/compte/mot-de-passe")
    change(small, "", "court", "courts")
    expect(small.get_by_role("alert")).to_be_visible()
    faults += offences(small)

    assert faults == [], "\n".join(faults)


@pytest.mark.parametrize(("width", "height"), [(360, 640), (1280, 720)])
def test_a_first_visit_sees_where_to_begin_without_scrolling(small: Page, width: int, height: int) -> None:
    small.set_viewport_size({"width": width, "height": height})
    small.goto("/extranet/usager")
    enter, words = small.get_by_role("button", name="Se connecter"), small.get_by_text("Pas encore de mot de passe")
    first = small.get_by_role("link", name="Première connexion").first
    boxes = [part.bounding_box() for part in (enter, words, first)]

    ends = [box["y"] + box["height"] for box in boxes if box]
    assert ends == sorted(ends), "the form of those who have a password comes first"
    assert len(ends) == 3
    assert ends[-1] <= height


@pytest.mark.parametrize(("path", "height"), [("/extranet", 1000), ("/extranet/usager", 1300)])
def test_the_first_pages_are_short_on_a_telephone(small: Page, path: str, height: int) -> None:
    small.set_viewport_size({"width": 360, "height": 640})
    small.goto(path)

    doors = [door.bounding_box() for door in small.locator(".door").all()]
    assert [box for box in doors if not box or box["y"] + box["height"] > 640] == []
    assert small.evaluate("document.documentElement.scrollHeight") <= height
    links = [link.bounding_box() for link in small.locator(".foot .links a").all()]
    assert (len(links), len({box["y"] for box in links if box})) == (3, 1)


def test_a_name_beside_the_logo_is_not_broken_at_its_hyphen(chromium: Browser) -> None:
    page = environment().get_template("family/error.html")
    html = page.render(title="Page introuvable", advice="", network=network_of("servant"))
    style = asset_bytes("clef.css").decode()
    telephone = chromium.new_page(viewport={"width": 360, "height": 640})
    telephone.set_content(html.replace("</head>", f"<style>{style}</style></head>"))

    tops = telephone.locator(".brand span").evaluate("""span => ["Écoles", "Haut", "Servant"].map(word => {
      const text = span.firstChild, start = text.data.indexOf(word), range = document.createRange();
      range.setStart(text, start);
      range.setEnd(text, start + word.length);
      return range.getBoundingClientRect().top;
    })""")

    telephone.close()
    assert tops[0] < tops[1] == tops[2]


def test_a_family_logs_in_by_the_keyboard_alone(small: Page, running: Running) -> None:
    family = running.family("MAG2002")
    small.goto("/extranet/usager")
    small.keyboard.press("Tab")
    expect(small.get_by_role("link", name="Aller au contenu")).to_be_focused()
    small.keyboard.press("Enter")
    small.keyboard.press("Tab")
    expect(small.get_by_label("Site")).to_be_focused()
    small.keyboard.type("Evry - M")
    small.keyboard.press("Tab")
    small.keyboard.type(family["identifiant"])
    small.keyboard.press("Tab")
    small.keyboard.type(family["mot_de_passe"])
    small.keyboard.press("Enter")

    expect(small.get_by_role("heading", level=1)).to_have_text(typographic(f"Bonjour {family['nom']}"))
