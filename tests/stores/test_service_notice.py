"""The stored notice of an incident: read until its end, replaced, deleted."""

from datetime import timedelta

from chalicelib.domain.service_notice import ServiceNotice
from chalicelib.stores.service_notice import ServiceNoticeStore
from tests.support.world import World


def test_it_is_read_until_its_end(world: World) -> None:
    store = ServiceNoticeStore(world.database, world.services.settings.office_table)
    assert store.read(world.now) is None
    store.write(ServiceNotice("Panne.", world.now, world.now + timedelta(hours=1)))
    notice = ServiceNotice("Les mails partent avec retard.", world.now, world.now + timedelta(hours=2))

    store.write(notice)

    assert store.read(world.now + timedelta(hours=2, seconds=-1)) == notice
    assert store.read(world.now + timedelta(hours=2)) is None
    store.write(None)
    assert store.read(world.now) is None
