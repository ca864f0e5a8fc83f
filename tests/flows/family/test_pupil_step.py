"""The step of one pupil: saved as answered, missing answers listed, closed once the office has decided."""

from dataclasses import replace

import pytest

from chalicelib.domain.dossiers.documents import SavedBy
from chalicelib.domain.enrolment.answers import CourseWish, HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.enrolments import PupilFile, Verdict
from chalicelib.domain.refusals import LessComplete, StepMoved, Unavailable
from chalicelib.flows.family.pupil_step import PupilDecided, file_of, save_household, save_image_rights, save_pupil
from chalicelib.flows.family.reenrolment import EnrolmentContext, StepSubmission
from chalicelib.values import version_of
from tests.support.answers import WHOLE
from tests.support.aws import When
from tests.support.enrolment import IN_JUNE, ZELIE_KEY, enrolment, open_season
from tests.support.enrolment_flows import come, submit_and_decide
from tests.support.households import open_session
from tests.support.world import World

HOUSEHOLD_STEP_FIRST = version_of(HouseholdAnswers())
PART = HouseholdAnswers(payer="Mme Rossignol")


@pytest.fixture
def me(world: World) -> EnrolmentContext:
    return come(world, open_session(world, open_season(world)))


def test_what_another_guardian_completed_is_not_emptied_to_finish_later(world: World, me: EnrolmentContext) -> None:
    other = come(world, me.visitor.token)
    save_household(world.visit(), other, WHOLE, StepSubmission("2", HOUSEHOLD_STEP_FIRST))

    with pytest.raises(StepMoved):
        save_household(world.visit(), me, PART, StepSubmission("1", HOUSEHOLD_STEP_FIRST, later=True))
    me = come(world, me.visitor.token)
    with pytest.raises(LessComplete):
        save_household(world.visit(), me, PART, StepSubmission("1", version_of(WHOLE), later=True))

    assert enrolment(world).household == WHOLE


FIRST = version_of(None)
GOES_ON = PupilAnswers(
    stays=True, wishes=(CourseWish("Hautbois", "keep"), CourseWish("Formation musicale", "keep")), image_rights=False
)
LEAVES = PupilAnswers(stays=False, reason="Déménagement")


def answer(
    world: World, me: EnrolmentContext, answers: PupilAnswers, version: str = FIRST, *, later: bool = False
) -> None:
    save_pupil(world.visit(), me, (ZELIE_KEY, answers), StepSubmission("1", version, later))


def zelie(world: World, me: EnrolmentContext) -> PupilFile:
    return file_of(come(world, me.visitor.token), ZELIE_KEY)


def consent(world: World, me: EnrolmentContext, expected: PupilAnswers, *, agrees: bool) -> None:
    submission = StepSubmission("2", version_of(expected))
    save_image_rights(world.visit(), come(world, me.visitor.token), (ZELIE_KEY, agrees), submission)


def test_what_another_guardian_answered_stands_and_one_is_told_who_and_when(world: World, me: EnrolmentContext) -> None:
    answer(world, me, GOES_ON)

    with pytest.raises(StepMoved) as refusal:
        answer(world, come(world, me.visitor.token), LEAVES)

    assert refusal.value.saved == SavedBy("Mme Aimée Rossignol", IN_JUNE)
    assert zelie(world, me).draft == GOES_ON


@pytest.mark.parametrize("verdict", ["accepted", "declined"])
def test_once_decided_even_meanwhile_one_calls_the_office(world: World, me: EnrolmentContext, verdict: Verdict) -> None:
    answer(world, me, GOES_ON)
    typing = come(world, me.visitor.token)
    submit_and_decide(world, ZELIE_KEY, verdict)

    for page in (typing, come(world, me.visitor.token)):
        with pytest.raises(PupilDecided):
            answer(world, page, LEAVES, version_of(GOES_ON))
    assert zelie(world, me).state == verdict


@pytest.mark.parametrize("verdict", [None, "to_complete"])
def test_until_then_what_was_sent_may_be_changed(world: World, me: EnrolmentContext, verdict: Verdict | None) -> None:
    answer(world, me, GOES_ON)
    submit_and_decide(world, ZELIE_KEY, verdict)

    answer(world, come(world, me.visitor.token), LEAVES, version_of(GOES_ON))

    file = zelie(world, me)
    assert (file.state, file.draft) == ("changed", replace(LEAVES, image_rights=False))
    assert file.sent is not None
    assert file.sent.answers == GOES_ON


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_consent_withdrawn_in_a_fault_is_so_once_or_not(world: World, me: EnrolmentContext, when: When) -> None:
    agreed = replace(GOES_ON, image_rights=True)
    answer(world, me, agreed)
    submit_and_decide(world, ZELIE_KEY, "accepted")

    with world.aws.failing("UpdateItem", when), pytest.raises(Unavailable):
        consent(world, me, agreed, agrees=False)

    sent = zelie(world, me).sent
    assert sent
    assert sent.answers.image_rights is (when == "before")
    consent(world, me, agreed, agrees=False)
    file = zelie(world, me)
    assert file.sent
    assert (file.state, file.sent.answers.image_rights) == ("accepted", False)
    assert file.saved == SavedBy("M. Côme Rossignol", IN_JUNE)


def test_a_consent_that_another_withdrew_meanwhile_is_not_given_again(world: World, me: EnrolmentContext) -> None:
    agreed = replace(GOES_ON, image_rights=True)
    answer(world, me, agreed)
    submit_and_decide(world, ZELIE_KEY, "accepted")
    consent(world, me, agreed, agrees=False)

    with pytest.raises(StepMoved):
        consent(world, me, agreed, agrees=True)
    consent(world, me, replace(agreed, image_rights=False), agrees=True)
    assert zelie(world, me).state == "accepted"
