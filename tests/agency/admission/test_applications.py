"""`clef requests`: the lists and exports of an operator."""

import csv
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from agency.console.exit_codes import ExitCode
from chalicelib.domain.account.accounts import AccountRef, Password
from chalicelib.domain.family.households import Guardian, Household
from chalicelib.wings.admission.presentation.office.applications_export import HEADINGS
from tests.support.applications import ALBA, NOW, NUMBER
from tests.support.clef import Clef
from tests.support.stored_applications import PIE, PIE_NUMBER, accept, application_of, open_admission, withdraw
from tests.support.world import ROSSIGNOL, World

GEAI = AccountRef("evry-xenakis", "pi27001")


@pytest.fixture(autouse=True)
def season(world: World) -> None:
    """Store two applications: of two children, and of one whose telephone a family has."""
    open_admission(world)
    application_of(world)
    application_of(world, "pie@example.org", PIE, PIE_NUMBER, NOW + timedelta(hours=1))
    household = Household((Guardian("M. Noé Pie", telephone="06 99 00 30 01"),))
    world.settle(ROSSIGNOL, household=household, display_identifier="XEN 1")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def test_the_list_has_each_candidate_with_its_wishes_and_what_looks_like_it(clef: Clef) -> None:
    result = clef("requests list")

    assert result.code == ExitCode.DONE
    lines = result.out.splitlines()
    assert [re.split(r" {2,}", line)[:3] for line in lines[1:4]] == [
        [NUMBER, "Alba Geai", "9"],
        [NUMBER, "Nils Geai", "6"],
        [PIE_NUMBER, "Ugo Pie", "11"],
    ]
    assert "Piano, Débutant, Evry - Xénakis (mercredi, samedi) ; Violon, Débutant, Evry - Magnard" in result.out
    assert "Justificatif de domicile" in result.out
    assert "même téléphone que le compte xen1, evry-xenakis (Famille Rossignol)" in result.out
    assert lines[-1] == "Pré-inscription 2027. Élèves : 3 ; envoyée : 3."


def test_the_list_is_filtered_by_site_state_and_discipline(clef: Clef, world: World) -> None:
    withdraw(world, ALBA.key)

    def named(options: str) -> list[str]:
        return [pupil["candidate"] for pupil in clef(f"requests list --json {options}").json["pupils"]]

    assert named("--site evry-magnard") == ["Alba Geai", "Ugo Pie"]
    assert named("--state retiree") == ["Alba Geai"]
    assert named("--discipline guit") == ["Ugo Pie"]
    assert named("--awaiting") == ["Nils Geai", "Ugo Pie"]
    assert named("--season 2026") == []


def test_json_tells_what_looks_alike_by_its_key(clef: Clef) -> None:
    pupils = clef("requests list --json").json["pupils"]

    assert pupils[2]["look_alikes"] == [
        {"sign": "telephone", "name": "Famille Rossignol", "site": "evry-xenakis", "identifier": "xen1"}
    ]
    assert (pupils[0]["number"], pupils[0]["state"], pupils[0]["age"]) == (NUMBER, "sent", 9)


def test_the_export_has_a_row_a_wish_and_one_for_who_is_accepted(clef: Clef, world: World, tmp_path: Path) -> None:
    accept(world, "Alba")
    path = tmp_path / "demandes.csv"

    result = clef(f"requests export --to {path}")

    rows = rows_of(path)
    assert result.out.startswith("Lignes écrites : 4")
    assert list(rows[0]) == list(HEADINGS)
    assert [(row["Nom de l'élève"], row["Discipline"], row["Site"], row["Identifiant"]) for row in rows] == [
        ("Geai", "Piano", "evry-xenakis", "PI27001"),
        ("Geai", "Éveil musical", "evry-xenakis", ""),
        ("Pie", "Guitare", "evry-magnard", ""),
        ("Pie", "Guitare", "evry-xenakis", ""),
    ]
    assert (rows[0]["Adresse"], rows[0]["Code postal"], rows[0]["Ville"]) == ("4 allée des Tilleuls", "91000", "Evry")


def test_what_comes_back_of_an_accepted_family_changes_nothing(clef: Clef, world: World, tmp_path: Path) -> None:
    accept(world, "Alba")
    accept(world, "Nils")
    account = world.account(GEAI)
    password = Password(world.services.hasher.hash("Loriot6Jaune"), world.now, "chosen")
    world.services.accounts.revise(GEAI, lambda found: replace(found, password=password))
    path = tmp_path / "familles.csv"
    clef(f"requests export --state acceptee --to {path}")

    result = clef(f"families import {path} --json")
    clef(f"families import {path} --apply")

    assert result.json["counts"]["families"]["unchanged"] == 1
    after = world.account(GEAI)
    assert (after.household, after.emails, after.name) == (account.household, account.emails, account.name)
    assert (after.password, after.application) == (password, NUMBER)


def test_the_report_counts_wishes_and_candidates_and_names_nobody(clef: Clef, world: World, tmp_path: Path) -> None:
    accept(world, "Alba")
    page = tmp_path / "bilan.html"

    result = clef(f"requests report --site evry-magnard --to {page}")
    data = clef("requests report --json").json

    assert "Evry - Magnard, pré-inscription 2027" in result.out
    assert "Demandes : 2 ; élèves : 2." in result.out
    assert "Bilan de la pré-inscription" in page.read_text(encoding="utf-8")
    assert "Geai" not in result.out + page.read_text(encoding="utf-8")
    xenakis = next(site for site in data["sites"] if site["site"] == "evry-xenakis")
    assert [(one["name"], one["asked"], one["first"], one["states"]) for one in xenakis["disciplines"]] == [
        ("Éveil musical", 1, 1, {"sent": 1}),
        ("Guitare", 1, 0, {"sent": 1}),
        ("Piano", 1, 1, {"accepted": 1}),
    ]
