"""`clef families purge-documents`: counts first. With --apply, and the number typed again, it erases files."""

import pytest

from agency.console.exit_codes import ExitCode
from tests.support.clef import Clef
from tests.support.command_output import tidy
from tests.support.old_documents import GONE, put
from tests.support.world import World


@pytest.fixture(autouse=True)
def files(world: World) -> None:
    world.settle()
    put(world, "2025")
    put(world, "2026")
    put(world, "2026", GONE)


def test_first_it_only_counts(clef: Clef, world: World) -> None:
    result = clef("families purge-documents 2025")

    lines = tidy(result.out)
    assert result.code == ExitCode.DONE
    assert lines[0] == "Site Familles Fichiers Taille"
    assert "Evry - Xénakis 1 1 1 Ko" in lines
    assert "Evry - Magnard 0 0 -" in lines
    assert "De familles qui ne sont plus là : 1 fichier, 1 Ko." in lines
    assert lines[-1] == "Rien n'a été effacé : ajoutez --apply pour le faire."
    assert len(world.aws.documents(world.resources)) == 3


def test_their_number_is_typed_again_before_they_go(clef: Clef, world: World) -> None:
    assert clef("families purge-documents 2025 --apply", "3\n").code == ExitCode.FAILED
    assert len(world.aws.documents(world.resources)) == 3

    result = clef("families purge-documents 2025 --apply", "2\n")

    assert result.code == ExitCode.DONE
    assert "2 fichiers effacés." in result.out
    assert [key.split("/")[1] for key in world.aws.documents(world.resources)] == ["2026"]
    assert "pièces (fichiers)" in clef("families erasures").out


def test_another_program_gets_the_counts(clef: Clef) -> None:
    assert clef("families purge-documents 2025 --json").json == {"due": {"season": 1, "nobody": 1}, "erased": None}
    assert clef("families purge-documents 2025 --apply --yes --json").json["erased"] == 2


def test_there_may_be_nothing_to_erase(clef: Clef) -> None:
    clef("families purge-documents 2025 --apply --yes")

    assert clef("families purge-documents 2025 --apply").out.endswith("Aucune pièce à effacer.\n")
