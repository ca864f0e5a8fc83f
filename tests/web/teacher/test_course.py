"""The page of one course."""

from datetime import timedelta

from chalicelib import wiring
from tests.support.opinions import enter_in_march, opinion_ref, say
from tests.support.staff import TEACHER
from tests.support.teaching import (
    BASILE,
    CELLO,
    MESANGE,
    VIOLIN,
    ZELIE,
    course_address,
    enter_as_teacher,
    lend,
    pupil_address,
    teaching,
)
from tests.support.world import ROSSIGNOL, Visitor, World

COURSE = course_address()


def test_a_course_shows_its_pupils_its_lessons_and_what_is_done_in_it(world: World, visitor: Visitor) -> None:
    enter_as_teacher(world, visitor)

    page = visitor.get(COURSE).text

    assert "<h1>Violon</h1>" in page
    assert f'href="{pupil_address(ROSSIGNOL, ZELIE)}"' in page
    assert f'href="{course_address(VIOLIN, "annuler")}"' in page
    assert f'href="{course_address(VIOLIN, "mot")}"' in page
    today, _, last = page.partition("Dernières séances")
    assert f'href="{course_address(VIOLIN, "appel", "2026-11-04")}"' in today
    assert "<strong>18 novembre 2026</strong>, 14 h 30 - 15 h 15" in today
    assert "7 octobre 2026" in last
    assert "Appel pas fait, ne peut plus l'être ici" in last


def test_no_word_is_offered_where_the_network_allows_none(world: World, visitor: Visitor) -> None:
    enter_as_teacher(world, visitor)
    teaching(world, words=False)

    with wiring.using(world.services):
        assert course_address(VIOLIN, "mot") not in visitor.get(COURSE).text


def test_a_substitute_reads_whose_course_it_is(world: World, visitor: Visitor) -> None:
    enter_as_teacher(world, visitor)
    today = world.now.date()
    lend(world, CELLO, TEACHER, today, today + timedelta(days=7))

    page = visitor.get(course_address(CELLO)).text

    assert "Remplacement de M. Choucas jusqu'au 11 novembre 2026" in page
    assert "Odette Loriot" in page


def test_a_course_names_the_pupils_without_an_opinion_while_opinions_are_given(world: World, visitor: Visitor) -> None:
    enter_in_march(world, visitor)
    basile, zelie = pupil_address(MESANGE, BASILE), pupil_address(ROSSIGNOL, ZELIE)
    say(world, opinion_ref(MESANGE, BASILE))
    page = visitor.get(COURSE).text
    assert "Sans avis sur la réinscription" in page
    assert f'href="{zelie}#avis-titre"' in page
    assert f'href="{basile}#avis-titre"' not in page

    say(world, opinion_ref(ROSSIGNOL, ZELIE))
    assert "Tous les élèves de ce cours ont un avis" in visitor.get(COURSE).text

    teaching(world, opinions_from="04-01", opinions_until="05-01")
    with wiring.using(world.services):
        assert "avis sur" not in visitor.get(COURSE).text


def test_a_course_takes_three_round_trips(world: World, visitor: Visitor) -> None:
    enter_as_teacher(world, visitor)
    visitor.get(COURSE)
    before = len(world.aws.calls)

    visitor.get(COURSE)

    assert world.aws.calls[before:] == ["GetItem", "BatchGetItem", "BatchGetItem"]
