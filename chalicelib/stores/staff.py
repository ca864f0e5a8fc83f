"""The staff table: members, and the list of managers."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Final

from chalicelib.domain.account.login_methods import Passkey
from chalicelib.domain.refusals import WriteConflict
from chalicelib.domain.staff.browser_links import BrowserLinks
from chalicelib.domain.staff.members import ManagerList, Member, Totp
from chalicelib.infra.dynamo.codec import Codec, by_key
from chalicelib.infra.dynamo.database import Key
from chalicelib.infra.dynamo.store import DefaultStore, Store
from chalicelib.infra.dynamo.values import Item

_MEMBERS: Final = "@member"  # no site has this prefix
_LISTS: Final = "@list"
_MANAGERS: Final = "managers"
_TOTP: Final = Codec(Totp, always={"last_step"}, absent={"key": ""})  # the first versions named the key `sealed`


class Members(Store[str, Member]):
    """Finds members of staff, by address as normalised by `email_from`, and changes them."""

    codec = Codec(
        *(Member, "email"),
        always={"disabled"},
        flat={"browser_links"},
        shapes={
            Totp: _TOTP,
            BrowserLinks: Codec(BrowserLinks, names={"links": "browser_links"}),
            "passkeys": by_key(Codec(Passkey, "id")),
        },
    )
    facts = frozenset({"stamp", "disabled", "role", "passkeys"})
    information = frozenset({"last_login"})

    def key(self, email: str) -> Key:
        """Build the key of a member."""
        return {"site": _MEMBERS, "identifier": email}

    def all(self) -> Iterator[Member]:
        """List the members by address (Query)."""
        return self.under(_MEMBERS)


class Managers(DefaultStore[ManagerList]):
    """The network's managers in one item: each removal is one write, conditional on another manager remaining."""

    codec = Codec(ManagerList, always={"emails", "entered"})
    facts = frozenset({"version"})

    def key(self) -> Key:
        """Build the key of the list."""
        return {"site": _LISTS, "identifier": _MANAGERS}

    def key_fields(self, _key: Key) -> tuple[()]:
        """Return nothing, as there is one list."""
        return ()

    def encode_fields(self, managers: ManagerList) -> Item:
        """Encode the list. Only its key if it was never written."""
        return super().encode_fields(managers) if managers.version else self.key()

    def read(self) -> ManagerList:
        """Read the list."""
        return self.find()

    def add(self, email: str) -> None:
        """Add a manager, if not listed. It counts as remaining after its first login."""
        self._change(lambda managers: managers.with_added(email))

    def note_entry(self, email: str, managers: ManagerList) -> None:
        """Count a manager who has just logged in, unless the list changed since read: then their next login is counted.

        The list must have been read before the member's second proof was written together with `Member.entry`: a
        concurrent removal of this manager then conflicts on the list, or on the member.
        """
        after = managers.with_entered(email)
        if email in managers and after is not managers:
            with suppress(WriteConflict):
                self.change(managers, after)

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
        return self.revise_at(decide)[1]


def _unless_last(managers: ManagerList, email: str, after: ManagerList) -> ManagerList:
    return managers if managers.is_last(email) else after
