"""The accessibility statement: its state is computed from an audit, a better one is refused, every page shows it."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from chalicelib.domain.enrolment.periods import Periods
from chalicelib.presentation.texts import day
from chalicelib.settings.environment import NETWORK_FILE, Network, load_network
from chalicelib.settings.network import Accessibility
from chalicelib.settings.wings import tabs
from chalicelib.web.responses import HTML
from operations.pages.build import build
from tests.support.french import slips, visible_text
from tests.support.template_files import template_files
from tests.support.world import Visitor, World

ROOT = Path(__file__).parents[1]
TODAY = datetime.now(UTC).date()
LAST_MONTH = TODAY - timedelta(days=30)
AUDIT = {
    "rate": "72.5",
    "auditor": '"Cabinet Accès Libre"',
    "audited_on": LAST_MONTH.isoformat(),
    "sample": '["/extranet", "/extranet/usager"]',
}
PARTS = [
    "État de conformité",
    "Résultats des tests",
    "Contenus non accessibles",
    "Établissement de cette déclaration d'accessibilité",
    "Retour d'information et contact",
    "Voies de recours",
]


def network(folder: Path, **settings: str | None) -> Network:
    """Load the shipped network with other accessibility settings."""
    before, _, rest = NETWORK_FILE.read_text(encoding="utf-8").partition("[accessibility]")
    lines = [f"{name} = {value}" for name, value in {"declared_on": TODAY.isoformat(), **settings}.items() if value]
    file = folder / "network.toml"
    file.write_text("\n".join([before + "[accessibility]", *lines, "[passwords]"]) + rest.partition("[passwords]")[2])
    return load_network(path=file)


def plain(page: str) -> str:
    """Convert a page to a keyboard's blanks and apostrophes."""
    return re.sub("[\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]", " ", page).replace(
        "\N{RIGHT SINGLE QUOTATION MARK}", "'"
    )


def section(network: Network) -> str:
    """Render the statement as HTML."""
    html = next(plain(page.body.decode()) for page in build(network, Periods()) if page.key == "extranet/aide")
    return html[html.index('id="accessibilite"') : html.index("<footer")]


def statement(network: Network) -> str:
    """Extract the text of the statement."""
    return plain(visible_text(f"<{section(network)}"))


def refusal(folder: Path, **settings: str | None) -> str:
    with pytest.raises(ValidationError) as error:
        network(folder, **settings)
    return str(error.value)


# The state.


def test_without_an_audit_nothing_but_non_conforme_is_said(tmp_path: Path) -> None:
    for network_here in (network(tmp_path), replace(load_network(), accessibility=Accessibility())):
        assert network_here.accessibility.state == "non conforme"
        assert "est non conforme avec le référentiel général d'amélioration" in statement(network_here)
        assert "n'a pas encore été audité" in statement(network_here)
        assert "partiellement" not in statement(network_here)
    assert "Le réseau n'a pas encore établi sa propre déclaration" in statement(network_here)


@pytest.mark.parametrize(
    ("rate", "state"),
    [
        ("0", "non conforme"),
        ("49.99", "non conforme"),
        ("50", "partiellement conforme"),
        ("99.99", "partiellement conforme"),
        ("100", "totalement conforme"),
        ("100.0", "totalement conforme"),
    ],
)
def test_the_state_is_worked_out_of_the_rate(tmp_path: Path, rate: str, state: str) -> None:
    network_here = network(tmp_path, **AUDIT | {"rate": rate, "declared_on": None})

    assert network_here.accessibility.state == state
    assert f"est {state} avec le référentiel" in statement(network_here)


@pytest.mark.parametrize("lacking", sorted(AUDIT))
def test_an_audit_that_is_not_whole_is_refused(tmp_path: Path, lacking: str) -> None:
    assert f"accessibility: the audit is incomplete: {lacking} is missing" in refusal(
        tmp_path, **AUDIT | {lacking: None}
    ).replace("\n  Value error, ", ": ")


@pytest.mark.parametrize(
    ("settings", "mistake"),
    [
        ({"rate": "101"}, "accessibility.rate"),
        ({"rate": "-1"}, "accessibility.rate"),
        ({"rate": "nan"}, "accessibility.rate"),
        ({"rate": '"72 %"'}, "accessibility.rate"),
        ({"rate": "true"}, "accessibility.rate"),
        ({"auditor": '"  "'}, "accessibility.auditor"),
        ({"sample": "[]"}, "sample is missing"),
        ({"sample": '[" "]'}, "accessibility.sample"),
        ({"audited_on": (TODAY + timedelta(days=2)).isoformat()}, "the date of the audit is in the future"),
        ({"declared_on": (TODAY + timedelta(days=2)).isoformat()}, "the statement is dated later than today"),
        ({"state": '"partiellement conforme"'}, "accessibility.state"),
        ({"state": '"totalement conforme"'}, "the state is derived from the audit: remove this line"),
        ({"rate": "100", "non_conformities": '["Les PDF"]'}, "a rate of 100 leaves no non-conformity"),
    ],
)
def test_more_than_an_audit_allows_is_refused(tmp_path: Path, settings: dict[str, str], mistake: str) -> None:
    assert mistake in refusal(tmp_path, **AUDIT | settings)


def test_a_state_is_not_taken_without_an_audit_either(tmp_path: Path) -> None:
    assert "accessibility.state" in refusal(tmp_path, state='"non conforme"')


def test_an_audit_of_more_than_three_years_counts_no_more(tmp_path: Path) -> None:
    old = network(tmp_path, **AUDIT | {"audited_on": (TODAY - timedelta(days=1098)).isoformat()})
    young = network(tmp_path, **AUDIT | {"audited_on": (TODAY - timedelta(days=1090)).isoformat()})

    assert (old.accessibility.state, young.accessibility.state) == ("non conforme", "partiellement conforme")
    assert "plus de trois ans" in statement(old)
    assert "72,5" not in statement(old)


# The statement.


def test_the_statement_has_its_official_parts_in_their_order(tmp_path: Path) -> None:
    for network_here in (load_network(), network(tmp_path, **AUDIT)):
        html = section(network_here)
        assert [part for part in re.findall(r"<h3>(.+?)</h3>", html) if part in PARTS] == PARTS
        for heading in (
            *("Non-conformités", "Dérogations pour charge disproportionnée", "Contenus non soumis", "Technologies"),
            *("Environnement de test", "Outils pour évaluer", "Pages du site ayant fait l'objet"),
        ):
            assert f"<h4>{heading}" in html, heading


def test_the_statement_tells_the_audit(tmp_path: Path) -> None:
    network_here = network(
        tmp_path,
        **AUDIT,
        non_conformities='["Les factures en PDF"]',
        disproportionate_burden='["Les pièces numérisées"]',
        exemptions='["Les PDF d\'avant 2018"]',
        environments='["Firefox et NVDA"]',
        tools='["axe-core"]',
        plan_url='"https://example.fr/schema"',
    )

    text = statement(network_here)

    assert f"L'audit de conformité réalisé par Cabinet Accès Libre, achevé le {day(LAST_MONTH)}" in text
    assert "72,5 % des critères" in text
    for part in ("Les factures en PDF", "Les pièces numérisées", "Les PDF d'avant 2018", "Firefox et NVDA", "axe-core",
                 "/extranet/usager", "schéma pluriannuel"):  # fmt: skip
        assert part in text, part
    assert slips(text) == []


def test_the_statement_says_whom_to_ask_and_whom_to_complain_to() -> None:
    network_here = load_network()
    html, text = section(network_here), statement(network_here)

    for part in ("Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07", "09 69 39 00 00", "délégué",
                 *(site.contact.telephone for site in network_here.sites)):  # fmt: skip
        assert part in text, part
    assert 'href="https://formulaire.defenseurdesdroits.fr/' in html
    assert network_here.accessibility.declared_on
    assert day(network_here.accessibility.declared_on) in text


# The mention.


def test_every_page_says_the_state_with_a_link_to_the_statement(tmp_path: Path, world: World, visitor: Visitor) -> None:
    mention = '<a href="/extranet/aide#accessibilite">Accessibilité : {}</a>'
    for network_here in (load_network(), network(tmp_path, **AUDIT)):
        static = [page for page in build(network_here, Periods()) if page.content_type.startswith("text/html")]
        sentence = mention.format(network_here.accessibility.state)
        assert [page.key for page in static if sentence not in plain(page.body.decode())] == []
    world.settle()
    html = visitor.post("/extranet/compte/connexion", {}).text
    visitor.log_in()
    for page in (html, visitor.get("/extranet/compte").text, visitor.get("/extranet/compte/facturation/rien").text):
        assert mention.format(load_network().accessibility.state) in plain(page)
    inside = plain(visible_text(visitor.get("/extranet/compte/accessibilite").text))
    assert [part for part in PARTS if part not in inside] == []


def test_the_statement_stands_where_the_mention_leads() -> None:
    html = next(page.body.decode() for page in build(load_network(), Periods()) if page.key == "extranet/aide")

    assert html.count('id="accessibilite"') == 1
    assert date.fromisoformat(str(load_network().accessibility.declared_on)) <= TODAY


# The assessment of docs/rgaa.md, on which the state of the tests' network is founded.

CRITERIA = (9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12)  # of each of the RGAA's thirteen topics


def criteria() -> list[list[str]]:
    """List number, summary, state and proof of each criterion."""
    lines = (ROOT / "docs" / "rgaa.md").read_text(encoding="utf-8").splitlines()
    return [line.strip("| ").split(" | ") for line in lines if re.match(r"\| \d+\.\d+ ", line)]


def test_each_criterion_has_a_state_and_its_proof() -> None:
    rows = criteria()
    names = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", "".join(proof for *_, proof in rows))

    assert [number for number, *_ in rows] == [
        f"{topic}.{n}" for topic, limit in enumerate(CRITERIA, 1) for n in range(1, limit + 1)
    ]
    assert {state for _, _, state, _ in rows} == {"C", "NC", "NA"}
    assert len(names) > len(CRITERIA)
    assert [name for file, name in names if f"def {name}(" not in (ROOT / file).read_text(encoding="utf-8")] == []


def test_the_state_of_the_repository_follows_from_the_criteria() -> None:
    states = [state for _, _, state, _ in criteria()]
    declaration = load_network().accessibility

    assert declaration.rate == round(100 * states.count("C") / (states.count("C") + states.count("NC")), 2)
    assert len(declaration.non_conformities) == states.count("NC")


def test_the_site_map_lists_each_public_page() -> None:
    pages = {page.key: page.body.decode() for page in build(load_network(), Periods()) if page.content_type == HTML}
    public = {f"/{key}" for key in pages if not key.startswith("extranet/erreurs/")}
    links = set(re.findall(r'<a href="(/extranet[^"#]*)', pages["extranet/plan"]))

    assert public - links == set()
    assert links - public == {
        *("/extranet/enseignant", "/extranet/pre-inscription", "/extranet/pre-inscription/suivi"),
        *(f"/extranet/compte{tab}" for tab in ("", "/famille", "/eleves", "/reinscription", "/mot-de-passe")),
        *("/extranet/bureau/connexion", "/extranet/compte/acces/cle"),
        *(f"/extranet/compte/{tab}" for tab in tabs("/extranet/compte/").split("|") if tab),
    }


def test_each_table_has_a_title() -> None:
    pages = [page for page in template_files("**/*.html") if page.parent.name != "letters"]
    tables = [
        (page.name, table)
        for page in pages
        for table in re.findall(r"<table.*?</thead>", page.read_text(encoding="utf-8"), re.DOTALL)
    ]

    assert [page for page, table in tables if not re.search("<caption|<table[^>]* aria-label", table)] == []
    assert len(tables) > 10
