"""GET /extranet/bureau/reinscriptions: the pupils of one of the member's sites, filtered."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.family.teacher_keys import teacher_key
from tests.support.desk_list import LIST, ticks
from tests.support.enrolled_families import CANARI, NUMBERS, key_of, open_for_rossignol, submitted_alone
from tests.support.enrolment import LEO, ZELIE
from tests.support.french import plain
from tests.support.opinions import opinion_ref, say
from tests.support.staff import READER, SECRETARY, enter
from tests.support.world import ROSSIGNOL, Visitor, World

HAUTBOIS = ZELIE.courses[0]


@pytest.fixture(autouse=True)
def season(world: World) -> None:
    open_for_rossignol(world, days=1, is_all_sent=True)
    submitted_alone(world, CANARI, "Famille Canari", "Ana Canari", "R27-MMMM-4444")


def names(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="[^"]*">([^<]*)</a></th>', page)


def test_a_page_lists_the_pupils_of_a_site_in_seven_round_trips(world: World, visitor: Visitor) -> None:
    enter(world, visitor)
    visitor.get(LIST)
    world.aws.calls.clear()

    page = visitor.get(LIST)

    assert len(world.aws.calls) <= 7
    assert names(page.text) == ["Zélie Rossignol", "Léo Rossignol", "Ève Rossignol"]
    assert "Élèves : 3 ; envoyée : 2 ; ne se réinscrit pas : 1." in page.text
    assert "continue Hautbois ; continue Formation musicale (reçu" in page.text
    assert f'<a href="{LIST}/evry-xenakis/xen1?site=evry-xenakis&amp;rang=1&amp;sur=3&amp;eleve=' in page.text


def test_a_family_gone_from_the_yearly_file_is_marked(world: World, visitor: Visitor) -> None:
    account = world.account(ROSSIGNOL)
    world.services.accounts.change(account, replace(account, gone_at=world.now))
    enter(world, visitor)

    assert visitor.get(LIST).text.count('data-label="État">envoyée, famille partie</td>') == 2
    page = plain(visitor.get(f"{LIST}/evry-xenakis/xen1").text)
    assert "partie : absente du fichier annuel depuis le 3 juin 2027" in page


def test_filters_are_in_the_address(world: World, visitor: Visitor) -> None:
    enter(world, visitor)
    everybody = ["Zélie Rossignol", "Léo Rossignol", "Ève Rossignol"]
    rows = {
        "etat=depart": ["Ève Rossignol"],
        "discipline=hautb": ["Zélie Rossignol"],
        "discipline=%21": everybody,
        f"enseignant={teacher_key('MME SAULE')}": ["Zélie Rossignol"],
        "enseignant=Mme+Saule": ["Zélie Rossignol"],
        "enseignant=saule": [],
        "piece=fournies": ["Léo Rossignol"],
        "etat=acceptee": [],
        "page=999-xyz": everybody,
    }

    assert {query: names(visitor.get(f"{LIST}?{query}").text) for query in rows} == rows


def test_no_address_of_the_list_names_a_teacher(world: World, visitor: Visitor) -> None:
    """A gateway and the CDN log addresses: a teacher stands there by a key, in views saved by name too."""
    enter(world, visitor)
    world.services.staff.members.revise(
        SECRETARY, lambda member: member.with_view("Ma classe", f"{LIST}?enseignant=Mme+Saule&etat=envoyee")
    )
    key = teacher_key("Mme Saule")
    pages = [visitor.get(f"{LIST}?{query}").text for query in ("", "enseignant=Mme+Saule", f"enseignant={key}")]
    pupil = visitor.get(re.findall(r'<th scope="row"><a href="([^"]*)"', pages[1])[0].replace("&amp;", "&")).text

    addresses = re.findall(r' (?:href|action|value)="([^"]*)"', "".join((*pages, pupil)))
    assert [address for address in addresses if "saule" in address.lower()] == []
    assert f'<option value="{key}" selected>Mme Saule</option>' in pages[1]
    assert "Enseignant : Mme Saule" in pages[2]
    assert f'href="{LIST}?enseignant={key}&amp;etat=envoyee"' in pages[0]
    assert "Enseignant : inconnu à ce site" in visitor.get(f"{LIST}?enseignant=saule").text


@pytest.mark.wing("teaching")
def test_opinions_of_teachers_are_listed_and_looked_for(world: World, visitor: Visitor) -> None:
    enter(world, visitor)
    assert '<th scope="col">Avis</th>' not in visitor.get(LIST).text
    say(world, opinion_ref(ROSSIGNOL, ZELIE, HAUTBOIS), "reserved", "Peu assidue.", HAUTBOIS)
    say(world, opinion_ref(ROSSIGNOL, LEO, season="2026"), "unfavourable")
    rows = {
        "avis=reserve": ["Zélie Rossignol"],
        "avis=aucun": ["Léo Rossignol", "Ève Rossignol"],
        "avis=defavorable": [],
        "avis=reserve&etat=depart": [],
        "avis=": ["Zélie Rossignol", "Léo Rossignol", "Ève Rossignol"],
    }

    assert {query: names(visitor.get(f"{LIST}?{query}").text) for query in rows} == rows
    page = visitor.get(f"{LIST}?avis=reserve").text
    assert 'data-label="Avis">Hautbois : réservé</td>' in page
    assert '<option value="reserve" selected>réservé</option>' in page
    assert "Élèves : 1 ; envoyée : 1." in page
    assert "Peu assidue" not in page


@pytest.mark.wing("teaching")
def test_once_the_period_is_over_opinions_on_the_next_return_are_there_too(world: World, visitor: Visitor) -> None:
    say(world, opinion_ref(ROSSIGNOL, ZELIE, HAUTBOIS), "reserved", course=HAUTBOIS)
    say(world, opinion_ref(ROSSIGNOL, LEO, season="2028"), "favourable")
    enter(world, visitor)
    assert names(visitor.get(f"{LIST}?avis=favorable").text) == []

    world.now = datetime(2027, 11, 10, 12, 0, tzinfo=UTC)
    enter(world, visitor)
    page = visitor.get(f"{LIST}?avis=favorable").text

    assert names(page) == ["Léo Rossignol"]
    assert 'data-label="Avis">Violon (2028-2029) : favorable</td>' in page
    assert 'data-label="Avis">Hautbois : réservé</td>' in visitor.get(LIST).text


@pytest.mark.wing("teaching")
def test_opinions_that_are_to_be_forgotten_are_shown_no_more(world: World, visitor: Visitor) -> None:
    say(world, opinion_ref(ROSSIGNOL, ZELIE, HAUTBOIS), "reserved")
    world.now = datetime(2028, 8, 31, 21, 59, tzinfo=UTC)
    enter(world, visitor)
    assert names(visitor.get(f"{LIST}?avis=reserve").text) == ["Zélie Rossignol"]

    world.now += timedelta(minutes=1)

    assert names(visitor.get(f"{LIST}?avis=reserve").text) == []


def test_only_what_waits_has_a_box_and_only_for_who_decides(world: World, visitor: Visitor) -> None:
    enter(world, visitor)
    assert set(ticks(visitor.get(LIST).text)) == {"Zélie Rossignol", "Léo Rossignol"}
    _, value = ticks(visitor.get(LIST).text)["Zélie Rossignol"]
    assert value.startswith(f"evry-xenakis/xen1/{key_of(ZELIE)}/{NUMBERS[0]}.")

    enter(world, visitor, READER)
    page = visitor.get(LIST).text
    assert ticks(page) == {}
    assert 'type="password"' not in page
