"""The page of places: their picture and numbers by site, and the offers that a manager reads before confirming."""

from chalicelib.wings.admission.office.offers import advance
from tests.support.allocation import HARP, VIOLIN, ask, close, held
from tests.support.desk_work import deliver_all
from tests.support.french import plain, visible_text
from tests.support.imports import form_of
from tests.support.staff import DESK, MANAGER, PASSWORD, SECRETARY, enter
from tests.support.world import Visitor, World

PAGE = f"{DESK}/saison/places"


def test_places_are_a_picture_beside_their_numbers_without_a_code(world: World, visitor: Visitor) -> None:
    close(world, {VIOLIN: 2, HARP: 3})
    for letter in "ABC":
        ask(world, f"P26-{letter * 4}-2222", VIOLIN)
    advance(world.services, world.now)
    enter(world, visitor, MANAGER)

    page = visitor.get(f"{PAGE}?site={VIOLIN.site}")

    assert "Violon 2 0 0 2 0 1" in " ".join(visible_text(page.text).split())
    assert '<rect class="offered" x="0.0%" y="1" width="66.7%"' in page.text
    assert '<rect class="waits" x="66.7%" y="1" width="33.3%"' in page.text
    assert (HARP.code in page.text, "style=" in page.text) == (False, False)
    assert visitor.get(f"{PAGE}?site=ailleurs").status_code == 404


def test_offers_are_read_with_names_then_confirmed_with_the_password(world: World, visitor: Visitor) -> None:
    close(world, {VIOLIN: 1})
    first = ask(world, "P26-AAAA-2222", VIOLIN)
    enter(world, visitor, MANAGER)

    answer = visitor.post(f"{PAGE}/propositions", form_of(visitor.get(PAGE).text, f"{PAGE}/propositions"))
    deliver_all(world)
    job = answer.headers["Location"]
    page = visitor.get(job).text
    assert ("Ce qui serait proposé, et à qui" in page, "P26-AAAA-2222" in page) == (True, True)
    assert "Evry - Magnard" in plain(page)
    action = f"{job}/application"
    assert visitor.post(action, form_of(page, action)).status_code == 422
    assert held(world, VIOLIN) == {}
    assert visitor.post(action, form_of(page, action) | {"mot_de_passe": PASSWORD}).status_code == 303
    deliver_all(world)

    assert held(world, VIOLIN) == {first: "offered"}
    assert "Ce qui a été fait" in visitor.get(job).text


def test_who_only_reads_sees_its_sites_and_offers_nothing(world: World, visitor: Visitor) -> None:
    close(world, {VIOLIN: 1})
    enter(world, visitor, SECRETARY)

    page = visitor.get(PAGE).text

    assert ("Evry - Xénakis" in page, "Ris Orangis" in page, "/propositions" in page) == (True, False, False)
