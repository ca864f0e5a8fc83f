"""Changes as the office and the family read them. The family reads no name of the office."""

from typing import get_args

import pytest

from chalicelib.domain.family.corrections import Actor, CorrectedField, Correction
from chalicelib.presentation.office import corrections
from tests.support.world import OPENING_MORNING


def correction(actor: Actor, of: str = "") -> Correction:
    return Correction("telephones", ("01 99 00 12 34",), (), actor, OPENING_MORNING, "decision", of)


def test_every_field_that_may_be_corrected_has_its_name() -> None:
    assert corrections.FIELDS.keys() == set(get_args(CorrectedField))


def test_a_change_by_the_office_names_who_did_it_to_the_office_alone() -> None:
    change = correction(Actor("office", "Basile Troglodyte"), "Aimée Rossignol")
    sentence = "1er septembre 2026 à 9 h 00 : téléphone d'Aimée Rossignol : 01 99 00 12 34 → rien, par l'administration"

    assert corrections.author(change) == "l'administration (Basile Troglodyte)"
    assert corrections.line_for_family(change) == sentence


@pytest.mark.parametrize(
    ("actor", "by"),
    [
        (Actor("family", "Aimée Rossignol"), "la famille (Aimée Rossignol)"),
        (Actor("family"), "la famille"),
        (Actor("file"), "le fichier annuel"),
    ],
)
def test_whose_hand_it_was_is_told(actor: Actor, by: str) -> None:
    assert corrections.author(correction(actor)) == by
