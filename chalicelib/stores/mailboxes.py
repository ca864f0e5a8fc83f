"""The mailboxes table: under an address's pseudonym, one item per account that has it."""

from collections.abc import Callable, Iterable
from typing import Final

from chalicelib.domain.account.accounts import AccountRef, MailedLetter
from chalicelib.domain.account.mailboxes import Mailbox
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.account.rate_limits import MAIL_OF_ACCOUNT
from chalicelib.infra.dynamo.database import Database, Delete, Put
from chalicelib.infra.dynamo.revise import revise
from chalicelib.infra.dynamo.values import moment
from chalicelib.values import frozen

_LETTERS: Final = "@letters"
_BETWEEN: Final = "\t"  # in no site or identifier


@frozen
class Listing:
    """An address that an account has, or is about to have."""

    email: str
    ref: AccountRef


class Mailboxes:
    """Finds the accounts of an address. An entry is written before its account, so that none is missing.

    Only erasure deletes it, not a change of address: readers check the account too.
    """

    def __init__(self, database: Database, table: str, pseudonyms: Pseudonyms) -> None:
        self._database = database
        self._table = table
        self._pseudonyms = pseudonyms

    def enter(self, listings: Iterable[Listing], names: Iterable[tuple[str, AccountRef]] = ()) -> None:
        """List accounts under their addresses, 25 per call. Existing entries stay.

        `names`: also under the pseudonyms that received the accounts' notices.
        """
        pairs = [(self._pseudonyms.of_mailbox(listing.email), listing.ref) for listing in listings]
        keys = dict.fromkeys((pseudonym, entry_name(ref)) for pseudonym, ref in (*pairs, *names))
        self._database.write_all(Put(self._table, {"site": site, "identifier": name}) for site, name in keys)

    def find(self, pseudonym: str) -> Mailbox:
        """Find the entries of an address, with one query for known and unknown ones."""
        items = {item["identifier"]: item for item in self._database.items_of(self._table, pseudonym)}
        letters = items.pop(_LETTERS, {}).get("letters", {})
        refs = tuple(filter(None, map(_ref, items)))
        return Mailbox(
            pseudonym,
            refs,
            tuple(MailedLetter(request, moment(at)) for request, at in letters.items()),
            has_unread=len(refs) < len(items),
        )

    def revise(self, mailbox: Mailbox, decide: Callable[[Mailbox], Mailbox]) -> tuple[Mailbox, Mailbox]:
        """Count letters, deciding again each time that another writer came first. Return the mailbox's both states."""
        return revise(lambda: self.find(mailbox.pseudonym), self._change, decide, mailbox, lambda _before, _after: None)

    def deletions(self, ref: AccountRef) -> tuple[Delete, ...]:
        """Delete an account's entries under all its past and current addresses, whose pseudonym is each key's `site`.

        An entry of the last second may be missing.
        """
        keys = self._database.keys_of_account(self._table, identifier=entry_name(ref))
        return tuple(Delete(self._table, key) for key in keys)

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
    """Make the name of an account's entry."""
    return f"{ref.site}{_BETWEEN}{ref.identifier}"


def _ref(name: str) -> AccountRef | None:
    """Decode the account of an entry. None for an entry of another version."""
    site, between, identifier = name.partition(_BETWEEN)
    return AccountRef(site, identifier) if between else None
