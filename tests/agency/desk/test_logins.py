"""`clef desk invite|separate`, and a login at the desk: what the secretary types and reads."""

import shlex

from tests.support.clef import Clef
from tests.support.two_logins import COME, COMES, settle_family, settle_two_logins
from tests.support.world import World

SIGNED = '--as "Mme Houx" --why "les parents le demandent"'


def test_a_guardian_is_invited(clef: Clef, world: World) -> None:
    settle_family(world)

    said = clef(f"desk invite 'XEN 1' --guardian merle {SIGNED}")

    assert "une invitation part vers come@example.net, avec l'identifiant XEN 1 R2" in said.out
    assert f"clef desk disable {shlex.quote('XEN 1 R2')}" in said.out
    assert clef(f"desk invite xen1r2 --json {SIGNED}").json == {
        "site": "evry-xenakis",
        "identifier": "xen1",
        "guardian": COME,
        "login": COMES.identifier,
        "had_one": True,
        "to": "come@example.net",
    }


def test_coordinates_are_separated_and_the_way_on_is_said(clef: Clef, world: World) -> None:
    settle_family(world)

    said = clef(f"desk separate 'XEN 1' {SIGNED}").out

    assert "coordonnées séparées." in said
    assert "clef desk resend 'XEN 1'" in said
    assert "clef desk invite" in said
    assert "étaient déjà séparées" in clef(f"desk separate 'XEN 1' {SIGNED}").out
    assert clef(f"desk separate xen1 --off --json {SIGNED}").json["changed"] is True


def test_the_card_of_a_family_lists_its_logins_and_that_of_a_login_its_family(clef: Clef, world: World) -> None:
    settle_two_logins(world, separated_at=world.now)

    family, login = clef("desk show xen1").out, clef("desk show xen1r2").out

    assert f"Accès de {COME}" in family
    assert "XEN 1 R2, actif" in family
    assert "séparées depuis le" in family
    assert "Famille Rossignol, XEN 1, actif" in login
    assert "Élèves" not in login
    assert clef("desk show xen1 --json").json["logins"][0]["identifier"] == COMES.identifier


def test_one_login_is_closed(clef: Clef, world: World) -> None:
    settle_two_logins(world)

    assert f"{COME} (XEN 1 R2) : compte désactivé" in clef(f"desk disable 'xen 1 r2' {SIGNED}").out
    assert (world.account(COMES).disabled, world.account().disabled) == (True, False)
