"""The applications table: one item is a family's application of a season; and by its number it is found."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

from chalicelib.batches import batches
from chalicelib.domain.admission.applications import Application, ApplicationRef
from chalicelib.domain.admission.refusals import ApplicationFull
from chalicelib.domain.enrolment.seasons import forgotten_at
from chalicelib.domain.refusals import WriteConflict
from chalicelib.stores.application_items import application_from, item_of, key_of
from chalicelib.stores.changes import Change
from chalicelib.stores.dynamo import READ_AT_ONCE, Database, Delete, Lookup
from chalicelib.stores.revising import Prepare, nothing, revise
from chalicelib.stores.values import Item, size_of

NUMBERS: Final = "@number"  # no pseudonym of a mailbox has this sign
_LETTER: Final = "P"  # of each number (`flows/admission/summary.py`)
# Whatever changes is decided on what was sent and on what became of it.
_FACTS: Final = frozenset({"started_at", "sent", "standings"})
# Bytes that a family may fill of the 409,600 that DynamoDB gives an item: six pupils, draft and sent, take a tenth of
# them; what the office decides has its place besides.
ROOM: Final = 184 * 1024


class Applications:
    """Finds applications and changes them, never over somebody else's change. TTL forgets them."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def lookup(self, ref: ApplicationRef) -> Lookup[Application]:
        """Look up an application; one that is not begun where nothing was saved."""
        return Lookup(self._table, key_of(ref), partial(application_from, ref))

    def find(self, ref: ApplicationRef) -> Application:
        """Find an application."""
        return self._database.read(self.lookup(ref))

    def all(self, season: str) -> Iterator[Application]:
        """Read every application of a season, page by page: the whole table is gone through (Scan)."""
        return (application for application in self.every() if application.ref.season == season)

    def every(self) -> Iterator[Application]:
        """Read every application of all seasons, as `all` does."""
        for item in self._database.items(self._table):
            if "started_at" in item:
                yield application_from(ApplicationRef(item["site"], item["identifier"]), item)

    def sent_in(self, season: str) -> Iterator[Application]:
        """Read the applications of a season that were sent, by their numbers, a hundred at a time: no draft is read.

        A Query of the numbers, and a BatchGetItem for each hundred.
        """
        numbers = self._database.items_of(self._table, NUMBERS, f"{_LETTER}{season[-2:]}-")
        for some in batches((item for item in numbers if item["season"] == season), READ_AT_ONCE):
            found = self._database.read_together(*(self.lookup(ApplicationRef(one["mailbox"], season)) for one in some))
            for item, application in zip(some, found, strict=True):
                if application.number == item["identifier"]:
                    yield application

    def change(self, before: Application, after: Application) -> Application:
        """Write what differs, if all that the change was decided on still stands; else raise `WriteConflict`."""
        change = Change(item_of(before), item_of(after), _FACTS, read=before.item)
        written = change.write(self._database, self._table)
        return after if after is before else replace(after, item=written)

    @staticmethod
    def check_room(before: Application, after: Application) -> Application:
        """Return what a family would write, if there is room for it, or if it takes less. Raises `ApplicationFull`."""
        size = size_of(Change(item_of(before), item_of(after), read=before.item).item)
        if size > ROOM and size > size_of(before.item or item_of(before)):
            raise ApplicationFull
        return after

    def revise(
        self,
        known: Application,
        decide: Callable[[Application], Application],
        prepare: Prepare[Application] = nothing,
    ) -> tuple[Application, Application]:
        """Change an application as read before, deciding anew each time that somebody came first; before and after.

        Raises `Unavailable`, and what `decide` raises.
        """
        return revise(lambda: self.find(known.ref), self.change, decide, known, prepare)

    def delete(self, ref: ApplicationRef) -> Delete:
        """Forget an application."""
        return Delete(self._table, key_of(ref))

    def begin(self, begun: Application, now: datetime) -> None:
        """Begin an application where there is none, or one whose time is over and that the table still holds."""
        item = {name: value for name, value in item_of(begun).items() if value is not None}
        names = [name for name in item if name not in key_of(begun.ref)]
        with suppress(WriteConflict):
            self._database.update(
                self._table,
                key_of(begun.ref),
                f"SET {', '.join(f'#{name} = :{name}' for name in names)} REMOVE #draft",
                "attribute_not_exists(#started_at) OR (attribute_not_exists(#sent) AND #expires <= :begins)",
                begins=now,
                **{name: item[name] for name in names},
            )

    def forget(self, application: Application) -> None:
        """Forget an application as it was read. Raises `WriteConflict`: somebody changed it meanwhile."""
        read = application.item
        facts = [name for name in sorted(_FACTS | {"saved_at"}) if name in read]
        known = " AND ".join(f"#{name} = :{name}" for name in facts)
        self._database.remove(self._table, key_of(application.ref), known, **{name: read[name] for name in facts})

    def add_number(self, number: str, ref: ApplicationRef) -> None:
        """Let an application be found by its number; before it is sent. Raises `WriteConflict`: another one has it."""
        item = _number_key(number) | {
            "mailbox": ref.mailbox,
            "season": ref.season,
            "expires": forgotten_at(ref.season),
        }
        try:
            self._database.create(self._table, item)
        except WriteConflict as lost:
            if _ref(lost.item) != ref:
                raise

    def number_lookup(self, number: str) -> Lookup[ApplicationRef | None]:
        """Look up which application has a number; it may not be sent, if a fault came between."""
        return Lookup(self._table, _number_key(number), _ref)

    def find_by_number(self, number: str) -> Application | None:
        """Find the application that was sent under a number."""
        ref = self._database.read(self.number_lookup(number))
        found = self.find(ref) if ref else None
        return found if found and found.number == number else None

    def delete_number(self, number: str) -> Delete:
        """Forget which application has a number."""
        return Delete(self._table, _number_key(number))


def _number_key(number: str) -> dict[str, str]:
    return {"site": NUMBERS, "identifier": number}


def _ref(item: Item | None) -> ApplicationRef | None:
    return ApplicationRef(item["mailbox"], item["season"]) if item else None
