"""The step of one pupil: saved as answered, missing answers listed, closed once the office has decided."""

from dataclasses import replace

import pytest

from chalicelib.domain.dossiers.documents import SavedBy
from chalicelib.domain.enrolment.answers import CourseWish, HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.enrolments import EnrolmentDecision, PupilFile, Verdict
from chalicelib.domain.enrolment.submissions import record_decision, sendable, submit
from chalicelib.domain.refusals import FieldsRefused, LessComplete, NotThere, PupilDecided, StepMoved, Unavailable
from chalicelib.flows.family.pupil_step import file_of, save_household, save_image_rights, save_pupil
from chalicelib.flows.family.reenrolment import EnrolmentContext, StepSubmission, enter, version_of
from tests.support.answers import WHOLE
from tests.support.aws import When
from tests.support.enrolment import IN_JUNE, LEO_KEY, ZELIE_KEY, enrolment, open_season
from tests.support.households import open_session
from tests.support.world import World

HOUSEHOLD_STEP_FIRST = version_of(HouseholdAnswers())
PART = HouseholdAnswers(payer="Mme Rossignol")


@pytest.fixture
def me(world: World) -> EnrolmentContext:
    token = open_session(world, open_season(world))
    return enter(world.services, token, world.client, world.now)


def test_whole_answers_are_kept_with_who_gave_them(world: World, me: EnrolmentContext) -> None:
    save_household(world.services, me, WHOLE, StepSubmission("2", HOUSEHOLD_STEP_FIRST), world.client)

    assert enrolment(world).household == WHOLE
    assert enrolment(world).household_saved == SavedBy("M. Côme Rossignol", IN_JUNE)


def test_what_lacks_is_told_and_nothing_is_kept_household_step(world: World, me: EnrolmentContext) -> None:
    with pytest.raises(FieldsRefused) as refusal:
        save_household(world.services, me, PART, StepSubmission("1", HOUSEHOLD_STEP_FIRST), world.client)

    assert refusal.value.fields == {
        "coordonnees": ("coordinates_exact_missing",),
        "urgence_nom": ("emergency_name_missing",),
        "urgence_telephone": ("emergency_telephone_missing",),
        "reglement": ("rules_accepted_missing",),
    }
    assert enrolment(world).household == HouseholdAnswers()
    assert (
        save_household(world.services, me, WHOLE, StepSubmission("1", HOUSEHOLD_STEP_FIRST), world.client).household
        == WHOLE
    )


def test_who_does_not_say_who_it_is_is_told_so_with_all_that_lacks(world: World, me: EnrolmentContext) -> None:
    with pytest.raises(FieldsRefused) as refusal:
        save_household(
            world.services, me, replace(WHOLE, payer=""), StepSubmission("", HOUSEHOLD_STEP_FIRST), world.client
        )

    assert refusal.value.fields == {"payeur": ("payer_missing",), "par": ("speaker_missing",)}
    assert enrolment(world).household == HouseholdAnswers()


def test_what_another_guardian_completed_meanwhile_is_not_emptied_to_finish_later(
    world: World, me: EnrolmentContext
) -> None:
    other = enter(world.services, me.visitor.token, world.client, world.now)
    save_household(world.services, other, WHOLE, StepSubmission("2", HOUSEHOLD_STEP_FIRST), world.client)

    with pytest.raises(StepMoved):
        save_household(world.services, me, PART, StepSubmission("1", HOUSEHOLD_STEP_FIRST, later=True), world.client)
    me = enter(world.services, me.visitor.token, world.client, world.now)
    with pytest.raises(LessComplete):
        save_household(world.services, me, PART, StepSubmission("1", version_of(WHOLE), later=True), world.client)

    assert enrolment(world).household == WHOLE


def test_who_finishes_later_is_refused_nothing_household_step(world: World, me: EnrolmentContext) -> None:
    after = save_household(
        world.services, me, PART, StepSubmission("1", HOUSEHOLD_STEP_FIRST, later=True), world.client
    )

    assert after.household == enrolment(world).household == PART


def test_no_payer_is_a_payer_that_lacks(world: World, me: EnrolmentContext) -> None:
    with pytest.raises(FieldsRefused) as refusal:
        save_household(
            world.services, me, replace(WHOLE, payer=""), StepSubmission("1", HOUSEHOLD_STEP_FIRST), world.client
        )

    assert refusal.value.fields == {"payeur": ("payer_missing",)}


FIRST = version_of(None)
GOES_ON = PupilAnswers(
    stays=True,
    wishes=(CourseWish("Hautbois", "keep"), CourseWish("Formation musicale", "keep")),
    image_rights=False,
)
LEAVES = PupilAnswers(stays=False, reason="Déménagement")


def again(world: World, me: EnrolmentContext) -> EnrolmentContext:
    return enter(world.services, me.visitor.token, world.client, world.now)


def answer(
    world: World, me: EnrolmentContext, answers: PupilAnswers, shown: str = FIRST, *, later: bool = False
) -> None:
    save_pupil(world.services, me, (ZELIE_KEY, answers), StepSubmission("1", shown, later), world.client)


def send_and_decide(world: World, verdict: Verdict | None) -> None:
    reenrolment = enrolment(world)
    after = submit(reenrolment, sendable(reenrolment, [ZELIE_KEY]), "R27-AAAA-BBBB", SavedBy("Mme", world.now))
    if verdict:
        after = (
            record_decision(after, ZELIE_KEY, EnrolmentDecision(verdict, "Mme Houx", world.now, "Quel jour ?")) or after
        )
    world.services.enrolments.change(reenrolment, after)


def test_each_pupil_is_kept_on_its_own(world: World, me: EnrolmentContext) -> None:
    answer(world, me, GOES_ON)
    save_pupil(world.services, again(world, me), (LEO_KEY, LEAVES), StepSubmission("2", FIRST), world.client)

    zelie, leo = (enrolment(world).pupil(key) for key in (ZELIE_KEY, LEO_KEY))
    assert zelie == PupilFile(ZELIE_KEY, "Zélie Rossignol", GOES_ON, SavedBy("Mme Aimée Rossignol", IN_JUNE))
    assert leo == PupilFile(LEO_KEY, "Léo Rossignol", LEAVES, SavedBy("M. Côme Rossignol", IN_JUNE))


def test_what_another_guardian_answered_meanwhile_stands_and_one_is_told_who_and_when(
    world: World, me: EnrolmentContext
) -> None:
    answer(world, me, GOES_ON)

    with pytest.raises(StepMoved) as refusal:
        answer(world, again(world, me), LEAVES)

    assert refusal.value.saved == SavedBy("Mme Aimée Rossignol", IN_JUNE)
    assert file_of(again(world, me), ZELIE_KEY).draft == GOES_ON


def test_two_pupils_saved_from_two_devices_do_not_hinder_each_other(world: World, me: EnrolmentContext) -> None:
    other = again(world, me)

    answer(world, me, GOES_ON)
    save_pupil(world.services, other, (LEO_KEY, LEAVES), StepSubmission("2", FIRST), world.client)

    assert {each.key: each.draft for each in enrolment(world).pupils} == {ZELIE_KEY: GOES_ON, LEO_KEY: LEAVES}


@pytest.mark.parametrize(
    ("answers", "fields"),
    [
        (PupilAnswers(), {"choix": ("choice_missing",)}),
        (replace(GOES_ON, image_rights=None), {"image": ("image_rights_missing",)}),
        (replace(GOES_ON, wishes=(CourseWish("Hautbois", "change"),)), {"discipline-1": ("wanted_missing",)}),
        (replace(GOES_ON, wishes=(CourseWish("Hautbois", "stop"),)), {"choix": ("stops_everything",)}),
        (replace(GOES_ON, wishes=(CourseWish("Hautbois", "keep", "Alto"),)), {"cours-1": ("wish_contradicted",)}),
        (
            replace(GOES_ON, wishes=(CourseWish("Hautbois", "stop", "", ("mardi",)),)),
            {"cours-1": ("wish_contradicted",)},
        ),
    ],
)
def test_what_lacks_is_told_and_nothing_is_kept(
    world: World, me: EnrolmentContext, answers: PupilAnswers, fields: dict[str, tuple[str, ...]]
) -> None:
    with pytest.raises(FieldsRefused) as refusal:
        answer(world, me, answers)

    assert refusal.value.fields == fields
    assert file_of(again(world, me), ZELIE_KEY).draft is None
    answer(world, again(world, me), GOES_ON)
    assert file_of(again(world, me), ZELIE_KEY).draft == GOES_ON


def test_who_finishes_later_is_refused_nothing(world: World, me: EnrolmentContext) -> None:
    answer(world, me, PupilAnswers(remark="À voir"), later=True)

    assert file_of(again(world, me), ZELIE_KEY).draft == PupilAnswers(remark="À voir")


def test_a_pupil_of_nobody_here_is_not_there(world: World, me: EnrolmentContext) -> None:
    for key in ("", "00000000", "foyer"):
        with pytest.raises(NotThere):
            save_pupil(world.services, me, (key, GOES_ON), StepSubmission("1", FIRST), world.client)


@pytest.mark.parametrize("verdict", ["accepted", "declined"])
def test_once_the_office_has_decided_it_is_the_office_one_calls(
    world: World, me: EnrolmentContext, verdict: Verdict
) -> None:
    answer(world, me, GOES_ON)
    send_and_decide(world, verdict)

    with pytest.raises(PupilDecided):
        answer(world, again(world, me), LEAVES, version_of(GOES_ON))

    assert file_of(again(world, me), ZELIE_KEY).state == verdict


@pytest.mark.parametrize("verdict", [None, "to_complete"])
def test_until_then_a_family_may_change_its_mind_and_what_was_sent_holds(
    world: World, me: EnrolmentContext, verdict: Verdict | None
) -> None:
    answer(world, me, GOES_ON)
    send_and_decide(world, verdict)

    answer(world, again(world, me), LEAVES, version_of(GOES_ON))

    file = file_of(again(world, me), ZELIE_KEY)
    assert (file.state, file.draft) == ("changed", replace(LEAVES, image_rights=False))
    assert file.sent is not None
    assert file.sent.answers == GOES_ON


def test_a_decision_that_comes_while_the_family_types_is_not_undone(world: World, me: EnrolmentContext) -> None:
    answer(world, me, GOES_ON)
    typing = again(world, me)
    send_and_decide(world, "accepted")

    with pytest.raises(PupilDecided):
        answer(world, typing, LEAVES, version_of(GOES_ON))


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_consent_that_is_withdrawn_while_aws_fails_is_withdrawn_once_or_not_at_all(
    world: World, me: EnrolmentContext, when: When
) -> None:
    agreed = replace(GOES_ON, image_rights=True)
    answer(world, me, agreed)
    send_and_decide(world, "accepted")
    withdrawn, shown = (ZELIE_KEY, False), StepSubmission("2", version_of(agreed))

    with world.aws.failing("UpdateItem", when), pytest.raises(Unavailable):
        save_image_rights(world.services, again(world, me), withdrawn, shown, world.client)
    sent = file_of(again(world, me), ZELIE_KEY).sent
    assert sent
    assert sent.answers.image_rights is (when == "before")

    save_image_rights(world.services, again(world, me), withdrawn, shown, world.client)

    file = file_of(again(world, me), ZELIE_KEY)
    assert file.sent
    assert (file.state, file.sent.answers.image_rights) == ("accepted", False)
    assert file.saved == SavedBy("M. Côme Rossignol", IN_JUNE)


def test_a_consent_that_another_withdrew_meanwhile_is_not_given_again(world: World, me: EnrolmentContext) -> None:
    agreed = replace(GOES_ON, image_rights=True)
    answer(world, me, agreed)
    send_and_decide(world, "accepted")
    shown = version_of(replace(agreed, image_rights=False))
    save_image_rights(
        world.services, again(world, me), (ZELIE_KEY, False), StepSubmission("2", version_of(agreed)), world.client
    )

    with pytest.raises(StepMoved):
        save_image_rights(
            world.services, again(world, me), (ZELIE_KEY, True), StepSubmission("1", version_of(agreed)), world.client
        )

    save_image_rights(world.services, again(world, me), (ZELIE_KEY, True), StepSubmission("1", shown), world.client)
    assert file_of(again(world, me), ZELIE_KEY).state == "accepted"
