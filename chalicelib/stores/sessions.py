"""The sessions table: each login under the fingerprint of its token."""

from collections.abc import Iterator
from datetime import datetime

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.sessions import Session, Token
from chalicelib.domain.refusals import WriteConflict
from chalicelib.infra.dynamo.database import Database, Delete, Lookup, Put
from chalicelib.infra.dynamo.values import Item, moment, moment_or_none


class Sessions:
    """Opens, finds and closes sessions. TTL deletes late, so `Session.is_of` compares the expiry."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def find(self, token: Token) -> Session | None:
        """Find the session of a token, expired or not."""
        key = {"site": token.site, "identifier": token.fingerprint}
        return self._database.read(Lookup(self._table, key, _session))

    def of_account(self, ref: AccountRef) -> tuple[Session, ...]:
        """Read the sessions of an account, expired or not. The index may miss one of the last second."""
        lookups = (Lookup(self._table, delete.key, _session) for delete in self.deletions(ref))
        return tuple(filter(None, self._database.read_together(*lookups)))

    def deletions(self, ref: AccountRef) -> Iterator[Delete]:
        """Close the sessions of an account, as `of_account` finds them."""
        keys = self._database.keys_of_account(self._table, account=ref.identifier, site=ref.site)
        return (Delete(self._table, key) for key in keys)

    def put(self, session: Session) -> Put:
        """Store a new session."""
        return Put(
            self._table,
            {
                "site": session.site,
                "identifier": session.fingerprint,
                "account": session.identifier,
                "stamp": session.stamp,
                "opened_at": session.opened_at,
                "seen_at": session.seen_at,
                "opened_by": session.opened_by,
                "previous_login": session.previous_login,
                "speaker": session.speaker or None,
                "family": session.family or None,
                "site_forgiven": session.site_forgiven or None,
                "expires": session.expires_at,
            },
        )

    def delete(self, token: Token) -> Delete:
        """Close the session of a token."""
        return Delete(self._table, {"site": token.site, "identifier": token.fingerprint})

    def touch(self, session: Session, now: datetime) -> None:
        """Write the last use, unless another page wrote it or a logout closed the session concurrently."""
        key = {"site": session.site, "identifier": session.fingerprint}
        try:
            self._database.update(
                self._table,
                key,
                "SET #seen_at = :now, #expires = :expires",
                "#seen_at = :seen",
                now=now,
                seen=session.seen_at,
                expires=session.touch(now).expires_at,
            )
        except WriteConflict:
            return

    def remember(self, session: Session, speaker: str, now: datetime) -> None:
        """Write the speaker and the last use, unless a logout closed the session concurrently."""
        key = {"site": session.site, "identifier": session.fingerprint}
        try:
            self._database.update(
                self._table,
                key,
                "SET #speaker = :speaker, #seen_at = :now, #expires = :expires",
                "attribute_exists(#seen_at)",
                speaker=speaker,
                now=now,
                expires=session.touch(now).expires_at,
            )
        except WriteConflict:
            return


def _session(item: Item | None) -> Session | None:
    if item is None:
        return None
    return Session(
        site=item["site"],
        fingerprint=item["identifier"],
        identifier=item["account"],
        stamp=item["stamp"],
        opened_at=moment(item["opened_at"]),
        seen_at=moment(item["seen_at"]),
        opened_by=item["opened_by"],
        previous_login=moment_or_none(item.get("previous_login")),
        speaker=item.get("speaker", ""),
        family=item.get("family", ""),
        site_forgiven=item.get("site_forgiven", False),
    )
