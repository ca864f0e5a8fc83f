"""The requests of some sites, as the desk reads them."""

import pytest

from chalicelib.office.admission.applications import RequestQuery
from chalicelib.office.admission.worklist import find_request_at, request_page, requests_at
from chalicelib.office.refusals import OfficeRefusal
from tests.support.applications import NUMBER, SEASON
from tests.support.stored_applications import PIE, PIE_NUMBER, open_requests, request_of, withdraw
from tests.support.world import World

XENAKIS = ("evry-xenakis",)
ELSEWHERE = ("ris-orangis-messiaen",)


@pytest.fixture(autouse=True)
def season(world: World) -> None:
    open_requests(world)
    request_of(world)


def test_only_requests_for_these_sites_are_read_and_no_table_is_gone_through(world: World) -> None:
    request_of(world, "pie@example.org", PIE, PIE_NUMBER, world.now)
    world.aws.calls.clear()

    assert [one.number for one in requests_at(world.services, SEASON, XENAKIS)] == [NUMBER, PIE_NUMBER]
    assert world.aws.calls == ["Query", "BatchGetItem"]
    assert requests_at(world.services, SEASON, ELSEWHERE) == []


def test_the_states_are_counted_whatever_state_is_asked_for(world: World) -> None:
    withdraw(world, "a1a1a1a1")

    page = request_page(world.services, RequestQuery(state="withdrawn"), XENAKIS, "", world.now)

    assert [[pupil.candidate.first_name for pupil in pupils] for pupils in page.pupils] == [["Alba"]]
    assert page.counts == {"sent": 1, "withdrawn": 1}


def test_a_page_goes_on_after_a_request_that_is_asked_for_no_more(world: World) -> None:
    request_of(world, "pie@example.org", PIE, PIE_NUMBER, world.now)
    withdraw(world, "a1a1a1a1", "b2b2b2b2")

    page = request_page(world.services, RequestQuery(state="sent"), XENAKIS, NUMBER, world.now)

    assert [pupils[0].application.number for pupils in page.pupils] == [PIE_NUMBER]


def test_a_request_for_other_sites_is_refused_as_one_that_nobody_has(world: World) -> None:
    assert find_request_at(world.services, "p27 k4tn 8wcb", XENAKIS).number == NUMBER
    with pytest.raises(OfficeRefusal) as told:
        find_request_at(world.services, NUMBER, ELSEWHERE)
    assert told.value.code == "request_unknown"
