"""Sessions: each login under the fingerprint of its token. Those of families have a table of their own."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeVar

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.sessions import Session, Token
from chalicelib.domain.refusals import WriteConflict
from chalicelib.infra.dynamo.codec import Codec
from chalicelib.infra.dynamo.database import Delete, Key, Lookup
from chalicelib.infra.dynamo.store import Items

S = TypeVar("S")


class SessionItems(Items[Token, S]):
    """Opens, finds and closes sessions. TTL deletes late, so expiries are compared too."""

    def computed(self, session: Any) -> dict[str, datetime]:  # noqa: ANN401 - a session of any kind
        """Compute the item's expiry: the session's."""
        return {"expires": session.expires_at}

    def close(self, session: S) -> Delete:
        """Close a session that was read."""
        return Delete(self._table, self.key_of(session))

    def touch(self, session: Any, now: datetime) -> None:  # noqa: ANN401 - the same
        """Write the last use, unless another page wrote it or the session was closed concurrently."""
        used: datetime = session.touch(now).expires_at
        self.write(session, "#seen_at = :seen", {"seen": session.seen_at}, seen_at=now, expires=used)

    def write(
        self,
        session: S,
        condition: str = "attribute_exists(#seen_at)",
        values: dict[str, Any] | None = None,
        **new: object,
    ) -> None:
        """Write some attributes, unless the session was closed concurrently."""
        change = "SET " + ", ".join(f"#{name} = :{name}" for name in new)
        with suppress(WriteConflict):
            self._database.update(self._table, self.key_of(session), change, condition, **new, **(values or {}))


class Sessions(SessionItems[Session]):
    """The sessions of families."""

    codec = Codec(Session, "site", "fingerprint", names={"identifier": "account"}, always={"opened_by"})

    def key(self, token: Token) -> Key:
        """Build the key of a token's session."""
        return {"site": token.site, "identifier": token.fingerprint}

    def key_of(self, session: Session) -> Key:
        """Build the key of a session."""
        return {"site": session.site, "identifier": session.fingerprint}

    def key_fields(self, key: Key) -> tuple[str, str]:
        """Parse the key of a session."""
        return key["site"], key["identifier"]

    def of_account(self, ref: AccountRef) -> tuple[Session, ...]:
        """Read the sessions of an account, expired or not. The index may miss one of the last second."""
        lookups = (Lookup(self._table, delete.key, self.parse_if_any) for delete in self.deletions(ref))
        return tuple(filter(None, self._database.read_together(*lookups)))

    def deletions(self, ref: AccountRef) -> Iterator[Delete]:
        """Close the sessions of an account, as `of_account` finds them."""
        keys = self._database.keys_of_account(self._table, account=ref.identifier, site=ref.site)
        return (Delete(self._table, key) for key in keys)

    def prove(self, session: Session, now: datetime, proof: str = "") -> None:
        """Write that the password or a mailed code was given again, unless the session was closed concurrently."""
        self.write(session, proven_at=now, proof=proof)

    def remember(self, session: Session, speaker: str, now: datetime) -> None:
        """Write the speaker and the last use, unless a logout closed the session concurrently."""
        self.write(session, speaker=speaker, seen_at=now, expires=session.touch(now).expires_at)
