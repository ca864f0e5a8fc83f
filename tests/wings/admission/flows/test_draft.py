"""Save a step of an application: one write, no overwrite of another tab's answers, no complete answer emptied."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.refusals import FieldsRefused, LessComplete, Unavailable
from chalicelib.values import version_of
from chalicelib.wings.admission.domain.applications import Answers, ApplicationFull
from chalicelib.wings.admission.flows.draft import AnswersMoved, StepForm, guardian_part, save_guardian
from chalicelib.wings.admission.stores import applications
from tests.support.admission import MERLE, announce, application_of
from tests.support.application_form import context_of, draft, send_as_shown
from tests.support.applications import WHOLE
from tests.support.aws import When
from tests.support.world import World

TYPED = replace(WHOLE, telephone="06 99 00 20 09", candidates=())
HALF = replace(TYPED, telephone="")


@pytest.fixture(autouse=True)
def begun(world: World) -> None:
    announce(world)
    draft(world, MERLE)


def save(world: World, answers: Answers = TYPED, before: Answers | None = None, *, later: bool = False) -> Answers:
    context = context_of(world, MERLE)
    version = version_of(guardian_part(before or context.application.answers))
    return save_guardian(world.visit(), context, answers, StepForm(version, later)).answers


def test_a_step_is_one_write_and_leaves_the_others_as_they_are(world: World) -> None:
    context = context_of(world, MERLE)
    form = StepForm(version_of(guardian_part(WHOLE)))
    world.aws.calls.clear()

    save_guardian(world.visit(), context, TYPED, form)

    assert world.aws.calls == ["UpdateItem"]
    assert application_of(world).answers == replace(TYPED, candidates=WHOLE.candidates)


def test_the_same_form_twice_finds_its_own_work(world: World) -> None:
    before = application_of(world).answers
    save(world, before=before)
    application = application_of(world)
    world.wait(timedelta(minutes=1))

    save(world, before=before)

    assert application_of(world) == application


def test_what_was_saved_meanwhile_is_told_and_not_written_over(world: World) -> None:
    answers = application_of(world).answers
    save(world)

    with pytest.raises(AnswersMoved) as error:
        save(world, replace(TYPED, telephone="06 99 00 20 08"), answers)

    assert error.value.answers == TYPED
    assert application_of(world).answers.telephone == TYPED.telephone
    save(world, replace(TYPED, telephone="06 99 00 20 08"), TYPED)
    assert application_of(world).answers.telephone == "06 99 00 20 08"


def test_to_finish_later_keeps_what_there_is_and_empties_nothing_that_is_whole(world: World) -> None:
    with pytest.raises(FieldsRefused) as refusal:
        save(world, HALF)
    assert refusal.value.fields == {"telephone": ("telephone_missing",)}
    with pytest.raises(LessComplete):
        save(world, HALF, later=True)

    draft(world, MERLE, Answers())
    assert save(world, HALF, later=True) == HALF


def test_what_is_put_back_as_it_was_sent_waits_for_nothing(world: World) -> None:
    send_as_shown(world, context_of(world, MERLE))
    save(world)
    assert application_of(world).draft is not None

    save(world, replace(WHOLE, candidates=()))

    assert application_of(world).draft is None


def test_what_has_no_room_is_refused_and_the_rest_is_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applications, "ROOM", 900)
    before = application_of(world)

    with pytest.raises(ApplicationFull):
        save(world, replace(TYPED, guardian="é" * 100))

    assert application_of(world) == before


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_fault_leaves_all_or_nothing_and_the_form_may_be_sent_again(world: World, when: When) -> None:
    answers = application_of(world).answers
    with world.aws.failing("UpdateItem", when), pytest.raises(Unavailable):
        save(world, before=answers)

    save(world, before=answers)

    assert application_of(world).answers.telephone == TYPED.telephone


def test_what_is_not_there_is_asked_for_field_by_field(world: World) -> None:
    draft(world, MERLE, Answers())

    with pytest.raises(FieldsRefused) as refusal:
        save(world, Answers("Mme Inès Geai", address=("4 allée des Tilleuls",)))

    assert set(refusal.value.fields) == {"telephone", "code_postal", "ville"}
    assert application_of(world).answers == Answers()
