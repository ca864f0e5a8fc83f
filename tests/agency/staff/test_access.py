"""`clef staff disable|enable|reset|roles`: what somebody with rights on AWS does when nobody at the desk can."""

from agency.console.exit_codes import ExitCode
from tests.support.clef import Clef
from tests.support.staff import MANAGER, SECRETARY, enter_as_manager, links, member, stores
from tests.support.world import World

SIGNED = '--as "Mme Houx" --why "ordinateur volé"'


def test_an_access_is_closed_and_opened_again(clef: Clef, world: World) -> None:
    member(world)

    closed = clef(f"staff disable {SECRETARY} {SIGNED}")
    again = clef(f"staff disable {SECRETARY} {SIGNED} --json").json
    opened = clef(f"staff enable {SECRETARY} {SIGNED}")

    assert closed.out == "Basile Troglodyte <troglodyte@example.org> : accès désactivé, sessions fermées.\n"
    assert again == {
        "email": SECRETARY,
        "role": "secretary",
        "sites": ["evry-xenakis"],
        "disabled": True,
        "changed": False,
    }
    assert "accès réactivé, avec ses preuves d'avant." in opened.out


def test_the_last_manager_who_lost_everything_is_reset_by_a_mail(clef: Clef, world: World) -> None:
    member(world, MANAGER)
    enter_as_manager(world)

    said = clef(f"staff reset {MANAGER} {SIGNED}")
    world.deliver()

    assert said.code == ExitCode.DONE
    assert "accès réinitialisé ; un mail part avec un lien de 24 heures." in said.out
    assert [email for email, _ in links(world)] == [MANAGER]
    assert "Mme Houx a réinitialisé votre accès" in world.mails()[-1].text


def test_the_last_manager_is_not_taken_out_by_a_command_either(clef: Clef, world: World) -> None:
    member(world, MANAGER)
    enter_as_manager(world)

    for typed in (f"disable {MANAGER}", f"roles {MANAGER} --role reader --site evry-xenakis"):
        said = clef(f"staff {typed} {SIGNED}")
        assert said.code == ExitCode.FAILED
        assert "invitez-en une autre d'abord" in said.err
    assert stores(world).managers.read().entered == (MANAGER,)


def test_another_role_and_sites_are_given(clef: Clef, world: World) -> None:
    member(world)

    said = clef(f"staff roles {SECRETARY} --role reader --site evry-magnard --site evry-xenakis {SIGNED}")

    assert said.out.endswith(" : consultation (evry-magnard, evry-xenakis).\n")


def test_who_is_unknown_is_said_with_where_to_look(clef: Clef) -> None:
    said = clef(f"staff disable {SECRETARY} {SIGNED}")

    assert said.code == ExitCode.FAILED
    assert "« clef staff list »" in said.err
