"""The families of `make run`: each has a whole household, and all is there that is worth trying."""

from datetime import date

import pytest

from chalicelib.domain.family.households import merge_pupils
from tools.local.families import FAMILIES, Family

TODAY = date(2026, 6, 1)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: f"{family.site}-{family.identifier}")
def test_a_family_has_a_whole_household(family: Family) -> None:
    household = family.household

    assert all(each.telephone.startswith("01 99 00 ") for each in household.guardians)
    assert household.address
    assert household.pupils
    assert household.payer in {"", *(each.name for each in household.guardians)}
    assert merge_pupils(household.pupils) == household.pupils


def test_there_is_one_for_each_thing_worth_trying() -> None:
    households = {(family.site, family.identifier): family.household for family in FAMILIES}
    rossignol = households["ris-orangis-messiaen", "MES4001"].pupils
    pupils = [pupil for household in households.values() for pupil in household.pupils]

    assert [len(pupil.courses) for pupil in rossignol] == [2, 1, 1]
    assert rossignol[2].courses[0].discipline == "Danse classique"
    assert [pupil.name for pupil in pupils if pupil.is_adult(TODAY)] == ["Solène D'Églantine-Noël"]
    assert len(households["evry-magnard", "MAG2003"].guardians) == 2
    assert [pupil.name for pupil in pupils if not pupil.courses] == ["Paulin Fermée"]
    duo = [households[site, "DUO6001"] for site in ("evry-magnard", "evry-xenakis")]
    assert duo[0].guardians == duo[1].guardians
