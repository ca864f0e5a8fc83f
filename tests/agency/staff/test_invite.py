"""`clef staff invite`: the first manager has a link from whoever has rights on AWS, printed once."""

from agency.console.exit_codes import ExitCode
from chalicelib.domain.staff.invitations import read_link
from tests.support.clef import Clef
from tests.support.staff import opens, stores
from tests.support.world import World

INVITE = 'staff invite huppe@example.org --name "Ève Huppe" --role manager --as "Mme Houx" --why "ouverture du bureau"'


def test_the_first_manager_gets_a_link_that_is_printed_and_nowhere_else(clef: Clef, world: World) -> None:
    said = clef(INVITE)
    world.deliver()

    assert said.code == ExitCode.DONE
    assert "Ève Huppe <huppe@example.org> : responsable du réseau." in said.out
    assert "avant le 2 septembre 2026 à 9 h 00" in said.out
    (link,) = [line for line in said.out.splitlines() if "://" in line]
    words = read_link(world.services.settings.key_ring("staff-links"), link.rpartition("/")[2])
    assert words
    assert opens(world, words[1], "huppe@example.org")
    assert world.mails() == []
    assert words[1] not in world.aws.everything(world.resources) + world.log.getvalue() + said.err
    assert stores(world).managers.read().emails == ("huppe@example.org",)


def test_another_program_reads_the_link(clef: Clef) -> None:
    told = clef('staff invite huppe@example.org --name "Ève" --role reader --site evry-xenakis --why essai --json').json

    assert told.pop("link").startswith("http://127.0.0.1:8000/extranet/bureau/invitation/")
    assert told == {
        "email": "huppe@example.org",
        "name": "Ève",
        "role": "reader",
        "sites": ["evry-xenakis"],
        "new": True,
        "until": "2026-09-02 07:00:00+00:00",
    }


def test_a_lost_link_is_printed_anew(clef: Clef, world: World) -> None:
    first, second = clef(INVITE), clef("staff invite huppe@example.org --why perdu")

    links = [line for said in (first, second) for line in said.out.splitlines() if "://" in line]
    secrets = [
        words[1]
        for link in links
        if (words := read_link(world.services.settings.key_ring("staff-links"), link.rpartition("/")[2]))
    ]
    assert [opens(world, secret, "huppe@example.org") for secret in secrets] == [False, True]


def test_what_is_missing_is_said_with_the_option_that_gives_it(clef: Clef) -> None:
    assert "--name" in clef("staff invite huppe@example.org --why essai").err
    assert "--site" in clef("staff invite huppe@example.org --name Huppe --role reader --why essai").err
