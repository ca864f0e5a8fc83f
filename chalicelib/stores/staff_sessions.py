"""The sessions of the desk, in the staff's table. TTL deletes late, so expiries are compared too."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Final

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import WriteConflict
from chalicelib.domain.staff.staff_sessions import StaffSession
from chalicelib.infra.dynamo.database import Database, Delete, Lookup, Put
from chalicelib.infra.dynamo.values import Item, moment, moment_or_none

_SESSIONS: Final = "@session"


class StaffSessions:
    """Stores and finds the sessions of staff."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def find(self, token: Token) -> StaffSession | None:
        """Find the session of a token, expired or not."""
        return self._database.read(Lookup(self._table, _key(token.fingerprint), _session))

    def put(self, session: StaffSession) -> Put:
        """Store a session in its current state."""
        return Put(
            self._table,
            _key(session.fingerprint)
            | {
                "email": session.email,
                "stamp": session.stamp,
                "stage": session.stage,
                "opened_at": session.opened_at,
                "seen_at": session.seen_at,
                "proven_at": session.proven_at,
                "challenge": session.challenge or None,
                "timetables": list(session.timetables) or None,
                "expires": session.expires_at,
            },
        )

    def delete(self, token: Token) -> Delete:
        """Close the session of a token."""
        return Delete(self._table, _key(token.fingerprint))

    def touch(self, session: StaffSession, now: datetime) -> None:
        """Write the last use, unless another page wrote it or the session was closed concurrently."""
        with suppress(WriteConflict):
            self._database.update(
                self._table,
                _key(session.fingerprint),
                "SET #seen_at = :now, #expires = :expires",
                "#seen_at = :seen",
                now=now,
                seen=session.seen_at,
                expires=session.touch(now).expires_at,
            )

    def prove(self, session: StaffSession, now: datetime) -> StaffSession:
        """Record a repeated password or passkey, unless the session was closed concurrently."""
        with suppress(WriteConflict):
            self._database.update(
                self._table,
                _key(session.fingerprint),
                "SET #proven_at = :now",
                "attribute_exists(#seen_at)",
                now=now,
            )
        return replace(session, proven_at=now)

    def note_timetables(self, session: StaffSession, timetables: tuple[str, ...]) -> None:
        """Store the timetables that a teacher's next page will read."""
        with suppress(WriteConflict):
            self._database.update(
                self._table,
                _key(session.fingerprint),
                "SET #timetables = :timetables",
                "attribute_exists(#seen_at)",
                timetables=list(timetables),
            )

    def challenge(self, session: StaffSession, challenge: str) -> StaffSession:
        """Store or replace the challenge for a passkey."""
        with suppress(WriteConflict):
            self._database.update(
                self._table,
                _key(session.fingerprint),
                "SET #challenge = :challenge",
                "attribute_exists(#seen_at)",
                challenge=challenge,
            )
        return replace(session, challenge=challenge)

    def use_challenge(self, session: StaffSession) -> bool:
        """Use up the challenge. False if another request used it before."""
        try:
            self._database.update(
                self._table,
                _key(session.fingerprint),
                "REMOVE #challenge",
                "#challenge = :challenge",
                challenge=session.challenge,
            )
        except WriteConflict:
            return False
        return True


def _key(fingerprint: str) -> dict[str, str]:
    return {"site": _SESSIONS, "identifier": fingerprint}


def _session(item: Item | None) -> StaffSession | None:
    if item is None:
        return None
    return StaffSession(
        fingerprint=item["identifier"],
        email=item["email"],
        stamp=item["stamp"],
        stage=item["stage"],
        opened_at=moment(item["opened_at"]),
        seen_at=moment(item["seen_at"]),
        proven_at=moment_or_none(item.get("proven_at")),
        challenge=item.get("challenge", ""),
        timetables=tuple(item.get("timetables", ())),
    )
