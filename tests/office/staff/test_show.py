"""The members of staff for managers."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import Author
from chalicelib.domain.refusals import NotThere, Unavailable
from chalicelib.office.account import consultations_of
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.staff.access import disable, enable
from chalicelib.office.staff.members import StaffInput
from chalicelib.office.staff.show import family_file, list_staff, show_member
from tests.support.households import settle_whole
from tests.support.staff import MANAGER, SECRETARY, member, stores
from tests.support.two_logins import COME, COMES, settle_two_logins
from tests.support.world import ROSSIGNOL, World

BASILE = "Basile Troglodyte <troglodyte@example.org>"
BEFORE = "Odile Fauvette <fauvette@example.org>"


def readers(world: World, ref: AccountRef = ROSSIGNOL) -> list[str]:
    return [read.who for read in consultations_of(world.services, ref, world.now)]


def test_all_of_it_is_read_with_who_read_it_before(world: World) -> None:
    account = settle_whole(world)
    family_file(world.services, ROSSIGNOL, BEFORE, world.now)

    file = family_file(world.services, ROSSIGNOL, BASILE, world.now)

    assert file.overview.account == account
    assert file.enrolment
    assert [pupil.file.name for pupil in file.enrolment.family.pupils] == ["Zélie Rossignol"]
    assert file.bills
    assert [invoice.number for invoice in file.bills.invoices] == ["2026-0020", "2026-0003"]
    assert BEFORE in [read.who for read in file.consultations]
    assert set(readers(world)) == {BASILE, BEFORE}


def test_a_guardian_s_own_login_is_noted_as_its_family_s(world: World) -> None:
    settle_two_logins(world)

    file = family_file(world.services, COMES, BASILE, world.now)

    assert (file.overview.account.name, file.enrolment, file.bills) == (COME, None, None)
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


AUTHOR = Author("Odile Fauvette <fauvette@example.org>", "remplacement")


def test_members_are_listed_by_name_with_their_sites(world: World) -> None:
    for email in (MANAGER, SECRETARY):
        member(world, email)

    staff_entries = list_staff(world.services)

    listed = [(one.member.email, [site.code for site in one.sites], one.is_listed) for one in staff_entries]

    assert listed == [
        (SECRETARY, ["evry-xenakis"], True),
        (MANAGER, [], True),
    ]


def test_the_address_of_a_member_s_page_holds_no_e_mail_and_finds_it_again(world: World) -> None:
    member(world)
    (listed,) = list_staff(world.services)

    assert show_member(world.services, listed.part, world.now).entry == listed
    assert "troglodyte" not in listed.part
    with pytest.raises(NotThere):
        show_member(world.services, SECRETARY, world.now)


def test_a_manager_whom_the_list_lacks_is_shown_as_unfinished(world: World) -> None:
    member(world, MANAGER)
    managers = list_staff(world.services)
    assert managers[0].is_listed

    stores(world).managers.remove(MANAGER)

    assert not list_staff(world.services)[0].is_listed


def test_what_was_done_to_an_access_is_read_newest_first(world: World) -> None:
    member(world)
    staff_input = StaffInput(SECRETARY, AUTHOR)
    disable(world.services, staff_input, world.now)
    world.wait(timedelta(minutes=1))
    enable(world.services, staff_input, world.now)

    (listed,) = list_staff(world.services)
    shown = show_member(world.services, listed.part, world.now)
    assert [act.kind for act in shown.acts] == ["staff_enabled", "staff_disabled"]
