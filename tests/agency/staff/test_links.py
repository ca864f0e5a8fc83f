"""`clef staff link|unlink|links|timetables`: names of the yearly file, and whose they are."""

import pytest

from agency.console.exit_codes import ExitCode
from tests.support.clef import Clef
from tests.support.staff import SECRETARY, TEACHER, member
from tests.support.staff import stores as staff_stores
from tests.support.teaching import PINSON, SITE, link, settle_courses, stores
from tests.support.world import World

SIGNED = '--as "Mme Houx" --why "rentrée"'


def test_a_name_is_linked_however_it_is_typed_then_taken_away_and_both_are_noted(clef: Clef, world: World) -> None:
    settle_courses(world)
    member(world, TEACHER)

    linked = clef(f'staff link {TEACHER} "MME PINSON" --site {SITE} {SIGNED}')
    again = clef(f'staff link {TEACHER} "{PINSON}" --site {SITE} {SIGNED} --json').json

    assert linked.out == f"« {PINSON} » ({SITE}) : relié à Gaspard Roitelet <{TEACHER}>.\n"
    assert again == {"email": TEACHER, "site": SITE, "name": PINSON, "changed": False, "also": []}
    assert stores(world).teachers.find(TEACHER).owns(*stores(world).teachers.find(TEACHER).links[0].key)

    clef(f'staff unlink {TEACHER} "mme pinson" --site {SITE} {SIGNED}')

    assert stores(world).teachers.find(TEACHER).links == ()
    noted = sorted((act.kind, act.about, act.author.who) for act in staff_stores(world).acts.all(world.now))
    assert noted == [
        ("staff_linked", f"{PINSON}, {SITE}", "Mme Houx"),
        ("staff_unlinked", f"{PINSON}, {SITE}", "Mme Houx"),
    ]
    assert f"nom du fichier annuel relié ({PINSON}, {SITE})" in clef(f"staff acts {TEACHER}").out


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (f'nobody@example.org "{PINSON}" --site {SITE}', "Personne n'a d'accès"),
        (f'{SECRETARY} "{PINSON}" --site {SITE}', "n'est pas de rôle « enseignement »"),
        (f'{TEACHER} "{PINSON}" --site evry-magnard', "n'est pas du site evry-magnard"),
        (f'{TEACHER} "{PINSON}" --site ailleurs', "ailleurs"),
        (f'{TEACHER} "Mme Pinsson" --site {SITE}', f"Noms proches : {PINSON}."),
        (f'{TEACHER} "Mme Grue" --site {SITE}', "Aucun professeur ne s'appelle « Mme Grue »"),
    ],
)
def test_what_cannot_be_linked_is_said_with_what_to_do(clef: Clef, world: World, typed: str, says: str) -> None:
    settle_courses(world)
    member(world, TEACHER)
    member(world)

    said = clef(f"staff link {typed} {SIGNED}")

    assert said.code == ExitCode.FAILED
    assert says in said.err
    assert list(stores(world).teachers.all()) == []
    assert list(staff_stores(world).acts.all(world.now)) == []


def test_before_any_import_there_is_no_name_and_that_is_said(clef: Clef, world: World) -> None:
    member(world, TEACHER)

    assert "importez le fichier annuel" in clef(f'staff link {TEACHER} "{PINSON}" --site {SITE} {SIGNED}').err


def test_a_name_that_two_have_is_linked_to_both_and_that_is_said(clef: Clef, world: World) -> None:
    settle_courses(world)
    member(world, TEACHER)
    link(world, PINSON, "autre.pinson@example.org")

    said = clef(f'staff link {TEACHER} "{PINSON}" --site {SITE} {SIGNED}')

    assert "Ce nom est aussi relié à autre.pinson@example.org" in said.out


def test_a_name_that_is_not_linked_cannot_be_taken_away(clef: Clef, world: World) -> None:
    member(world, TEACHER)

    said = clef(f'staff unlink {TEACHER} "{PINSON}" --site {SITE} {SIGNED}')

    assert said.code == ExitCode.FAILED
    assert "n'est pas relié à Gaspard Roitelet. Ses noms : aucun." in said.err


def test_links_are_listed_and_where_there_is_none_the_way_is(clef: Clef, world: World) -> None:
    assert "« clef staff link ADRESSE NOM --site CODE »" in clef("staff links").out
    member(world, TEACHER)
    link(world)

    assert clef("staff links").out.splitlines()[1].split()[:5] == ["Gaspard", "Roitelet", TEACHER, SITE, "Mme"]
    assert clef("staff links --json").json == {
        "teachers": [
            {"email": TEACHER, "role": "teacher", "links": [{"site": SITE, "name": PINSON}], "shares": []},
        ]
    }


def test_timetables_are_made_anew_when_asked_for(clef: Clef, world: World) -> None:
    settle_courses(world)

    assert clef(f"staff timetables --site {SITE}").out.splitlines()[1].split() == [SITE, "2", "3", "4"]
    assert {"site": SITE, "teachers": 2, "courses": 3, "pupils": 4} in clef("staff timetables --json").json[
        "timetables"
    ]
