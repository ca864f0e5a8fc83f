"""`clef families export|erase` by the number of a receipt, and `clef requests purge`: output and effects."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from agency.console.exit_codes import ExitCode
from chalicelib.presentation.office.accounts import WITHHELD
from chalicelib.wings.admission.domain.applications import AdmissionDecision, Standing
from tests.support.admission import announce, application_of
from tests.support.applications import ALBA, NEW_EMAIL, NILS
from tests.support.browser_upload import PDF
from tests.support.clef import Clef
from tests.support.old_applications import NUMBER, send_application, traces_of
from tests.support.world import World

SIGNED = "--why 'demande écrite'"
TOLD = (NEW_EMAIL, "Inès Geai", "Alba", "Nils", "06 99 00 20 01", "4 allée des Tilleuls", "91000 Evry", NUMBER, "Piano")


@pytest.mark.wing("admission")
def test_who_has_no_account_is_given_all_that_is_held_by_a_number(clef: Clef, world: World, tmp_path: Path) -> None:
    decision = AdmissionDecision("declined", "Mme Houx", world.now, "Le dossier est complet.")
    send_application(world, standings=(Standing(ALBA.key, decision=decision),))

    result = clef(f"families export 'p26 k4tn 8wcb' --to {tmp_path} {SIGNED}")

    stem = tmp_path / "export_p26-k4tn-8wcb"
    data, text = (stem.with_suffix(end).read_text(encoding="utf-8") for end in (".json", ".txt"))
    for content in (data, text):
        for trace in (*TOLD, "Le dossier est complet.", "demande écrite"):
            assert trace in content
    assert "Mme Houx" not in data + text
    codes = ("evry-xenakis", "evry-magnard", "habitant", "justificatif-domicile", ALBA.key)
    assert {code: (code in data, code in text) for code in codes} == dict.fromkeys(codes, (True, False))
    for words in ("Evry - Xénakis", "Nous habitons dans l'agglomération.", "« Justificatif de domicile »"):
        assert words in text
    assert json.loads(data)["request"]["standings"][0]["decision"]["by"] == WITHHELD
    (copy,) = tmp_path.glob("*_piece-1*")
    assert copy.read_bytes() == PDF
    assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}
    assert f"Envoyez-les à {NEW_EMAIL}" in result.out


@pytest.mark.wing("admission")
def test_an_account_is_given_the_applications_of_its_addresses(clef: Clef, world: World, tmp_path: Path) -> None:
    world.settle(emails=(NEW_EMAIL,))
    send_application(world)

    clef(f"families export xen1 --to {tmp_path} {SIGNED}")

    for end in (".json", ".txt"):
        content = (tmp_path / f"export_evry-xenakis_xen1{end}").read_text(encoding="utf-8")
        assert all(trace in content for trace in TOLD)
    assert len(list(tmp_path.glob("*_piece-1*"))) == 1


@pytest.mark.wing("admission")
def test_an_application_is_erased_once_its_number_is_typed_again(clef: Clef, world: World) -> None:
    application = send_application(world)
    command = f"families erase {NUMBER} --why demande"

    command_result = clef(command, answers="P26-K4TN-8WCC\n")
    assert (command_result.code, application_of(world, NEW_EMAIL).number) == (ExitCode.FAILED, NUMBER)
    result = clef(command, answers="p26k4tn8wcb\n")

    assert result.code == ExitCode.DONE
    assert "élèves : Alba Geai, Nils Geai" in result.out
    assert "2 élèves attendent encore" in result.out
    assert "Demande effacée" in result.out
    assert traces_of(world, application) == []
    assert clef(f"families erase {NUMBER} --why demande --yes").code == ExitCode.FAILED


@pytest.mark.wing("admission")
def test_a_duplicate_account_says_which_applications_stay(clef: Clef, world: World) -> None:
    world.settle(emails=(NEW_EMAIL,))
    send_application(world)

    result = clef("families erase xen1 --why doublon --yes")

    assert f"Restent ses pré-inscriptions ({NUMBER})" in result.out
    assert application_of(world, NEW_EMAIL).number == NUMBER


@pytest.mark.wing("admission")
def test_a_purge_counts_first_and_erases_once_its_number_is_typed(clef: Clef, world: World) -> None:
    announce(world)
    over = AdmissionDecision("declined", "Mme Houx", world.now)
    whole = send_application(world, standings=(Standing(ALBA.key, decision=over), Standing(NILS.key, decision=over)))
    assert "Aucune demande à effacer." in clef("requests purge").out
    world.wait(timedelta(days=200))

    dry = clef("requests purge")
    assert ["Evry", "-", "Xénakis", "1", "0"] in [line.split() for line in dry.out.splitlines()]
    assert "Comptées avant, sans personne : 2026." in dry.out
    assert "Rien n'a été effacé : ajoutez --apply" in dry.out
    assert clef("requests purge --json").json == {
        "due": {"requests": {"evry-xenakis": 1}, "files_of_nobody": 0},
        "erased": None,
    }
    assert application_of(world, NEW_EMAIL).number == NUMBER

    for number in range(5):
        email, over_too = f"a{number}@example.org", [replace(one, decision=over) for one in whole.standings]
        send_application(world, email, f"P26-000{number}-AAAA", standings=tuple(over_too))
    assert "6 demandes effacées." in clef("requests purge --apply", answers="6\n").out
    assert traces_of(world, whole) == []
    assert "purge (pré-inscriptions)" in clef("families erasures").out
    report = clef("requests report --season 2026")
    assert ["Piano", "6", "0", "6", "0", "0"] in [line.split()[-6:] for line in report.out.splitlines()]
    assert "sans personne" in report.out
    assert clef("requests report --season 2026 --json").json["kept"]["rows"][0]["asked"] == 6
