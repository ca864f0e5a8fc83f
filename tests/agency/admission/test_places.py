"""`clef places`: the commands of the secretary, and their output."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from agency.console.exit_codes import ExitCode
from tests.support.admission import announce
from tests.support.allocation import VIOLIN, ask, close, held
from tests.support.clef import Clef
from tests.support.world import World

EXAMPLE = Path(__file__).parents[3] / "docs/exemple/places-2027.csv"


def test_the_example_is_looked_at_then_brought_in_then_shown(clef: Clef, world: World) -> None:
    announce(world)

    looked = clef(f"places import {EXAMPLE}")
    assert looked.code == ExitCode.DONE
    assert "Rien n'a été écrit" in looked.out
    assert clef("places show --json").json["pools"] == []

    result = clef(f"places import {EXAMPLE} --apply")
    assert (result.code, "C'est enregistré." in result.out) == (ExitCode.DONE, True)
    assert "Places nouvelles : 35." in result.out
    shown = clef("places show --site evry-xenakis").out.splitlines()
    assert [line.split()[1] for line in shown[1:5]] == [
        *("eveil-musical-4-5-ans", "eveil-musical-6-ans", "harpe", "piano-debutant"),
    ]
    assert "Inchangées : 6." in clef(f"places import {EXAMPLE}").out


def test_what_is_wrong_is_told_by_line_and_nothing_is_written(clef: Clef, world: World, tmp_path: Path) -> None:
    announce(world)
    file = tmp_path / "places.csv"
    file.write_text(
        "Conservatoire;Instrument;Nombre de places;Observations\n"
        "Evry - Xénakis;Piano;12;\nEvry - Xénakis;Pinao;3;\nEvry - Xénakis;piano;2;à voir\n",
        encoding="utf-8",
    )

    result = clef(f"places import {file} --apply")

    assert result.code == ExitCode.TO_LOOK_AT
    assert "« Pinao » n'est pas une discipline" in result.out
    assert "la ligne 2" in result.out
    assert "Colonnes ignorées : Observations." in result.out
    survey = clef(f"places import {file} --json").json
    assert [(one["line"], one["code"]) for one in survey["anomalies"]] == [
        (3, "place_discipline_unknown"),
        (4, "place_overlaps"),
    ]
    assert clef("places show --json").json["pools"] == []


def test_a_spreadsheet_is_read_too(clef: Clef, world: World, tmp_path: Path) -> None:
    announce(world)
    book = Workbook()
    assert book.active is not None
    book.active.append(["Site", "Discipline", "Âge min", "Places", "Réinscrits"])
    book.active.append(["evry-magnard", "Violon", 7, 12, 5])
    book.save(tmp_path / "places.xlsx")

    survey = clef(f"places import {tmp_path / 'places.xlsx'} --apply --json").json

    assert [(one["kind"], one["code"], one["places"]) for one in survey["pools"]] == [
        ("new", "violon-7-ans-et-plus", 7)
    ]


def test_what_the_hour_does_is_shown_then_done(clef: Clef, world: World) -> None:
    close(world, {VIOLIN: 1})
    first = ask(world, "P26-AAAA-2222", VIOLIN)

    shown = clef("places advance")
    assert "violon, evry-magnard : P26-AAAA-2222" in shown.out
    assert (held(world, VIOLIN), "Rien n'a été écrit" in shown.out) == ({}, True)

    clef("places advance --apply --json")
    assert held(world, VIOLIN) == {first: "offered"}


@pytest.mark.parametrize("words", ["places import absent.csv", "places show --site nulle-part"])
def test_what_is_not_there_is_told(clef: Clef, words: str) -> None:
    assert clef(words).code == ExitCode.FAILED
