"""Applied imports as stored: each write is conditional on the item that was read."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.refusals import WriteConflict
from chalicelib.domain.roster.applied_imports import AppliedImport
from chalicelib.stores.applied_imports import AppliedImports
from tests.support.world import World


def test_an_import_reads_as_it_was_written_and_is_forgotten_after_a_year(world: World) -> None:
    store = AppliedImports(world.database, world.resources.staff_table)
    begun = AppliedImport("1", "clef", "Mme Lyre", world.now, "abc", "f.csv", 9, 1, 8, {"new": 8}, disables_gone=True)
    done = replace(begun, counts={"new": 7, "changed": 1}, done_at=world.now)

    store.change(None, begun)
    assert store.find("1") == begun
    store.change(begun, done)

    assert store.all(world.now) == (done,)
    assert store.all(world.now + timedelta(days=365)) == ()
    for before in (None, begun):
        with pytest.raises(WriteConflict):
            store.change(before, replace(begun, counts={"new": 1}))
