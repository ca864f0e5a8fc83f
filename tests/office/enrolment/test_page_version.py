"""What a page showed of a pupil: it holds for that alone, and says of nobody who it is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.enrolment.enrolments import Decision, Enrolment, SavedBy
from chalicelib.domain.enrolment.submissions import submit
from chalicelib.office.enrolment.page_version import PupilAsShown
from chalicelib.office.enrolment.reenrolments import EnrolledPupil, Family
from chalicelib.office.refusals import OfficeRefusal
from tests.support.enrolled_families import (
    BY,
    CHANGES,
    GOES_ON,
    NUMBERS,
    draft_again,
    judge,
    new_enrolment,
    send_pupils,
)
from tests.support.enrolment import IN_JUNE
from tests.support.world import ROSSIGNOL, World

WANTED = Decision("declined", "Mme Houx", IN_JUNE + timedelta(days=1), "Plus de place.")


def sent() -> Enrolment:
    return send_pupils(new_enrolment(ROSSIGNOL, (("a1", "Zélie", GOES_ON),)), NUMBERS[0])


def pupil(world: World, enrolment: Enrolment) -> EnrolledPupil:
    return next(pupil for pupil in Family(world.settle(), enrolment).pupils if pupil.file.key == "a1")


def refused(world: World, shown: PupilAsShown, now: Enrolment) -> str:
    with pytest.raises(OfficeRefusal) as told:
        shown.check(pupil(world, now), WANTED)
    return told.value.code


def test_what_stands_as_it_was_shown_may_be_decided_of(world: World) -> None:
    shown = PupilAsShown.of(pupil(world, sent()))

    shown.check(pupil(world, draft_again(sent(), "a1", CHANGES)), WANTED)
    assert PupilAsShown.parse("a1", shown.text) == shown
    assert shown.text == f"{NUMBERS[0]}.{NUMBERS[0]}."


def test_what_came_since_is_told_apart(world: World) -> None:
    shown = PupilAsShown.of(pupil(world, sent()))
    household = sent().with_household(replace(sent().household, payer="Mairie"), SavedBy(BY, IN_JUNE))

    assert refused(world, shown, send_pupils(draft_again(sent(), "a1", CHANGES), NUMBERS[1])) == "decide_resent"
    assert refused(world, shown, submit(household, (), NUMBERS[1], SavedBy(BY, IN_JUNE))) == "decide_household"
    assert refused(world, shown, judge(sent(), "a1", "accepted")) == "decide_meanwhile"
    assert refused(world, shown, new_enrolment(ROSSIGNOL, (("a1", "Zélie", GOES_ON),))) == "decide_vanished"


def test_the_very_decision_that_is_wanted_is_no_obstacle(world: World) -> None:
    shown = PupilAsShown.of(pupil(world, sent()))

    shown.check(pupil(world, judge(sent(), "a1", "declined", WANTED.words, WANTED.by)), WANTED)


@pytest.mark.parametrize("text", ["", "x", "a.b.c.d", ".."])
def test_what_no_page_wrote_is_like_nothing_that_is_there(world: World, text: str) -> None:
    assert refused(world, PupilAsShown.parse("a1", text), sent()) == "decide_resent"
