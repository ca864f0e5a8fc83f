"""The applications table: one item is a family's application of a season. Another leads to it from its number."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

from chalicelib.domain.admission.applications import Application, ApplicationRef
from chalicelib.domain.admission.refusals import ApplicationFull
from chalicelib.domain.enrolment.seasons import forgotten_at
from chalicelib.domain.refusals import WriteConflict
from chalicelib.infra.batches import batches
from chalicelib.infra.dynamo.change import Change
from chalicelib.infra.dynamo.database import READ_AT_ONCE, Database, Delete, Lookup
from chalicelib.infra.dynamo.revise import Prepare, nothing, revise
from chalicelib.infra.dynamo.values import Item, size_of
from chalicelib.stores.application_items import application_from, item_of, key_of

NUMBERS: Final = "@number"  # no mailbox's pseudonym has this prefix
_LETTER: Final = "P"  # prefix of each number (`flows/applicant/summary.py`)
# Every change depends on the sent answers and their outcomes.
_FACTS: Final = frozenset({"started_at", "sent", "standings"})
# Bytes for the family, of DynamoDB's 409,600 per item. Six pupils, draft and sent, take a tenth of it, and decisions of
# the office have their own room.
ROOM: Final = 184 * 1024


class Applications:
    """Finds applications and changes them, without overwriting concurrent changes. TTL deletes them."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def lookup(self, ref: ApplicationRef) -> Lookup[Application]:
        """Look up an application. A new one without an item."""
        return Lookup(self._table, key_of(ref), partial(application_from, ref))

    def find(self, ref: ApplicationRef) -> Application:
        """Find an application."""
        return self._database.read(self.lookup(ref))

    def all(self, season: str) -> Iterator[Application]:
        """Read all applications of a season, page by page. The whole table is scanned (Scan)."""
        return (application for application in self.every() if application.ref.season == season)

    def every(self) -> Iterator[Application]:
        """Read all applications of all seasons, like `all`."""
        for item in self._database.items(self._table):
            if "started_at" in item:
                yield application_from(ApplicationRef(item["site"], item["identifier"]), item)

    def sent_in(self, season: str) -> Iterator[Application]:
        """Read the sent applications of a season by their numbers, a hundred at a time, without drafts.

        One Query for the numbers, and one BatchGetItem per hundred.
        """
        numbers = self._database.items_of(self._table, NUMBERS, f"{_LETTER}{season[-2:]}-")
        for some in batches((item for item in numbers if item["season"] == season), READ_AT_ONCE):
            applications = self._database.read_together(
                *(self.lookup(ApplicationRef(one["mailbox"], season)) for one in some)
            )
            for item, application in zip(some, applications, strict=True):
                if application.number == item["identifier"]:
                    yield application

    def change(self, before: Application, after: Application) -> Application:
        """Write the differences if the facts of the change are unchanged, or raise `WriteConflict`."""
        change = Change(item_of(before), item_of(after), _FACTS, read=before.item)
        written = change.write(self._database, self._table)
        return after if after is before else replace(after, item=written)

    @staticmethod
    def check_room(before: Application, after: Application) -> Application:
        """Return an application if it fits or became smaller. Raises `ApplicationFull`."""
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
        """Change an application, deciding again each time that another writer came first. Return it before and after.

        `known`: as read before. Raises `Unavailable`, and the errors of `decide`.
        """
        return revise(lambda: self.find(known.ref), self.change, decide, known, prepare)

    def delete(self, ref: ApplicationRef) -> Delete:
        """Delete an application."""
        return Delete(self._table, key_of(ref))

    def begin(self, begun: Application, now: datetime) -> None:
        """Start an application if there is none, or only an expired one that TTL has not deleted yet."""
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
        """Delete an application as read. Raises `WriteConflict` if it changed concurrently."""
        read = application.item
        facts = [name for name in sorted(_FACTS | {"saved_at"}) if name in read]
        known = " AND ".join(f"#{name} = :{name}" for name in facts)
        self._database.remove(self._table, key_of(application.ref), known, **{name: read[name] for name in facts})

    def add_number(self, number: str, ref: ApplicationRef) -> None:
        """Store an application's number before it is sent. Raises `WriteConflict` if another application has it."""
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
        """Look up the application of a number. It may be unsent, after a fault."""
        return Lookup(self._table, _number_key(number), _ref)

    def find_by_number(self, number: str) -> Application | None:
        """Find the application sent under a number."""
        ref = self._database.read(self.number_lookup(number))
        application = self.find(ref) if ref else None
        return application if application and application.number == number else None

    def delete_number(self, number: str) -> Delete:
        """Delete a number."""
        return Delete(self._table, _number_key(number))


def _number_key(number: str) -> dict[str, str]:
    return {"site": NUMBERS, "identifier": number}


def _ref(item: Item | None) -> ApplicationRef | None:
    return ApplicationRef(item["mailbox"], item["season"]) if item else None
