"""Consultations in the staff's table: inaccessible to a family's function, and expiring."""

from datetime import timedelta

from chalicelib.domain.staff.consultations import Consultation
from chalicelib.stores.consultations import Consultations
from tests.support.world import OPENING_MORNING, World

MINUTE = timedelta(minutes=1)


def test_consultations_come_back_as_they_were_oldest_first(world: World) -> None:
    store = Consultations(world.database, world.services.settings.staff_table)
    moments = [OPENING_MORNING + number * 31 * MINUTE for number in (2, 0, 1)]
    noted = [Consultation("bills_read", "evry-xenakis", "a1b2", "Mme Houx", at, at) for at in moments]
    for consultation in noted:
        store.add(consultation)

    assert list(store.on("evry-xenakis", "a1b2", world.now)) == [noted[1], noted[2], noted[0]]
