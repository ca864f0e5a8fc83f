"""A family's file: read together, noted under the family's account before anything of it is shown."""

from typing import Any

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.refusals import Unavailable
from chalicelib.office.consultations import consultations_of
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.staff.family_file import family_file
from tests.support.households import settle_whole
from tests.support.two_logins import COME, COMES, settle_two_logins
from tests.support.world import ROSSIGNOL, World

BASILE = "Basile Troglodyte <troglodyte@example.org>"
BEFORE = "Odile Fauvette <fauvette@example.org>"


def readers(world: World, ref: AccountRef = ROSSIGNOL) -> list[str]:
    return [read.who for read in consultations_of(world.services, ref, world.now)]


def test_all_of_it_is_read_with_who_read_it_before(world: World) -> None:
    account = settle_whole(world)
    family_file(world.services, ROSSIGNOL, BEFORE, world.now)

    found = family_file(world.services, ROSSIGNOL, BASILE, world.now)

    assert found.overview.account == account
    assert found.enrolment
    assert [pupil.file.name for pupil in found.enrolment.family.pupils] == ["Zélie Rossignol"]
    assert found.bills
    assert [invoice.number for invoice in found.bills.invoices] == ["2026-0020", "2026-0003"]
    assert BEFORE in [read.who for read in found.consultations]
    assert set(readers(world)) == {BASILE, BEFORE}


def test_a_guardian_s_own_login_is_noted_as_its_family_s(world: World) -> None:
    settle_two_logins(world)

    found = family_file(world.services, COMES, BASILE, world.now)

    assert (found.overview.account.name, found.enrolment, found.bills) == (COME, None, None)
    assert (readers(world), readers(world, COMES)) == ([BASILE], [])


def test_what_is_not_there_is_not_noted(world: World) -> None:
    with pytest.raises(OfficeRefusal):
        family_file(world.services, ROSSIGNOL, BASILE, world.now)

    assert readers(world) == []


@pytest.mark.parametrize("when", ["before", "after"])
def test_what_cannot_be_noted_is_given_to_nobody(world: World, when: Any) -> None:
    world.settle()

    with world.aws.failing("UpdateItem", when, times=2), pytest.raises(Unavailable):
        family_file(world.services, ROSSIGNOL, BASILE, world.now)
