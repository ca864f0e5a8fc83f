"""Acts on members, in the staff's table, which no family's function reads. TTL deletes late: expiries are compared."""

import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from chalicelib.domain.account.audit import Author
from chalicelib.domain.staff.acts import StaffAct
from chalicelib.infra.dynamo.database import Database, Put
from chalicelib.infra.dynamo.values import Item, moment

_ACTS: Final = "@act"  # no site has this prefix


class StaffActs:
    """Records acts, and lists those on one member, or all."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def add(self, act: StaffAct) -> None:
        """Record an act."""
        self._database.write_together(
            Put(
                self._table,
                {
                    "site": _ACTS,
                    "identifier": f"{act.member}#{act.at.isoformat()}#{secrets.token_hex(4)}",
                    "kind": act.kind,
                    "who": act.author.who,
                    "why": act.author.why,
                    "at": act.at,
                    "role": act.role or None,
                    "sites": list(act.sites) or None,
                    "about": act.about or None,
                    "expires": act.expires_at,
                },
            )
        )

    def on(self, member: str, now: datetime) -> Iterator[StaffAct]:
        """List the unexpired acts on a member, oldest first."""
        return self._list(f"{member}#", now)

    def all(self, now: datetime) -> Iterator[StaffAct]:
        """List the unexpired acts on all members, member by member."""
        return self._list("", now)

    def _list(self, prefix: str, now: datetime) -> Iterator[StaffAct]:
        acts = map(_act, self._database.items_of(self._table, _ACTS, prefix))
        return (act for act in acts if act.expires_at > now)


def _act(item: Item) -> StaffAct:
    member = item["identifier"].partition("#")[0]
    author = Author(item["who"], item["why"])
    role, sites, about = item.get("role", ""), tuple(item.get("sites", ())), item.get("about", "")
    return StaffAct(item["kind"], member, author, moment(item["at"]), role, sites, about)
