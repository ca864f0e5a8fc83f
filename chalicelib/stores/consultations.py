"""Consultations, in the staff's table, which no family's function reads. TTL deletes late, so expiries are compared."""

import hashlib
import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from chalicelib.domain.account.audit import Author
from chalicelib.domain.staff.acts import StaffAct
from chalicelib.domain.staff.consultations import Consultation
from chalicelib.infra.dynamo.database import Database, Delete, Put
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


_READ: Final = "@read#"  # followed by the site. No site has this prefix


class Consultations:
    """Records consultations of a file, lists them, and deletes them with the account."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def add(self, consultation: Consultation) -> None:
        """Record a consultation. The first of its half hour makes an item, others are counted on it."""
        self._database.update(
            self._table,
            {"site": f"{_READ}{consultation.site}", "identifier": _identifier(consultation)},
            "SET #kind = :kind, #who = :who, #at = if_not_exists(#at, :at), #last_at = :last_at, #expires = :expires "
            "ADD #times :times",
            "attribute_not_exists(#who) OR #who = :who",
            kind=consultation.kind,
            who=consultation.who,
            at=consultation.at,
            last_at=consultation.last_at,
            expires=consultation.expires_at,
            times=consultation.times,
        )

    def on(self, site: str, account: str, now: datetime) -> Iterator[Consultation]:
        """List the unexpired consultations of an account, oldest first."""
        consultations = (_consultation(item, site, account) for item in self._items(site, account))
        return (consultation for consultation in consultations if consultation.expires_at > now)

    def of_site(self, site: str, now: datetime) -> Iterator[Consultation]:
        """List the unexpired consultations of all accounts of a site, account by account."""
        for item in self._database.items_of(self._table, f"{_READ}{site}"):
            consultation = _consultation(item, site, item["identifier"].partition("#")[0])
            if consultation.expires_at > now:
                yield consultation

    def deletions(self, site: str, account: str) -> Iterator[Delete]:
        """Delete the consultations of an account."""
        keys = ({name: item[name] for name in ("site", "identifier")} for item in self._items(site, account))
        return (Delete(self._table, key) for key in keys)

    def _items(self, site: str, account: str) -> Iterator[Item]:
        return self._database.items_of(self._table, f"{_READ}{site}", f"{account}#")


def _identifier(consultation: Consultation) -> str:
    reader = hashlib.sha256(consultation.who.encode()).hexdigest()[:16]
    return f"{consultation.account}#{consultation.half_hour.isoformat()}#{consultation.kind}#{reader}"


def _consultation(item: Item, site: str, account: str) -> Consultation:
    return Consultation(
        kind=item["kind"],
        site=site,
        account=account,
        who=item["who"],
        at=moment(item["at"]),
        last_at=moment(item["last_at"]),
        times=item["times"],
    )
