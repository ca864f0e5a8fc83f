"""A file opened from a list: its neighbours there, the one after a decision, and the way back to its row."""

import re
from html import unescape

import pytest
from werkzeug.test import TestResponse

from tests.support.applications import NUMBER
from tests.support.desk_list import LIST
from tests.support.enrolled_families import MERLE, key_of, open_for_rossignol, submitted_alone
from tests.support.enrolment import LEO, ZELIE
from tests.support.forms import forms_of
from tests.support.french import plain
from tests.support.staff import DESK, MANAGER, enter
from tests.support.stored_applications import PIE, PIE_NUMBER, application_of, open_admission
from tests.support.world import Visitor, World

SENT = f"{LIST}?site=evry-xenakis&etat=envoyee"


@pytest.fixture(autouse=True)
def season(world: World, visitor: Visitor) -> None:
    """Store a family of two sent pupils and one of one, and log in a secretary."""
    open_for_rossignol(world, days=1, is_all_sent=True)
    submitted_alone(world, MERLE, "Famille Merle", "Tom Merle", "R27-MMMM-4444")
    enter(world, visitor)


def link(page: str, text: str) -> str:
    """Find the address of a link of the page. Empty without one."""
    match = re.search(rf'<a[^>]* href="([^"]*)"[^>]*>{text}</a>', page)
    return unescape(match[1]) if match else ""


def decide(visitor: Visitor, page: str, pupil: str, **values: str) -> str:
    """Send the decision's form of a pupil. Returns the address to go on to."""
    form = next(form for form in forms_of(page) if form.path.endswith("/decision") and form.fields["eleve"] == pupil)
    return visitor.post(form.path, form.fields | {"decision": "accepted"} | values).headers["Location"]


def test_a_list_is_worked_through_pupil_by_pupil_and_ends_on_the_list(visitor: Visitor) -> None:
    tom = visitor.get(link(visitor.get(SENT).text, "Tom Merle")).text
    assert "1 sur 3" in tom
    assert not link(tom, "Précédent")
    (key,) = re.findall(r'<section class="pupil-card" id="eleve-([^"]*)"', tom)

    zelie = decide(visitor, tom, key, suite="suivant")
    page = visitor.get(zelie).text
    assert zelie.endswith(f"#eleve-{key_of(ZELIE)}")
    assert "Tom Merle : réinscription acceptée. Un mail part vers xen2@example.org." in page
    assert "<h1>Famille Merle" in visitor.get(link(page, "Revoir cet élève")).text
    assert "1 sur 2" in page

    leo = decide(visitor, page, key_of(ZELIE), suite="suivant")
    assert leo.endswith(f"#eleve-{key_of(LEO)}")

    end = visitor.get(decide(visitor, visitor.get(leo).text, key_of(LEO), suite="suivant")).text
    assert "Léo Rossignol : réinscription acceptée." in end
    assert "C'était le dernier dossier de cette liste." in plain(end)
    assert "Aucun élève ne correspond" in end


def test_a_file_leads_to_its_neighbours_and_back_to_its_row(world: World, visitor: Visitor) -> None:
    address = link(visitor.get(f"{SENT}&tri=anciens").text, "Zélie Rossignol")
    zelie = visitor.get(address).text
    assert "2 sur 3" in zelie

    world.aws.calls.clear()
    following = visitor.get(link(zelie, "Suivant")).headers["Location"]
    assert len(world.aws.calls) <= 6  # a page of the list has seven
    assert following.endswith(f"&rang=3&sur=3&eleve={key_of(LEO)}#eleve-{key_of(LEO)}")
    assert visitor.get(link(visitor.get(following).text, "Précédent")).headers["Location"] == address
    back = link(zelie, "Retour à la liste")
    assert back == f"{LIST}?site=evry-xenakis&etat=envoyee&tri=anciens#ligne-xen1.{key_of(ZELIE)}"
    assert f'id="ligne-xen1.{key_of(ZELIE)}"' in visitor.get(back).text
    assert [visitor.get(f"{address.partition('#')[0]}&{query}").status_code for query in ("filtre=x", "vers=x")] == [
        404
    ] * 2


def test_a_decision_that_is_refused_or_saved_alone_keeps_the_place(visitor: Visitor) -> None:
    page = visitor.get(link(visitor.get(SENT).text, "Léo Rossignol")).text
    form = next(form for form in forms_of(page) if form.fields.get("eleve") == key_of(LEO))

    assert "3 sur 3" in visitor.post(form.path, form.fields | {"suite": "suivant"}).text
    answer = decide(visitor, page, key_of(LEO))
    assert "3 sur 3" in visitor.get(answer).text
    assert "Léo Rossignol : réinscription acceptée." in visitor.get(answer).text


@pytest.mark.wing("admission")
def test_applications_are_worked_through_candidate_by_candidate(world: World, visitor: Visitor) -> None:
    open_admission(world)
    application_of(world)
    application_of(world, "pie@example.org", PIE, PIE_NUMBER, world.now)
    enter(world, visitor)
    text = visitor.get(f"{DESK}/demandes?etat=envoyee&tri=recentes").text
    assert text.index(PIE_NUMBER) < text.index(NUMBER)
    ugo = visitor.get(link(text, PIE_NUMBER)).text
    assert "1 sur 2" in ugo

    alba = decide(visitor, ugo, "c3c3c3c3", decision="waiting", suite="suivant")
    assert alba.endswith("#eleve-a1a1a1a1")
    page = visitor.get(alba).text
    assert "Ugo Pie : mise en liste d'attente. Un mail part vers pie@example.org." in plain(page)
    assert "Ugo Pie" in visitor.get(link(page, "Revoir cet élève")).text
    assert "1 sur 1" in page

    nils = decide(visitor, page, "a1a1a1a1", decision="waiting", suite="suivant")
    assert nils.endswith("#eleve-b2b2b2b2")  # of the same application
    end = visitor.get(decide(visitor, visitor.get(nils).text, "b2b2b2b2", decision="waiting", suite="suivant")).text
    assert "C'était le dernier dossier de cette liste." in plain(end)

    alone = visitor.get(link(visitor.get(f"{DESK}/demandes").text, PIE_NUMBER)).text
    assert "2 sur 2" in alone
    assert f"#ligne-{PIE_NUMBER}" in link(alone, "Retour à la liste")
    assert "#eleve-a1a1a1a1" in visitor.get(link(alone, "Précédent")).headers["Location"]


def test_columns_are_sorted_filters_taken_away_and_a_page_ticked_by_links(visitor: Visitor) -> None:
    page = visitor.get(f"{SENT}&discipline=piano&tri=anciens").text
    assert link(page, "Depuis").endswith("&etat=envoyee&discipline=piano&tri=recents")
    assert '<th scope="col" aria-sort="ascending"><a href="' in page
    assert link(page, "État : envoyée .*") == f"{LIST}?site=evry-xenakis&discipline=piano&tri=anciens"
    assert link(page, "Discipline : piano .*") == f"{SENT}&tri=anciens"

    text = visitor.get(link(visitor.get(SENT).text, "Cocher tous les élèves de cette page")).text
    assert text.count(" checked>") == 3
    assert link(text, "Tout décocher") == f"{SENT}#eleves"


@pytest.mark.wing("admission", "billing", "teaching")
def test_each_list_shows_its_filters_to_be_taken_away(world: World, visitor: Visitor) -> None:
    enter(world, visitor, MANAGER)
    lists = {
        "demandes?site=evry-xenakis&etat=acceptee": ["demandes?etat=acceptee", "demandes?site=evry-xenakis"],
        "factures?etat=en-retard": ["factures"],
        "changements?par=familles&depuis=annee": ["changements?depuis=annee", "changements?par=familles"],
        "absences?site=evry-xenakis": ["absences"],
    }

    def left(address: str) -> list[str]:
        page = unescape(visitor.get(f"{DESK}/{address}").text)
        return sorted(re.findall(rf'<li><a href="{DESK}/([^"]*)">[^<]*<span aria-hidden="true">×', page))

    assert {address: left(address) for address in lists} == lists


def test_a_member_keeps_a_list_under_a_name_and_takes_it_away(world: World, visitor: Visitor) -> None:
    def keep(page: str, **fields: str) -> TestResponse:
        form = next(
            form for form in forms_of(page) if form.path.endswith("/vues") and form.fields.keys() >= fields.keys()
        )
        return visitor.post(form.path, form.fields | fields)

    page = visitor.get(f"{SENT}&tri=anciens").text
    assert "Donnez un nom à cette vue." in keep(page, nom=" ").text
    page = visitor.get(keep(page, nom="Les plus anciens").headers["Location"]).text
    assert link(page, "Les plus anciens") == f"{SENT}&tri=anciens"
    for number in range(11):
        keep(page, nom=f"Vue {number}")
    assert "Vous avez déjà douze vues" in keep(page, nom="Une de trop").text
    assert keep(page, nom="Vue 3").status_code == 303, "in place of the one of that name"

    keep(visitor.get(LIST).text, quoi="Les plus anciens")
    assert "Les plus anciens" not in visitor.get(LIST).text
    assert "Vue 3" not in visitor.get(f"{DESK}/demandes").text
    enter(world, visitor, MANAGER)
    assert "Vue 3" not in visitor.get(LIST).text
