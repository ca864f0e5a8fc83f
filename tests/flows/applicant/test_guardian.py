"""The guardian who applies: a complete name, telephone and postal address."""

import pytest

from chalicelib.domain.admission.applications import Answers
from chalicelib.domain.refusals import FieldsRefused
from chalicelib.flows.applicant.draft import StepForm, guardian_part, part_version, save_guardian
from tests.support.admission import MERLE, announce, application_of
from tests.support.application_form import context_of, draft
from tests.support.applications import WHOLE
from tests.support.world import World


def test_what_is_not_there_is_asked_for_field_by_field(world: World) -> None:
    announce(world)
    draft(world, MERLE, Answers())

    with pytest.raises(FieldsRefused) as refused:
        save_guardian(
            world.services,
            context_of(world, MERLE),
            Answers("Mme Inès Geai", address=("4 allée des Tilleuls",)),
            StepForm(part_version(Answers())),
            world.new_client(),
        )

    assert set(refused.value.fields) == {"telephone", "code_postal", "ville"}
    assert application_of(world).answers == Answers()


def test_the_step_is_about_who_asks_and_no_child() -> None:
    assert guardian_part(WHOLE).candidates == ()
    assert guardian_part(WHOLE).guardian == WHOLE.guardian
