"""One decision on many pupils: a family at a time, with a reason for each pupil not decided."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.office.enrolment.decide import EnrolmentDecisionInput
from chalicelib.office.enrolment.decide_selection import Outcome, SelectedPupil, decide_selection, preview
from chalicelib.office.enrolment.reenrolments import EnrolledFamily
from chalicelib.office.enrolment.show import PupilVersion
from chalicelib.office.refusals import OfficeRefusal
from tests.support.enrolled_families import (
    GRIVE,
    MERLE,
    NUMBERS,
    SEASON,
    judge,
    keep,
    key_of,
    open_period,
    rossignol,
    send_pupils,
    submitted_alone,
)
from tests.support.enrolment import IN_JUNE, LEO, ZELIE, enrolment
from tests.support.world import ROSSIGNOL, World

ACCEPT = EnrolmentDecisionInput("accepted", "Mme Lyre")


@pytest.fixture(autouse=True)
def season(world: World) -> None:
    open_period(world, IN_JUNE + timedelta(days=1))
    rossignol(world)
    keep(world, send_pupils(enrolment(world), NUMBERS[1], key_of(LEO)))
    submitted_alone(world, MERLE, "Famille Merle", "Tom Merle", "R27-MMMM-4444")


def tick(world: World, *refs: AccountRef) -> list[SelectedPupil]:
    """Select all returning pupils of some families, as they are now."""
    families = (
        EnrolledFamily(world.account(ref), world.services.enrolments.find(EnrolmentRef(ref, SEASON))) for ref in refs
    )
    return [
        SelectedPupil(family.account.ref, PupilVersion.of(pupil))
        for family in families
        for pupil in family.pupils
        if pupil.file.state == "submitted"
    ]


def decide(world: World, ticked: Sequence[SelectedPupil]) -> list[Outcome]:
    return [one.outcome for one in decide_selection(world.services, SEASON, ticked, ACCEPT, world.now)]


def test_a_preview_reads_all_families_at_once_and_decides_nothing(world: World) -> None:
    ticked = tick(world, ROSSIGNOL, MERLE)
    world.aws.calls.clear()

    foreseen = preview(world.services, SEASON, ticked, ACCEPT, world.now)

    assert [one.outcome for one in foreseen] == ["waiting"] * 3
    assert world.aws.calls == ["BatchGetItem"]


def test_of_a_family_those_that_stand_are_decided_and_the_other_is_told_why(world: World) -> None:
    ticked = tick(world, ROSSIGNOL, MERLE)
    keep(world, judge(enrolment(world), key_of(ZELIE), "declined"))

    assert decide(world, ticked) == ["refused", "done", "done"]
    assert decide(world, ticked) == ["refused", "already", "already"]


def test_where_the_tables_do_not_answer_no_other_family_is_tried(world: World) -> None:
    ticked = tick(world, ROSSIGNOL, MERLE)

    with world.aws.failing("UpdateItem", "after"):
        assert decide(world, ticked) == ["unsure", "unsure", "left"]

    assert decide(world, ticked) == ["already", "already", "done"]


def test_a_family_that_is_not_there_is_told_and_a_request_without_its_words_refused(world: World) -> None:
    gone = SelectedPupil(GRIVE, PupilVersion("a1", "R27-XXXX-7777"))
    assert decide(world, [gone, *tick(world, MERLE)]) == ["refused", "done"]

    with pytest.raises(OfficeRefusal):
        decide_selection(world.services, SEASON, [gone], EnrolmentDecisionInput("declined", "Mme Lyre"), world.now)
