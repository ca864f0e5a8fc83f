"""The step « Mon foyer »: whole answers are kept; what lacks is told, and then nothing is."""

from dataclasses import replace

import pytest

from chalicelib.domain.enrolment.answers import HouseholdAnswers
from chalicelib.domain.enrolment.enrolments import SavedBy
from chalicelib.domain.refusals import FieldsRefused, LessComplete, StepMoved
from chalicelib.flows.family.household_step import save_household
from chalicelib.flows.family.reenrolment import EnrolmentContext, StepSubmission, enter, version_of
from tests.support.answers import WHOLE
from tests.support.enrolment import IN_JUNE, enrolment, open_season
from tests.support.households import open_session
from tests.support.world import World

FIRST = version_of(HouseholdAnswers())
PART = HouseholdAnswers(payer="Mme Rossignol")


@pytest.fixture
def me(world: World) -> EnrolmentContext:
    token = open_session(world, open_season(world))
    return enter(world.services, token, world.client, world.now)


def test_whole_answers_are_kept_with_who_gave_them(world: World, me: EnrolmentContext) -> None:
    save_household(world.services, me, WHOLE, StepSubmission("2", FIRST), world.client)

    assert enrolment(world).household == WHOLE
    assert enrolment(world).household_saved == SavedBy("M. Côme Rossignol", IN_JUNE)


def test_what_lacks_is_told_and_nothing_is_kept(world: World, me: EnrolmentContext) -> None:
    with pytest.raises(FieldsRefused) as refusal:
        save_household(world.services, me, PART, StepSubmission("1", FIRST), world.client)

    assert refusal.value.fields == {
        "coordonnees": ("coordinates_exact_missing",),
        "urgence_nom": ("emergency_name_missing",),
        "urgence_telephone": ("emergency_telephone_missing",),
        "reglement": ("rules_accepted_missing",),
    }
    assert enrolment(world).household == HouseholdAnswers()
    assert save_household(world.services, me, WHOLE, StepSubmission("1", FIRST), world.client).household == WHOLE


def test_who_does_not_say_who_it_is_is_told_so_with_all_that_lacks(world: World, me: EnrolmentContext) -> None:
    with pytest.raises(FieldsRefused) as refusal:
        save_household(world.services, me, replace(WHOLE, payer=""), StepSubmission("", FIRST), world.client)

    assert refusal.value.fields == {"payeur": ("payer_missing",), "par": ("speaker_missing",)}
    assert enrolment(world).household == HouseholdAnswers()


def test_what_another_guardian_completed_meanwhile_is_not_emptied_to_finish_later(
    world: World, me: EnrolmentContext
) -> None:
    other = enter(world.services, me.visitor.token, world.client, world.now)
    save_household(world.services, other, WHOLE, StepSubmission("2", FIRST), world.client)

    with pytest.raises(StepMoved):
        save_household(world.services, me, PART, StepSubmission("1", FIRST, later=True), world.client)
    me = enter(world.services, me.visitor.token, world.client, world.now)
    with pytest.raises(LessComplete):
        save_household(world.services, me, PART, StepSubmission("1", version_of(WHOLE), later=True), world.client)

    assert enrolment(world).household == WHOLE


def test_who_finishes_later_is_refused_nothing(world: World, me: EnrolmentContext) -> None:
    after = save_household(world.services, me, PART, StepSubmission("1", FIRST, later=True), world.client)

    assert after.household == enrolment(world).household == PART


def test_no_payer_is_a_payer_that_lacks(world: World, me: EnrolmentContext) -> None:
    with pytest.raises(FieldsRefused) as refusal:
        save_household(world.services, me, replace(WHOLE, payer=""), StepSubmission("1", FIRST), world.client)

    assert refusal.value.fields == {"payeur": ("payer_missing",)}
