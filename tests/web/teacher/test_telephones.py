"""Whom a teacher may call: where the network says so, and never without a note of it."""

from datetime import timedelta

from chalicelib import wiring
from chalicelib.office.consultations import consultations_of
from tests.support.teaching import TELEPHONES, ZELIE, enter_as_teacher, pupil_address, teaching
from tests.support.world import ROSSIGNOL, Visitor, World

PUPIL = pupil_address(ROSSIGNOL, ZELIE)
PATH = f"{PUPIL}/telephones"


def test_where_the_network_says_nothing_there_are_no_telephones(world: World, visitor: Visitor) -> None:
    enter_as_teacher(world, visitor)
    teaching(world, telephones=False)

    with wiring.using(world.services):
        assert visitor.get(PATH).status_code == 404
        assert PATH not in visitor.get(PUPIL).text

    assert consultations_of(world.services, ROSSIGNOL, world.now) == ()


def test_a_teacher_sees_whom_to_call_and_that_is_noted(world: World, visitor: Visitor) -> None:
    enter_as_teacher(world, visitor)
    assert PATH in visitor.get(PUPIL).text

    page = visitor.get(PATH)
    world.wait(timedelta(minutes=1))
    visitor.get(PATH)

    assert page.status_code == 200
    assert [number in page.text for number in TELEPHONES] == [True, True]
    assert f'href="tel:{TELEPHONES[0].replace(" ", "")}"' in page.text
    assert "example.org" not in page.text
    (noted,) = consultations_of(world.services, ROSSIGNOL, world.now)
    assert (noted.kind, noted.times, noted.who.split(" <")[0]) == ("telephones_read", 2, "Gaspard Roitelet")


def test_nothing_is_shown_that_could_not_be_noted(world: World, visitor: Visitor) -> None:
    enter_as_teacher(world, visitor)
    visitor.get(PUPIL)

    with world.aws.failing("UpdateItem", "before"):
        page = visitor.get(PATH)

    assert page.status_code == 503
    assert TELEPHONES[0] not in page.text
