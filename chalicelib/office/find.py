"""Find families by a part of a name, an address, a telephone number, a pupil or an identifier, or by a wing's number.

A manager also finds members of staff. A wing adds its own files. The search for an unknown family makes the same calls
as for another site's.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from chalicelib.domain.account.accounts import ALIAS, Account, AccountRef
from chalicelib.domain.account.aliases import is_alias_of
from chalicelib.domain.account.identifiers import identifier_from
from chalicelib.domain.account.logins import family_ref
from chalicelib.domain.account.spellings import refs_spelt
from chalicelib.domain.search.search import Hit, Match, SearchHits, is_searchable, search
from chalicelib.domain.search.summaries import AccountSummary
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.infra.garbage import without_collections
from chalicelib.office.parts import FamilySearch, FileSearch, OpenedFile
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.office import OfficeServices as Services
from chalicelib.settings.wings import parts
from chalicelib.stores.summary_index import account_summaries
from chalicelib.values import frozen

AT_MOST: Final = 50


@frozen
class FoundFamily:
    """A family with the fields that match the search. `close`: it matches only approximately."""

    account: Account
    is_close: bool
    matches: tuple[Match, ...]


@frozen
class FoundFile:
    """A wing's file that matches the search, and its address."""

    path: str
    hit: Hit


@frozen
class SearchResult:
    """The first families, exact matches before close ones, and whether there are more. Then wings' files, members."""

    families: tuple[FoundFamily, ...]
    more: bool
    files: tuple[FoundFile, ...] = ()
    members: tuple[Hit, ...] = ()

    @property
    def accounts(self) -> tuple[Account, ...]:
        """The families' accounts."""
        return tuple(family.account for family in self.families)

    @property
    def only(self) -> FoundFamily | FoundFile | Hit | None:
        """The single hit. None if there are several, or none."""
        hits: tuple[FoundFamily | FoundFile | Hit, ...] = (*self.families, *self.files, *self.members)
        return hits[0] if len(hits) == 1 else None


@without_collections()
def find_at(
    services: Services, text: str, sites: Sequence[str], now: datetime, *, with_members: bool = False
) -> SearchResult:
    """Find the families and the files of wings at some sites that match each word of a text.

    Reads only their summaries, and the whole families shown. If no family matches exactly, a number may be one that a
    wing gave: then the wing looks for it. Raises `OfficeRefusal`.
    """
    if not is_searchable(text):
        raise OfficeRefusal("find_nothing_typed")
    hits = search([family for site in sites for family in account_summaries(services.accounts, site)], text, AT_MOST)
    refs = [AccountRef(hit.family.site, hit.family.identifier) for hit in hits.hits]
    matches = dict(zip(refs, ((hit.is_close, hit.matches) for hit in hits.hits), strict=True))
    if all(hit.is_close for hit in hits.hits):
        numbers = (row for part in parts(FamilySearch) for row in part.matches(services, text, sites))
        matches |= {ref: (False, (match,)) for ref, match in (*numbers, *_by_alias(services, text, sites))}
    accounts = services.accounts.find_all(*matches) if matches else ()
    families = (FoundFamily(account, *matches[account.ref]) for account in accounts if account)
    members = search(_members(services), text, AT_MOST) if with_members else SearchHits((), more=False)
    files = (
        FoundFile(part.path(hit.family.identifier), hit)
        for part in parts(FileSearch)
        for hit in search(list(part.summaries(services, sites, now)), text, AT_MOST).hits
    )
    return SearchResult(tuple(families), hits.more, tuple(files), members.hits)


def _by_alias(services: Services, text: str, sites: Sequence[str]) -> list[tuple[AccountRef, Match]]:
    """Find the families that a whole identifier opens, though no list shows it: they have another one now."""
    refs = [ref for site in sites for ref in refs_spelt(site, identifier_from(text))]
    aliases = [alias for alias in services.accounts.find_all(*refs) if alias and alias.role == ALIAS] if refs else []
    families = services.accounts.find_all(*map(family_ref, aliases)) if aliases else ()
    pairs = zip(aliases, families, strict=True)
    return [(family_ref(alias), Match("identifier", text)) for alias, family in pairs if is_alias_of(alias, family)]


def _members(services: Services) -> list[AccountSummary]:
    members = services.staff.members.all()
    return [AccountSummary("", "", name=member.name, emails=(member.email,)) for member in members]


def find_by_number(services: Services, text: str, sites: Sequence[str]) -> str | None:
    """Find the address of a wing's file by its number. None for another text. Raises `OfficeRefusal`.

    One of other sites takes the same calls as one that does not exist.
    """
    for part in parts(FileSearch):
        if number := part.number(services, text, sites):
            return part.path(number)
    return None


def read_recent(services: Services, keys: Iterable[str], sites: Sequence[str]) -> tuple[Account | OpenedFile, ...]:
    """Read the files that a session opened last (`StaffSession.recent`), those still at some sites, at once."""
    lookups: list[tuple[FileSearch | None, Lookup[Any]]] = []
    for first, _, second in (key.partition(" ") for key in keys):
        if first in sites:
            lookups.append((None, services.accounts.lookup(AccountRef(first, second))))
        elif services.settings.network.site(first) is None:
            lookups += [(part, part.lookup(services, first, second)) for part in parts(FileSearch)]
    files = services.database.read_together(*(lookup for _, lookup in lookups)) if lookups else ()
    rows = ((part, file) for (part, _), file in zip(lookups, files, strict=True) if file)
    return tuple(row for part, file in rows if (row := part.link(file, sites) if part else file))
