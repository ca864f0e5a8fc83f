"""/extranet/bureau/demandes/NUMERO: notes and calls, in the order of the list that one comes from."""

import re

import pytest

from chalicelib.domain.account.audit import Author
from chalicelib.wings.admission.office.rights import erase_application, export_application
from tests.support.applications import NUMBER
from tests.support.desk_family import said
from tests.support.staff import DESK, READER, enter
from tests.support.stored_applications import application_of, open_admission, stored
from tests.support.world import Visitor, World

PAGE = f"{DESK}/demandes/{NUMBER}"
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
