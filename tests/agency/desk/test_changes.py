"""`clef families changes`: what families, the office and the file changed of coordinates, on a screen and as JSON."""

import re

from agency.console.exit_codes import ExitCode
from tests.support.clef import Clef
from tests.support.households import settle_whole
from tests.support.world import World


def test_each_change_is_a_line_with_who_when_before_and_now(clef: Clef, world: World) -> None:
    settle_whole(world)

    said = clef("families changes")

    assert said.code == ExitCode.DONE
    heading, first, second, third, fourth = said.out.splitlines()
    assert heading.split() == ["Quand", "Site", "Identifiant", "Famille", "Quoi", "Avant", "Maintenant", "Par"]
    assert "1er septembre 2026 à 9 h 00  Evry - Xénakis  XEN 1" in first
    assert re.search("e-mails +ancienne@example.org  rien ", first)
    assert first.endswith("l'administration (Mme Houx)")
    assert "payeur" in second
    assert second.endswith("la famille (Aimée Rossignol)")
    assert re.search("e-mails +jadis@example.org ", third)
    assert re.search("mot de passe  reçu par mail +choisi ", fourth)
    assert fourth.endswith("la famille (session de connexion)")


def test_changes_of_one_hand_since_a_day(clef: Clef, world: World) -> None:
    settle_whole(world)

    assert "ancienne@example.org" not in clef("families changes --by familles").out
    assert "Côme Rossignol" not in clef("families changes --by administration --since 2026-09-01").out
    assert clef("families changes --since 02/09/2026").out == "Aucun changement.\n"
    assert clef("families changes --by fichier").out == "Aucun changement.\n"


def test_changes_are_given_to_another_program(clef: Clef, world: World) -> None:
    settle_whole(world)

    first, second, third, fourth = clef("families changes --json --site evry-xenakis").json["changes"]

    assert first == {
        "site": "evry-xenakis",
        "identifier": "xen1",
        "written": "XEN 1",
        "name": "Famille Rossignol",
        "field": "emails",
        "guardian": None,
        "old": ["ancienne@example.org"],
        "new": [],
        "by": "office",
        "who": "Mme Houx",
        "at": "2026-09-01 07:00:00+00:00",
    }
    assert (second["field"], second["new"], second["who"]) == ("payer", ["Côme Rossignol"], "Aimée Rossignol")
    assert (third["field"], third["old"]) == ("emails", ["jadis@example.org"])
    assert (fourth["field"], fourth["old"], fourth["new"]) == ("password", ["mailed"], ["chosen"])
    assert (fourth["by"], fourth["who"], fourth["session"]) == ("family", None, "login")


def test_a_site_that_is_unknown_is_refused(clef: Clef, world: World) -> None:
    assert world

    assert clef("families changes --site nulle-part").code == ExitCode.FAILED
