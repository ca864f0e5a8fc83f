"""« Recherche »: find families by their words on the telephone, at the member's sites, with no name in an address."""

import re

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.family.households import Guardian, Household, Pupil
from tests.support.enrolled_families import CANARI, NUMBERS, open_period, rossignol, submitted_alone
from tests.support.staff import DESK, MANAGER, SECRETARY, enter
from tests.support.world import Visitor, World

FIND = f"{DESK}/recherche"
MERLE = AccountRef("evry-magnard", "mag2")


@pytest.fixture(autouse=True)
def _families(world: World) -> None:
    household = Household(
        (Guardian("Mme Aimée Rossignol", telephone="06 99 00 00 01"),), pupils=(Pupil("Zélie Rossignol"),)
    )
    world.settle(display_identifier="XEN 1", household=household)
    world.settle(MERLE, name="Famille Merle", emails=("merle@example.org",))


def search(visitor: Visitor, text: str, status: int = 200) -> str:
    answer = visitor.post(FIND, {"recherche": text})
    assert answer.status_code == status
    return answer.text


def test_the_form_takes_the_keyboard_at_once_and_says_its_shortcut(world: World, visitor: Visitor) -> None:
    enter(world, visitor)

    page = visitor.get(FIND).text

    assert re.search(r'<input id="recherche"[^>]* accesskey="r"[^>]* autofocus', page)
    assert "<kbd>Alt</kbd> + <kbd>R</kbd>" in page


def test_a_family_is_found_and_its_page_is_one_link_away(world: World, visitor: Visitor) -> None:
    enter(world, visitor)

    page = search(visitor, "+33 6 99 00 00 01")

    assert "1 famille trouvée" in page
    assert f'<a href="{DESK}/familles/evry-xenakis/xen1">Famille Rossignol</a>' in page
    assert "06 99 00 00 01 (téléphone)" in page
    assert "Zélie Rossignol" in page
    assert "Évry - Xénakis" in page or "Evry - Xénakis" in page


def test_what_is_close_stands_apart_with_what_it_is_close_to(world: World, visitor: Visitor) -> None:
    enter(world, visitor)

    page = search(visitor, "zelei rosignol")

    assert "Rien d'exactement pareil ; voici le plus proche" in page
    assert "Proche de" in page
    assert "Zélie Rossignol (élève)" in page
    assert "famille trouvée" not in page


def test_families_of_other_sites_are_not_found_but_by_a_manager(world: World, visitor: Visitor) -> None:
    enter(world, visitor, SECRETARY)
    assert "Aucune famille trouvée à vos sites" in search(visitor, "merle")

    enter(world, visitor, MANAGER)
    assert "Famille Merle" in search(visitor, "merle")


def test_what_is_typed_stays_in_the_field_and_nothing_to_search_for_is_said_beside_it(
    world: World, visitor: Visitor
) -> None:
    enter(world, visitor)

    page = search(visitor, " - ", 422)

    assert "Donnez au moins une lettre ou un chiffre à chercher." in page
    assert 'aria-invalid="true"' in page
    assert 'value="rosignolle"' in search(visitor, "rosignolle")
    assert search(visitor, "x" * 101, 422).count("100") > 0


def test_a_search_reads_summaries_only_and_what_it_found(world: World, visitor: Visitor) -> None:
    enter(world, visitor)
    world.aws.calls.clear()

    search(visitor, "rossignol")

    assert world.aws.calls[-2:] == ["Query", "GetItem"]
    assert world.aws.calls.count("Query") == 1


def test_a_receipt_read_out_on_the_telephone_leads_to_its_re_enrolment(world: World, visitor: Visitor) -> None:
    open_period(world)
    rossignol(world)
    submitted_alone(world, CANARI, "Famille Canari", "Ana Canari", NUMBERS[1])
    enter(world, visitor, SECRETARY)

    for typed in (NUMBERS[0], "r27 k4tn 8wcb", " r 27 - K4 TN - 8W CB "):
        answer = visitor.post(FIND, {"recherche": typed})
        assert answer.status_code == 303
        assert answer.headers["Location"].endswith("/extranet/bureau/reinscriptions/evry-xenakis/xen1?saison=2027")
    for typed in (NUMBERS[1], "R27-ZZZZ-9999"):  # of another site, or unknown: the same answer
        page = search(visitor, typed, 422)
        assert f"Aucun reçu n'a le numéro {typed} : faites-le relire, ou cherchez la famille par son nom." in page
    enter(world, visitor, MANAGER)
    assert visitor.post(FIND, {"recherche": NUMBERS[1]}).headers["Location"].endswith("evry-magnard/mag2?saison=2027")


def test_a_search_may_be_of_one_site_where_one_sees_several(world: World, visitor: Visitor) -> None:
    enter(world, visitor)
    assert 'name="site"' not in visitor.get(FIND).text
    enter(world, visitor, MANAGER)

    page = visitor.post(FIND, {"recherche": "famille", "site": MERLE.site}).text

    assert "1 famille trouvée" in page
    assert "Famille Merle" in page
    assert re.search(rf'<option value="{MERLE.site}" selected>', page)
    assert visitor.post(FIND, {"recherche": "famille", "site": "ailleurs"}).status_code == 404
