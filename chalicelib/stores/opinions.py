"""Opinions in the table of teaching, one partition per season and site. TTL deletes them."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.teaching.courses import PupilRef
from chalicelib.domain.teaching.opinions import Opinion, OpinionRef, OpinionText
from chalicelib.infra.dynamo.change import Change
from chalicelib.infra.dynamo.database import Database, Delete, Lookup
from chalicelib.infra.dynamo.values import Item, moment_or_none

_BETWEEN: Final = "\t"  # an identifier has none
_FACTS: Final = frozenset({"version"})


class Opinions:
    """Finds opinions and stores them, without overwriting concurrent ones."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def lookup(self, ref: OpinionRef) -> Lookup[Opinion]:
        """Look up an opinion. Empty if none was given."""
        return Lookup(self._table, _key(ref), lambda item: _opinion(ref, item))

    def find(self, ref: OpinionRef) -> Opinion:
        """Find an opinion."""
        return self._database.read(self.lookup(ref))

    def of_season(self, site: str, season: str, family: str = "") -> Iterator[Opinion]:
        """List the opinions of a season at a site (Query), family by family. `family`: only of this identifier."""
        return self._listed(site, season, f"{family}{_BETWEEN}" if family else "")

    def of_family(self, account: AccountRef, seasons: Iterable[str]) -> Iterator[Opinion]:
        """List the opinions on a family's pupils (a Query per season)."""
        for season in seasons:
            yield from self.of_season(account.site, season, account.identifier)

    def change(self, before: Opinion, after: Opinion) -> Opinion:
        """Store an opinion if unchanged since read, or raise `WriteConflict`."""
        Change(item_of(before), item_of(after), _FACTS, read=before.item).write(self._database, self._table)
        return after

    def forget(self, account: AccountRef, seasons: Iterable[str]) -> list[Delete]:
        """Delete all opinions on a family's pupils."""
        return [Delete(self._table, _key(opinion.ref)) for opinion in self.of_family(account, seasons)]

    def _listed(self, site: str, season: str, prefix: str) -> Iterator[Opinion]:
        for item in self._database.items_of(self._table, _partition(site, season), prefix):
            pupil, _, course = item["identifier"].rpartition(_BETWEEN)
            yield _opinion(OpinionRef(site, season, PupilRef.parse(pupil), course), item)


def _partition(site: str, season: str) -> str:
    return f"{site}#opinions#{season}"  # a site's code has no « # »


def _key(ref: OpinionRef) -> dict[str, str]:
    return {"site": _partition(ref.site, ref.season), "identifier": f"{ref.pupil.name}{_BETWEEN}{ref.course}"}


def item_of(opinion: Opinion) -> dict[str, Any]:
    """Encode an opinion."""
    content = opinion.said
    return _key(opinion.ref) | {
        "leaning": content.leaning,
        "words": content.words or None,
        "discipline": opinion.discipline or None,
        "teacher": opinion.teacher or None,
        "by": opinion.by or None,
        "at": opinion.at,
        "version": opinion.version or None,
        "expires": opinion.ref.expires_at if opinion.at else None,
    }


def _opinion(ref: OpinionRef, item: Item | None) -> Opinion:
    if item is None:
        return Opinion(ref)
    return Opinion(
        ref,
        OpinionText(item.get("leaning"), item.get("words", "")),
        item.get("discipline", ""),
        item.get("teacher", ""),
        item.get("by", ""),
        moment_or_none(item.get("at")),
        item.get("version", ""),
        item,
    )
