"""Enter and save a re-enrolment: by which guardian, for which season, over which answers."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.dossiers.documents import ProvidedDocument, SavedBy
from chalicelib.domain.enrolment.answers import HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.refusals import FieldsRefused, StepMoved, Unavailable
from chalicelib.flows.family.reenrolment import EnrolmentContext, StepSubmission, StepUpdate, save_step
from chalicelib.values import frozen, version_of
from tests.support.answers import WHOLE
from tests.support.aws import When
from tests.support.enrolment import IN_JUNE, REF, enrolment, open_season
from tests.support.enrolment_flows import come
from tests.support.households import open_session
from tests.support.staff import in_parallel
from tests.support.world import ROSSIGNOL, World

EMPTY = HouseholdAnswers()


@pytest.fixture
def token(world: World) -> Token:
    return open_session(world, open_season(world))


def saving(answers: HouseholdAnswers, value: object, by: str = "Mme Rossignol", at: datetime = IN_JUNE) -> StepUpdate:
    return StepUpdate(
        part=lambda found: found.household,
        author=lambda found: found.household_saved,
        apply=lambda found: found.with_household(answers, SavedBy(by, at)),
        submission=StepSubmission("1", version_of(value)),
    )


def save(
    world: World, me: EnrolmentContext, answers: HouseholdAnswers, expected: object, by: str = "Mme Rossignol"
) -> Enrolment:
    return save_step(world.visit(), me, saving(answers, expected, by))


def test_a_page_costs_two_round_trips_and_a_saved_step_three(world: World, token: Token) -> None:
    world.aws.calls.clear()

    me = come(world, token)
    assert world.aws.calls == ["GetItem", "BatchGetItem"]
    save(world, me, WHOLE, EMPTY)

    assert world.aws.calls == ["GetItem", "BatchGetItem", "UpdateItem"]


def test_a_mark_tells_of_every_field_those_too_that_are_never_shown() -> None:
    rest = (
        replace(WHOLE, payer="M. Rossignol"),
        replace(WHOLE, emergency_telephone="06 99 00 00 02"),
        replace(WHOLE, emergency_name="?"),
        (ProvidedDocument("a", "foyer", SavedBy("Mme Rossignol", IN_JUNE)),),
        (ProvidedDocument("a", "foyer", SavedBy("Mme Rossignol", IN_JUNE), "key"),),
        (ProvidedDocument("a", "foyer", SavedBy("M. Rossignol", IN_JUNE), "key"),),
        PupilAnswers(stays=True),
        PupilAnswers(stays=True, remark="Après 17 h"),
        None,
    )

    assert len({version_of(each) for each in (WHOLE, *rest)}) == len(rest) + 1
    assert version_of(WHOLE) == version_of(replace(WHOLE))


@frozen
class OneMore(HouseholdAnswers):
    """The household's answers with a field of a later version."""

    instrument: str = ""


def test_a_field_that_a_later_version_adds_moves_no_open_form_until_it_is_answered() -> None:
    whole = {field.name: getattr(WHOLE, field.name) for field in fields(WHOLE)}

    assert version_of(OneMore(**whole)) == version_of(WHOLE)
    assert version_of((OneMore(**whole), None)) == version_of((WHOLE, None))
    assert version_of(OneMore(**whole, instrument="Alto")) != version_of(WHOLE)
    assert version_of(PupilAnswers()) != version_of(None)


def test_before_any_period_is_announced_nothing_is_open(world: World) -> None:
    world.now = IN_JUNE
    me = come(world, open_session(world, world.settle()))

    assert (me.state, me.is_open, me.enrolment.ref.season) == (None, False, "2027")
    assert me.saved_by("1").by == "Famille Rossignol", "no guardian is on file"


def test_last_year_s_is_found_beside_this_year_s(world: World, token: Token) -> None:
    for year in (2026, 2027):
        ref = EnrolmentRef(ROSSIGNOL, str(year))
        draft = Enrolment(ref).with_household(WHOLE, SavedBy(f"in {year}", world.now))
        world.services.enrolments.change(Enrolment(ref), draft)

    me = come(world, token)

    assert me.enrolment.household_saved == SavedBy("in 2027", world.now)
    assert me.last.household_saved == SavedBy("in 2026", world.now)


def test_a_period_that_opens_next_year_is_not_begun(world: World) -> None:
    token = open_session(world, open_season(world, datetime(2026, 12, 1, tzinfo=UTC)))
    ref = EnrolmentRef(ROSSIGNOL, "2026")
    world.services.enrolments.change(
        Enrolment(ref), Enrolment(ref).with_household(WHOLE, SavedBy("in 2026", world.now))
    )

    me = come(world, token)

    assert (me.state, me.enrolment) == ("before", Enrolment(REF))
    assert me.last.household_saved == SavedBy("in 2026", world.now)


def test_who_saves_is_a_guardian_on_file_and_who_does_not_say_which_saves_nothing(world: World, token: Token) -> None:
    me = come(world, token)
    names = ("Mme Aimée Rossignol", "M. Côme Rossignol")
    assert [me.saved_by(number) for number in ("1", "2")] == [SavedBy(name, world.now) for name in names]
    for number in ("", "0", "3", "-1", "x", "²", "01 ", "9" * 5000):
        with pytest.raises(FieldsRefused) as refusal:
            me.saved_by(number, {"payeur": ("payer_missing",)})
        assert refusal.value.fields == {"payeur": ("payer_missing",), "par": ("speaker_missing",)}


def test_what_another_guardian_saved_meanwhile_is_not_written_over(world: World, token: Token) -> None:
    context, second = come(world, token), come(world, token)
    save(world, context, WHOLE, EMPTY, by="Mme Aimée Rossignol")

    with pytest.raises(StepMoved) as refusal:
        save(world, second, replace(WHOLE, payer="M. Côme Rossignol"), EMPTY, by="M. Côme Rossignol")

    assert refusal.value.saved == SavedBy("Mme Aimée Rossignol", IN_JUNE)
    assert refusal.value.version == version_of(WHOLE)
    assert enrolment(world).household == WHOLE


def test_two_guardians_at_once_on_one_step_have_one_winner(world: World, token: Token) -> None:
    contexts = [come(world, token), come(world, token)]
    names = ("Mme Aimée Rossignol", "M. Côme Rossignol")

    def race(place: int) -> Any:
        try:
            return save(world, contexts[place], replace(WHOLE, payer=names[place]), EMPTY, by=names[place])
        except StepMoved as refusal:
            return refusal.saved

    results = in_parallel(2, race)

    stands = enrolment(world)
    assert stands in results
    assert stands.household_saved in results


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_write_that_fails_leaves_nothing_half_done(world: World, token: Token, when: When) -> None:
    with world.aws.failing("UpdateItem", when), pytest.raises(Unavailable):
        save(world, come(world, token), WHOLE, EMPTY)
    assert enrolment(world).household == (EMPTY if when == "before" else WHOLE)

    save(world, come(world, token), WHOLE, EMPTY)

    assert enrolment(world).household == WHOLE


def test_the_record_tells_that_a_step_was_saved_and_nothing_of_it(world: World, token: Token) -> None:
    save(world, come(world, token), WHOLE, EMPTY)

    (line,) = [each for each in world.events() if each["event"] == "enrolment_saved"]
    assert line.keys() == {"time", "event", "request", "site", "account"}
    assert "Rossignol" not in world.log.getvalue()
