"""The staff table: members, and the list of managers."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final

from chalicelib.domain.refusals import Unavailable, WriteConflict
from chalicelib.domain.staff.browser_links import BrowserLink, BrowserLinks
from chalicelib.domain.staff.members import Changed, ManagerList, Member, Passkey, StaffInvitation, Totp
from chalicelib.domain.staff.recent_logins import RecentLogin
from chalicelib.infra.dynamo.change import Change
from chalicelib.infra.dynamo.database import Database, Lookup
from chalicelib.infra.dynamo.revise import RACES, Prepare, nothing, revise
from chalicelib.infra.dynamo.values import Item, moment, moment_or_none

_MEMBERS: Final = "@member"  # no site has this prefix
_LISTS: Final = "@list"
_MANAGERS: Final = "managers"
_FACTS: Final = frozenset({"stamp", "disabled", "role", "passkeys"})
_INFORMATION: Final = frozenset({"last_login"})


class Members:
    """Finds members of staff and changes them, without overwriting concurrent changes."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def lookup(self, email: str) -> Lookup[Member | None]:
        """Look up a member by address, as normalised by `email_from`. None if there is none."""
        return Lookup(self._table, _key(email), _member)

    def find(self, email: str) -> Member | None:
        """Find a member."""
        return self._database.read(self.lookup(email))

    def all(self) -> Iterator[Member]:
        """List the members by address (Query)."""
        for item in self._database.items_of(self._table, _MEMBERS):
            member = _member(item)
            if member:
                yield member

    def create(self, member: Member) -> None:
        """Store a new member. Raises `WriteConflict` if the address has one."""
        self._database.create(self._table, item_of(member))

    def change(self, before: Member, after: Member) -> Member:
        """Write the differences if the facts of the change are unchanged, or raise `WriteConflict`."""
        change = Change(item_of(before), item_of(after), _FACTS, _INFORMATION, before.item)
        change.write(self._database, self._table)
        return after

    def revise(
        self,
        email: str,
        decide: Callable[[Member], Member],
        known: Member | None = None,
        prepare: Prepare[Member] = nothing,
    ) -> tuple[Member, Member] | None:
        """Change a member, deciding again each time that another writer came first. Return it before and after.

        None if it no longer exists. Raises `Unavailable`, and the errors of `decide`.
        """
        return revise(lambda: self.find(email), self.change, decide, known, prepare)


class Managers:
    """The network's managers in one item: each removal is one write, conditional on another manager remaining."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def lookup(self) -> Lookup[ManagerList]:
        """Look up the list."""
        return Lookup(self._table, _LIST_KEY, _managers)

    def read(self) -> ManagerList:
        """Read the list."""
        return self._database.read(self.lookup())

    def add(self, email: str) -> None:
        """Add a manager, if not listed. It counts as remaining after its first login."""
        self._change(lambda managers: managers.with_added(email))

    def note_entry(self, email: str, seen: ManagerList) -> None:
        """Count a manager who has just logged in, unless the list changed since read: then the next login counts it.

        The list must have been read before the member's second proof was written together with `Member.entry`: a
        concurrent removal of this manager then conflicts on the list, or on the member.
        """
        after = seen.with_entered(email)
        if email in seen and after is not seen:
            with suppress(WriteConflict):
                self._write(seen, after)

    def remove(self, email: str) -> bool:
        """Remove a manager. False, without effect, for the last one known to log in."""
        return email not in self._change(lambda managers: _unless_last(managers, email, managers.without(email)))

    def mark_unenrolled(self, email: str, *, even_last: bool) -> bool:
        """Stop counting a manager, who keeps the role. False, without effect, for the last one known to log in."""

        def decide(managers: ManagerList) -> ManagerList:
            after = managers.without_entry(email)
            return after if even_last else _unless_last(managers, email, after)

        return email not in self._change(decide).entered

    def _change(self, decide: Callable[[ManagerList], ManagerList]) -> ManagerList:
        for _ in range(RACES):
            before = self.read()
            after = decide(before)
            if after is before:
                return before
            with suppress(WriteConflict):
                self._write(before, after)
                return after
        raise Unavailable("the managers keep changing")

    def _write(self, before: ManagerList, after: ManagerList) -> None:
        self._database.update(
            self._table,
            _LIST_KEY,
            "SET #emails = :emails, #entered = :entered, #version = :version",
            "#version = :seen" if before.version else "attribute_not_exists(#version)",
            emails=list(after.emails),
            entered=list(after.entered),
            version=after.version,
            **({"seen": before.version} if before.version else {}),
        )


_LIST_KEY: Final = {"site": _LISTS, "identifier": _MANAGERS}


def _managers(item: Item | None) -> ManagerList:
    if item is None:
        return ManagerList()
    return ManagerList(tuple(item["emails"]), tuple(item.get("entered", ())), item.get("version", ""))


def _unless_last(managers: ManagerList, email: str, after: ManagerList) -> ManagerList:
    return managers if managers.is_last(email) else after


def _key(email: str) -> dict[str, str]:
    return {"site": _MEMBERS, "identifier": email}


def item_of(member: Member) -> dict[str, Any]:
    """Encode a member."""
    invitation, totp = member.invitation, member.totp
    return _key(member.email) | {
        "name": member.name,
        "role": member.role,
        "sites": list(member.sites),
        "stamp": member.stamp,
        "created_at": member.created_at,
        "disabled": member.disabled,
        "invitation": invitation
        and {"digest": invitation.digest, "expires_at": invitation.expires_at, "by": invitation.by},
        "password": member.password,
        "password_changed_at": member.password_changed_at,
        # The previous version reads `sealed` even if it opens nothing: a list of members would fail without it.
        "totp": totp and {"key": totp.key or None, "sealed": totp.former, "last_step": totp.last_step},
        "passkeys": {
            passkey.id: {
                "public_key": passkey.public_key,
                "sign_count": passkey.sign_count,
                "name": passkey.name,
                "added_at": passkey.added_at,
            }
            for passkey in member.passkeys
        }
        or None,
        "recovery": list(member.recovery) or None,
        "last_login": member.last_login,
        "agent": member.agent or None,
        "entry": member.entry or None,
        "logins": [
            {"used": login.used, "opened": login.opened, "client": login.client, "at": login.at}
            for login in member.logins
        ]
        or None,
        "browser_links": [
            {
                "digest": link.digest,
                "request": link.request,
                "mailed_at": link.mailed_at,
                "used_at": link.used_at,
                "browser": link.browser or None,
            }
            for link in member.browser_links.links
        ]
        or None,
        "changes": [{"what": changed.what, "at": changed.at, "name": changed.name} for changed in member.changes]
        or None,
    }


def _member(item: Item | None) -> Member | None:
    if item is None:
        return None
    invitation, totp = item.get("invitation"), item.get("totp")
    return Member(
        email=item["identifier"],
        name=item["name"],
        role=item["role"],
        sites=tuple(item["sites"]),
        stamp=item["stamp"],
        created_at=moment(item["created_at"]),
        disabled=item["disabled"],
        invitation=StaffInvitation(invitation["digest"], moment(invitation["expires_at"]), invitation["by"])
        if invitation
        else None,
        password=item.get("password"),
        password_changed_at=moment_or_none(item.get("password_changed_at")),
        totp=Totp(totp.get("key", ""), totp["last_step"], totp.get("sealed", "")) if totp else None,
        passkeys=tuple(
            Passkey(id, passkey["public_key"], passkey["sign_count"], passkey["name"], moment(passkey["added_at"]))
            for id, passkey in item.get("passkeys", {}).items()  # noqa: A001 - WebAuthn's own word
        ),
        recovery=tuple(item.get("recovery", ())),
        last_login=moment_or_none(item.get("last_login")),
        agent=item.get("agent", ""),
        entry=item.get("entry", ""),
        logins=tuple(
            RecentLogin(login["used"], login["opened"], login["client"], moment(login["at"]))
            for login in item.get("logins", ())
        ),
        browser_links=BrowserLinks(
            tuple(
                BrowserLink(
                    link["digest"],
                    link["request"],
                    moment(link["mailed_at"]),
                    moment_or_none(link.get("used_at")),
                    link.get("browser", ""),
                )
                for link in item.get("browser_links", ())
            )
        ),
        changes=tuple(
            Changed(changed["what"], moment(changed["at"]), changed["name"]) for changed in item.get("changes", ())
        ),
        item=item,
    )
