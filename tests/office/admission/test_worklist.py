"""The worklist of applications at some sites."""

import pytest

from chalicelib.office.admission.applications import (
    ApplicationQuery,
    application_page,
    applications_at,
    find_application_at,
)
from chalicelib.office.refusals import OfficeRefusal
from tests.support.applications import NUMBER, SEASON
from tests.support.stored_applications import PIE, PIE_NUMBER, application_of, open_admission, withdraw
from tests.support.world import World

XENAKIS = ("evry-xenakis",)
ELSEWHERE = ("ris-orangis-messiaen",)


@pytest.fixture(autouse=True)
def season(world: World) -> None:
    open_admission(world)
    application_of(world)


def test_only_applications_for_these_sites_are_read_and_no_table_is_gone_through(world: World) -> None:
    application_of(world, "pie@example.org", PIE, PIE_NUMBER, world.now)
    world.aws.calls.clear()

    assert [one.number for one in applications_at(world.services, SEASON, XENAKIS)] == [NUMBER, PIE_NUMBER]
    assert world.aws.calls == ["Query", "BatchGetItem"]
    assert applications_at(world.services, SEASON, ELSEWHERE) == []


def test_the_states_are_counted_whatever_state_is_asked_for(world: World) -> None:
    withdraw(world, "a1a1a1a1")

    page = application_page(world.services, ApplicationQuery(state="withdrawn"), XENAKIS, "", world.now)

    assert [[pupil.candidate.first_name for pupil in pupils] for pupils in page.pupils] == [["Alba"]]
    assert page.counts == {"sent": 1, "withdrawn": 1}


def test_a_page_goes_on_after_an_application_that_is_asked_for_no_more(world: World) -> None:
    application_of(world, "pie@example.org", PIE, PIE_NUMBER, world.now)
    withdraw(world, "a1a1a1a1", "b2b2b2b2")

    page = application_page(world.services, ApplicationQuery(state="sent"), XENAKIS, NUMBER, world.now)

    assert [pupils[0].application.number for pupils in page.pupils] == [PIE_NUMBER]


def test_an_application_for_other_sites_is_refused_as_one_that_nobody_has(world: World) -> None:
    assert find_application_at(world.services, "p27 k4tn 8wcb", XENAKIS).number == NUMBER
    with pytest.raises(OfficeRefusal) as raised:
        find_application_at(world.services, NUMBER, ELSEWHERE)
    assert raised.value.code == "request_unknown"
