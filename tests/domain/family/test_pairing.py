"""Guardians paired with another list of them: by name, or by place where nobody else is meant."""

import pytest

from chalicelib.domain.family.households import Guardian
from chalicelib.domain.family.pairing import with_addresses, with_telephones

AIMEE, COME = Guardian("Mme Aimée Rossignol", telephone="01 99 00 00 01"), Guardian("M. Côme Merle")
NAMES = (Guardian(AIMEE.name), Guardian(COME.name))


def telephones(guardians: tuple[Guardian, ...]) -> list[str]:
    return [guardian.telephone for guardian in guardians]


@pytest.mark.parametrize(
    ("named", "known", "found"),
    [
        pytest.param(NAMES, (AIMEE, COME), ["01 99 00 00 01", ""], id="as many"),
        pytest.param(NAMES, (COME, AIMEE), ["01 99 00 00 01", ""], id="in another order"),
        pytest.param((Guardian("Mme AIMEE ROSSIGNOL"),), (COME, AIMEE), ["01 99 00 00 01"], id="spelt otherwise"),
        pytest.param((Guardian("Mme Aimée Merle"), COME), (AIMEE, COME), ["01 99 00 00 01", ""], id="renamed"),
        pytest.param((Guardian("Mme Grive"),), (AIMEE, COME), [""], id="somebody else"),
        pytest.param((COME, Guardian("Mme Grive")), (COME, AIMEE), ["", "01 99 00 00 01"], id="one is renamed"),
        pytest.param(
            (Guardian("Mme Grive"), AIMEE), (AIMEE, COME), ["", "01 99 00 00 01"], id="that one is still there"
        ),
        pytest.param((), (AIMEE,), [], id="nobody"),
    ],
)
def test_a_telephone_goes_with_its_guardian(
    named: tuple[Guardian, ...], known: tuple[Guardian, ...], found: list[str]
) -> None:
    assert telephones(with_telephones(named, known)) == found


def test_a_telephone_that_is_known_no_more_is_taken_away() -> None:
    assert telephones(with_telephones((AIMEE, COME), NAMES)) == ["", ""]


def test_an_address_goes_with_its_place_if_it_is_on_file() -> None:
    listed = (Guardian("Mme Grive", "grive@example.org"), Guardian("M. Merle", "merle@example.org"))

    paired = with_addresses(NAMES, listed, NAMES, ("merle@example.org",))

    assert [guardian.email for guardian in paired] == ["", "merle@example.org"]
