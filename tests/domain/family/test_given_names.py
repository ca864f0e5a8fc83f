"""First names, separated from the family's name as far as possible."""

import pytest

from chalicelib.domain.family.given_names import given_names
from chalicelib.domain.family.households import Pupil


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Léo Rossignol", "Léo"),
        ("ROSSIGNOL Léo", "Léo"),
        ("Jean-Marie Rossignol", "Jean-Marie"),
        ("Zoé Rossignol-Merle", "Zoé"),
        ("DE LA TOUR Anne-Lise", "Anne-Lise"),
        ("Léo Merle", "Léo Merle"),
        ("ROSSIGNOL LÉO", "LÉO"),
        ("Rossignol", "Rossignol"),
        ("A Rossignol", "A"),
    ],
)
def test_a_first_name_is_what_is_not_the_family_s(name: str, first: str) -> None:
    assert given_names((Pupil(name),), "Famille Rossignol") == (first,)


def test_each_is_told_once_in_the_order_of_the_pupils() -> None:
    pupils = (Pupil("Zoé Rossignol"), Pupil("Léo Rossignol"), Pupil("Zoé ROSSIGNOL"))

    assert given_names(pupils, "M. et Mme Rossignol") == ("Zoé", "Léo")
