"""A document checked on its dossier's page: the family reads the finding, with its words, on its own page."""

import re
from html import unescape

from tests.support.desk_acts import settle_reenrolment
from tests.support.staff import enter
from tests.support.world import Visitor, World

PIECES = "/extranet/compte/reinscription/pieces"


def press(visitor: Visitor, page: str, button: str, **fields: str) -> str:
    """Press a button of the first document. Returns the page after it."""
    form = re.search(rf'<form[^>]* action="{page}/piece".*?</form>', visitor.get(page).text, re.DOTALL)
    assert form
    hidden_fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form[0]))
    answer = visitor.post(f"{page}/piece", hidden_fields | {"constat": button} | fields)
    page = answer.text if answer.status_code == 422 else visitor.get(answer.headers["Location"]).text
    return unescape(page)


def test_the_family_reads_what_was_handed_in_and_what_was_refused(world: World, visitor: Visitor) -> None:
    page = settle_reenrolment(world, visitor)
    enter(world, visitor)
    assert "notée remise au guichet" in press(visitor, page, "guichet")
    visitor.log_in()
    assert "Reçu au guichet le" in visitor.get(PIECES).text
    enter(world, visitor)

    assert "Dites à la famille pourquoi" in press(visitor, page, "refuser")
    assert "La pièce est refusée" in press(visitor, page, "refuser", texte="Il est de l'an dernier.")

    visitor.log_in()
    assert "Il est de l'an dernier." in unescape(visitor.get(PIECES).text)


def test_another_finding_is_no_page(world: World, visitor: Visitor) -> None:
    page = settle_reenrolment(world, visitor)
    enter(world, visitor)

    form = re.findall(r'name="jeton" value="([^"]*)"', visitor.get(page).text)

    assert visitor.post(f"{page}/piece", {"jeton": form[0], "constat": "autre"}).status_code == 404
