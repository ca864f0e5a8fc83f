"""The applications table: one item per mailbox and season, each change one conditional write, and the numbers."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.refusals import WriteConflict
from chalicelib.wings.admission.domain.applications import Application, ApplicationRef, submit
from chalicelib.wings.admission.stores.applications import Applications
from tests.support.applications import BEGUN, NOW, NUMBER, REF, SEASON, SENT
from tests.support.world import World

DAYS_30 = timedelta(days=30)
NEW = Application(REF)


@pytest.fixture
def applications(world: World) -> Applications:
    return world.services.admission.applications


def test_fifty_sendings_at_once_leave_one_number(applications: Applications) -> None:
    applications.change(NEW, BEGUN)

    def send(number: int) -> str:
        def decide(application: Application) -> Application:
            return application if application.sent else submit(application, f"P27-{number:04}-2222", NOW)

        return applications.revise(applications.find(REF), decide)[1].number

    with ThreadPoolExecutor(10) as pool:
        numbers = set(pool.map(send, range(50)))

    assert numbers == {applications.find(REF).number}


def test_a_number_leads_to_what_was_sent_under_it_and_to_nothing_else(applications: Applications) -> None:
    applications.add_number(NUMBER, REF)
    assert applications.find_by_number(NUMBER) is None  # after a fault before the sending

    applications.change(NEW, SENT)

    assert applications.find_by_number(NUMBER) == SENT
    assert applications.find_by_number("P27-2222-2222") is None


def test_a_number_is_given_once(applications: Applications) -> None:
    applications.add_number(NUMBER, REF)
    applications.add_number(NUMBER, REF)  # a retry

    with pytest.raises(WriteConflict):
        applications.add_number(NUMBER, ApplicationRef("another", SEASON))


def test_a_season_is_read_without_its_numbers_or_another_season(applications: Applications) -> None:
    applications.add_number(NUMBER, REF)
    applications.change(NEW, SENT)
    application = replace(BEGUN, ref=replace(REF, season="2026"))
    applications.change(Application(application.ref), application)

    assert list(applications.all(SEASON)) == [SENT]


def test_an_application_is_begun_over_nothing_but_a_draft_whose_time_is_over(applications: Applications) -> None:
    later = replace(NEW, email=BEGUN.email, started_at=NOW + DAYS_30, saved_at=NOW + DAYS_30)
    applications.change(NEW, BEGUN)

    applications.begin(later, NOW + DAYS_30 - timedelta(seconds=1))
    assert applications.find(REF) == BEGUN
    applications.begin(later, NOW + DAYS_30)
    assert applications.find(REF) == later
    applications.change(applications.find(REF), SENT)
    applications.begin(later, NOW + 40 * DAYS_30)
    assert applications.find(REF) == SENT


def test_an_application_is_forgotten_as_it_was_read_or_not_at_all(applications: Applications) -> None:
    applications.change(NEW, SENT)
    application = applications.find(REF)
    withdrawal = applications.change(application, application.withdraw(["a1a1a1a1"], NOW))

    with pytest.raises(WriteConflict):
        applications.forget(application)
    applications.forget(withdrawal)

    assert applications.find(REF).started_at is None


def test_those_that_were_sent_are_read_by_the_numbers_of_their_season(world: World, applications: Applications) -> None:
    applications.add_number(NUMBER, REF)
    applications.add_number("P27-2222-3333", ApplicationRef("a sender that failed", SEASON))
    applications.add_number("P26-2222-2222", ApplicationRef("last year's", "2026"))
    applications.change(NEW, SENT)
    world.aws.calls.clear()

    assert [one.number for one in applications.sent_in(SEASON)] == [NUMBER]
    assert world.aws.calls == ["Query", "BatchGetItem"]
