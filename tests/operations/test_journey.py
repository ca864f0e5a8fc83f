"""The journey that `make scale` counts is a family's own, up to the receipt. A bad answer stops it."""

from collections.abc import Mapping

import pytest

from operations.journeys.journey import JourneyAnswer, JourneyLost, Page, play
from tests.support.enrolment import enrolment, open_season
from tests.support.world import PASSWORD, ROSSIGNOL, Visitor, World


def played(visitor: Visitor, password: str = PASSWORD) -> list[tuple[str, str]]:
    """Play a journey against the routes, in one process. Returns the names and paths of its requests."""
    requests: list[tuple[str, str]] = []

    def send(name: str, path: str, form: Mapping[str, str] | None) -> JourneyAnswer:
        requests.append((name, path))
        answer = visitor.get(path) if form is None else visitor.post(path, dict(form))
        return JourneyAnswer(answer.status_code, answer.headers.get("Location", ""), answer.text)

    play(send, ROSSIGNOL.site, ROSSIGNOL.identifier, password)
    return requests


def test_a_journey_goes_from_the_door_to_the_receipt(world: World, visitor: Visitor) -> None:
    open_season(world)

    requests = played(visitor)

    names = [name for name, _ in requests]
    assert names[:5] == ["page Connexion", "POST connexion", "Accueil", "Réinscription", "Mon foyer"]
    assert names.count("POST Élève") == 3
    assert names[-2:] == ["Reçu", "POST déconnexion"]
    (receipt,) = enrolment(world).receipts
    assert len(receipt.pupils) == 3
    assert requests[-2][1].endswith(receipt.number)


def test_a_family_that_is_refused_counts_as_a_fault(world: World, visitor: Visitor) -> None:
    open_season(world)

    with pytest.raises(JourneyLost, match="connexion: 401"):
        played(visitor, "Faux1234")


def test_a_page_tells_what_its_form_sends() -> None:
    page = Page(
        '<form><input type="hidden" name="key" value="0"></form><a href="/a">x</a>'
        '<form><input type="hidden" name="vu" value="1"><input type="checkbox" name="b" value="oui"><input name="e">'
        '<input type="radio" name="c" value="x"><input type="radio" name="c" value="y" checked>'
        '<input type="radio" name="d" value="first"><input type="radio" name="d" value="second">'
        '<input type="tel" name="f" value="01 99 00 11 22"><select name="par"></select></form>'
        '<form><input type="hidden" name="later" value="2"></form>'
    )

    assert page.links == ["/a"]
    assert page.form == {"vu": "1", "b": "oui", "c": "y", "d": "first", "f": "01 99 00 11 22", "par": "1"}
    assert page.blanks == {"e": "Mme Merle"}
