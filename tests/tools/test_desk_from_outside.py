"""A program that knows `/_local/bureau.json` and HTML forms, but nothing of the product, works at the desk."""

import re
from collections.abc import Iterator

import pytest

from operations.journeys.browser import Browser
from tools.outside import running
from tools.program import Program


@pytest.fixture(scope="module")
def program() -> Iterator[Program]:
    with running() as url:
        yield Program(Browser(url))


def shown(program: Program) -> list[str]:
    """List the pupils in the list of re-enrolments."""
    return sorted(re.findall(r'<th scope="row"><a [^>]*>([^<]+)</a>', program.page))


def test_it_does_a_secretary_s_morning(program: Program) -> None:
    secretary = program.enter("/extranet/bureau", "secretary")
    assert set(secretary) >= {"role", "sites", "courriel", "mot_de_passe", "totp"}

    program.submit("/recherche$", recherche="Familé Erabel")  # opens by a misspelt name
    program.submit("/deblocage$", **{
        name: "Au téléphone" for name in program.form("/deblocage$").fields if name.startswith("raison")
    })  # fmt: skip
    assert "Au téléphone" in program.page

    program.open("/extranet/bureau/reinscriptions?site=evry-xenakis&etat=envoyee")  # accepts three pupils
    fields = {
        name: values[0] for name, values in program.form("/decisions$").choices.items() if name.startswith("eleve-")
    }
    assert len(fields) == 3
    program.submit("/decisions$", decision="accepted", **fields)
    assert "Anatole" in program.page
    program.submit("/decisions$")  # the summary lists the decisions
    program.open("/extranet/bureau/reinscriptions?site=evry-xenakis&etat=acceptee")
    assert [name.split()[0] for name in shown(program)] == ["Anatole", "Blanche", "Clotilde"]
    program.open("/extranet/bureau/reinscriptions?site=evry-xenakis&etat=envoyee")
    assert shown(program) == []

    program.open("/extranet/bureau/reinscriptions?site=evry-magnard&etat=envoyee")  # asks one for a document
    program.open(program.link("Gustave"))
    program.submit("/decision$", decision="to_complete", texte="Il manque le certificat médical.")
    assert "Il manque le certificat médical." in program.page

    program.open("/extranet/bureau/reinscriptions?site=evry-xenakis")  # exports
    text = program.submit("/export$", mot_de_passe=secretary["mot_de_passe"])
    rows = [row.split(";") for row in text.splitlines()]
    state, pupil = rows[0].index("État"), rows[0].index("Élève")
    pupils = {row[pupil] for row in rows if row[state] == "acceptée"}
    assert pupils == {"Anatole Troène", "Blanche Troène", "Clotilde Cornouiller"}
