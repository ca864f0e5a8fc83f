"""The sessions of the desk, in the staff's table."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import WriteConflict
from chalicelib.domain.staff.staff_sessions import RECENT, IdentityCheck, StaffSession, file_key
from chalicelib.infra.dynamo.codec import Codec
from chalicelib.infra.dynamo.database import Key
from chalicelib.stores.sessions import SessionItems

_SESSIONS: Final = "@session"
_CHECK: Final = Codec(IdentityCheck)
_IS_UNCHANGED: Final = "attribute_exists(#seen_at) AND (attribute_not_exists(#checks) OR #checks = :before)"


def _stored(checks: Iterable[IdentityCheck]) -> list[dict[str, Any]]:
    return [_CHECK.encode(check) for check in checks]


class StaffSessions(SessionItems[StaffSession]):
    """The sessions of staff."""

    codec = Codec(StaffSession, "fingerprint")

    def key(self, token: Token) -> Key:
        """Build the key of a token's session."""
        return {"site": _SESSIONS, "identifier": token.fingerprint}

    def key_of(self, session: StaffSession) -> Key:
        """Build the key of a session."""
        return {"site": _SESSIONS, "identifier": session.fingerprint}

    def of_member(self, email: str) -> Iterator[StaffSession]:
        """Read the sessions of a member, expired or not, among those of all members (Query)."""
        return (session for session in self.under(_SESSIONS) if session.email == email)

    def prove(self, session: StaffSession, now: datetime) -> None:
        """Record a repeated password or passkey, unless the session was closed concurrently."""
        self.write(session, proven_at=now)

    def note_timetables(self, session: StaffSession, timetables: tuple[str, ...]) -> None:
        """Store the timetables that a teacher's next page will read."""
        self.write(session, timetables=list(timetables))

    def note_opened(self, session: StaffSession, first: str, second: str) -> None:
        """Note that a file was opened, by the parts of its key. The one opened last is not written again."""
        key = file_key(first, second)
        if session.recent[:1] != (key,):
            keys = [other for other in session.recent if other != key]
            self.write(session, recent=[key, *keys][:RECENT])

    def note_check(self, session: StaffSession, new: IdentityCheck) -> None:
        """Note how an identity was verified, unless another page or an erasure changed the list since it was read."""
        checks = session.checks_with(new)
        if checks != session.checks:
            self.write(session, _IS_UNCHANGED, {"before": _stored(session.checks)}, checks=_stored(checks))

    def forget_opened(self, first: str, second: str) -> None:
        """Remove an erased file from the files that open sessions opened last, and the identities verified for it."""
        key = file_key(first, second)
        for session in self.under(_SESSIONS):
            if key in session.recent:
                self.write(session, recent=[other for other in session.recent if other != key])
            checks = [check for check in session.checks if check.file != key]
            if len(checks) < len(session.checks):
                self.write(session, checks=_stored(checks))

    def challenge(self, session: StaffSession, challenge: str) -> None:
        """Store or replace the challenge for a passkey, unless the session was closed concurrently."""
        self.write(session, challenge=challenge)

    def use_challenge(self, session: StaffSession) -> bool:
        """Use up the challenge. False if another request used it before."""
        key, condition = self.key_of(session), "#challenge = :challenge"
        try:
            self._database.update(self._table, key, "REMOVE #challenge", condition, challenge=session.challenge)
        except WriteConflict:
            return False
        return True
