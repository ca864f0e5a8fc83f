"""Consultations in the staff's table: inaccessible to a family's function, and expiring."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.account.audit import Author
from chalicelib.domain.staff.acts import StaffAct
from chalicelib.domain.staff.consultations import Consultation
from chalicelib.stores.consultations import Consultations
from tests.support.staff import stores
from tests.support.world import OPENING_MORNING, World


def test_acts_come_back_member_by_member_oldest_first_until_they_are_forgotten(world: World) -> None:
    author = Author("Odile Fauvette <fauvette@example.org>", "remplacement")
    first = StaffAct("staff_role", "one", author, world.now, "reader", ("evry-xenakis", "evry-magnard"))
    second = replace(first, kind="staff_reset", at=world.now + timedelta(days=1))
    other = StaffAct("staff_disabled", "two", author, world.now)
    for act in (second, other, first):
        stores(world).acts.add(act)

    assert list(stores(world).acts.on("one", world.now)) == [first, second]
    assert set(stores(world).acts.all(world.now)) == {first, second, other}
    assert list(stores(world).acts.on("one", world.now + timedelta(days=365))) == [second]


MINUTE = timedelta(minutes=1)


def test_consultations_come_back_as_they_were_oldest_first(world: World) -> None:
    store = Consultations(world.database, world.services.settings.staff_table)
    moments = [OPENING_MORNING + number * 31 * MINUTE for number in (2, 0, 1)]
    noted = [Consultation("bills_read", "evry-xenakis", "a1b2", "Mme Houx", at, at) for at in moments]
    for consultation in noted:
        store.add(consultation)

    assert list(store.on("evry-xenakis", "a1b2", world.now)) == [noted[1], noted[2], noted[0]]
