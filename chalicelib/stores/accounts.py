"""The accounts table: one item is one whole account, changed by one conditional write."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Final

from chalicelib.domain.account.accounts import ALIAS, FAMILY, GUARDIAN, Account, AccountRef, new_stamp
from chalicelib.domain.account.aliases import is_alias_of, new_alias
from chalicelib.domain.account.login_methods import passkey_name
from chalicelib.domain.account.logins import (
    candidates,
    end_mailed_proofs,
    follow_guardian,
    is_begun_for,
    login_refs,
    moved_logins,
    new_login,
)
from chalicelib.domain.family.households import Guardian
from chalicelib.domain.refusals import Unavailable, WriteConflict
from chalicelib.domain.search.summaries import ACCOUNT_VERSION, summarise_account
from chalicelib.infra.batches import batches
from chalicelib.infra.dynamo.database import Database, Key, Put
from chalicelib.infra.dynamo.revise import RACES, Prepare, nothing, revise
from chalicelib.infra.dynamo.store import Store
from chalicelib.infra.dynamo.summary import Summary
from chalicelib.infra.dynamo.swap import Swap
from chalicelib.infra.dynamo.values import Item, moment_or_none
from chalicelib.stores.account_items import ACCOUNT, FORMER
from chalicelib.stores.mailboxes import Listing, Mailboxes
from chalicelib.values import frozen

_SUMMARISED = frozenset(
    {
        *("name", "role", "emails", "disabled", "password", "mailed", "letters", "written", "failing", "household"),
        *("imported", "gone_at", "application", "access", "passkeys", "links", "extension"),
    }
)
_AT_ONCE = 100  # the limit of BatchGetItem
_ENTRY = ("site", "identifier", "role", "disabled", "gone_at", "family", "aliases", "merging_from")
_MERGED: Final = ("name", "emails", "disabled", "household", "separated_at", "aliases")


@frozen
class AccountEntry:
    """The summary of an account in a list."""

    ref: AccountRef
    role: str
    is_disabled: bool
    gone_at: datetime | None
    family: str = ""
    aliases: tuple[str, ...] = ()
    merging_from: str = ""


def aliases_among(entries: Iterable[AccountEntry]) -> dict[AccountRef, AccountRef]:
    """Map the aliases among the accounts of a site to their families, those only that these still list."""
    by_ref = {entry.ref: entry for entry in entries}
    owners = {ref: AccountRef(ref.site, entry.family) for ref, entry in by_ref.items() if entry.role == ALIAS}
    return {ref: own for ref, own in owners.items() if own in by_ref and ref.identifier in by_ref[own].aliases}


def _allowed(_login: Account) -> None:
    """Accept every change."""


def _with_last_login(account: Account, times: Mapping[AccountRef, datetime | None]) -> Account:
    moments = (account.last_login, *(times.get(ref) for ref in login_refs(account)))
    last = max((moment for moment in moments if moment), default=None)
    return account if last == account.last_login else replace(account, last_login=last)


class Accounts(Store[AccountRef, Account]):
    """Finds accounts and changes them, without overwriting concurrent changes."""

    codec = ACCOUNT
    facts = frozenset({"stamp", "disabled", "emails", "merging_into", "merging_from"})
    information = frozenset({"last_login"})  # nothing depends on it: two concurrent logins may both write it
    former = FORMER
    summary = Summary(summarise_account, ACCOUNT_VERSION, _SUMMARISED)

    def __init__(self, database: Database, table: str, mailboxes: Mailboxes) -> None:
        super().__init__(database, table)
        self._mailboxes = mailboxes

    def key(self, ref: AccountRef) -> Key:
        """Build the key of an account."""
        return {"site": ref.site, "identifier": ref.identifier}

    def key_fields(self, key: Key) -> tuple[AccountRef]:
        """Parse the key of an account."""
        return (AccountRef(key["site"], key["identifier"]),)

    def find_all(self, *refs: AccountRef) -> tuple[Account | None, ...]:
        """Find several accounts in one round trip."""
        return (self.find(*refs),) if len(refs) == 1 else self._database.read_together(*map(self.lookup, refs))

    def all(self, site: str | None = None) -> Iterator[Account]:
        """Read every family's account, of one site or of all. Memory holds one page.

        Guardians' own logins and fictitious families are left out. `last_login`: the latest of a family's logins.
        """
        items = self._database.items(self._table) if site is None else self._database.items_of(self._table, site)
        yield from self._families(items)

    def every(self) -> Iterator[Account]:
        """Read every account unchanged, with guardians' own logins."""
        return map(self.parse, self._database.items(self._table))

    def outside(self, sites: Sequence[str]) -> Iterator[Account]:
        """Read the accounts of other sites than these. All are scanned, but only those are returned."""
        yield from self._families(self._database.items(self._table, sites))

    def _families(self, items: Iterable[Item]) -> Iterator[Account]:
        families = (self.parse(item) for item in items if item["role"] == FAMILY)
        for accounts in batches(families, _AT_ONCE):
            refs = [ref for account in accounts for ref in login_refs(account)]
            logins = self.find_all(*refs) if refs else ()
            times = {login.ref: login.last_login for login in logins if login}
            yield from (_with_last_login(account, times) for account in accounts)

    def entries(self, site: str) -> Iterator[AccountEntry]:
        """Read only the attributes that show whether each account of a site is in use: a tenth of the data of `all`."""
        for item in self._database.items_of(self._table, site, only=_ENTRY):
            ref = AccountRef(item["site"], item["identifier"])
            of_alias = item.get("family", ""), tuple(item.get("aliases", ())), item.get("merging_from", "")
            yield AccountEntry(ref, item["role"], item["disabled"], moment_or_none(item.get("gone_at")), *of_alias)

    def summary_texts(self, site: str) -> Iterator[tuple[str, str | None]]:
        """Read the stored summaries of a site: each identifier, and its text, if any."""
        return self._database.summaries(self._table, site)

    def create(self, account: Account, *, is_entered: bool = False) -> None:
        """Store a new account, listed under its addresses. Raises `WriteConflict` if a different one exists.

        `is_entered`: its addresses are in the mailboxes already, by `enter_all_mailboxes`.
        """
        if not is_entered:
            self.enter_mailboxes(account)
        try:
            self._database.create(self._table, self.encode(account))
        except WriteConflict as clash:
            if clash.item is None or clash.item.get("stamp") != account.stamp:
                raise

    def reserve_login(self, family: Account, guardian: Guardian) -> Account | None:
        """Create a guardian's login, or find the one begun for them. None if no identifier is left.

        It opens nothing until the family's account names it. Identifiers of other families are skipped.
        """
        refs_on_file = set(login_refs(family)) - {AccountRef(family.ref.site, guardian.login)}
        refs = [ref for ref in candidates(family.ref) if ref not in refs_on_file]
        accounts = dict(zip(refs, self.find_all(*refs), strict=True)) if refs else {}
        logins = (login for login in accounts.values() if login and is_begun_for(login, family, guardian))
        if login := next(logins, None):
            return login
        free = (ref for ref, other in accounts.items() if other is None)
        return next(filter(None, (self._create_login(new_login(family, guardian, ref), family) for ref in free)), None)

    def _create_login(self, login: Account, family: Account) -> Account | None:
        """Create a login. If another writer came first, return the login if it is for the same guardian."""
        try:
            self.create(login)
        except WriteConflict as clash:
            rival = self.parse_if_any(clash.item)
            is_same = rival and (rival.role, rival.family, rival.name) == (GUARDIAN, family.ref.identifier, login.name)
            return rival if is_same else None
        return login

    def reserve_alias(self, family: Account, identifier: str) -> bool:
        """Make the item of an identifier that the family lists already. False if another account has it.

        One whose family no longer lists it is free. Its new stamp makes a rival, who took it for free, look again.
        """
        alias = new_alias(family, identifier)
        for _ in range(RACES):
            current = self.find(alias.ref)
            if current and not self.is_free(current, family):
                return False
            with suppress(WriteConflict):
                if current:
                    self.change(current, replace(current, family=alias.family, stamp=alias.stamp))
                else:
                    self.create(alias)
                return True
        raise Unavailable("the identifier keeps changing")

    def is_free(self, alias: Account, family: Account) -> bool:
        """Whether an account is an alias that a family may have: its own, or one whose family no longer lists it."""
        owner = AccountRef(alias.ref.site, alias.family)
        return alias.role == ALIAS and (owner == family.ref or not is_alias_of(alias, self.find(owner)))

    def follow_guardians(
        self, before: Account, after: Account, check: Callable[[Account], None] = _allowed
    ) -> dict[AccountRef, Account]:
        """Update the logins whose guardian is about to change address or name. Returns them as written.

        This comes before the write of the family's account: a fault in between only ends mailed passwords too early. If
        the family is about to be closed or opened, their sessions end, so that none outlives the change. `check`
        receives each login just before its change, and raises if it is not allowed.
        """
        for ref in login_refs(after) if before.disabled != after.disabled else ():
            self.revise(ref, lambda login: replace(login, stamp=new_stamp()))
        logins = {ref: self.follow_guardian(ref, guardian, check) for ref, guardian in moved_logins(before, after)}
        return {ref: login for ref, login in logins.items() if login}

    def follow_guardian(
        self, ref: AccountRef, guardian: Guardian, check: Callable[[Account], None] = _allowed
    ) -> Account | None:
        """Update a login with its guardian's current address and name. None if it no longer exists."""

        def decide(login: Account) -> Account:
            check(login)
            return follow_guardian(login, guardian)

        states = self.revise(ref, decide)
        return states[1] if states else None

    def enter_mailboxes(self, account: Account, before: Account | None = None) -> None:
        """List an account under its addresses, except those it had `before`. It comes first, so that none is missing.

        A reopened account is listed again, as an interrupted erasure may have deleted its entries.
        """
        former = before if before and account.disabled >= before.disabled else None
        emails, names = (_addresses(former), _names(former)) if former else ((), ())
        new_entries = (
            [Listing(email, account.ref) for email in _addresses(account) if email not in emails],
            [(name, account.ref) for name in _names(account) if name not in names],
        )
        if any(new_entries):
            self._mailboxes.enter(*new_entries)

    def enter_all_mailboxes(self, accounts: Iterable[Account]) -> None:
        """List accounts under all their addresses, those of notices, and their login methods. Entries stay."""
        every_account = tuple(accounts)
        self._mailboxes.enter(
            (Listing(email, account.ref) for account in every_account for email in _addresses(account)),
            (
                (name, account.ref)
                for account in every_account
                for name in (*(notice.mailbox for notice in account.notices), *_names(account))
            ),
        )

    def erase(self, account: Account) -> None:
        """Delete an account with this stamp, or raise `WriteConflict`. Idempotent if it no longer exists."""
        key = {"site": account.ref.site, "identifier": account.ref.identifier}
        try:
            self._database.remove(self._table, key, "#stamp = :stamp", stamp=account.stamp)
        except WriteConflict as clash:
            if clash.item is not None:
                raise

    def put(self, account: Account) -> Put:
        """Store a whole account, new or not, with the attributes that this version does not know.

        The caller lists it under its addresses (`enter_mailboxes`).
        """
        former = self.parse_if_any(account.item or None)
        return Put(self._table, self.difference(former, account).item) if former else super().put(account)

    def change(self, before: Account | None, after: Account) -> Account:
        """Write the differences if the facts of the change are unchanged, or raise `WriteConflict`. Return the result.

        Its facts: the stamp, the disabled flag, the addresses, and each changed attribute, as read. An SDK retry of a
        write whose answer was lost recognises its own write. The result can be the base of the next change. A new
        address is listed in the mailboxes first.
        """
        self.enter_mailboxes(after, before)
        return self._change_entered(before, after)

    def _change_entered(self, before: Account | None, after: Account) -> Account:
        """Write a change. The proofs of a removed address end in the same write, whichever flow decided it.

        Raises `Unavailable` for another people or address of an account that is being merged: that waits.
        """
        if before and before.is_merging and any(getattr(before, name) != getattr(after, name) for name in _MERGED):
            raise Unavailable("the account is being merged")
        return super().change(before, end_mailed_proofs(before, after) if before else after)

    def further_facts(self, before: Account, after: Account) -> frozenset[str]:
        """Let addresses depend on mailed passwords, and a confirmation on the household."""
        beside = {"mailed": before.emails != after.emails, "household": before.confirmed != after.confirmed}
        return frozenset(fact for fact, counts in beside.items() if counts)

    def swap(self, before: Account, after: Account) -> Swap:
        """Replace an account within a transaction, if no attribute of it has changed."""
        item = self.difference(before, after).item if before.role == after.role else self.encode(after)
        return Swap(self._table, self.key(before.ref), before.item, item, frozenset(self.codec.attributes.values()))

    def revise(
        self,
        ref: AccountRef,
        decide: Callable[[Account], Account],
        account: Account | None = None,
        prepare: Prepare[Account] = nothing,
        *,
        is_entered: bool = False,
    ) -> tuple[Account, Account] | None:
        """Change an account, deciding again each time that another writer came first. Return it before and after.

        None if it no longer exists. `account`: as read before. `is_entered`: the addresses decided on it are
        in the mailboxes already. Raises `Unavailable`.
        """

        def change(before: Account, after: Account) -> Account:
            return (self._change_entered if is_entered and before is account else self.change)(before, after)

        return revise(lambda: self.find(ref), change, decide, account, prepare)


def _names(account: Account) -> tuple[str, ...]:
    """List the names under which the account is found by a passkey or a person of FranceConnect."""
    return (*(passkey_name(passkey.id) for passkey in account.passkeys), *(link.subject for link in account.links))


def _addresses(account: Account) -> tuple[str, ...]:
    """List the addresses on file, and the pending one that received a code, so that its confirmation is fast."""
    pending = account.pending_email
    return (*account.emails, pending.email) if pending and pending.mailed else account.emails
