"""`clef enrolments list`: the list for an operator, or for another program."""

import stat
from pathlib import Path

import pytest

from agency.console.exit_codes import ExitCode
from tests.support.clef import Clef
from tests.support.command_output import cells, tidy
from tests.support.enrolled_families import CANARI, MERLE, NUMBERS, alone, open_for_rossignol, submitted_alone
from tests.support.enrolment import ZELIE
from tests.support.opinions import opinion_ref, say
from tests.support.world import ROSSIGNOL, World

HEADINGS = ["Famille", "Identifiant", "Site", "Élève", "État", "Réponses", "Reçu", "Depuis"]


@pytest.fixture(autouse=True)
def season(world: World) -> None:
    """Three families: one of three pupils, one that was sent, one that has not answered, whose name is a formula."""
    open_for_rossignol(world)
    submitted_alone(world, CANARI, "Famille Canari", "Ana Canari", NUMBERS[1])
    alone(world, MERLE, "=Famille Merle", "Noé Merle")


def test_every_pupil_has_its_line_and_all_are_counted(clef: Clef) -> None:
    result = clef("enrolments list")

    lines = tidy(result.out)
    assert result.code == ExitCode.DONE
    assert lines[0] == " ".join(HEADINGS)
    assert lines[2] == (
        "Famille Rossignol XEN 1 evry-xenakis Zélie Rossignol envoyée continue Hautbois ; continue Formation musicale "
        "R27-K4TN-8WCB 2 juin 2027 à 20 h 00"
    )
    assert lines[-1] == "Élèves : 5 ; sans réponse : 1 ; brouillon : 1 ; envoyée : 2 ; ne se réinscrit pas : 1."


def test_a_list_is_narrowed_by_site_state_and_discipline(clef: Clef) -> None:
    result = clef("enrolments list --site evry-xenakis --state brouillon --discipline danse")

    assert "Léo Rossignol" in result.out
    assert result.out.endswith("Élèves : 1 ; brouillon : 1.\n")
    assert clef("enrolments list --state refusee").out == "Élèves : 0.\n"


def test_another_program_gets_all(clef: Clef) -> None:
    data = clef("enrolments list --json").json

    assert data["counts"] == {"submitted": 2, "draft": 1, "leaving": 1, "none": 1}
    assert data["pupils"][0] == {
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


@pytest.mark.wing("teaching")
def test_opinions_are_listed_looked_for_and_in_no_spreadsheet(clef: Clef, world: World, tmp_path: Path) -> None:
    hautbois, path = ZELIE.courses[0], tmp_path / "liste.csv"
    say(world, opinion_ref(ROSSIGNOL, ZELIE, hautbois), "reserved", "Peu assidue.", hautbois)

    lines = tidy(clef("enrolments list --opinion reserve").out)
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
        text = file.read_text(encoding="utf-8-sig")
        assert "Zélie Rossignol" in text
        assert "réservé" not in text
        assert "Peu assidue" not in text


def test_a_spreadsheet_gets_all_for_its_owner_only_and_no_formula(clef: Clef, tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"

    result = clef(f"enrolments list --report {path}")

    headings, *rows = cells(path.read_bytes())
    assert headings == HEADINGS
    assert len(rows) == 5
    assert rows[-1][0] == "'=Famille Merle"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert result.err == f"Écrit : {path}\n"
    assert result.out.startswith("Élèves : 5")
    assert clef(f"enrolments list --report {path} --json").json["counts"]["submitted"] == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("list --state envoyé", ExitCode.MISUSED),
        ("list --site evry", ExitCode.FAILED),
        ("list --season 27", ExitCode.FAILED),
        ("show XEN9", ExitCode.MISUSED),
    ],
)
def test_a_refusal_is_a_sentence_and_a_code(clef: Clef, text: str, code: ExitCode) -> None:
    result = clef(f"enrolments {text}")

    assert (result.code, result.out) == (code, "")
    assert result.err.count("\n") == 1
