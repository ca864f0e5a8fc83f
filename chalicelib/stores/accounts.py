"""The accounts table: one item is the whole account, and it changes by one conditional write."""

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.accounts import Account, AccountRef, FailingMailbox, MailedLetter, MailedPassword, Password
from chalicelib.domain.refusals import Overtaken
from chalicelib.stores.dynamo import Database, Item, Lookup, Put, decode, encode_item, moment, moment_or_none

_FACTS = frozenset({"stamp", "disabled", "emails"})
_INFORMATION = frozenset({"last_login"})  # nothing is decided on it: two logins at once are both right


class Accounts:
    """Finds accounts and changes them, never over somebody else's change."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def one(self, ref: AccountRef) -> Lookup[Account | None]:
        """Look up an account; None when there is none."""
        return Lookup(self._table, {"site": ref.site, "identifier": ref.identifier}, _account)

    def find(self, ref: AccountRef) -> Account | None:
        """Find an account."""
        return self._database.read(self.one(ref))

    def put(self, account: Account) -> Put:
        """Store a whole account, new or not."""
        return Put(self._table, _item(account))

    def change(self, before: Account, after: Account) -> None:
        """Write what differs, if all that the change was decided on still stands; else raise `Overtaken`.

        What it was decided on: the stamp, the disabled flag, the addresses, and each attribute it changes, as read. A
        retry by the SDK of a write whose answer was lost finds its own work and is content.
        """
        old, new = _item(before), _item(after)
        touched = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
        if not touched:
            return
        facts = (touched | _FACTS) - _INFORMATION
        gone = {name for name in touched if new.get(name) is None}
        parts = {
            "SET": [f"#{name} = :new_{name}" for name in sorted(touched - gone)],
            "REMOVE": [f"#{name}" for name in sorted(gone)],
        }
        change = " ".join(f"{verb} {', '.join(names)}" for verb, names in parts.items() if names)
        condition = " AND ".join(
            f"#{name} = :old_{name}" if old.get(name) is not None else f"attribute_not_exists(#{name})"
            for name in sorted(facts)
        )
        values = {f"new_{name}": new[name] for name in touched - gone}
        values |= {f"old_{name}": old[name] for name in facts if old.get(name) is not None}
        key = {"site": before.ref.site, "identifier": before.ref.identifier}
        try:
            self._database.update(self._table, key, change, condition, **values)
        except Overtaken as lost:
            ours = {name: new[name] for name in touched - _INFORMATION}
            if not ours or not _holds(lost.item, ours):
                raise


def _holds(item: Item | None, wanted: Mapping[str, Any]) -> bool:
    """Tell whether an item already carries these values: then the write that came first was ours."""
    if item is None:
        return False
    stored = decode({"M": encode_item(wanted)})
    return all(item.get(name) == stored.get(name) for name in wanted)


def _item(account: Account) -> dict[str, Any]:
    password = account.password
    return {
        "site": account.ref.site,
        "identifier": account.ref.identifier,
        "name": account.name,
        "role": account.role,
        "emails": list(account.emails),
        "disabled": account.disabled,
        "stamp": account.stamp,
        "password": password and {"hash": password.hash, "changed_at": password.changed_at, "origin": password.origin},
        "mailed": {each.digest: {"expires_at": each.expires_at, "request": each.request} for each in account.mailed},
        "letters": {each.request: each.at for each in account.letters},
        "last_login": account.last_login,
        "written": account.written or None,
        "failing": {each.mailbox: {"kind": each.kind, "at": each.at} for each in account.failing} or None,
    }


def _account(item: Item | None) -> Account | None:
    if item is None:
        return None
    password = item.get("password")
    return Account(
        ref=AccountRef(item["site"], item["identifier"]),
        name=item["name"],
        emails=tuple(item["emails"]),
        stamp=item["stamp"],
        role=item["role"],
        disabled=item["disabled"],
        password=Password(password["hash"], moment(password["changed_at"]), password["origin"]) if password else None,
        mailed=tuple(
            MailedPassword(digest, moment(each["expires_at"]), each["request"])
            for digest, each in item["mailed"].items()
        ),
        letters=tuple(MailedLetter(request, moment(at)) for request, at in item["letters"].items()),
        last_login=moment_or_none(item.get("last_login")),
        written=item.get("written", ""),
        failing=tuple(
            FailingMailbox(mailbox, each["kind"], moment(each["at"]))
            for mailbox, each in item.get("failing", {}).items()
        ),
    )
