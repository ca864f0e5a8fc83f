"""Made-up files: the same from the same seed, of any size, and an import finds in them what was planted."""

import json
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.roster.merge import merge_rows
from chalicelib.domain.roster.row_families import ListedFamily
from chalicelib.domain.roster.yearly_file import Anomaly
from chalicelib.office.files.open_file import open_file
from chalicelib.office.roster.import_families import FamilyChange, FamilyImport, carry_out
from chalicelib.office.roster.survey import ImportOptions, Survey, readings, survey_families
from chalicelib.services.family import Services
from chalicelib.settings.environment import load_network
from tests.support.world import World
from tools.fixtures.__main__ import main
from tools.fixtures.slips import CODES

NETWORK = load_network()


def made(path: Path, capsys: pytest.CaptureFixture[str], machine: pytest.MonkeyPatch, *options: str) -> dict[str, Any]:
    """Make a file as one types it, and give what is said to be in it."""
    machine.setattr(sys, "argv", ["fixtures", "families", str(path), "--seed", "7", "--json", *options])
    main()
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def patient(world: World) -> Services:
    """Give services that wait for a page of hundreds of accounts, as those of the command line do."""
    return wiring.build(world.services.settings, calls=1, patience=30)


def imported(world: World, path: Path) -> tuple[Survey, Counter[str], Counter[str]]:
    """Import a file, and give the anomalies by code, and the families by kind."""
    told: list[FamilyChange | Anomaly] = []
    file, services = open_file(path, NETWORK), patient(world)
    found = survey_families(services, file, told.append, world.now)
    carry_out(FamilyImport(services, found, ImportOptions(apply=True), world.now), file, told.append)
    anomalies = Counter(each.code for each in told if isinstance(each, Anomaly))
    return found, anomalies, Counter(each.kind for each in told if isinstance(each, FamilyChange))


def read(world: World, path: Path) -> tuple[list[ListedFamily], Survey, Counter[str]]:
    """Read a file as an import does before it looks at accounts; where a family stands in it is left out."""
    told: list[Anomaly] = []
    file = open_file(path, NETWORK)
    surveyed = survey_families(world.services, file, told.append, world.now)
    listed = list(merge_rows(readings(NETWORK, file, world.now), surveyed.index, told.append))
    return [replace(family, line=0) for family in listed], surveyed, Counter(anomaly.code for anomaly in told)


@pytest.mark.parametrize("name", ["familles.csv", "familles.xlsx"])
def test_the_same_seed_makes_the_same_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    one, two, other = tmp_path / name, tmp_path / f"two-{name}", tmp_path / f"other-{name}"
    for path in (one, two):
        made(path, capsys, monkeypatch, "--families", "60", "--anomalies")
    made(other, capsys, monkeypatch, "--families", "60", "--anomalies", "--seed", "8")

    assert one.read_bytes() == two.read_bytes() != other.read_bytes()


SLIPS = ("--families", str(25 * len(CODES)), "--anomalies")
FORMS = (
    ("familles.csv", ("--layout", "pupils", "--encoding", "windows-1252", "--separator", "comma")),
    ("familles.csv", ("--encoding", "utf-16", "--separator", "tab")),
    ("familles.xlsx", ()),
    ("familles.xlsx", ("--layout", "pupils")),
)


def test_an_import_finds_what_was_planted_and_no_more(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "familles.csv"
    told = made(path, capsys, monkeypatch, *SLIPS)

    found, anomalies, kinds = imported(world, path)

    assert anomalies == told["anomalies"] == dict.fromkeys(CODES, 1)
    assert (found.index.families, found.index.left_out) == (told["families"], told["rows_left_out"])
    assert kinds == {"new": told["families"]}
    emails = [account.emails for account in patient(world).accounts.all()]
    assert sum(map(bool, emails)) == told["reachable"]


@pytest.mark.parametrize(("name", "options"), FORMS)
def test_every_form_says_the_same_with_the_same_slips(  # noqa: PLR0913, PLR0917 - fixtures
    world: World,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    options: tuple[str, ...],
) -> None:
    made(tmp_path / "as-imported.csv", capsys, monkeypatch, *SLIPS)
    told = made(tmp_path / name, capsys, monkeypatch, *SLIPS, *options)

    listed, found, anomalies = read(world, tmp_path / name)

    assert anomalies == told["anomalies"] == dict.fromkeys(CODES, 1)
    assert (found.index.families, found.index.left_out) == (told["families"], told["rows_left_out"])
    assert listed == read(world, tmp_path / "as-imported.csv")[0]


def test_a_file_without_slips_has_none(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = made(tmp_path / "familles.csv", capsys, monkeypatch, "--families", "300")

    found, anomalies, _ = imported(world, tmp_path / "familles.csv")

    assert (anomalies, told["anomalies"]) == ({}, {})
    assert found.index.families == told["families"] == told["reachable"] == 300
    assert sum(told["sites"].values()) == 300


def test_an_import_finds_what_a_year_brings(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "familles.csv"
    made(path, capsys, monkeypatch, "--families", "200", "--anomalies")
    imported(world, path)
    told = made(path, capsys, monkeypatch, "--families", "200", "--anomalies", "--next-year")

    _, _, kinds = imported(world, path)

    years = told["since_last_year"]
    assert set(years) == {"stays", "goes", "moves", "changes", "comes"}
    assert (kinds["new"], kinds["changed"], kinds["moved"], kinds["gone"]) == (
        years["comes"], years["changes"], years["moves"], years["goes"],
    )  # fmt: skip
    assert sum(kinds[kind] for kind in ("new", "changed", "moved", "unchanged")) == told["families"]


def test_it_says_in_a_line_each_what_is_in_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        sys, "argv", ["fixtures", "families", str(tmp_path / "f.csv"), "--families", "50", "--anomalies"]
    )
    main()

    first, *slips = capsys.readouterr().out.splitlines()
    assert first == f"{tmp_path / 'f.csv'}: 48 families to import, 48 of them with an e-mail address"
    assert slips == ["       1 row_site_unknown", "       1 row_without_site"]
