"""/extranet/bureau/demandes/NUMERO: notes and calls, whose turn it is, at the place of the list that one comes from."""

import re

import pytest

from agency.rights.personal_data import application_data_json, application_data_text
from chalicelib.domain.account.audit import Author
from chalicelib.wings.admission.domain.pools import Ranking
from chalicelib.wings.admission.office.applications import audited_as
from chalicelib.wings.admission.office.rights import erase_application, export_application
from tests.support.applications import NUMBER
from tests.support.desk_acts import COLLEAGUE
from tests.support.desk_family import said
from tests.support.french import plain
from tests.support.pools import FIRST, PIANO, POOL, SECOND
from tests.support.staff import DESK, MANAGER, READER, SECRETARY, enter, member, stores
from tests.support.stored_applications import PIE, PIE_NUMBER, application_of, open_admission, stored
from tests.support.world import Visitor, World

PAGE = f"{DESK}/demandes/{NUMBER}"
OTHER_SITE = "evry-magnard"
PLACE = "?tri=famille&rang=1&sur=1"


@pytest.fixture(autouse=True)
def season(world: World, visitor: Visitor) -> None:
    """Store an application, and log in a secretary."""
    open_admission(world)
    application_of(world)
    enter(world, visitor)


def forms(visitor: Visitor, act: str, address: str = f"{PAGE}{PLACE}") -> list[dict[str, str]]:
    """Read the hidden fields of each form of an act."""
    parts = visitor.get(address).text.split(f'action="{PAGE}/{act}"')[1:]
    return [dict(re.findall(r'name="(\w+)" value="([^"]*)"', part.partition("</form>")[0])) for part in parts]


def test_a_call_and_a_note_stay_on_the_list_s_place_and_are_given_with_the_application(
    world: World, visitor: Visitor
) -> None:
    for act, values in (("appel", {"appel": "message"}), ("note", {"texte": "Préfère le samedi."})):
        answer = visitor.post(f"{PAGE}/{act}", forms(visitor, act)[0] | values)
        assert "tri=famille&rang=1&sur=1" in answer.headers["Location"]
        assert "C'est noté au dossier" in said(visitor, answer)

    page = visitor.get(PAGE).text
    assert all(words in page for words in ("« appelée, message laissé »", "« Préfère le samedi. »"))
    acts = export_application(world.services, stored(world), Author("Mme Houx", "écrite"), world.now).acts
    assert {act.author.why for act in acts} >= {"appelée, message laissé", "Préfère le samedi."}

    erase_application(world.services, stored(world), "Mme Houx", "asked", world.now)
    assert "samedi" not in world.aws.everything(world.resources)


def test_who_may_note_has_the_right_at_a_site_of_the_wishes(world: World, visitor: Visitor) -> None:
    form = forms(visitor, "note")[0] | {"texte": "Rappelle.", "jeton": ""}  # typed by hand: of no other member's page
    enter(world, visitor, READER)
    assert forms(visitor, "note") == []
    assert visitor.post(f"{PAGE}/note", form).status_code == 404
    enter(world, visitor, "merle@example.org", role="secretary", sites=("ris-orangis-messiaen",))
    assert visitor.post(f"{PAGE}/note", form).status_code == 404
    enter(world, visitor, "pic@example.org", role="secretary", sites=("evry-magnard",))
    assert visitor.post(f"{PAGE}/note", form).status_code == 303


def turns(visitor: Visitor) -> dict[str, dict[str, str]]:
    """Read the hidden fields of each form of the turn, by its action."""
    return {form["action"]: form for form in forms(visitor, "suivi")}


def numbers(visitor: Visitor, query: str = "?suivi=moi") -> set[str]:
    return set(re.findall(rf"{NUMBER}|{PIE_NUMBER}", visitor.get(f"{DESK}/demandes{query}").text))


def test_an_application_taken_and_given_is_on_the_pages_of_who_has_it(world: World, visitor: Visitor) -> None:
    application_of(world, "pie@example.org", PIE, PIE_NUMBER)
    far = member(world, COLLEAGUE, "secretary", sites=(OTHER_SITE,))
    member(world, "merle@example.org", "secretary", sites=("ris-orangis-messiaen",))  # no colleague here
    assert (numbers(visitor), numbers(visitor, "")) == (set(), {NUMBER, PIE_NUMBER})

    visitor.post(f"{PAGE}/suivi", turns(visitor)["prendre"])
    answer = visitor.post(f"{PAGE}/suivi", turns(visitor)["rappeler"] | {"rappel": str(world.now.date())})

    assert "tri=famille&rang=1&sur=1" in answer.headers["Location"]
    assert numbers(visitor) == {NUMBER}
    today = visitor.get(DESK).text
    assert all(f">{words} : 1</h2>" in today for words in ("Mes dossiers", "À rappeler"))
    assert (today.count(PAGE), "Leurs demandes" in today, "Leurs réinscriptions" in today) == (2, True, False)
    (name,) = re.findall(r'<option value="(\w+)">Gaspard Roitelet</option>', visitor.get(PAGE).text)
    visitor.post(f"{PAGE}/suivi", turns(visitor)["confier"] | {"collegue": name})
    assert (numbers(visitor), PAGE in visitor.get(DESK).text) == (set(), False)

    enter(world, visitor, COLLEAGUE)
    assert numbers(visitor) == {NUMBER}
    assert PAGE in visitor.get(DESK).text
    stores(world).members.change(far, far.with_role("secretary", ("ris-orangis-messiaen",)))
    enter(world, visitor, COLLEAGUE)
    assert (numbers(visitor), PAGE in visitor.get(DESK).text) == (set(), False), "no wish for a site of theirs"
    enter(world, visitor)
    today = visitor.get(DESK).text
    assert ("À rappeler : 1" in today, "Mes dossiers" in today) == (True, False), "who has it may act there no longer"


def test_of_two_members_who_take_an_application_at_once_one_has_it(world: World, visitor: Visitor) -> None:
    first = turns(visitor)["prendre"]
    enter(world, visitor, COLLEAGUE, role="secretary")
    visitor.post(f"{PAGE}/suivi", turns(visitor)["prendre"])
    enter(world, visitor)
    answer = visitor.post(f"{PAGE}/suivi", first | {"jeton": turns(visitor)["prendre"]["jeton"]})

    assert (answer.status_code, "vient de changer" in answer.text) == (422, True)
    ref = audited_as(stored(world).ref)
    assert stores(world).turns.find(ref.site, ref.identifier).holder == COLLEAGUE


def test_a_turn_is_given_with_the_application_and_erased_with_it(world: World, visitor: Visitor) -> None:
    visitor.post(f"{PAGE}/suivi", turns(visitor)["prendre"])
    author, ref = Author("Mme Houx", "écrite"), audited_as(stored(world).ref)

    data = export_application(world.services, stored(world), author, world.now)

    assert data.turn is not None
    assert "Suivi de la demande par l'administration" in application_data_text(data, world.services.settings.network)
    assert SECRETARY not in str(application_data_json(data))
    erase_application(world.services, stored(world), "Mme Houx", "asked", world.now)
    assert stores(world).turns.find(ref.site, ref.identifier).item == {}


def test_a_name_leads_to_its_rank_in_one_click_and_from_there_to_a_manager(world: World, visitor: Visitor) -> None:
    pools = world.services.admission.pools
    pools.change(None, POOL)
    pools.rankings.replace(Ranking(PIANO), Ranking(PIANO, (SECOND, FIRST), world.now))
    member(world, MANAGER)

    answer = visitor.post(f"{DESK}/recherche", {"recherche": "Alba"})

    assert answer.headers["Location"].endswith(PAGE)
    page = plain(visitor.get(PAGE).text)
    assert "Alba Geai, Piano : 2ᵉ sur 2" in page.partition('class="who"')[2].partition("</p>")[0]
    assert f'href="{PAGE}?ouvrir=suivi#suivi"' in page
    asking = visitor.get(f"{PAGE}?ouvrir=suivi").text
    assert '<details class="act" id="suivi" open>' in asking
    (name,) = re.findall(r'<option value="(\w+)">Odile Fauvette</option>', asking)
    visitor.post(f"{PAGE}/suivi", turns(visitor)["confier"] | {"collegue": name})

    enter(world, visitor, MANAGER)
    assert PAGE in visitor.get(DESK).text
    assert f"{PAGE}?ouvrir=suivi" not in visitor.get(PAGE).text, "a manager has the form itself"
