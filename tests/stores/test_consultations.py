"""Consultations in the staff's table: inaccessible to a family's function, and expiring."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.account.audit import Author
from chalicelib.domain.staff.acts import StaffAct
from tests.support.staff import stores
from tests.support.world import World


def test_acts_come_back_member_by_member_oldest_first_until_they_are_forgotten(world: World) -> None:
    author = Author("Odile Fauvette <fauvette@example.org>", "remplacement")
    first = StaffAct("staff_role", author, world.now, "one", "reader", ("evry-xenakis", "evry-magnard"))
    second = replace(first, kind="staff_reset", at=world.now + timedelta(days=1))
    staff_act = StaffAct("staff_disabled", author, world.now, "two")
    for act in (second, staff_act, first):
        stores(world).acts.add(act)

    assert list(stores(world).acts.on("one", world.now)) == [first, second]
    assert set(stores(world).acts.all(world.now)) == {first, second, staff_act}
    assert list(stores(world).acts.on("one", world.now + timedelta(days=365))) == [second]
