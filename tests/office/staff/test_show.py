"""The members of staff for managers."""

from datetime import timedelta

import pytest

from chalicelib.domain.account.audit import Author
from chalicelib.domain.refusals import NotThere
from chalicelib.office.staff.access import disable, enable
from chalicelib.office.staff.members import StaffInput
from chalicelib.office.staff.show import list_staff, show_member
from tests.support.staff import MANAGER, SECRETARY, member, stores
from tests.support.world import World

AUTHOR = Author("Odile Fauvette <fauvette@example.org>", "remplacement")


def test_members_are_listed_by_name_with_their_sites(world: World) -> None:
    for email in (MANAGER, SECRETARY):
        member(world, email)

    staff_entries = list_staff(world.services)

    entries = [(one.member.email, [site.code for site in one.sites], one.is_listed) for one in staff_entries]

    assert entries == [(SECRETARY, ["evry-xenakis"], True), (MANAGER, [], True)]


def test_the_address_of_a_member_s_page_holds_no_e_mail_and_finds_it_again(world: World) -> None:
    member(world)
    (entry,) = list_staff(world.services)

    assert show_member(world.services, entry.part, world.now).entry == entry
    assert "troglodyte" not in entry.part
    with pytest.raises(NotThere):
        show_member(world.services, SECRETARY, world.now)


def test_a_manager_whom_the_list_lacks_is_shown_as_unfinished(world: World) -> None:
    member(world, MANAGER)
    assert list_staff(world.services)[0].is_listed

    stores(world).managers.remove(MANAGER)

    assert not list_staff(world.services)[0].is_listed


def test_what_was_done_to_an_access_is_read_newest_first(world: World) -> None:
    member(world)
    staff_input = StaffInput(SECRETARY, AUTHOR)
    disable(world.services, staff_input, world.now)
    world.wait(timedelta(minutes=1))
    enable(world.services, staff_input, world.now)

    (entry,) = list_staff(world.services)
    details = show_member(world.services, entry.part, world.now)
    assert [act.kind for act in details.acts] == ["staff_enabled", "staff_disabled"]
