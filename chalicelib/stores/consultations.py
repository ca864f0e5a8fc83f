"""Acts on staff, and consultations of families' files, in the staff's table, which no family's function reads.

TTL deletes late, so expiries are compared.
"""

import hashlib
import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from chalicelib.domain.staff.acts import StaffAct
from chalicelib.domain.staff.consultations import Consultation
from chalicelib.infra.dynamo.codec import Codec
from chalicelib.infra.dynamo.database import Delete, Key
from chalicelib.infra.dynamo.store import Items

_ACTS: Final = "@act"  # no site has this prefix


class StaffActs(Items[StaffAct, StaffAct]):
    """Records acts, and lists those on one member, or all."""

    codec = Codec(StaffAct, "member", flat={"author"})

    def key_of(self, act: StaffAct) -> Key:
        """Build the key of an act, like no other of the same second."""
        return {"site": _ACTS, "identifier": f"{act.member}#{act.at.isoformat()}#{secrets.token_hex(4)}"}

    def key_fields(self, key: Key) -> tuple[str]:
        """Parse the member in the key of an act."""
        return (key["identifier"].partition("#")[0],)

    def computed(self, act: StaffAct) -> dict[str, datetime]:
        """Expire like a trace."""
        return {"expires": act.expires_at}

    def add(self, act: StaffAct) -> None:
        """Record an act."""
        self._database.write_together(self.put(act))

    def on(self, member: str, now: datetime) -> Iterator[StaffAct]:
        """List the unexpired acts on a member, oldest first."""
        return (act for act in self.under(_ACTS, f"{member}#") if act.expires_at > now)

    def all(self, now: datetime) -> Iterator[StaffAct]:
        """List the unexpired acts on all members, member by member."""
        return (act for act in self.under(_ACTS) if act.expires_at > now)


_READ: Final = "@read#"  # followed by the site. No site has this prefix


class Consultations(Items[Consultation, Consultation]):
    """Records consultations of a file, lists them, and deletes them with the account."""

    codec = Codec(Consultation, "site", "account", always={"times"})

    def key_of(self, consultation: Consultation) -> Key:
        """Build the key of a reader's consultations of half an hour."""
        reader = hashlib.sha256(consultation.who.encode()).hexdigest()[:16]
        parts = (consultation.account, consultation.half_hour.isoformat(), consultation.kind, reader)
        return {"site": f"{_READ}{consultation.site}", "identifier": "#".join(parts)}

    def key_fields(self, key: Key) -> tuple[str, str]:
        """Parse the site and the account in the key of consultations."""
        return key["site"].removeprefix(_READ), key["identifier"].partition("#")[0]

    def add(self, consultation: Consultation) -> None:
        """Record a consultation. The first of its half hour makes an item, others are counted on it."""
        self._database.update(
            self._table,
            self.key_of(consultation),
            "SET #kind = :kind, #who = :who, #at = if_not_exists(#at, :at), #last_at = :last_at, #expires = :expires "
            "ADD #times :times",
            "attribute_not_exists(#who) OR #who = :who",
            expires=consultation.expires_at,
            **self.codec.encode(consultation),
        )

    def on(self, site: str, account: str, now: datetime) -> Iterator[Consultation]:
        """List the unexpired consultations of an account, oldest first."""
        return self.of_site(site, now, account)

    def of_site(self, site: str, now: datetime, account: str = "") -> Iterator[Consultation]:
        """List the unexpired consultations of all accounts of a site, account by account."""
        consultations = self.under(f"{_READ}{site}", f"{account}#" if account else "")
        return (consultation for consultation in consultations if consultation.expires_at > now)

    def deletions(self, site: str, account: str) -> Iterator[Delete]:
        """Delete the consultations of an account."""
        return self.deletions_under(f"{_READ}{site}", f"{account}#")
