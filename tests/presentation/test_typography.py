"""French typography: no page, mail or letter breaks a line at a wrong blank, and text to copy is unchanged."""

import ast
import html
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader

from app import app
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.presentation.printing.letters import page_of
from chalicelib.presentation.rendering import ASSETS, environment
from chalicelib.presentation.texts import de
from chalicelib.presentation.typography import Exact, in_text, words
from chalicelib.settings.environment import load_network
from chalicelib.settings.wings import has
from operations.pages.build import build
from tests.support.billing import ALL, OVERDUE, bill
from tests.support.enrolment import HOUSEHOLD, ZELIE_KEY, open_season
from tests.support.enrolment_pages import version_of_page
from tests.support.french import loose, loose_in_page, plain
from tests.support.paper_letters import NETWORK, letter_to
from tests.support.receipts import NUMBER, send_enrolment
from tests.support.template_files import template_files
from tests.support.world import EMAIL, ROSSIGNOL, Visitor, World
from tools.local.post import mails as sent_mails

ROOT = Path(__file__).parents[2]
FIRM = "\N{NO-BREAK SPACE}"


def render(template: str, **facts: object) -> str:
    """Render a page, with « ~ » for the no-break blank."""
    pages = environment().overlay(loader=DictLoader({"page.html": template}))
    return pages.get_template("page.html").render(facts).replace(FIRM, "~")


# The rules.


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Une difficulté ? Oui ; non : rien !", "Une difficulté~? Oui~; non~: rien~!"),
        ("« Mot de passe perdu »", "«~Mot de passe perdu~»"),
        ("l'élève d'aujourd'hui, qu'« Aide » dit", "l’élève d’aujourd’hui, qu’«~Aide~» dit"),
        ("8 Mo, 850 Ko, 1024 Ko, 24 heures, 20 %, 12 €", "8~Mo, 850~Ko, 1024~Ko, 24~heures, 20~%, 12~€"),
        ("le 1er juin 2027 à 14 h 30, le 3 mai", "le 1er~juin 2027 à 14~h~30, le 3~mai"),
        ("le 1er semestre", "le 1er~semestre"),
        ("Cycle 2 - 1re année, 2e et 3e année, 2nde année", "Cycle 2~- 1re~année, 2e~et 3e~année, 2nde~année"),
        (
            "Evry - Magnard, Ris Orangis - Messiaen, Villabé - Yves Henry",
            "Evry~- Magnard, Ris Orangis~- Messiaen, Villabé~- Yves Henry",
        ),
        ("14 h 30 - 15 h 15 ; rendez-vous", "14~h~30~- 15~h~15~; rendez-vous"),
        ("Pièces\n- Photo\n  - Avis", "Pièces\n- Photo\n  - Avis"),
        ("loi n° 2005-102", "loi n°~2005-102"),
        ("01 99 00 10 02 ; 1 234 567 €", "01~99~00~10~02~; 1~234~567~€"),
        ("+1 202 555 0143, +32 2 555 12 34", "+1~202~555~0143, +32~2~555~12~34"),
        ("3 élèves, 5 conservatoires", "3~élèves, 5~conservatoires"),
        ("À 9 h 05, le 2 septembre", "À 9~h~05, le 2~septembre"),
        ("o'neill@example.org ou d'o'neill", "o'neill@example.org ou d’o’neill"),
        ("https://example.org/l'été?a=1 : l'adresse", "https://example.org/l'été?a=1~: l’adresse"),
        ("Réponse :\nVoici : rien", "Réponse~:\nVoici~: rien"),
        ("rock 'n' roll, 12, 13", "rock 'n' roll, 12, 13"),
    ],
)
def test_a_text_is_set_as_it_is_printed(text: str, value: str) -> None:
    assert in_text(text) == value.replace("~", FIRM)
    assert loose(in_text(text)) == []


@given(
    st.lists(st.sampled_from([*"abA1 '«»:;?!h%-\n", "juin", "2e", "Mo", "1er", "n°", "://", "@", FIRM])).map("".join)
)
def test_nothing_is_lost_and_what_is_set_stays_so(text: str) -> None:
    """Several blanks may become one no-break blank."""
    once = in_text(text)

    assert re.sub(" +", " ", plain(once)) == re.sub(" +", " ", plain(text))
    assert in_text(once) == once


def test_what_is_exact_is_html_or_no_text_stays_as_it_is() -> None:
    assert [words(value) for value in (Exact("l'a ?"), 12, None)] == ["l'a ?", 12, None]


# Templates.


ODD = "l'eau : « 8 h 30 » ?"
SET = "l’eau~: «~8~h~30~»~?"


@pytest.mark.parametrize(
    ("template", "page"),
    [
        pytest.param("<p>« <strong>{{ odd }}</strong> » :</p>", f"<p>«~<strong>{SET}</strong>~»~:</p>", id="text"),
        pytest.param("d'<b>{{ n }}</b> caractères", "d’<b>3</b>~caractères", id="over tags"),
        pytest.param("<strong>{{ n }}</strong> juin", "<strong>3</strong>~juin", id="a day and its month"),
        pytest.param("{% if n %}Fin{% endif %} ?", "Fin~?", id="over a condition"),
        pytest.param("<b>{{ 'Evry' }}</b> - {{ 'Magnard' }}", "<b>Evry</b>~- Magnard", id="before a dash"),
        pytest.param("<p>{{ n }}<br>\n- {{ n }}</p>", "<p>3<br>\n- 3</p>", id="not before a line's dash"),
        pytest.param("<p>1</p> <p>an</p>", "<p>1</p> <p>an</p>", id="not over a line's end"),
        pytest.param('<a aria-label="Où ? {{ odd }}">', f'<a aria-label="Où~? {SET}">', id="said aloud"),
        pytest.param('<p data-before="{{ odd }}">', f'<p data-before="{SET}">', id="shown later"),
        pytest.param('<input value="{{ odd }}">', f'<input value="{ODD}">', id="what is sent back"),
        pytest.param('<input type="hidden" value="l\'a ?">', '<input type="hidden" value="l\'a ?">', id="hidden"),
        pytest.param("<textarea>d'a ? {{ odd }}</textarea> ?", f"<textarea>d'a ? {ODD}</textarea>~?", id="textarea"),
        pytest.param("<option>{{ odd }}</option>", f"<option>{ODD}</option>", id="an option that sends its text"),
        pytest.param(
            '<option value="{{ odd }}">{{ odd }}</option>', f'<option value="{ODD}">{SET}</option>', id="option"
        ),
        pytest.param("<pre>{{ odd }}</pre><code>a ?</code>", f"<pre>{ODD}</pre><code>a ?</code>", id="left alone"),
        pytest.param("<script>var a = 'b ? c';</script>", "<script>var a = 'b ? c';</script>", id="script"),
        pytest.param("<!-- l'a ? -->l'a ?", "<!-- l'a ? -->l’a~?", id="comment"),
        pytest.param("{{ odd|exact }} ?", f"{ODD}~?", id="exact"),
        pytest.param("{{ 'l\\'a ?' }}", "l’a~?", id="a constant"),
        pytest.param("{% macro m(x) %}{{ x }} ?{% endmacro %}{{ m(odd) }}", f"{SET}~?", id="macro"),
        pytest.param("{{ '<b>' }}", "&lt;b&gt;", id="escaped"),
    ],
)
def test_a_template_is_set_where_people_read_it_and_nowhere_else(template: str, page: str) -> None:
    assert render(template, odd=ODD, n=3) == page


# Everything rendered. `Visitor` and `World.mails` also check all that other tests open.

# As a family types it. A form shows it again unchanged.
TYPED = "L'Hôte d'Anne : « 8 h 30 » ? 12 rue de l'Église"
COPIED = ("d'arc 3 ?", "N'1 an : 2")  # an identifier, and the number of an invoice
LITERAL = r"""(?<!replace\()"([^"\n]*)"|'([^'\n]*)'"""


def test_every_page_that_stands_ready_is_set() -> None:
    announcement = Periods(EnrolmentPeriod(date(2027, 6, 1), date(2027, 6, 15)))
    objects = [page for periods in (Periods(), announcement) for page in build(load_network(), periods)]

    slips = {page.key: loose_in_page(page.body.decode()) for page in objects if "html" in page.content_type}

    assert {key: said for key, said in slips.items() if said} == {}


def test_what_scripts_say_is_set() -> None:
    slips = {}
    for file in ASSETS.glob("*.js"):
        code = re.sub(r"(?m)^\s*//.*$|\s// .*$", "", file.read_text(encoding="utf-8"))
        strings = ["".join(pair) for pair in re.findall(LITERAL, code)]
        slips[file.name] = loose("|".join(words.replace("\\u00a0", FIRM) for words in strings if " " in words))

    assert {name: strings for name, strings in slips.items() if strings} == {}


@pytest.fixture
def inside(world: World, visitor: Visitor) -> Visitor:
    """Log in a family with something on every page, whose names and typed texts are hard for the filter."""
    pupils = tuple(replace(pupil, name=f"Agathe {pupil.name} d'Été") for pupil in HOUSEHOLD.pupils)
    guardians = tuple(replace(guardian, name=f"{guardian.name} d'Été") for guardian in HOUSEHOLD.guardians)
    account = open_season(world)
    if has("billing"):
        bill(world, *ALL, replace(OVERDUE, number=COPIED[1]))
    send_enrolment(world, ZELIE_KEY)
    account_after = replace(
        account, display_identifier=COPIED[0], household=replace(HOUSEHOLD, guardians=guardians, pupils=pupils)
    )
    world.services.accounts.change(account, account_after)
    visitor.log_in()
    visitor.verbatim = COPIED
    return visitor


# checked in `tests/web/office`, page by page
DESK = {path for path in app.routes if path.startswith(("/extranet/bureau", "/extranet/enseignant"))}


def test_every_page_behind_login_is_set_whatever_a_family_is_called(inside: Visitor) -> None:
    """Every route, opened and posted to: `Visitor` fails on a page with wrong blanks."""
    parts = {"facture": OVERDUE.code, "eleve": ZELIE_KEY, "numero": NUMBER, "lien": "aucun", "site": ROSSIGNOL.site}
    parts |= {"tentative": "aucune", "famille": "aucune", "annee": "2026"}
    paths = [
        re.sub(r"\{(\w+)\}", lambda named: parts[named[1]], path) for path in sorted(app.routes) if path not in DESK
    ]

    statuses = {path: inside.get(path).status_code for path in paths}
    codes = {path: inside.post(path, {"remarque": TYPED, "payeur": TYPED}).status_code for path in paths}

    assert sum(status == 200 for status in statuses.values()) > 12, statuses
    assert 422 in codes.values()


@pytest.mark.wing("billing")
def test_what_a_family_typed_comes_back_to_the_letter_and_an_identifier_is_shown_so(inside: Visitor) -> None:
    step = "/extranet/compte/reinscription/foyer"
    page = html.unescape(
        inside.post(step, {"vu": version_of_page(inside, step), "payeur": TYPED}).get_data(as_text=True)
    )
    receipt = html.unescape(inside.get(f"/extranet/compte/reinscription/recus/{NUMBER}").get_data(as_text=True))
    bills = html.unescape(inside.get("/extranet/compte/facturation").get_data(as_text=True))

    assert f'name="payeur" type="text" value="{TYPED}"' in page
    assert f"<dd>{COPIED[0]}</dd>" in receipt
    assert f"n°{FIRM}{COPIED[1]}</h3>" in bills


def test_every_mail_is_set_and_what_is_copied_from_it_is_not(world: World, visitor: Visitor) -> None:
    """`World.mails` checks each mail that any test sends. tests/mail/test_letters.py has one of each kind."""
    world.settle(replace(ROSSIGNOL, identifier="d'arc3?"), display_identifier=COPIED[0], name="Famille d'Été")
    visitor.post("/extranet/compte/mot-de-passe-perdu", {"identifiant": COPIED[0], "email": EMAIL})

    world.deliver()

    (mail,) = sent_mails(world.aws)
    assert f"Identifiant{FIRM}: {COPIED[0]}\n" in mail.text
    assert "Bonjour Famille d’Été," in mail.text
    assert "\N{RIGHT SINGLE QUOTATION MARK}" in mail.subject
    assert f"<strong>{COPIED[0]}</strong>" in html.unescape(mail.html)
    assert re.search(rf"^Mot de passe{FIRM}: ([A-Za-z0-9]{{16}})$", mail.text, re.MULTILINE)
    assert "http://127.0.0.1:8000/extranet/usager" in mail.text


def test_a_letter_on_paper_is_set_but_for_its_identifier() -> None:
    lines = page_of(letter_to("Famille d'Été", ("1 rue de l'Été", "91000 Évry"), display_identifier=COPIED[0]), NETWORK)
    assert lines is not None
    texts = [line.text.rstrip(" ") for line in lines]

    assert [slip for line in texts if line not in COPIED for slip in loose(line)] == []
    assert {COPIED[0], "Famille d’Été", "1 RUE DE L ETE", "Bonjour Famille d’Été,"} <= {*texts}


# « de » or « d' ».


@pytest.mark.parametrize(
    "phrase",
    [
        *("d'Agathe", "d'Élodie", "d'Ève Rossignol", "d'Œnone", "d'Oscar", "d'Ulysse", "d'ISAAC", "d'Aimée"),
        *("d'Hélène", "d'Henri", "d'Hugo", "d'Hadrien", "d'Yves", "d'Yvonne", "d'Orgue"),
        *("de Léo", "de Yasmine", "de Yann", "de Hamza", "de Hassan", "de Harry", "de Mme Aimée", "de Hautbois"),
        *("de Harpe", "de 3", "de "),
    ],
)
def test_of_is_shortened_as_one_says_it(phrase: str) -> None:
    assert de(phrase.removeprefix("d'").removeprefix("de ")) == phrase


def test_nothing_is_said_with_letters_in_brackets() -> None:
    """« né(e) », « 2 fichier(s) »: on no page, in no mail, nor by `clef`, whose texts families read too."""
    folders = (ROOT / "agency", ROOT / "chalicelib")
    sources = [path.read_text("utf-8") for folder in folders for path in folder.rglob("*.py")]
    texts = {
        node.value
        for source in sources
        if re.search(r"\((?:e|s|es|ne)\)", source)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    } | {path.read_text("utf-8") for path in template_files()}

    assert {line for line in texts if re.search(r"\w\((?:e|s|es|ne)\)", line)} == set()


def test_a_re_enrolment_is_that_of_agathe(inside: Visitor) -> None:
    pupils = plain(inside.get("/extranet/compte/eleves").text)
    lines = [line for path in template_files() for line in path.read_text("utf-8").splitlines()]

    assert "la réinscription d'Agathe Zélie" in pupils
    assert [
        line for line in lines if re.search(r"\b(?:de|que) \{\{ [\w.]*name\b|\b(?:de|que) \" ~ \w*name", line)
    ] == []
