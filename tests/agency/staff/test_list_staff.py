"""`clef staff list` and `clef staff acts`: who works at the desk, and what somebody did there."""

from chalicelib.domain.account.audit import Author
from chalicelib.office.helpdesk.access import DeskRequest, switch
from tests.support.clef import Clef
from tests.support.staff import SECRETARY, member
from tests.support.world import World


def test_where_nobody_has_an_access_the_first_step_is_told(clef: Clef) -> None:
    assert "« clef staff invite ADRESSE --name NOM --role manager »" in clef("staff list").out


def test_the_staff_is_listed(clef: Clef, world: World) -> None:
    member(world)

    heading, line = clef("staff list").out.splitlines()

    assert heading.split()[:4] == ["Nom", "Adresse", "Rôle", "Sites"]
    assert line.split() == ["Basile", "Troglodyte", SECRETARY, "secrétariat", "evry-xenakis", "actif", "jamais"]
    (found,) = clef("staff list --json").json["staff"]
    assert (found["email"], found["active"], found["invited_until"]) == (SECRETARY, True, None)
    assert found["pseudonym"] == world.services.record.pseudonyms.of_mailbox(SECRETARY)


def test_what_somebody_did_and_what_was_done_to_the_access_are_read(clef: Clef, world: World) -> None:
    world.settle()
    member(world)
    basile = Author("Basile Troglodyte <troglodyte@example.org>", "la famille a appelé")
    switch(world.services, DeskRequest("xen1", None, basile), world.now, disabled=True)
    clef(f'staff disable {SECRETARY} --as "Mme Houx" --why "ordinateur volé"')

    said, told = clef(f"staff acts {SECRETARY}").out, clef(f"staff acts {SECRETARY} --json").json

    assert "evry-xenakis  compte désactivé  xen1" in said
    assert "accès désactivé  Mme Houx  ordinateur volé" in said
    (done,), (on,) = told["by"], told["on"]
    assert (done["site"], done["what"], done["identifier"]) == ("evry-xenakis", "compte désactivé", "xen1")
    assert (on["kind"], on["who"], on["why"]) == ("staff_disabled", "Mme Houx", "ordinateur volé")


def test_who_did_nothing_is_said(clef: Clef) -> None:
    assert "n'a rien fait ni consulté depuis un an" in clef("staff acts nobody@example.org").out
