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
    run = AppliedImport("1", "clef", "Mme Lyre", world.now, "abc", "f.csv", 9, 1, 8, {"new": 8}, disables_gone=True)
    end = replace(run, counts={"new": 7, "changed": 1}, done_at=world.now)

    store.change(None, run)
    assert store.find("1") == run
    store.change(run, end)

    assert store.all(world.now) == (end,)
    assert store.all(world.now + timedelta(days=365)) == ()
    for before in (None, run):
        with pytest.raises(WriteConflict):
            store.change(before, replace(run, counts={"new": 1}))
