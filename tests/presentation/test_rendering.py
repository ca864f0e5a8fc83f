"""Templates: everything is escaped, apostrophes stay as in the guide, assets carry their content's hash."""

import hashlib
import re
from dataclasses import replace
from typing import Final

import pytest

from chalicelib.domain.enrolment.periods import Periods
from chalicelib.presentation.rendering import ASSETS, SHEETS, TEMPLATES, asset_bytes, asset_path, environment
from chalicelib.settings.environment import load_network
from chalicelib.settings.look import Look
from chalicelib.web.responses import HTML
from operations.pages.build import build
from tests.support.seen_pages import keep_page
from tests.support.template_files import template_files, template_name

FOLDERS: Final = ("family", "applicant", "teacher", "office")
PAGES: Final = [file for name in FOLDERS for file in template_files(f"{name}/**/*.html")]
_HUED: Final = (".css", ".html", ".js", ".py", ".svg", ".toml", ".txt")
_CLASS: Final = r'class="((?:[^"{]|\{\{.*?\}\}|\{%.*?%\})*)"'  # its expressions have quotes of their own


def test_every_value_is_escaped_but_for_the_apostrophe() -> None:
    html = (
        environment()
        .get_template("family/error.html")
        .render(title="""<b title="x">d'Évry & co</b>""", advice="", network=load_network())
    )

    assert "<h1>&lt;b title=&#34;x&#34;&gt;d’Évry &amp; co&lt;/b&gt;</h1>" in html


def test_no_attribute_stands_in_single_quotes_where_an_apostrophe_could_end_it() -> None:
    for page in template_files("**/*.html"):
        assert not re.search(r"=\s*'[^']*\{\{", page.read_text(encoding="utf-8")), page.name


def test_no_attribute_goes_without_quotes() -> None:
    for page in template_files("**/*.html"):
        assert not re.search(r'<(?:[^<>{"]|"[^"]*")*=\{\{', page.read_text(encoding="utf-8")), page.name


def test_no_template_marks_anything_safe_but_a_line_break() -> None:
    places = [
        line.strip()
        for page in template_files("**/*.html")
        for line in page.read_text(encoding="utf-8").splitlines()
        if "|safe" in line
    ]

    assert all('"<br>"|safe' in line for line in places)


def test_the_text_of_a_letter_is_not_html() -> None:
    assert environment().autoescape("letters/password_changed.txt") is False  # type: ignore[operator]  # a function


def test_an_asset_has_its_content_s_hash_in_its_name() -> None:
    digest = hashlib.sha256(asset_bytes("clef.css")).hexdigest()[:16]

    assert asset_path("clef.css") == f"/extranet/assets/clef.{digest}.css"


def test_the_style_sheets_and_the_script_stay_small() -> None:
    limits = {"clef.css": 16_000, "desk.css": 20_480}  # the desk has the steps of a family too
    assert {sheet: len(asset_bytes(sheet)) for sheet in SHEETS if len(asset_bytes(sheet)) >= limits[sheet]} == {}
    assert (ASSETS / "clef.js").stat().st_size < 5_000


def test_a_page_loads_one_style_sheet_and_it_is_its_visitor_s() -> None:
    sources = {template_name(file): file.read_text(encoding="utf-8") for file in PAGES}
    frames = {
        name: re.findall(r"asset\('(\w+\.css)', network\.look\)", text)
        for name, text in sources.items()
        if ".css" in text
    }
    of_staff = [name for name in sources if name.startswith(("office/", "teacher/"))]
    of_families = [name for name in of_staff if '"family/base.html"' in sources[name]]

    assert frames == {"family/base.html": ["clef.css"], "office/frame.html": ["desk.css"]}
    assert of_families == ["office/frame.html"]


def test_a_style_sheet_has_no_class_that_its_pages_never_give() -> None:
    classes: dict[bool, set[str]] = {True: set(), False: set()}
    for file in (*PAGES, *ASSETS.glob("*.js")):
        values = re.findall(_CLASS if file.suffix == ".html" else r'"([^"]*)"', file.read_text(encoding="utf-8"))
        classes[not {"office", "teacher"}.isdisjoint(file.parts)].update(re.findall(r"[\w-]+", " ".join(values)))
    families, staff = (
        set(re.findall(r"\.([a-z][\w-]*)(?=[^{}]*\{)", asset_bytes(sheet).decode()))
        for sheet in ("clef.css", "desk.css")
    )

    assert families - classes[False] == set()
    assert staff - families - classes[True] == set()


@pytest.mark.wing("admission", "billing")
def test_a_link_into_a_static_page_leads_to_something_there() -> None:
    objects = (page for page in build(load_network(), Periods()) if page.content_type == HTML)
    pages = {f"/{page.key}": page.body.decode() for page in objects}
    links = [
        (key, address or key, part)
        for key, html in pages.items()
        for address, part in re.findall(r'href="(/extranet[\w/-]*|)#([\w-]+)"', html)
    ]
    subjects = {"photographier", "recus", "pre-inscription", "factures", "separes", "adultes"}
    for html in pages.values():
        keep_page(html)

    assert {part for key, _, part in links if key == "/extranet/aide"} >= subjects
    assert [link for link in links if f'id="{link[2]}"' not in pages[link[1]]] == []


ELSEWHERE: Final = {  # quoted in the help, and whole in no template
    *("Choisir un fichier", "Reçu le…", "Toute la réinscription et vos reçus", "Le plus compatible"),
    *("UN-7005", "UN7005", "coordonnées séparées", "entre la 5ᵉ et la 10ᵉ"),
}


def test_the_help_calls_each_page_and_button_as_it_is_called() -> None:
    texts = {template_name(page): page.read_text(encoding="utf-8") for page in PAGES}
    help_pages = texts.pop("family/help.html") + texts.pop("family/languages.html")
    quotes = set(re.findall("« (.+?) »", help_pages)) | set(re.findall(r'fr\("(.+?)"\)', help_pages))
    text = re.sub("« [^»]+ »", "", "\n".join(texts.values()))

    assert "Rien ne change : vérifier et envoyer" in quotes
    assert {words for words in quotes - ELSEWHERE if words not in text} <= {"{{ words }}"}


def test_what_is_said_in_another_language_says_in_which_one() -> None:
    page = next(page.body.decode() for page in build(load_network(), Periods()) if page.key == "extranet/aide/langues")
    sections = re.findall(r'<section id="\w+" lang="(\w+)"( dir="rtl")?', page)

    assert sections == [("en", ""), ("pt", ""), ("ar", ' dir="rtl"')]
    assert "tel:0199001001" in page


def test_no_hue_stands_outside_the_look() -> None:
    root = TEMPLATES.parent
    folders = ("templates", "chalicelib", "agency", "operations/pages")
    files = (file for folder in folders for file in (root / folder).rglob("*") if file.suffix in _HUED)
    hues = {
        file.relative_to(root).as_posix(): len(re.findall(r"#[0-9a-fA-F]{6}\b", file.read_text("utf-8")))
        for file in files
    }

    assert {name: count for name, count in hues.items() if count} == {
        "chalicelib/settings/look.py": 37,
        "chalicelib/settings/network.toml": 3,
        "templates/family/other_login_methods.html": 2,  # FranceConnect's, as it asks
        "templates/styles/families.css": 10,
    }


def test_the_icon_and_the_logo_are_the_network_s() -> None:
    look = Look(
        logo='<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0" /></svg>', accent="#1d3f8f"
    )

    icon, blue = asset_bytes("icon.svg", look).decode(), asset_bytes("icon.svg", replace(look, logo=None)).decode()

    assert icon.count("<svg ") == 2
    assert '<svg x="4" y="4" width="40" height="40" xmlns' in icon
    assert f'fill="{look.light["deep"]}"' in blue
    assert "var(" not in blue
    assert asset_bytes("logo.svg", look).decode() == look.logo


def test_a_network_s_pages_load_its_own_assets_and_all_are_published() -> None:
    network = replace(load_network(), look=Look(logo="<svg />", name="Musique", accent="#1d3f8f"))
    objects = {f"/{page.key}": page.body.decode() for page in build(network, Periods()) if not page.key.endswith("ico")}
    pages = {key: body for key, body in objects.items() if body.startswith("<!doctype html>")}

    links = {link for body in pages.values() for link in re.findall(r'(?:href|src)="(/extranet/assets/[^"]+)"', body)}

    assert links - objects.keys() == set()
    assert all("<span>Musique</span>" in body for body in pages.values())
    assert "--accent:#1d3f8f" in objects[asset_path("clef.css", network.look)]
    assert asset_path("clef.css", network.look) != asset_path("clef.css")
