"""Applied yearly files: one line each, in any order and however often it is written."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.roster.applied_imports import AppliedImport
from chalicelib.office.roster.applied_imports import (
    begin_import,
    counts_text,
    find_former,
    finish_import,
    list_imports,
)
from tests.support.world import World


def run(world: World, id: str, counts: Mapping[str, int], **more: str) -> AppliedImport:  # noqa: A002 - its name everywhere
    return replace(AppliedImport(id, "clef", "Mme Lyre", world.now, "abc", counts=counts), **more)  # type: ignore[arg-type]


def test_a_job_that_begins_and_ends_again_has_one_line(world: World) -> None:
    job = run(world, "job", {"new": 5}, door="desk")

    for counts in ({"new": 4, "changed": 1, "gone": 0}, {"unchanged": 5}):
        begin_import(world.services, job)
        finish_import(world.services, job, counts, world.now)

    assert list_imports(world.services, world.now) == (
        replace(job, counts={"new": 4, "changed": 1}, done_at=world.now),
    )


def test_of_runs_that_finish_at_once_one_writes_the_line(world: World) -> None:
    begun = begin_import(world.services, run(world, "1", {"new": 5}))

    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda made: finish_import(world.services, begun, {"new": made}, world.now), range(1, 5)))

    (line,) = list_imports(world.services, world.now)
    assert (line.id, line.done_at) == ("1", world.now)


def test_a_file_that_others_followed_is_found_with_them(world: World) -> None:
    for number, digest in enumerate(("a", "b", "a", "c", "d"), start=1):
        begun = begin_import(world.services, run(world, str(number), {"new": 1}, sha256=digest))
        if digest != "c":  # it was interrupted
            finish_import(world.services, begun, begun.counts, world.now)
        world.wait(timedelta(days=1))

    former = {digest: find_former(world.services, digest, world.now) for digest in "abcde"}

    ids = {digest: (found[0].id, [other.id for other in found[1]]) for digest, found in former.items() if found}
    assert ids == {"a": ("3", ["5", "4"]), "b": ("2", ["5", "4", "3"])}


def test_an_import_is_described_by_what_it_did(world: World) -> None:
    done = run(world, "1", {"new": 2, "gone": 1})

    assert counts_text(done) == "Nouvelles : 2 ; Parties : 1"
    assert counts_text(replace(done, disables_gone=True)) == (
        "Nouvelles : 2 ; Parties : 1 ; familles parties désactivées"
    )
    assert counts_text(replace(done, counts={})) == "rien"
