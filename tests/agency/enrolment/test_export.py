"""`clef enrolments export|report`: files for the school's software, and the closing report, whole or absent."""

import html
import re
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from agency.console.exit_codes import ExitCode
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.family.households import Guardian
from chalicelib.presentation.office.closing_report import signed_number
from chalicelib.presentation.office.enrolments_export import HEADINGS
from tests.support.clef import Clef
from tests.support.command_output import cells, tidy
from tests.support.enrolled_families import (
    CANARI,
    MERLE,
    NUMBERS,
    SEASON,
    alone,
    judge,
    keep,
    key_of,
    open_for_rossignol,
    send_pupils,
    submitted_alone,
)
from tests.support.enrolment import LEO, ZELIE
from tests.support.french import loose_in_page, slips
from tests.support.seen_pages import assert_standing_alone
from tests.support.world import ROSSIGNOL, World

NET = "cours qui changent de discipline : 1 ; solde des places : −1."
ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def season(world: World) -> None:
    """Store three families: three pupils sent with one accepted, one sent, and a silent one named like a formula."""
    open_for_rossignol(world)
    whole = send_pupils(world.services.enrolments.find(EnrolmentRef(ROSSIGNOL, SEASON)), NUMBERS[1], key_of(LEO))
    keep(world, judge(whole, key_of(ZELIE), "accepted"))
    submitted_alone(world, CANARI, "Famille Canari", "Ana Canari", "R27-MMMM-4444")
    account, _ = alone(world, MERLE, "=Famille <Merle>", "Noé Merle")
    guardians = (Guardian("Mme Merle", "", "06 99 00 20 01"),)
    world.services.accounts.change(account, replace(account, household=replace(account.household, guardians=guardians)))


# The export.


def test_a_csv_has_a_row_per_pupil_and_course(clef: Clef, tmp_path: Path) -> None:
    path = tmp_path / "reinscriptions.csv"

    result = clef(f"enrolments export --to {path}")

    headings, *rows = cells(path.read_bytes())
    assert result.out.startswith(f"Lignes écrites : 6, dans {path}.")
    assert headings == list(HEADINGS)
    assert [row[4] for row in rows].count("Zélie Rossignol") == 2
    assert rows[-1][3] == "'=Famille <Merle>"
    zelie = dict(zip(headings, rows[1], strict=True))
    assert (zelie["Date de naissance"], zelie["Envoyé le"]) == ("14/03/2015", "02/06/2027 20:00")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_xlsx_has_the_same(clef: Clef, tmp_path: Path) -> None:
    path = tmp_path / "Réinscriptions.XLSX"

    assert clef(f"enrolments export --to '{path}' --json").json == {"file": str(path), "rows": 6}

    headings, *rows = load_workbook(path)["Réinscriptions"].iter_rows(values_only=True)
    assert headings == HEADINGS
    assert len(rows) == 6
    assert rows[-1][3] == "=Famille <Merle>"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize("spared", [0, 2, 4])
def test_a_partial_file_leaves_the_former(clef: Clef, world: World, tmp_path: Path, suffix: str, spared: int) -> None:
    path = tmp_path / f"a.{suffix}"
    path.write_text("before", encoding="utf-8")

    with world.aws.failing("Query", "before", skips=spared):
        result = clef(f"enrolments export --to {path}")

    assert (result.code, result.out) == (ExitCode.FAILED, "")
    assert path.read_text(encoding="utf-8") == "before"
    assert [path.name for path in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("text", ["--to a.ods", "--to a", ""])
def test_only_files_that_are_known_are_written(clef: Clef, tmp_path: Path, text: str) -> None:
    result = clef(f"enrolments export {text}".strip())

    assert (result.code, result.out) == (ExitCode.MISUSED, "")
    assert not list(tmp_path.iterdir())


def test_every_column_is_explained() -> None:
    page = (ROOT / "docs/enrolments-export.md").read_text(encoding="utf-8")
    names = re.findall(r"^\| ([^|`-][^|]*?) \|", page, re.MULTILINE)

    assert [name for line in names[1:] for name in line.split(", ")] == list(HEADINGS)


# The report.


def test_the_report_says_the_season_site_by_site(clef: Clef) -> None:
    lines = tidy(clef("enrolments report --site evry-xenakis").out)

    for line in (
        "Evry - Xénakis, réinscription 2027",
        "Familles : 2. Ont commencé : 1 ; ont tout envoyé : 1 ; validées : 0 ; n'ont jamais répondu : 1.",
        "Élèves : 4 ; sans réponse : 1 ; envoyée : 1 ; ne se réinscrit pas : 1 ; acceptée : 1.",
        f"Par rapport à cette année : élèves qui s'en vont : 1 ; {NET}",
        "Danse classique 1 0 1 0 0 0 0 0 0 −1",
        "Danse contemporaine 0 0 0 0 0 0 0 1 1 +1",
        "Piano 1 0 0 0 0 0 1 0 0 0",
        "Élèves, chacun une fois 1 0 1 0 1 1 0 0 4",
        "Danse classique Danse contemporaine 1",
        "Déménagement 1",
        "Famille Rossignol XEN 1 Ève Rossignol Chant Déménagement",
        "=Famille <Merle> xen2 jamais répondu Noé Merle 06 99 00 20 01",
    ):
        assert line in lines


def test_another_program_gets_the_report(clef: Clef) -> None:
    sites = {site["site"]: site for site in clef("enrolments report --json").json["sites"]}

    assert sites["evry-xenakis"]["families"] == {
        "total": 2,
        "none": 1,
        "started": 0,
        "submitted": 1,
        "to_complete": 0,
        "validated": 0,
    }
    assert sites["evry-xenakis"]["moves"] == [{"from": "Danse classique", "to": "Danse contemporaine", "count": 1}]
    assert sites["evry-xenakis"]["to_call"][0]["telephones"] == ["06 99 00 20 01"]
    assert sites["bondoufle-gounod"]["pupils"]["none"] == 0


@pytest.fixture
def page(clef: Clef, tmp_path: Path) -> str:
    path = tmp_path / "bilan.html"
    assert clef(f"enrolments report --to {path} --json").code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    page = path.read_text(encoding="utf-8")
    assert loose_in_page(page) == []
    return page


def test_the_page_says_the_same_of_every_site(page: str) -> None:
    text = " ".join(html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)).split())

    assert "Situation le 2 juin 2027 à 20 h 00." in text
    assert text.count(", réinscription 2027") == 5
    assert "Danse contemporaine 0 0 0 0 0 0 0 1 1 +1" in text
    assert "=Famille <Merle> xen2 jamais répondu Noé Merle 06 99 00 20 01" in text
    assert slips(text) == []


def test_the_page_stands_alone_and_runs_nothing(page: str) -> None:
    assert_standing_alone(page)
    assert "&lt;Merle&gt;" in page


def test_a_report_that_cannot_be_whole_is_none(clef: Clef, world: World, tmp_path: Path) -> None:
    with world.aws.failing("Query", "before", skips=3):
        result = clef(f"enrolments report --to {tmp_path}/bilan.html")

    assert (result.code, result.out) == (ExitCode.FAILED, "")
    assert list(tmp_path.iterdir()) == []


def test_a_sign_is_a_sign() -> None:
    assert [signed_number(number) for number in (-2, 0, 3)] == ["−2", "0", "+3"]
