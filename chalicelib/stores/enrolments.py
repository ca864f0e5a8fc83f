"""The enrolments table: one item is a family's re-enrolment of a season, changed by one conditional write."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.enrolment.seasons import EnrolmentRef
from chalicelib.domain.refusals import EnrolmentFull
from chalicelib.infra.dynamo.change import Change
from chalicelib.infra.dynamo.database import Database, Delete, Lookup
from chalicelib.infra.dynamo.revise import Prepare, nothing, revise
from chalicelib.infra.dynamo.values import size_of
from chalicelib.stores.enrolment_items import enrolment_from, item_of, key_of
from chalicelib.stores.summaries import DERIVED, refresh

# Every change depends on its start, so that no write restores a concurrently erased re-enrolment.
_FACTS: Final = frozenset({"started_at"})
_TOLD: Final = frozenset({"started_at", "pupils", "provided", "receipts"})  # the attributes in its summary
_SENT: Final = frozenset({"household", "provided"})  # in a receipt besides its pupils, which depend on them too
# Bytes for the family, of DynamoDB's 409,600 per item. The office's decisions about the pupils of the largest family
# have their own room, also in an emulator that counts the replaced values (docs/decisions/0033).
ROOM: Final = 184 * 1024


class Enrolments:
    """Finds re-enrolments and changes them, without overwriting concurrent changes. TTL: `forgotten_at`."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def lookup(self, ref: EnrolmentRef) -> Lookup[Enrolment]:
        """Look up a re-enrolment. A new one without an item."""
        return Lookup(self._table, key_of(ref), partial(enrolment_from, ref))

    def find(self, ref: EnrolmentRef) -> Enrolment:
        """Find a re-enrolment."""
        return self._database.read(self.lookup(ref))

    def all(self, season: str, site: str) -> Iterator[Enrolment]:
        """Read the re-enrolments of a season at a site, by identifier, page by page."""
        return self._of_season(season, site)

    def find_all(self, *refs: EnrolmentRef) -> tuple[Enrolment, ...]:
        """Find several re-enrolments in one round trip."""
        return self._database.read_together(*map(self.lookup, refs))

    def summary_texts(self, season: str, site: str) -> Iterator[tuple[str, str | None]]:
        """Read the stored summaries of a season at a site: each account's identifier, and its text."""
        begins = f"{season}#"
        return ((key.removeprefix(begins), text) for key, text in self._database.summaries(self._table, site, begins))

    def write_summary(self, enrolment: Enrolment) -> bool:
        """Write the summary of a re-enrolment if it is out of date. Returns whether it was.

        Raises `WriteConflict` if the re-enrolment changed since it was read, with a new summary.
        """
        return refresh(self._database, self._table, item_of(enrolment), enrolment.item, _TOLD)

    def with_receipt(self, number: str, season: str, site: str) -> Enrolment | None:
        """Find the re-enrolment with a receipt, by season and site. All are queried, but only it is returned."""
        return next(self._of_season(season, site, ("receipts", number)), None)

    def of_account(self, account: AccountRef, seasons: Iterable[str]) -> tuple[Enrolment, ...]:
        """Find the started re-enrolments of an account among some seasons (BatchGetItem)."""
        enrolments = self._database.read_together(*(self.lookup(EnrolmentRef(account, season)) for season in seasons))
        return tuple(enrolment for enrolment in enrolments if enrolment.started_at)

    def forget(self, account: AccountRef, seasons: Iterable[str]) -> tuple[Delete, ...]:
        """Delete an account's re-enrolments of some seasons."""
        return tuple(self.delete(EnrolmentRef(account, season)) for season in seasons)

    def delete(self, ref: EnrolmentRef) -> Delete:
        """Delete a re-enrolment."""
        return Delete(self._table, key_of(ref))

    def change(self, before: Enrolment, after: Enrolment) -> Enrolment:
        """Write the differences if the facts of the change are unchanged, or raise `WriteConflict`."""
        facts = _FACTS if before.receipts == after.receipts else _FACTS | _SENT
        change = Change(item_of(before), item_of(after), facts, read=before.item, derived=DERIVED)
        written = change.write(self._database, self._table)
        return after if after is before else replace(after, item=written)

    @staticmethod
    def check_room(before: Enrolment, after: Enrolment) -> Enrolment:
        """Return a re-enrolment if it fits or became smaller. Raises `EnrolmentFull`."""
        size = size_of(Change(item_of(before), item_of(after), read=before.item, derived=DERIVED).item)
        if size > ROOM and size > size_of(before.item or item_of(before)):
            raise EnrolmentFull
        return after

    def revise(
        self, known: Enrolment, decide: Callable[[Enrolment], Enrolment], prepare: Prepare[Enrolment] = nothing
    ) -> tuple[Enrolment, Enrolment]:
        """Change a re-enrolment, deciding again each time that another writer came first. Return it before and after.

        `known`: as read before. Raises `Unavailable`, and the errors of `decide`.
        """
        on_file = None if known.is_partly_hidden else known
        return revise(lambda: self.find(known.ref), self.change, decide, on_file, prepare)

    def _of_season(self, season: str, site: str, having: tuple[str, ...] = ()) -> Iterator[Enrolment]:
        for item in self._database.items_of(self._table, site, f"{season}#", having=having):
            identifier = item["identifier"].partition("#")[2]
            yield enrolment_from(EnrolmentRef(AccountRef(site, identifier), season), item)
