"""The calendars' function: packed answers, and an outage of the tables."""

import gzip
from collections.abc import Callable

import pytest

from tests.support.calendars import CalendarPage, of_family, of_teacher
from tests.support.world import Visitor, World


@pytest.fixture(params=[of_family, of_teacher])
def calendar(world: World, visitor: Visitor, request: pytest.FixtureRequest) -> CalendarPage:
    owner: Callable[[World, Visitor], CalendarPage] = request.param
    return owner(world, visitor)


def test_a_program_that_can_unpack_gets_the_same_calendar_packed(calendar: CalendarPage) -> None:
    address = calendar.made()
    plain, body = calendar.visitor.get(address), calendar.visitor.get(address, headers={"Accept-Encoding": "gzip"})

    assert body.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body.data) == plain.data
    assert len(body.data) < len(plain.data) / 5


def test_a_poll_during_a_fault_gets_the_page_of_an_outage_and_is_recorded(calendar: CalendarPage, world: World) -> None:
    address = calendar.made()
    with world.aws.failing("BatchGetItem", "before"):
        answer = calendar.visitor.get(address)

    assert (answer.status_code, "momentanément indisponible" in answer.text) == (503, True)
    assert [event["event"] for event in world.events()][-1] == "unavailable"
