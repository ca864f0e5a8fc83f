"""The load: its journey is a family's own, to the receipt; it knows what no family should get."""

from random import Random

import pytest

from tests.support.enrolling import enrolment, open_season
from tests.support.world import PASSWORD, ROSSIGNOL, Visitor, World
from tools.load.journey import Answer, Ask, Family, Lost, Page, journey

FAMILY = Family(ROSSIGNOL.site, ROSSIGNOL.identifier, PASSWORD)


def play(visitor: Visitor, family: Family = FAMILY) -> list[Ask]:
    """Play a journey against the routes, in one process."""
    player = journey(family, Random("any"))
    asked = [next(player)]
    try:
        while True:
            ask = asked[-1]
            sent = visitor.get(ask.path) if ask.form is None else visitor.post(ask.path, ask.form)
            asked.append(player.send(Answer(sent.status_code, sent.headers.get("Location", ""), sent.text)))
    except StopIteration:
        return asked


def test_a_journey_goes_from_the_door_to_the_receipt(world: World, visitor: Visitor) -> None:
    open_season(world)

    asked = play(visitor)

    names = [ask.name for ask in asked]
    assert names[:5] == ["page Connexion", "POST connexion", "Accueil", "Réinscription", "Mon foyer"]
    assert names.count("POST Élève") == 3
    assert names[-2:] == ["Reçu", "POST déconnexion"]
    (receipt,) = enrolment(world).receipts
    assert len(receipt.pupils) == 3
    assert asked[-2].path.endswith(receipt.number)


def test_a_family_that_is_refused_counts_as_a_fault(world: World, visitor: Visitor) -> None:
    open_season(world)

    with pytest.raises(Lost, match="connexion : 401"):
        play(visitor, Family(ROSSIGNOL.site, ROSSIGNOL.identifier, "Faux1234"))


def test_a_page_says_what_its_form_carries() -> None:
    page = Page(
        '<form><input type="hidden" name="key" value="0"></form><a href="/a">x</a>'
        '<form><input type="hidden" name="vu" value="1"><input type="checkbox" name="b" value="oui"><input name="e">'
        '<input type="radio" name="c" value="x" checked><input type="checkbox" name="d" checked value="y"></form>'
        '<form><input type="hidden" name="later" value="2"></form>'
    )

    assert (page.links, page.hidden, page.boxes) == (["/a"], {"vu": "1", "later": "2"}, ["b", "d"])
    assert page.ticked == {"c": "x", "d": "y"}
