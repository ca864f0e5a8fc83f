"""The part of a pupil's page that has the opinion: read along with the page, and without a form once it is over."""

from chalicelib import wiring
from tests.support.opinions import enter_in_march, opinion_ref, say
from tests.support.teaching import BASILE, MESANGE, ZELIE, pupil_address, teaching
from tests.support.world import ROSSIGNOL, Visitor, World

PAGE = pupil_address(ROSSIGNOL, ZELIE)


def test_the_page_with_the_opinions_of_its_course_takes_three_round_trips(world: World, visitor: Visitor) -> None:
    enter_in_march(world, visitor)
    visitor.get(PAGE)
    before = len(world.aws.calls)

    page = visitor.get(PAGE)

    assert world.aws.calls[before:] == ["GetItem", "BatchGetItem", "BatchGetItem"]
    assert "Enregistrer et passer à Basile Mésange" in page.text


def test_the_page_names_nobody_next_where_all_have_one(world: World, visitor: Visitor) -> None:
    enter_in_march(world, visitor)
    say(world, opinion_ref(MESANGE, BASILE))

    assert "Enregistrer et passer à" not in visitor.get(PAGE).text


def test_between_its_days_the_page_says_when_opinions_are_given(world: World, visitor: Visitor) -> None:
    enter_in_march(world, visitor)
    teaching(world, opinions_from="04-01", opinions_until="02-28")

    with wiring.using(world.services):
        page = visitor.get(PAGE).text

    assert "Les avis sur les réinscriptions se donnent du 1er avril au 28 février." in page
    assert "Enregistrer l'avis" not in page


def test_a_key_that_is_no_pupil_s_says_nothing(world: World, visitor: Visitor) -> None:
    enter_in_march(world, visitor)

    assert "est enregistré" not in visitor.get(f"{PAGE}?avis=%3Cb%3E").text
