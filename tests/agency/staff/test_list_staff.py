"""`clef staff list`: the staff of the desk."""

from tests.support.clef import Clef
from tests.support.staff import SECRETARY, member
from tests.support.world import World


def test_where_nobody_has_an_access_the_first_step_is_told(clef: Clef) -> None:
    assert "« clef staff invite ADRESSE --name NOM »" in clef("staff list").out


def test_the_staff_is_listed(clef: Clef, world: World) -> None:
    member(world)

    heading, line = clef("staff list").out.splitlines()

    assert heading.split()[:4] == ["Nom", "Adresse", "Rôle", "Sites"]
    assert line.split() == ["Basile", "Troglodyte", SECRETARY, "secrétariat", "evry-xenakis", "actif", "jamais"]
    (entry,) = clef("staff list --json").json["staff"]
    assert (entry["email"], entry["active"], entry["invited_until"]) == (SECRETARY, True, None)
    assert entry["pseudonym"] == world.services.record.pseudonyms.of_mailbox(SECRETARY)
