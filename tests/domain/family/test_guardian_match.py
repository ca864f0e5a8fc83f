"""Guardians of a file paired with those on file: by name, by their own values, by place if alike."""

import pytest

from chalicelib.domain.family.guardian_match import Guardians, Sign, pair_guardians
from chalicelib.domain.family.households import Guardian

ONE, TWO = "01 99 00 00 01", "01 99 00 00 02"
AIMEE, COME = Guardian("Mme Aimée Rossignol", "aimee@example.org", ONE), Guardian("M. Côme Merle", "come@example.org")
FIRST, SECOND = Guardian("Dupont", "a@example.org", ONE), Guardian("Dupont", "b@example.org", TWO)
ALIKE = (FIRST, SECOND)


def place(*guardians: Guardian, on_file: Guardians = ALIKE, signs: tuple[Sign, ...] = ()) -> tuple[int | None, ...]:
    return pair_guardians(guardians, on_file, signs).places


@pytest.mark.parametrize(
    ("names", "places"),
    [
        pytest.param(("Mme Aimée Rossignol", "M. Côme Merle"), (0, 1), id="as many"),
        pytest.param(("M. Côme Merle", "Mme Aimée Rossignol"), (1, 0), id="in another order"),
        pytest.param(("Mme AIMEE ROSSIGNOL",), (0,), id="spelt otherwise"),
        pytest.param(("Mme Rossignol", "M. Côme Merle"), (0, 1), id="written less fully"),
        pytest.param(("M. Aimé Rossignol", "M. Côme Merle"), (None, 1), id="another title and first name"),
        pytest.param(("Mme Grive", "M. Côme Merle"), (None, 1), id="another guardian at the same place"),
        pytest.param(("Mme Grive", "Mme Aimée Rossignol"), (None, 0), id="the guardian of that place is elsewhere"),
        pytest.param((), (), id="none"),
    ],
)
def test_guardians_of_other_names_are_paired_by_name(names: tuple[str, ...], places: tuple[int | None, ...]) -> None:
    assert place(*map(Guardian, names), on_file=(AIMEE, COME)) == places


@pytest.mark.parametrize(
    ("listed", "places"),
    [
        pytest.param(ALIKE, (0, 1), id="as they were"),
        pytest.param((SECOND, FIRST), (1, 0), id="in another order, by e-mail"),
        pytest.param((Guardian("Dupont", telephone=TWO), Guardian("Dupont", telephone=ONE)), (1, 0), id="by telephone"),
        pytest.param((Guardian("Dupont", "new@example.org"), SECOND), (0, 1), id="the place that is left"),
        pytest.param((Guardian("Dupont"), Guardian("Dupont")), (0, 1), id="by place where no sign tells"),
        pytest.param(
            (Guardian("DUPONT", telephone=ONE), Guardian("Dupont", telephone=ONE)), (0, 1), id="one telephone"
        ),
        pytest.param((SECOND,), (1,), id="the first one is gone"),
        pytest.param((Guardian("Dupont", "new@example.org"),), (None,), id="one of two, by no sign"),
        pytest.param((FIRST, Guardian("Dupont"), SECOND), (0, None, 1), id="a third one"),
    ],
)
def test_guardians_written_alike_are_paired_by_sign_or_place(listed: Guardians, places: tuple[int | None, ...]) -> None:
    assert place(*listed) == places


@pytest.mark.parametrize(
    ("listed", "places"),
    [
        pytest.param((Guardian("Mme Dupont"), Guardian("M. Dupont")), (0, 1), id="written more fully"),
        pytest.param(
            (Guardian("Mme Dupont", SECOND.email), Guardian("M. Dupont", FIRST.email)), (1, 0), id="in another order"
        ),
        pytest.param((Guardian("Mme Grive", FIRST.email), SECOND), (0, 1), id="by e-mail"),
        pytest.param((SECOND, Guardian("Mme Grive", telephone=ONE)), (1, 0), id="by telephone at another place"),
        pytest.param((Guardian("Mme Dupont", "new@example.org"), SECOND), (None, 1), id="another address"),
        pytest.param((Guardian("—"), SECOND), (None, 1), id="no word at all"),
    ],
)
def test_a_guardian_is_the_same_by_a_sign_or_a_fuller_name(listed: Guardians, places: tuple[int | None, ...]) -> None:
    assert place(*listed) == places


def test_a_guardian_renamed_in_the_file_alone_is_the_same_whatever_was_corrected_here() -> None:
    guardians = (Guardian("Mme Rosignol", "corrected@example.org", login="xen1r2"),)
    guardian = Guardian("Mme Rossignol", "aimee@example.org")

    assert place(guardian, on_file=guardians) == (None,)
    assert place(guardian, on_file=guardians, signs=("email",)) == (0,)


def test_a_login_takes_more_than_a_name_written_more_fully() -> None:
    assert place(Guardian("Mme Dupont"), on_file=(Guardian("Dupont", login="xen1r2"),)) == (None,)
