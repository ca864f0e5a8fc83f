"""The mailboxes table: under the pseudonym of an address, one item for each account that has it."""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Final

from chalicelib.batches import batches
from chalicelib.domain.account.accounts import AccountRef, MailedLetter
from chalicelib.domain.account.mailboxes import Mailbox
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.account.rate_limits import MAIL_OF_ACCOUNT
from chalicelib.stores.dynamo import Database, Delete, Put
from chalicelib.stores.revising import revise
from chalicelib.stores.values import moment
from chalicelib.values import frozen

_LETTERS: Final = "@letters"
_BETWEEN: Final = "\t"  # a site and an identifier, neither of which has it
_AT_ONCE: Final = 25  # what BatchWriteItem takes


@frozen
class Listing:
    """An address that an account has, or is about to have."""

    email: str
    ref: AccountRef


class Mailboxes:
    """Finds the accounts of an address. An entry is written before the account that it leads to: none ever lacks.

    It is never taken away for a change of address: whoever reads it looks at the account too. Erasure takes it away.
    """

    def __init__(self, database: Database, table: str, pseudonyms: Pseudonyms) -> None:
        self._database = database
        self._table = table
        self._pseudonyms = pseudonyms

    def enter(self, listings: Iterable[Listing]) -> None:
        """List accounts under their addresses, 25 in a call; what is listed already stays as it is."""
        puts = {(put.item["site"], put.item["identifier"]): put for put in map(self._put, listings)}
        for some in batches(puts.values(), _AT_ONCE):
            self._database.write_together(*some)

    def find(self, pseudonym: str) -> Mailbox:
        """Find what is kept of an address: one query, whether or not it is known."""
        items = {item["identifier"]: item for item in self._database.items_of(self._table, pseudonym)}
        letters = items.pop(_LETTERS, {}).get("letters", {})
        return Mailbox(
            pseudonym,
            tuple(filter(None, map(_ref, items))),
            tuple(MailedLetter(request, moment(at)) for request, at in letters.items()),
        )

    def revise(self, known: Mailbox, decide: Callable[[Mailbox], Mailbox]) -> tuple[Mailbox, Mailbox]:
        """Count letters, deciding anew each time that somebody came first; give it before and after."""
        return revise(lambda: self.find(known.pseudonym), self._change, decide, known, lambda _before, _after: None)

    def forget(self, refs: Collection[AccountRef]) -> None:
        """Take accounts out of every address that they have or had: reads the whole table, a page at a time."""
        for some in batches(self._entries(set(map(entry_name, refs))), _AT_ONCE):
            self._database.write_together(*some)

    def _entries(self, names: Collection[str]) -> Iterator[Delete]:
        for item in self._database.items(self._table) if names else ():
            if item["identifier"] in names:
                yield Delete(self._table, {"site": item["site"], "identifier": item["identifier"]})

    def _put(self, listing: Listing) -> Put:
        return Put(
            self._table, {"site": self._pseudonyms.of_mailbox(listing.email), "identifier": entry_name(listing.ref)}
        )

    def _change(self, before: Mailbox, after: Mailbox) -> Mailbox:
        if after is not before:
            self._database.update(
                self._table,
                {"site": after.pseudonym, "identifier": _LETTERS},
                "SET #letters = :letters, #expires = :expires",
                "#letters = :seen" if before.letters else "attribute_not_exists(#letters)",
                letters={letter.request: letter.at for letter in after.letters},
                expires=max(letter.at for letter in after.letters) + MAIL_OF_ACCOUNT.window,
                **({"seen": {letter.request: letter.at for letter in before.letters}} if before.letters else {}),
            )
        return after


def entry_name(ref: AccountRef) -> str:
    """Name an account under an address."""
    return f"{ref.site}{_BETWEEN}{ref.identifier}"


def _ref(name: str) -> AccountRef | None:
    """Read whose entry it is; None for what another version wrote."""
    site, between, identifier = name.partition(_BETWEEN)
    return AccountRef(site, identifier) if between else None
