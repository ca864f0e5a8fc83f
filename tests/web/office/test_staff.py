"""GET /extranet/bureau/personnel: a manager lists the staff."""

import csv

from tests.support.staff import DESK, MANAGER, SECRETARY, enter, member
from tests.support.world import Visitor, World

STAFF = f"{DESK}/personnel"


def test_a_manager_sees_who_is_of_the_staff(world: World, visitor: Visitor) -> None:
    member(world)
    enter(world, visitor, MANAGER)

    page = visitor.get(STAFF).text

    for words in ("Basile Troglodyte", SECRETARY, "secrétariat", "Evry - Xénakis", "actif", "jamais"):
        assert words in page
    assert f'href="{STAFF}/' in page


def test_the_staff_has_pages_orders_roles_and_a_file_of_managers(world: World, visitor: Visitor) -> None:
    for number in range(51):
        member(world, f"agent{number:02}@example.org", "reader")
    enter(world, visitor, MANAGER)

    page, last, managers = (visitor.get(f"{STAFF}{query}").text for query in ("", "?page=2", "?acces=manager"))
    lines = list(csv.reader(visitor.get(f"{STAFF}/csv?acces=reader&tri=-adresse").text.splitlines(), delimiter=";"))

    assert "Accès 1 à 50 sur 52" in page
    assert "Accès 51 à 52 sur 52" in last
    assert ("Accès 1 à 1 sur 1" in managers, "retirer ce filtre" in managers) == (True, True)
    assert [line[1] for line in lines[1:]] == [f"agent{number:02}@example.org" for number in reversed(range(51))]
    enter(world, visitor, SECRETARY)
    assert visitor.get(f"{STAFF}/csv").status_code == 404
