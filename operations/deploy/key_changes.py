"""Key changes made by a deployment: rotation, retirement, or renewal after a loss."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from chalicelib.domain.refusals import Unavailable
from operations.deploy.commands import NotReady, Stopped, Tell
from operations.deploy.keys import KEYS, RECORD_KEY, Keys, KeyStore, this_second

KeyAct = Literal["", "rotate", "retire", "renew"]

# Printed before the question. The table of docs/deploy.md, « Keys », has the same list with its reasons.
_ENDS_WITH_A_VERSION = (
    "codes on paper that it made (the member makes new ones: « Mon accès »), calendars subscribed at its addresses "
    "(the page shows a new one), links of « Ce n'est pas moi » and invitations that it mailed, browsers that it knew"
)
_ENDS_WITH_THE_KEYS = (
    "every member's authenticator application and codes on paper (a manager resets the access; a manager's own: "
    "`clef staff reset`), calendars subscribed (their page shows a new address), links of « Ce n'est pas moi » and "
    "invitations in mailboxes, jobs of the desk that wait. Passwords, passkeys and sessions stay."
)
_ENDS_WITH_THE_RECORD_KEY = (
    "the record before and after cannot be compared; « Identifiant perdu » finds no account until `clef families "
    "index`; families link FranceConnect again; new families no longer find their requests by a code; addresses that "
    "mails do not reach are tried again; "
    "mails asked for in that minute are dropped."
)
_STOPPED = "Stored data could not be sealed again ({error}). Nothing is lost: run the same command again."
_QUESTION = "Make new ones? A copy that is put back afterwards opens nothing that they make. [y/N] "


@dataclass
class KeyChange:
    """The key change of one deployment, step by step. A plain deployment finishes an earlier one.

    `seal_again`: seals stored data under the newest of some keys.
    """

    store: KeyStore
    act: KeyAct
    tell: Tell
    seal_again: Callable[[Keys], None]
    current: Keys = field(init=False)
    target: Keys = field(init=False)

    def agree(self, ask: Callable[[str], bool]) -> None:
        """Ask whether to renew lost secrets. Raises `NotReady` if none is lost, or the operator declines."""
        if self.act != "renew":
            return
        lost_uses = self.store.losses
        if not lost_uses:
            raise NotReady(
                "Nothing is lost, so nothing is made: --rotate-keys renews the keys (docs/deploy.md, « Keys »)."
            )
        for key, ends in ((RECORD_KEY, _ENDS_WITH_THE_RECORD_KEY), (KEYS, _ENDS_WITH_THE_KEYS)):
            if self.store.name(key) in lost_uses:
                self.tell(f"  {self.store.name(key)} is lost. A new one ends: {ends}")
        if not ask(_QUESTION):
            raise NotReady("Not confirmed: nothing was changed.")

    def plan(self, keys: Keys) -> Keys:
        """Choose the keys to deploy, and show the consequences of the change. Raises `NotReady`."""
        self.current = self.target = keys
        if self.act == "rotate":
            self.target = self._rotated()
        if self.act == "retire":
            self.target = self._retired()
        return self.target

    def begin(self) -> None:
        """Prepare the change, after the operator agreed and before the functions change."""
        if self.target.newest != self.current.newest:  # stored before it seals any data
            self.current = self.store.write(self.current, self.target.versions)
        elif self.target != self.current:
            self.current = self._settle(self.current)

    def finish(self) -> Keys:
        """Seal stored data under the new keys, once the functions have them. Returns the keys as stored."""
        if self.act == "retire":
            keys = self._settle(self.current)  # if a former attempt had changed the functions already
            return self.store.write(keys, keys.retired().versions)
        return self._settle(self.target)

    def _rotated(self) -> Keys:
        if self.current.newest.number in self.store.live:  # else left by a stopped deployment
            self.current = self._settle(self.current)
        plan = self.current.with_new_version(self.store.live, this_second())
        if plan == self.current:
            self.tell(f"  the rotation to version {plan.newest.number} of the keys goes on")
            return plan
        self.tell(f"  version {plan.newest.number} of the keys seals and signs from now on")
        self._tell_what_ends(plan)
        return plan

    def _retired(self) -> Keys:
        if self.current.newest.number not in self.store.live:
            raise NotReady(
                f"Version {self.current.newest.number} of the keys is not deployed: deploy without --retire-keys first."
            )
        if len(self.current.versions) == 1:
            raise NotReady(f"Version {self.current.newest.number} of the keys is the only one: nothing to retire.")
        self.tell(f"  version {self.current.newest.number} of the keys stays alone")
        self._tell_what_ends(plan := self.current.retired())
        return plan

    def _tell_what_ends(self, plan: Keys) -> None:
        numbers = {version.number for version in plan.versions}
        for version in self.current.versions:
            if version.number in numbers:
                self.tell(f"  version {version.number} of {version.made_at:%Y-%m-%d} still opens")
            else:
                name = f"version {version.number} of {version.made_at:%Y-%m-%d}"
                self.tell(f"  {name} ends, and with it: {_ENDS_WITH_A_VERSION}")

    def _settle(self, keys: Keys) -> Keys:
        """Seal stored data under the newest version, and note it, so that a later deployment has nothing to read."""
        if keys.is_settled:
            return keys
        try:
            self.seal_again(keys)
        except Unavailable as error:
            raise Stopped(_STOPPED.format(error=error)) from error
        return self.store.write(keys, keys.settled(this_second()).versions)
