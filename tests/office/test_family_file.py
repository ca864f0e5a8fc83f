"""A family's file: read in one batch, limited to the sites of the member, and the consultation noted."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.refusals import Unavailable
from chalicelib.office.account import consultations_of
from chalicelib.office.family_file import family_file
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.stores.mailboxes import Listing
from tests.support.applications import NUMBER
from tests.support.households import settle_whole
from tests.support.stored_applications import application_of, open_admission
from tests.support.world import EMAIL, ROSSIGNOL, World

BASILE = "Basile Troglodyte <troglodyte@example.org>"
BEFORE = "Odile Fauvette <fauvette@example.org>"


def readers(world: World, ref: AccountRef = ROSSIGNOL) -> list[str]:
    return [read.who for read in consultations_of(world.services, ref, world.now)]


@pytest.mark.wing
def test_all_of_it_is_read_with_who_read_it_before(world: World) -> None:
    account = settle_whole(world)
    family_file(world.services, ROSSIGNOL, BEFORE, world.now)

    file = family_file(world.services, ROSSIGNOL, BASILE, world.now)

    assert file.overview.account == account
    assert file.enrolment
    assert [pupil.file.name for pupil in file.enrolment.family.pupils] == ["Zélie Rossignol"]
    assert file.parts["bills"]
    assert [invoice.number for invoice in file.parts["bills"].invoices] == ["2026-0020", "2026-0003"]
    assert BEFORE in [read.who for read in file.consultations]
    assert set(readers(world)) == {BASILE, BEFORE}


def test_what_is_not_there_is_not_noted(world: World) -> None:
    with pytest.raises(OfficeRefusal):
        family_file(world.services, ROSSIGNOL, BASILE, world.now)

    assert readers(world) == []


@pytest.mark.parametrize("when", ["before", "after"])
def test_what_cannot_be_noted_is_given_to_nobody(world: World, when: Any) -> None:
    world.settle()

    with world.aws.failing("UpdateItem", when, times=2), pytest.raises(Unavailable):
        family_file(world.services, ROSSIGNOL, BASILE, world.now)


BOTH = ("evry-xenakis", "evry-magnard")
THERE = AccountRef("evry-magnard", "mag7")


@pytest.mark.wing("admission")
def test_families_and_applications_of_its_address_are_those_of_the_member_s_sites(world: World) -> None:
    open_admission(world)
    application_of(world, EMAIL)
    world.settle()
    refs = (THERE, replace(THERE, site="villabe-henry"), replace(THERE, identifier="mag8"))
    *_, mover = [world.settle(ref) for ref in refs]
    world.services.mailboxes.enter(Listing(EMAIL, ref) for ref in refs)  # the entry of a former address stays
    world.services.accounts.change(mover, replace(mover, emails=("autre@example.org",)))

    def listed(*sites: str) -> tuple[list[AccountRef], list[str]]:
        file = family_file(world.services, ROSSIGNOL, BASILE, world.now, sites)
        return [account.ref for account in file.elsewhere], [one.number for one in file.parts["applications"]]

    assert listed(*BOTH) == ([THERE], [NUMBER])
    assert listed(ROSSIGNOL.site) == ([], [NUMBER])
    assert listed("bondoufle-gounod") == ([], [])


@pytest.mark.wing("teaching")
def test_unexcused_absences_of_each_pupil_come_along_in_as_few_calls_as_before(world: World) -> None:
    settle_whole(world)
    key = next(iter(world.account().household.pupils_by_key))
    world.aws.calls.clear()

    file = family_file(world.services, ROSSIGNOL, BASILE, world.now, BOTH)

    assert file.parts["absences"] == {key: 1}
    assert len(world.aws.calls) == 12  # without a period, the season asks for this year's summaries
