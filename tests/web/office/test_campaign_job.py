"""GET /extranet/bureau/saison/envois/suivi/ENVOI: how far a campaign is, and how it is stopped."""

from datetime import timedelta

import pytest

from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.office.jobs.campaign import POLL, SendingRequest, start_sending
from tests.support.campaigns import SEASON, announce, settle, work, written_to
from tests.support.desk_work import deliver, found
from tests.support.staff import DESK, MANAGER, enter
from tests.support.world import Visitor, World


@pytest.fixture
def job(world: World, visitor: Visitor) -> DeskJob:
    """Ask for an announcement to two families."""
    announce(world)
    settle(world, 2)
    enter(world, visitor, MANAGER)
    return start_sending(world.services, SendingRequest(None), "Odile Fauvette <fauvette@example.org>", world.now)


PAGE = f"{DESK}/saison/envois/suivi/{SEASON}-1"


@pytest.mark.usefixtures("job")
def test_it_is_followed_until_all_have_left(world: World, visitor: Visitor) -> None:
    assert "L'envoi va commencer" in visitor.get(PAGE).text
    for _ in range(8):
        deliver(world)
        work(world)
        world.wait(POLL)

    page = visitor.get(PAGE).text

    assert "L'envoi est terminé" in page
    assert "<dd>2 sur 2</dd>" in page
    assert "Arrêter l'envoi" not in page
    assert len(written_to(world)) == 2


def test_it_is_stopped_by_a_button(world: World, visitor: Visitor, job: DeskJob) -> None:
    answer = visitor.post(f"{PAGE}/arreter")

    assert answer.headers["Location"] == PAGE
    assert found(world, job).state == "cancelled"
    assert "L'envoi a été arrêté" in visitor.get(PAGE).text
    assert visitor.post(f"{PAGE}/arreter").status_code == 422
    deliver(world)
    work(world)
    assert len(written_to(world)) == 0


@pytest.mark.usefixtures("job")
def test_one_that_does_not_go_on_is_woken(world: World, visitor: Visitor) -> None:
    deliver(world, lambda _event, _context: None)  # its message is lost
    world.wait(timedelta(minutes=2))
    assert "Relancer" in visitor.get(PAGE).text

    visitor.post(f"{PAGE}/relancer")

    assert deliver(world) == 1
    assert "L'envoi est en cours" in visitor.get(PAGE).text


@pytest.mark.usefixtures("job")
def test_any_other_job_is_not_there(visitor: Visitor) -> None:
    assert visitor.get(f"{DESK}/saison/envois/suivi/autre-1").status_code == 404
