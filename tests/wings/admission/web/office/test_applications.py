"""/extranet/bureau/demandes: the applications of new families for the sites of a member, fifty at a time."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.office.enrolment.export import EXPORT_TRAIL
from tests.support.applications import NUMBER, WHOLE
from tests.support.staff import DESK, MANAGER, READER, enter
from tests.support.stored_applications import PIE, PIE_NUMBER, application_of, open_admission, withdraw
from tests.support.world import Visitor, World

PAGE = f"{DESK}/demandes"
FAR = replace(
    PIE,
    guardian="Mme Line Huppe",
    candidates=(
        replace(PIE.candidates[0], wishes=(replace(PIE.candidates[0].wishes[0], site="ris-orangis-messiaen"),)),
    ),
)
FAR_NUMBER = "P27-HPPE-2222"


@pytest.fixture(autouse=True)
def season(world: World, visitor: Visitor) -> None:
    """Store the applications of three families, one of them only for a site that the reader does not see."""
    open_admission(world)
    application_of(world)
    application_of(world, "pie@example.org", PIE, PIE_NUMBER, world.now)
    application_of(world, "huppe@example.org", FAR, FAR_NUMBER, world.now)
    enter(world, visitor, READER)


def test_the_applications_of_a_member_s_sites_are_listed_with_what_lacks(visitor: Visitor) -> None:
    page = visitor.get(PAGE)

    assert page.status_code == 200
    for expected in (
        NUMBER,
        "Mme Inès Geai",
        "Alba Geai, 9 ans",
        "Piano, Débutant, Evry - Xénakis (mercredi, samedi)",
        "Justificatif de domicile",
        "juin 2027 à 9 h 00",
        PIE_NUMBER,
        "Élèves : 3 ; envoyée : 3.",
        "Demandes 1 à 2 sur 2",
    ):
        assert expected in page.text
    assert page.text.index(NUMBER) < page.text.index(PIE_NUMBER)
    assert FAR_NUMBER not in page.text
    assert "Huppe" not in page.text


def test_no_table_is_gone_through(world: World, visitor: Visitor) -> None:
    visitor.get(PAGE)
    world.aws.calls.clear()

    visitor.get(PAGE)

    assert "Scan" not in world.aws.calls


def test_they_are_sought_by_site_and_state(world: World, visitor: Visitor) -> None:
    withdraw(world, "a1a1a1a1")
    enter(world, visitor, MANAGER)

    assert FAR_NUMBER in visitor.get(PAGE).text
    at_magnard = visitor.get(f"{PAGE}?site=evry-magnard&etat=envoyee").text
    assert PIE_NUMBER in at_magnard
    assert NUMBER not in at_magnard
    assert "Alba" in visitor.get(f"{PAGE}?etat=retiree").text
    assert visitor.get(f"{PAGE}?etat=perdue").status_code == 404


def test_a_number_leads_to_its_application_and_a_foreign_one_is_as_one_that_nobody_has(visitor: Visitor) -> None:
    answer = visitor.get(f"{PAGE}?numero=p27 k4tn 8wcb")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PAGE}/{NUMBER}")

    for number in (FAR_NUMBER, "P27-2345-6789"):
        refusal = visitor.get(f"{PAGE}?numero={number}")
        assert refusal.status_code == 422
        assert f"Aucune demande pour vos sites n'a le numéro {number}" in refusal.text
    assert "il s'écrit P27-K4TN-8WCB" in visitor.get(f"{PAGE}?numero=douze").text


def test_fifty_are_on_a_page_and_the_next_begins_after_the_last_of_them(world: World, visitor: Visitor) -> None:
    at = world.now + timedelta(minutes=1)
    for number in range(50):
        application_of(
            world, f"merle{number}@example.org", replace(WHOLE, guardian="Merle"), f"P27-{number:04}-2222", at
        )

    first = visitor.get(PAGE).text
    assert "Demandes 1 à 50 sur 52" in first
    assert 'href="/extranet/bureau/demandes?page=50-P27-0047-2222"' in first
    second = visitor.get(f"{PAGE}?page=50-P27-0047-2222").text
    assert "Demandes 51 à 52 sur 52" in second
    assert "P27-0048-2222" in second
    assert "Page précédente" in second
    assert visitor.get(f"{PAGE}?page=P27-NONE-0000").text.count("Demandes 1 à 50") == 1


def test_the_list_is_a_file_of_what_it_shows_in_its_order(world: World, visitor: Visitor) -> None:
    assert "(CSV)" not in visitor.get(PAGE).text
    enter(world, visitor)
    assert "Les 3 lignes de cette liste (CSV)" in visitor.get(PAGE).text
    form = dict(re.findall(r'name="(jeton)" value="([^"]*)"', visitor.get(PAGE).text))
    visitor.post(f"{PAGE}/colonnes", form | {"colonne-1": "niveau", "colonne-2": "telephone"})

    def lines(query: str = "") -> list[str]:
        return visitor.get(f"{PAGE}/csv{query}").text.splitlines()

    assert lines()[0].lstrip("\ufeff") == "Demande;Famille;Élève;Vœux;État;Envoyée;Niveau;Téléphone"
    assert lines()[1] == (
        f'{NUMBER};Mme Inès Geai;Alba Geai, 9 ans;"Piano, Débutant, Evry - Xénakis (mercredi, samedi) ; '
        'Violon, Débutant, Evry - Magnard";envoyée;01/06/2027 09:00;Débutant;06 99 00 20 01'
    )
    assert [line.split(";")[2].split(",")[0] for line in lines()[1:]] == ["Alba Geai", "Nils Geai", "Ugo Pie"]
    assert lines("?tri=recentes")[1].startswith(PIE_NUMBER)
    assert lines("?tri=famille") == lines()
    assert len(lines("?etat=refusee")) == 1
    exports = [entry.author.why for entry in world.services.audit_trail.on("evry-xenakis", EXPORT_TRAIL)]
    assert exports[0] == "export : Demandes"
