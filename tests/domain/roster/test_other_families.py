"""A reused identifier, as opposed to a family with a new or differently spelt name."""

from datetime import date

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.family.households import Guardian, Household, Pupil
from chalicelib.domain.roster.other_families import is_other_family
from chalicelib.domain.roster.row_families import ListedFamily

REF = AccountRef("bondoufle-gounod", "gou1002")
BORN = date(2015, 2, 28)
ZOE = Pupil("Zoé Lavande", BORN)


def account(**parts: tuple[str, ...]) -> Account:
    """Make the Lavandes' account with these parts on file."""
    guardians = parts.get("guardians", ("Mme Iris Lavande", "M. Éric Lavande"))
    household = Household(tuple(map(Guardian, guardians)), pupils=(ZOE,) if parts.get("pupils", ("Zoé",)) else ())
    return Account(REF, "Famille Lavande", ("lavande@example.org",), "stamp", household=household)


def listed(name: str, *guardians: str, pupils: tuple[Pupil, ...] = (), email: str = "pie@example.org") -> ListedFamily:
    return ListedFamily(REF, 2, "GOU 1002", name, tuple(map(Guardian, guardians)), (email,), pupils=pupils)


TOM = Pupil("Tom Pie", date(2016, 5, 1))


@pytest.mark.parametrize(
    ("family", "on_file"),
    [
        (listed("Famille Pie", "M. Luc Pie", pupils=(TOM,)), account()),
        (listed("Famille Pie", "M. Luc Pie"), account()),
        (listed("Famille Pie", "M. Luc Pie", pupils=(Pupil("Zoé Pie", date(2016, 5, 1)),)), account()),
        (listed("Famille Pie", "M. Luc Pie", pupils=(TOM,)), account(guardians=())),
        (listed("Famille Pie"), account()),
        (listed("Famille Pie", pupils=(TOM,), email="lavande@example.org"), account()),
    ],
)
def test_name_guardians_and_pupils_that_all_differ_are_another_familys(family: ListedFamily, on_file: Account) -> None:
    assert is_other_family(family, on_file)


@pytest.mark.parametrize(
    ("family", "on_file"),
    [
        (listed("FAMILLE LAVANDE", "M. Luc Pie", pupils=(TOM,)), account()),
        (listed("Lavande-Pie", "M. Luc Pie", pupils=(TOM,)), account()),
        (listed("Famille Pie", "LAVANDE IRIS", pupils=(TOM,)), account()),  # a married name, and pupils who left
        (listed("Famille Pie", "Mme Iris Pie", pupils=(Pupil("ZOE LAVANDE"),)), account()),
        (listed("Famille Pie", "Mme Iris Pie", pupils=(Pupil("Zoé Pie", BORN),)), account()),
        (listed("Famille Pie", email="lavande@example.org"), account()),
        (listed("Famille Pie", pupils=(TOM,), email="lavande@example.org"), account(pupils=())),
    ],
)
def test_a_family_that_keeps_one_of_them_is_the_same(family: ListedFamily, on_file: Account) -> None:
    assert not is_other_family(family, on_file)
