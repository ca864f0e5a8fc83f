"""`clef staff invite|reset`: a link for the first manager, printed once, and a new start for a manager."""

import pytest

from agency.console.exit_codes import ExitCode
from chalicelib.domain.staff.browser_links import read_link
from tests.support.clef import OPERATOR, Clef
from tests.support.staff import MANAGER, SECRETARY, enter_as_manager, links, member, opens, stores
from tests.support.world import World

WHY = '--why "ouverture du bureau"'
INVITE = f'staff invite huppe@example.org --name "Ève Huppe" {WHY}'


def secret_in(world: World, text: str) -> str:
    (link,) = [line for line in text.splitlines() if "://" in line]
    words = read_link(world.services.settings.key_ring("staff-links"), link.rpartition("/")[2])
    assert words
    return words[1]


def test_the_first_manager_gets_a_link_that_is_printed_and_nowhere_else(clef: Clef, world: World) -> None:
    result = clef(INVITE)
    world.deliver()

    assert result.code == ExitCode.DONE
    assert "Ève Huppe <huppe@example.org> : responsable du réseau." in result.out
    assert "avant le 2 septembre 2026 à 9 h 00" in result.out
    secret = secret_in(world, result.out)
    assert opens(world, secret, "huppe@example.org")
    assert world.mails() == []
    assert secret not in world.aws.everything(world.resources) + world.log.getvalue() + result.err
    assert stores(world).managers.read().emails == ("huppe@example.org",)
    (act,) = stores(world).acts.all(world.now)
    assert (act.kind, act.author.who) == ("staff_invited", OPERATOR)


def test_another_program_reads_the_link(clef: Clef) -> None:
    answer = clef(f"{INVITE} --json").json

    assert answer.pop("link").startswith("http://127.0.0.1:8000/extranet/bureau/invitation/")
    assert answer == {
        "email": "huppe@example.org",
        "name": "Ève Huppe",
        "role": "manager",
        "sites": [],
        "new": True,
        "until": "2026-09-02 07:00:00+00:00",
    }


def test_a_lost_link_is_printed_again_until_a_manager_has_entered(clef: Clef, world: World) -> None:
    secrets = [secret_in(world, clef(typed).out) for typed in (INVITE, f"staff invite huppe@example.org {WHY}")]

    assert [opens(world, secret, "huppe@example.org") for secret in secrets] == [False, True]
    assert clef(f"staff invite harle@example.org --name Harle {WHY}").code == ExitCode.DONE
    member(world, MANAGER)
    enter_as_manager(world)
    result = clef(f"staff invite pic@example.org --name Pic {WHY}")
    assert (result.code, result.out) == (ExitCode.FAILED, "")
    assert "elle invite les autres, page « Personnel »" in result.err


def test_a_manager_who_lost_every_proof_begins_again_even_the_last_one(clef: Clef, world: World) -> None:
    member(world, MANAGER)
    enter_as_manager(world)

    result = clef(f"staff reset {MANAGER} {WHY}")
    world.deliver()

    assert result.code == ExitCode.DONE
    assert "accès réinitialisé ; un mail part avec un lien de 24 heures." in result.out
    assert [email for email, _ in links(world)] == [MANAGER]
    assert f"La personne qui exploite l'extranet ({OPERATOR}) a réinitialisé" in world.mails()[-1].text
    assert clef(f"staff invite pic@example.org --name Pic {WHY}").code == ExitCode.DONE, "its mailbox may be lost too"


def test_the_access_of_all_others_is_a_manager_s_to_reset(clef: Clef, world: World) -> None:
    before = member(world)

    result = clef(f"staff reset {SECRETARY} {WHY} --json")

    assert (result.code, result.out) == (ExitCode.FAILED, "")
    assert "page « Personnel »" in result.err
    assert stores(world).members.find(SECRETARY) == before


@pytest.mark.parametrize("text", ["staff invite huppe@example.org --name Huppe", f"staff reset {MANAGER}"])
def test_nothing_is_done_without_a_reason(clef: Clef, world: World, text: str) -> None:
    member(world, MANAGER)

    assert clef(text).code == ExitCode.MISUSED
    assert clef(f"{text} --why ' '").code == ExitCode.FAILED
    assert list(stores(world).acts.all(world.now)) == []
