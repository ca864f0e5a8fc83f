"""Every file for a spreadsheet that `clef` writes: no cell is a formula, for any input of families or their file."""

import csv
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from chalicelib.domain.enrolment.answers import CourseWish, PupilAnswers
from chalicelib.domain.family.households import Household
from tests.support.clef import Clef, every_command
from tests.support.enrolled_families import CANARI, MERLE, alone, keep, new_enrolment, open_period, send_pupils
from tests.support.world import World

ODD = "＝1,=2;+3\t@4|-5 ,\"=6\n＠7, '=8"
FORMULA = re.compile(r"""["\s]*[=+\-@＝＋－＠]""")


@pytest.fixture(autouse=True)
def odd_families(world: World) -> None:
    """Store a family that sent, and one that did not: each of their texts begins like a formula somewhere."""
    open_period(world)
    account, key = alone(world, CANARI, ODD, ODD, discipline=ODD)
    household = replace(account.household, payer=ODD, address=(ODD, "91000 Evry"))
    world.services.accounts.change(account, replace(account, household=household, display_identifier="=1,+2"))
    wish = CourseWish(ODD, "change", ODD, ("mardi",))
    enrolment = new_enrolment(CANARI, ((key, ODD, PupilAnswers(stays=True, wishes=(wish,), remark=ODD)),))
    keep(world, send_pupils(enrolment, "R27-MMMM-4444"))
    alone(world, MERLE, "=Famille,+Merle", "@Noé", discipline="-Piano")


@pytest.mark.wing("campaign")
@pytest.mark.parametrize(
    "command",
    [
        "enrolments export --to {path}",
        "enrolments list --report {path}",
        "progress --csv {path}",
        "progress --list importee --csv {path}",
        "families import {file} --report {path}",
    ],
)
def test_no_cell_of_a_csv_is_a_formula_under_any_separator(clef: Clef, tmp_path: Path, command: str) -> None:
    path, file = tmp_path / "a.csv", tmp_path / "familles.csv"
    row = ["evry-magnard", "=N1,-2", "=Famille,+Odd", "n@example.org", "@Élève,=1"]
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows([["Site", "Identifiant", "Famille", "E-mail", "Élève 1"], row])

    result = clef(command.format(path=path, file=file))

    text = path.read_text("utf-8-sig")
    assert text.count("\n") > 1, result
    for separator in ";,\t|":
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        assert [cell for row in rows for cell in row if FORMULA.match(cell)] == [], separator


def test_no_cell_of_a_workbook_is_a_formula_and_each_is_the_very_text(clef: Clef, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"

    clef(f"enrolments export --to {path}")

    cells = [cell for row in load_workbook(path)["Réinscriptions"].iter_rows(min_row=2) for cell in row]
    odd = [cell for cell in cells if isinstance(cell.value, str) and FORMULA.match(cell.value)]
    assert {cell.data_type for cell in cells if isinstance(cell.value, str)} == {"s"}
    assert all(cell.quotePrefix for cell in odd)
    assert {ODD, "=Famille,+Merle", "@Noé", "-Piano", "=1,+2"} <= {cell.value for cell in odd}


WRITERS = {
    "enrolments export --to {}/a.csv": "a.csv",
    "enrolments report --to {}/a.html": "a.html",
    "requests export --to {}/a.xlsx": "a.xlsx",
    "requests report --to {}/a.html": "a.html",
    "families export mag2 --why demande --to {}": "export_*.txt",
    "campaign letters --all --to {}": "courrier-*.pdf",
}


@pytest.mark.wing("admission", "campaign")
def test_a_file_that_exists_is_written_over_after_a_yes_only(clef: Clef, world: World, tmp_path: Path) -> None:
    world.settle(MERLE, household=Household(address=("3 rue Basse", "91000 Evry")))
    with_to = {" ".join(words) for words, command in every_command() if "--to" in str([p.opts for p in command.params])}
    assert with_to == {" ".join(text.split()[:2]) for text in WRITERS}
    for number, (text, name) in enumerate(WRITERS.items()):
        folder = tmp_path / str(number)
        command = text.format(folder)
        assert clef(command).code in {0, 3}, command
        file = next(folder.glob(name))
        file.write_bytes(b"mien")

        alone = clef(command)
        assert (alone.code, file.read_bytes()) == (1, b"mien"), command
        assert "ajoutez --yes" in alone.err, command
        assert (clef(command, answers="non\n").code, file.read_bytes()) == (1, b"mien"), command
        for result in (clef(command, answers="oui\n"), clef(f"{command} --yes")):
            assert result.code in {0, 3}, command
        assert file.read_bytes() != b"mien", command
