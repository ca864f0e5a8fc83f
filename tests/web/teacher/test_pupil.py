"""The page of one pupil in one of a teacher's courses."""

from dataclasses import replace

from tests.support.teaching import (
    BASILE,
    ENSEMBLE,
    MESANGE,
    ZELIE,
    enter_as_teacher,
    pupil_address,
    settle_pupil,
)
from tests.support.world import ROSSIGNOL, Visitor, World


def test_a_teacher_sees_a_pupil_with_age_level_and_the_own_courses(world: World, visitor: Visitor) -> None:
    enter_as_teacher(world, visitor)

    page = visitor.get(pupil_address(ROSSIGNOL, ZELIE))

    assert page.status_code == 200
    assert "<h1>Zélie Rossignol</h1>" in page.text
    assert "<dd>11 ans</dd>" in page.text
    assert "Cycle 1 - 2e année" in page.text
    assert "Violon</a>, mercredi 14 h 30 - 15 h 15, salle Lully" in page.text
    assert "Ensemble à cordes" in page.text
    assert "rossignol@example.org" not in page.text


def test_the_family_s_file_is_the_truth_and_not_the_timetable(world: World, visitor: Visitor) -> None:
    enter_as_teacher(world, visitor)
    settle_pupil(world, MESANGE, replace(BASILE, courses=(ENSEMBLE,)))
    settle_pupil(world, ROSSIGNOL, ZELIE, gone_at=world.now)

    assert visitor.get(pupil_address(MESANGE, BASILE)).status_code == 404
    assert visitor.get(pupil_address(ROSSIGNOL, ZELIE)).status_code == 404


def test_the_page_takes_three_round_trips(world: World, visitor: Visitor) -> None:
    enter_as_teacher(world, visitor)
    visitor.get(pupil_address(ROSSIGNOL, ZELIE))
    before = len(world.aws.calls)

    visitor.get(pupil_address(ROSSIGNOL, ZELIE))

    assert world.aws.calls[before:] == ["GetItem", "BatchGetItem", "BatchGetItem"]
