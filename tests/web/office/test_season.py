"""GET /extranet/bureau/saison: what is announced, as each role sees it."""

from tests.support.campaigns import announce
from tests.support.staff import DESK, MANAGER, READER, enter
from tests.support.world import Visitor, World

SEASON = f"{DESK}/saison"


def test_a_reader_sees_the_periods_of_its_sites_as_families_read_them(world: World, visitor: Visitor) -> None:
    announce(world)
    enter(world, visitor, READER)

    page = visitor.get(SEASON)

    assert page.status_code == 200
    assert "10 septembre 2026" in page.text
    assert "La période de réinscription 2026-2027 ouvre" in page.text or "ouvrira" in page.text
    assert "Ris-Orangis" not in page.text


def test_only_a_manager_is_led_to_the_form(world: World, visitor: Visitor) -> None:
    links = {}
    for email in (READER, MANAGER):
        enter(world, visitor, email)
        links[email] = f"{SEASON}/periode?quoi=demandes" in visitor.get(SEASON).text

    assert links == {READER: False, MANAGER: True}
