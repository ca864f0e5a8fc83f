"""The contract of each store: items as pinned, read back whole, unknown parts kept, one writer of two, faults."""

import json
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from chalicelib.domain.dossiers.documents import SavedBy
from chalicelib.domain.family.households import PupilRef
from chalicelib.domain.refusals import Unavailable, WriteConflict
from chalicelib.domain.staff.desk_jobs import Lease
from chalicelib.infra.dynamo.store import Store
from chalicelib.infra.dynamo.values import decode, encode_item
from chalicelib.stores.accounts import Accounts
from chalicelib.stores.applied_imports import AppliedImports
from chalicelib.stores.audit_trail import Erasures, Tombstones
from chalicelib.stores.desk_jobs import DeskJobs
from chalicelib.stores.enrolments import Enrolments
from chalicelib.stores.mailed_codes import Codes
from chalicelib.stores.sessions import Sessions
from chalicelib.stores.staff import Managers, Members
from chalicelib.stores.staff_sessions import StaffSessions
from chalicelib.stores.turns import Turns
from chalicelib.wings.admission.domain.pools import Holder
from chalicelib.wings.admission.stores.applicants import ApplicantSessions
from chalicelib.wings.admission.stores.applications import Applications
from chalicelib.wings.admission.stores.draws import SeasonStatisticsStore
from chalicelib.wings.admission.stores.pools import Pools, Rankings
from chalicelib.wings.campaign.stores import Campaigns
from chalicelib.wings.teaching.stores.absence_counts import CountedStore, UnexcusedStore
from chalicelib.wings.teaching.stores.calendars import Calendars
from chalicelib.wings.teaching.stores.course_changes import CourseChangesStore
from chalicelib.wings.teaching.stores.messages import Messages
from chalicelib.wings.teaching.stores.opinions import Opinions
from chalicelib.wings.teaching.stores.pupil_items import Announcements, Assessments
from chalicelib.wings.teaching.stores.rolls import Rolls
from chalicelib.wings.teaching.stores.teachers import Teachers
from chalicelib.wings.teaching.stores.timetables import Timetables
from tests.support import items
from tests.support.aws import When
from tests.support.stored_examples import UNSTORED, bare, full, store_of
from tests.support.wing_examples import examples_here, is_here
from tests.support.world import World

PINNED: Final = Path(__file__).parents[1] / "data" / "stored.json"  # the items of the hand-written converters
NOON: Final = datetime(2026, 9, 1, 12, tzinfo=UTC)
Change = Callable[[Any, str], Any]


def version(value: Any, word: str) -> Any:
    return replace(value, version=word)


def pupils(value: Any, word: str) -> Any:
    return replace(value, pupils=frozenset({PupilRef("xen1", word)}))


def holders(value: Any, word: str) -> Any:
    return replace(value, holders=(replace(full(Holder), by=word),))


# The stores whose values change, each with its table, and a change by some word.
STORES: Final[list[tuple[Any, str, Change]]] = [
    (Accounts, "accounts", lambda value, word: replace(value, stamp=word)),
    (Announcements, "lessons", version),
    (Applications, "applications", lambda value, word: replace(value, sent=replace(value.sent, number=word))),
    (AppliedImports, "staff", lambda value, word: replace(value, done_at=NOON + timedelta(hours=len(word)))),
    (Assessments, "lessons", version),
    (Calendars, "lessons", version),
    (CountedStore, "teaching", pupils),
    (CourseChangesStore, "lessons", version),
    (DeskJobs, "staff", lambda value, word: replace(value, lease=Lease(word, NOON))),
    (Enrolments, "enrolments", lambda value, word: replace(value, household_saved=SavedBy(word, NOON))),
    (Managers, "staff", version),
    (Members, "staff", lambda value, word: replace(value, stamp=word)),
    (Messages, "teaching", version),
    (Opinions, "teaching", version),
    (Pools, "places", holders),
    (Rankings, "places", lambda value, word: replace(value, at=NOON + timedelta(hours=len(word)))),
    (Rolls, "teaching", version),
    (Teachers, "staff", version),
    (Turns, "staff", lambda value, word: replace(value, holder=word)),
    (UnexcusedStore, "teaching", version),
    *(store for examples in examples_here() for store in examples.stores),
]
HERE: Final = [store for store in STORES if is_here(store[0].__module__)]
KINDS: Final = [kind for kind, *_ in HERE]
# Values that are written whole, or by the updates of their store.
WHOLE: Final[list[Any]] = [
    *(ApplicantSessions, Campaigns, Codes, Erasures, SeasonStatisticsStore, Sessions, StaffSessions),
    *(Timetables, Tombstones),
]


class Shelf:
    """A store with its full example, as just read."""

    def __init__(self, world: World, kind: Any, table: str, change: Change) -> None:
        self.world, self.table, self.change = world, table, change
        alone = store_of(kind, world.database, world.resources.table(table.capitalize()))
        self.store = world.services.accounts if kind is Accounts else alone  # it enters mailboxes
        example = full(kind.codec.kind)
        self.item = encode_item(self.store.encode(example))
        self.ref = self.store.ref_of(example)

    def read(self) -> Any:
        return self.store.find(*self.ref)

    def fill(self) -> Any:
        items.put(self.world, self.table, self.item)
        return self.read()


@pytest.fixture(params=HERE, ids=[kind.__name__ for kind in KINDS])
def shelf(world: World, request: pytest.FixtureRequest) -> Shelf:
    return Shelf(world, *request.param)


@pytest.mark.parametrize("kind", [*KINDS, *WHOLE])
def test_an_item_is_the_pinned_one_and_reads_back_whole(kind: Any) -> None:
    store, value = store_of(kind), full(kind.codec.kind)
    least = bare(kind.codec.kind)
    of_wings = {name: item for examples in examples_here() for name, item in examples.items.items()}
    sample = (json.loads(PINNED.read_text()) | of_wings)[kind.__name__]

    assert {"full": encode_item(store.encode(value)), "bare": encode_item(store.encode(least))} == sample
    for example in (value, least):
        assert store.parse(decode({"M": encode_item(store.encode(example))})) == example


@pytest.mark.parametrize("kind", KINDS)
def test_the_full_example_has_something_in_every_field(kind: Any) -> None:
    value, least = full(kind.codec.kind), bare(kind.codec.kind)
    optional = [field.name for field in fields(value) if field.name not in UNSTORED and field.name not in vars(least)]

    assert [name for name in optional if not getattr(value, name)] == []


def test_a_later_version_s_attributes_stay_at_any_depth(shelf: Shelf) -> None:
    later = items.with_later({"M": shelf.item})
    items.put(shelf.world, shelf.table, later["M"])

    before = shelf.read()
    shelf.store.change(before, shelf.change(before, "new"))

    item = {"M": items.stored(shelf.world, shelf.table, shelf.item)}
    assert list(items.places_of_later(item)) == list(items.places_of_later(later))


def test_of_two_writers_the_first_stays_and_its_own_write_is_recognised(shelf: Shelf) -> None:
    before = shelf.fill()
    after = shelf.store.change(before, shelf.change(before, "first"))

    with pytest.raises(WriteConflict):
        shelf.store.change(before, shelf.change(before, "second"))

    assert shelf.store.change(before, shelf.change(before, "first")) == after == shelf.read()
    assert shelf.store.change(after, shelf.change(after, "second")) == shelf.read()


def test_an_unchanged_value_is_not_written(shelf: Shelf) -> None:
    before = shelf.fill()
    shelf.world.aws.calls.clear()

    assert shelf.store.change(before, before) is before
    assert shelf.world.aws.calls == []


@pytest.mark.parametrize(("when", "word"), [("before", None), ("after", "new")])
def test_a_failed_write_is_whole_or_not_there(shelf: Shelf, when: When, word: str | None) -> None:
    before = shelf.fill()

    with shelf.world.aws.failing("UpdateItem", when), pytest.raises(Unavailable):
        shelf.store.change(before, shelf.change(before, "new"))

    assert shelf.read() == (shelf.change(before, word) if word else before)


@pytest.mark.parametrize("call", ["GetItem", "UpdateItem"])
def test_a_value_is_revised_again_when_overtaken_and_a_fault_is_raised(shelf: Shelf, call: str) -> None:
    before, words = shelf.fill(), iter(["overtaken", "new"])

    def decide(current: Any) -> Any:
        if (word := next(words)) == "overtaken":
            shelf.store.change(current, shelf.change(current, "other"))
        return shelf.change(current, word)

    result = revise(shelf, before, decide)

    assert result[1] == shelf.read() == shelf.change(before, "new")
    assert result[0] == shelf.change(before, "other")
    with shelf.world.aws.failing(call, "before"), pytest.raises(Unavailable):
        revise(shelf, None, lambda current: shelf.change(current, "third"))


def revise(shelf: Shelf, state: Any, decide: Callable[[Any], Any]) -> Any:
    """Revise a value as just read, or to be read."""
    if isinstance(shelf.store, Store):
        return shelf.store.revise(shelf.ref[0], decide, state)
    return shelf.store.revise(state, decide) if state else shelf.store.revise_at(*shelf.ref, decide)
