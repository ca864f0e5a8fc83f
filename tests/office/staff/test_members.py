"""One member for managers: found by address, with an existing role and sites."""

import pytest

from chalicelib.domain.account.accounts import new_stamp
from chalicelib.domain.account.audit import Author
from chalicelib.domain.staff.members import Member
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.staff.members import Grant, StaffInput, check_seen, find_member, grant_from
from tests.support.staff import SECRETARY, member
from tests.support.world import World

AUTHOR = Author("Odile Fauvette <fauvette@example.org>", "remplacement")


def test_sites_are_those_of_the_network_each_once_in_its_order(world: World) -> None:
    backwards = [site.code for site in reversed(world.services.settings.network.sites)]

    grant = grant_from(world.services, "reader", [*backwards, *backwards])

    assert grant == Grant("reader", tuple(reversed(backwards)))


def test_a_manager_has_no_site_of_its_own(world: World) -> None:
    assert grant_from(world.services, "manager", ["evry-xenakis"]) == Grant("manager", ())


def test_a_member_is_found_however_the_address_is_written(world: World) -> None:
    member(world)

    assert find_member(world.services, " Troglodyte@EXAMPLE.org ").email == SECRETARY
    with pytest.raises(OfficeRefusal, match="staff_unknown"):
        find_member(world.services, "nobody@example.org")


def test_what_changed_without_anybody_acting_is_told_too(world: World) -> None:
    """The member accepted the invitation while the page was open."""
    guest = Member(SECRETARY, "Basile", "reader", ("evry-xenakis",), new_stamp(), world.now)
    staff_input = StaffInput(SECRETARY, AUTHOR, version=guest.version)

    check_seen(world.services, staff_input, guest, world.now)
    with pytest.raises(OfficeRefusal, match="staff_moved"):
        check_seen(world.services, staff_input, guest.with_proofs("hash", None, (), world.now), world.now)
