"""Fictitious files, reproducible by seed, of any size. An import finds the planted slips."""

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
from chalicelib.services.office import OfficeServices
from chalicelib.settings.environment import load_network
from tests.support.world import World
from tools.fixtures.__main__ import main
from tools.fixtures.slips import CODES

NETWORK = load_network()


def made(path: Path, capsys: pytest.CaptureFixture[str], machine: pytest.MonkeyPatch, *options: str) -> dict[str, Any]:
    """Make a file by command, and return its counts."""
    machine.setattr(sys, "argv", ["fixtures", "families", str(path), "--seed", "7", "--json", *options])
    main()
    counts: dict[str, Any] = json.loads(capsys.readouterr().out)
    return counts


def patient(world: World) -> OfficeServices:
    """Make services that wait for a page of hundreds of accounts, as those of the command line do."""
    return OfficeServices.over(wiring.build(world.services.settings, calls=1, patience=30))


def imported(world: World, path: Path) -> tuple[Survey, Counter[str], Counter[str]]:
    """Import a file, and return the survey, the anomalies by code, and the families by kind."""
    events: list[FamilyChange | Anomaly] = []
    file, services = open_file(path, NETWORK), patient(world)
    survey = survey_families(services, file, events.append, world.now)
    carry_out(FamilyImport(services, survey, ImportOptions(apply=True), world.now), file, events.append)
    anomalies = Counter(each.code for each in events if isinstance(each, Anomaly))
    return survey, anomalies, Counter(each.kind for each in events if isinstance(each, FamilyChange))


def read(world: World, path: Path) -> tuple[list[ListedFamily], Survey, Counter[str]]:
    """Read a file as an import does before it reads accounts, without the families' line numbers."""
    anomalies: list[Anomaly] = []
    file = open_file(path, NETWORK)
    study = survey_families(world.services, file, anomalies.append, world.now)
    lines = list(merge_rows(readings(NETWORK, file, world.now), study.index, anomalies.append))
    return ([replace(family, line=0) for family in lines], study, Counter(anomaly.code for anomaly in anomalies))


@pytest.mark.parametrize("name", ["familles.csv", "familles.xlsx"])
def test_the_same_seed_makes_the_same_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    first, two, third = tmp_path / name, tmp_path / f"two-{name}", tmp_path / f"other-{name}"
    for path in (first, two):
        made(path, capsys, monkeypatch, "--families", "60", "--anomalies")
    made(third, capsys, monkeypatch, "--families", "60", "--anomalies", "--seed", "8")

    assert first.read_bytes() == two.read_bytes() != third.read_bytes()


SLIPS = ("--families", str(25 * len(CODES)), "--anomalies")
Form = tuple[str, tuple[str, ...]]  # the name of a file, and the options that make it
FORMS: tuple[Form, ...] = (
    ("familles.csv", ("--layout", "pupils", "--encoding", "windows-1252", "--separator", "comma")),
    ("familles.csv", ("--encoding", "utf-16", "--separator", "tab")),
    ("familles.xlsx", ()),
    ("familles.xlsx", ("--layout", "pupils")),
)


def test_an_import_finds_what_was_planted_and_no_more(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "familles.csv"
    counts = made(path, capsys, monkeypatch, *SLIPS)

    survey, anomalies, kinds = imported(world, path)

    assert anomalies == counts["anomalies"] == dict.fromkeys(CODES, 1)
    assert (survey.index.families, survey.index.left_out) == (counts["families"], counts["rows_left_out"])
    assert kinds == {"new": counts["families"]}
    emails = [account.emails for account in patient(world).accounts.all()]
    assert sum(map(bool, emails)) == counts["reachable"]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_says_the_same_with_the_same_slips(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, form: Form
) -> None:
    name, options = form
    made(tmp_path / "as-imported.csv", capsys, monkeypatch, *SLIPS)
    counts = made(tmp_path / name, capsys, monkeypatch, *SLIPS, *options)

    families, survey, anomalies = read(world, tmp_path / name)

    assert anomalies == counts["anomalies"] == dict.fromkeys(CODES, 1)
    assert (survey.index.families, survey.index.left_out) == (counts["families"], counts["rows_left_out"])
    assert families == read(world, tmp_path / "as-imported.csv")[0]


def test_a_file_without_slips_has_none(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = made(tmp_path / "familles.csv", capsys, monkeypatch, "--families", "300")

    survey, anomalies, _ = imported(world, tmp_path / "familles.csv")

    assert (anomalies, counts["anomalies"]) == ({}, {})
    assert survey.index.families == counts["families"] == counts["reachable"] == 300
    assert sum(counts["sites"].values()) == 300


def test_an_import_finds_what_a_year_brings(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "familles.csv"
    made(path, capsys, monkeypatch, "--families", "200", "--anomalies")
    imported(world, path)
    counts = made(path, capsys, monkeypatch, "--families", "200", "--anomalies", "--next-year")

    _, _, kinds = imported(world, path)

    years = counts["since_last_year"]
    assert set(years) == {"stays", "goes", "moves", "changes", "comes"}
    assert (kinds["new"], kinds["changed"], kinds["moved"], kinds["gone"]) == (
        years["comes"], years["changes"], years["moves"], years["goes"],
    )  # fmt: skip
    assert sum(kinds[kind] for kind in ("new", "changed", "moved", "unchanged")) == counts["families"]


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
