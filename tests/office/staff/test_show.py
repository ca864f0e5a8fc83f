"""The members of staff as managers see them."""

from datetime import timedelta

import pytest

from chalicelib.domain.account.audit import Author
from chalicelib.domain.refusals import NotThere
from chalicelib.office.staff.access import disable, enable
from chalicelib.office.staff.members import StaffRequest
from chalicelib.office.staff.show import list_staff, show_member
from tests.support.staff import MANAGER, SECRETARY, member, stores
from tests.support.world import World

AUTHOR = Author("Odile Fauvette <fauvette@example.org>", "remplacement")


def test_members_are_listed_by_name_with_role_sites_and_state(world: World) -> None:
    for email in (MANAGER, SECRETARY):
        member(world, email)

    found = list_staff(world.services, world.now)

    listed = [(one.member.email, one.role, [site.code for site in one.sites], one.state) for one in found]

    assert listed == [
        (SECRETARY, "secrétariat", ["evry-xenakis"], "actif"),
        (MANAGER, "responsable du réseau", [], "actif"),
    ]


def test_the_address_of_a_member_s_page_holds_no_e_mail_and_finds_it_again(world: World) -> None:
    member(world)
    (listed,) = list_staff(world.services, world.now)

    assert show_member(world.services, listed.part, world.now).entry == listed
    assert "troglodyte" not in listed.part
    with pytest.raises(NotThere):
        show_member(world.services, SECRETARY, world.now)


def test_a_manager_whom_the_list_lacks_is_shown_as_unfinished(world: World) -> None:
    member(world, MANAGER)
    managers = list_staff(world.services, world.now)
    assert managers[0].state == "actif"

    stores(world).managers.remove(MANAGER)

    assert list_staff(world.services, world.now)[0].state.startswith("à confirmer")


def test_what_was_done_to_an_access_is_read_newest_first(world: World) -> None:
    member(world)
    request = StaffRequest(SECRETARY, AUTHOR)
    disable(world.services, request, world.now)
    world.wait(timedelta(minutes=1))
    enable(world.services, request, world.now)

    (listed,) = list_staff(world.services, world.now)
    shown = show_member(world.services, listed.part, world.now)
    assert [act.kind for act in shown.acts] == ["staff_enabled", "staff_disabled"]
