"""`clef enrolments list|show`: what the secretary types and reads, or another program does."""

import re
import stat
from pathlib import Path

import pytest

from agency.console.exit_codes import ExitCode
from chalicelib.domain.enrolment.seasons import EnrolmentRef
from tests.support.clef import Clef
from tests.support.enrolled import (
    CANARI,
    MERLE,
    NUMBERS,
    SEASON,
    alone,
    judge,
    keep,
    key_of,
    open_period,
    rossignol,
    submitted_alone,
)
from tests.support.enrolling import ZELIE
from tests.support.opinions import opinion_ref, say
from tests.support.printed import cells, tidy
from tests.support.world import ROSSIGNOL, World

HEADINGS = ["Famille", "Identifiant", "Site", "Élève", "État", "Réponses", "Reçu", "Depuis"]


@pytest.fixture(autouse=True)
def season(world: World) -> None:
    """Three families: one of three pupils, one that was sent, one that has not answered, whose name is a formula."""
    open_period(world)
    rossignol(world)
    submitted_alone(world, CANARI, "Famille Canari", "Ana Canari", NUMBERS[1])
    alone(world, MERLE, "=Famille Merle", "Noé Merle")


def test_every_pupil_has_its_line_and_all_are_counted(clef: Clef) -> None:
    said = clef("enrolments list")

    lines = tidy(said.out)
    assert said.code == ExitCode.DONE
    assert lines[0] == " ".join(HEADINGS)
    assert lines[2] == (
        "Famille Rossignol XEN 1 evry-xenakis Zélie Rossignol envoyée continue Hautbois ; continue Formation musicale "
        "R27-K4TN-8WCB 2 juin 2027 à 20 h 00"
    )
    assert lines[-1] == "Élèves : 5 ; sans réponse : 1 ; brouillon : 1 ; envoyée : 2 ; ne se réinscrit pas : 1."


def test_a_list_is_narrowed_by_site_state_and_discipline(clef: Clef) -> None:
    said = clef("enrolments list --site evry-xenakis --state brouillon --discipline danse")

    assert "Léo Rossignol" in said.out
    assert said.out.endswith("Élèves : 1 ; brouillon : 1.\n")
    assert clef("enrolments list --state refusee").out == "Élèves : 0.\n"


def test_another_program_gets_all(clef: Clef) -> None:
    said = clef("enrolments list --json").json

    assert said["counts"] == {"submitted": 2, "draft": 1, "leaving": 1, "none": 1}
    assert said["pupils"][0] == {
        "family": "Famille Canari",
        "identifier": "mag2",
        "site": "evry-magnard",
        "season": "2027",
        "pupil": "Ana Canari",
        "state": "submitted",
        "answers": "continue Piano",
        "household_waits": False,
        "household_since": "",
        "receipt": NUMBERS[1],
        "since": "2027-06-02 18:00:00+00:00",
        "on_file": True,
        "gone_at": None,
        "opinions": [],
    }


def test_teachers_opinions_are_listed_looked_for_and_in_no_spreadsheet(
    clef: Clef, world: World, tmp_path: Path
) -> None:
    hautbois, path = ZELIE.courses[0], tmp_path / "liste.csv"
    say(world, opinion_ref(ROSSIGNOL, ZELIE, hautbois), "reserved", "Peu assidue.", hautbois)

    said = clef("enrolments list --opinion reserve")
    lines = tidy(said.out)
    assert lines[0] == " ".join((*HEADINGS, "Avis"))
    assert lines[1].startswith("Famille Rossignol XEN 1 evry-xenakis Zélie Rossignol envoyée")
    assert lines[1].endswith("Hautbois : réservé")
    assert lines[-1] == "Élèves : 1 ; envoyée : 1."
    assert clef("enrolments list --opinion aucun").out.endswith(
        "Élèves : 4 ; sans réponse : 1 ; brouillon : 1 ; envoyée : 1 ; ne se réinscrit pas : 1.\n"
    )
    (pupil,) = clef("enrolments list --opinion reserve --json").json["pupils"]
    assert [(one["discipline"], one["opinion"], one["words"]) for one in pupil["opinions"]] == [
        ("Hautbois", "reserved", "Peu assidue.")
    ]

    assert clef(f"enrolments list --opinion reserve --report {path}").code == ExitCode.DONE
    assert clef(f"enrolments export --to {tmp_path}/export.csv").code == ExitCode.DONE
    for file in (path, tmp_path / "export.csv"):
        written = file.read_text(encoding="utf-8-sig")
        assert "Zélie Rossignol" in written
        assert "réservé" not in written
        assert "Peu assidue" not in written


def test_teachers_opinions_are_shown_with_their_words(clef: Clef, world: World) -> None:
    hautbois = ZELIE.courses[0]
    say(world, opinion_ref(ROSSIGNOL, ZELIE, hautbois), "favourable", "Très assidue.", hautbois)

    assert re.search(
        r"Avis, Hautbois +favorable le .*, par Gaspard Roitelet : « Très assidue. »",
        clef("enrolments show xen1").out,
    )
    shown = clef("enrolments show xen1 --json").json["pupils"]
    assert [[one["words"] for one in pupil["opinions"]] for pupil in shown] == [["Très assidue."], [], []]


def test_a_spreadsheet_gets_all_for_its_owner_only_and_no_formula(clef: Clef, tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"

    said = clef(f"enrolments list --report {path}")

    headings, *rows = cells(path.read_bytes())
    assert headings == HEADINGS
    assert len(rows) == 5
    assert rows[-1][0] == "'=Famille Merle"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert said.err == f"Écrit : {path}\n"
    assert said.out.startswith("Élèves : 5")
    assert clef(f"enrolments list --report {path} --json").json["counts"]["submitted"] == 2


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("list --state envoyé", ExitCode.MISUSED),
        ("list --site evry", ExitCode.FAILED),
        ("list --season 27", ExitCode.FAILED),
        ("show XEN9", ExitCode.FAILED),
        ("show R27-ZZZZ-9999", ExitCode.FAILED),
    ],
)
def test_a_refusal_is_a_sentence_and_a_code(clef: Clef, typed: str, code: ExitCode) -> None:
    said = clef(f"enrolments {typed}")

    assert (said.code, said.out) == (code, "")
    assert said.err.count("\n") == 1


def test_a_file_that_cannot_be_whole_is_none(clef: Clef, world: World, tmp_path: Path) -> None:
    with world.aws.failing("Query", "before", spared=2):
        said = clef(f"enrolments list --report {tmp_path}/liste.csv")

    assert said.code == ExitCode.FAILED
    assert list(tmp_path.iterdir()) == []


def test_a_family_is_shown_whole(clef: Clef, world: World) -> None:
    enrolment = world.services.enrolments.find(EnrolmentRef(ROSSIGNOL, SEASON))
    keep(world, judge(enrolment, key_of(ZELIE), "declined", "Plus de place."))

    said = clef("enrolments show 'r27 k4tn 8wcb'")

    lines = tidy(said.out)
    assert said.code == ExitCode.DONE
    assert lines[0] == "Famille Rossignol (XEN 1), Evry - Xénakis : réinscription 2027"
    for line in (
        "Étape réinscription commencée",
        "Payeur Mme Aimée Rossignol",
        "En cas d'urgence M. Merle, 06 99 00 00 01",
        "Enregistré le 2 juin 2027 à 20 h 00, par Mme Aimée Rossignol",
        "Zélie Rossignol (naissance le 14 mars 2015) : refusée",
        "Envoyé continue Hautbois ; continue Formation musicale",
        "Changements rien ne change",
        "Décision refusée le 2 juin 2027 à 21 h 00, par M. Orme : « Plus de place. »",
        "Léo Rossignol (naissance le 1er juillet 2018) : brouillon",
        "Pas envoyé passe de Danse classique à Danse contemporaine, de préférence mardi, puis jeudi",
        "Remarque Plutôt après 17 h.",
        "Ève Rossignol (naissance le 2 janvier 1999) : ne se réinscrit pas",
        "Changements quitte Chant",
        "Avis d'imposition ou attestation de quotient familial manque",
        "R27-K4TN-8WCB Ève Rossignol, Zélie Rossignol : le 2 juin 2027 à 20 h 00, par Mme Aimée Rossignol",
    ):
        assert line in lines
    assert re.search(r"danse +Léo Rossignol : déposée en ligne le 2 juin 2027 à 20 h 00", said.out)


def test_a_family_that_has_begun_nothing_is_shown_too(clef: Clef) -> None:
    lines = tidy(clef("enrolments show xen2").out)

    assert "Étape rien n'est commencé" in lines
    assert "Noé Merle (naissance le 6 mai 2014) : sans réponse" in lines
    assert "Cette année Piano, Cycle 2" in lines
    assert "Reçus" not in lines


def test_another_program_gets_a_family_whole(clef: Clef) -> None:
    shown = clef("enrolments show xen1 --json").json

    assert (shown["site"], shown["written"], shown["season"], shown["step"]) == (
        "evry-xenakis",
        "XEN 1",
        "2027",
        "started",
    )
    assert [(pupil["name"], pupil["state"]) for pupil in shown["pupils"]] == [
        ("Zélie Rossignol", "submitted"),
        ("Léo Rossignol", "draft"),
        ("Ève Rossignol", "leaving"),
    ]
    assert [receipt["number"] for receipt in shown["receipts"]] == [NUMBERS[0]]
    assert [document["provided"] for document in shown["documents"]] == [None, "uploaded"]
    assert "documents/" not in str(shown)
