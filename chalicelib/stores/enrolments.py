"""The enrolments table: one item is a family's re-enrolment of a season, changed by one conditional write."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.enrolment.seasons import EnrolmentRef
from chalicelib.domain.refusals import EnrolmentFull
from chalicelib.stores.changes import Change
from chalicelib.stores.dynamo import Database, Delete, Lookup
from chalicelib.stores.enrolment_items import enrolment_from, item_of, key_of
from chalicelib.stores.revising import Prepare, nothing, revise
from chalicelib.stores.summaries import DERIVED, refresh
from chalicelib.stores.values import size_of

# What begins a re-enrolment stays: a write decided on one that was erased meanwhile brings nothing back.
_FACTS: Final = frozenset({"started_at"})
_TOLD: Final = frozenset({"started_at", "pupils", "provided", "receipts"})  # by its summary
_SENT: Final = frozenset({"household", "provided"})  # what a receipt tells besides the pupils: decided on them too
# Bytes that a family may fill of the 409,600 that DynamoDB gives an item: what the office decides of each pupil of the
# largest family has its place besides, and an emulator that counts what a write replaces takes it too
# (docs/decisions/0033).
ROOM: Final = 184 * 1024


class Enrolments:
    """Finds re-enrolments and changes them, never over somebody else's change. TTL forgets them (`forgotten_at`)."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def lookup(self, ref: EnrolmentRef) -> Lookup[Enrolment]:
        """Look up a re-enrolment; one that is not begun where nothing was saved."""
        return Lookup(self._table, key_of(ref), partial(enrolment_from, ref))

    def find(self, ref: EnrolmentRef) -> Enrolment:
        """Find a re-enrolment."""
        return self._database.read(self.lookup(ref))

    def all(self, season: str, site: str) -> Iterator[Enrolment]:
        """Read the re-enrolments of a season at a site, by identifier, page by page."""
        return self._of_season(season, site)

    def find_all(self, *refs: EnrolmentRef) -> tuple[Enrolment, ...]:
        """Find some re-enrolments, in one round trip."""
        return self._database.read_together(*map(self.lookup, refs))

    def summary_texts(self, season: str, site: str) -> Iterator[tuple[str, str | None]]:
        """Read the summaries of a season at a site as they are stored: each account's identifier, and its text."""
        begins = f"{season}#"
        return ((key.removeprefix(begins), text) for key, text in self._database.summaries(self._table, site, begins))

    def write_summary(self, enrolment: Enrolment) -> bool:
        """Write the summary of a re-enrolment, as it was read, where it is not what it should be; whether it was not.

        Raises `WriteConflict` where what it tells was changed meanwhile: by a write that brought its own.
        """
        return refresh(self._database, self._table, item_of(enrolment), enrolment.item, _TOLD)

    def with_receipt(self, number: str, season: str, site: str) -> Enrolment | None:
        """Find the re-enrolment of a season at a site that bears a receipt: each is looked at, and only it is sent."""
        return next(self._of_season(season, site, ("receipts", number)), None)

    def of_account(self, account: AccountRef, seasons: Iterable[str]) -> tuple[Enrolment, ...]:
        """Find those of an account's re-enrolments, among some seasons, that are begun (BatchGetItem)."""
        found = self._database.read_together(*(self.lookup(EnrolmentRef(account, season)) for season in seasons))
        return tuple(enrolment for enrolment in found if enrolment.started_at)

    def forget(self, account: AccountRef, seasons: Iterable[str]) -> tuple[Delete, ...]:
        """Delete an account's re-enrolments of some seasons."""
        return tuple(self.delete(EnrolmentRef(account, season)) for season in seasons)

    def delete(self, ref: EnrolmentRef) -> Delete:
        """Forget a re-enrolment."""
        return Delete(self._table, key_of(ref))

    def change(self, before: Enrolment, after: Enrolment) -> Enrolment:
        """Write what differs, if all that the change was decided on still stands; else raise `WriteConflict`."""
        facts = _FACTS if before.receipts == after.receipts else _FACTS | _SENT
        change = Change(item_of(before), item_of(after), facts, read=before.item, derived=DERIVED)
        written = change.write(self._database, self._table)
        return after if after is before else replace(after, item=written)

    @staticmethod
    def check_room(before: Enrolment, after: Enrolment) -> Enrolment:
        """Return what a family would write, if there is room for it, or if it takes less. Raises `EnrolmentFull`."""
        size = size_of(Change(item_of(before), item_of(after), read=before.item, derived=DERIVED).item)
        if size > ROOM and size > size_of(before.item or item_of(before)):
            raise EnrolmentFull
        return after

    def revise(
        self, known: Enrolment, decide: Callable[[Enrolment], Enrolment], prepare: Prepare[Enrolment] = nothing
    ) -> tuple[Enrolment, Enrolment]:
        """Change a re-enrolment as read before, deciding anew each time that somebody came first; before and after.

        Raises `Unavailable`, and what `decide` raises.
        """
        on_file = None if known.is_partly_hidden else known
        return revise(lambda: self.find(known.ref), self.change, decide, on_file, prepare)

    def _of_season(self, season: str, site: str, having: tuple[str, ...] = ()) -> Iterator[Enrolment]:
        for item in self._database.items_of(self._table, site, f"{season}#", having=having):
            identifier = item["identifier"].partition("#")[2]
            yield enrolment_from(EnrolmentRef(AccountRef(site, identifier), season), item)
