"""GET /extranet/bureau/saison/bilan: the closing report of one of the member's sites, and of no other."""

import pytest

from chalicelib.domain.enrolment.periods import EnrolmentRef
from tests.support.enrolled_families import (
    CANARI,
    MERLE,
    NUMBERS,
    SEASON,
    alone,
    judge,
    keep,
    key_of,
    open_for_rossignol,
    send_pupils,
    submitted_alone,
)
from tests.support.enrolment import LEO, ZELIE
from tests.support.staff import DESK, MANAGER, READER, enter
from tests.support.world import ROSSIGNOL, Visitor, World

REPORT = f"{DESK}/saison/bilan"


@pytest.fixture
def season(world: World) -> World:
    """Xénakis: one pupil accepted, one leaving, one family silent. Magnard: one sent."""
    open_for_rossignol(world)
    whole = send_pupils(world.services.enrolments.find(EnrolmentRef(ROSSIGNOL, SEASON)), NUMBERS[1], key_of(LEO))
    keep(world, judge(whole, key_of(ZELIE), "accepted"))
    alone(world, MERLE, "Famille Merle", "Noé Merle")
    submitted_alone(world, CANARI, "Famille Canari", "Ana Canari", "R27-MMMM-4444")
    return world


def test_it_counts_and_names_who_is_to_be_called(season: World, visitor: Visitor) -> None:
    enter(season, visitor, READER)

    page = visitor.get(REPORT)

    assert page.status_code == 200
    assert "Familles : 2. Ont commencé : 1" in page.text
    assert "À appeler : jamais répondu, ou pas tout envoyé" in page.text
    assert "Famille Merle" in page.text
    assert "Canari" not in page.text


def test_of_several_sites_one_is_chosen(season: World, visitor: Visitor) -> None:
    enter(season, visitor, MANAGER)

    unchosen, magnard = visitor.get(REPORT).text, visitor.get(f"{REPORT}?site=evry-magnard").text

    assert "Choisissez un site" in unchosen
    assert "Familles :" not in unchosen
    assert "Familles : 1. Ont commencé : 1" in magnard


def test_that_of_another_site_is_not_there(season: World, visitor: Visitor) -> None:
    enter(season, visitor, READER)

    assert visitor.get(f"{REPORT}?site=evry-magnard").status_code == 404
