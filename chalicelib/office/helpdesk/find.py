"""Find families by a part of a name, an address, a telephone number, a pupil or an identifier."""

from collections.abc import Sequence
from typing import Final

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.search.search import Match, is_searchable, search
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.staff import StaffServices as Services
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
class SearchResult:
    """The first families, exact matches before close ones, and whether there are more."""

    families: tuple[FoundFamily, ...]
    more: bool

    @property
    def accounts(self) -> tuple[Account, ...]:
        """Their accounts."""
        return tuple(family.account for family in self.families)


def find_at(services: Services, text: str, sites: Sequence[str]) -> SearchResult:
    """Find the families of some sites that match each word of a text. Raises `OfficeRefusal`.

    Reads only the summaries of their sites, and the whole families shown.
    """
    if not is_searchable(text):
        raise OfficeRefusal("find_nothing_typed")
    matches = search([family for site in sites for family in account_summaries(services.accounts, site)], text, AT_MOST)
    refs = [AccountRef(hit.family.site, hit.family.identifier) for hit in matches.hits]
    accounts = services.accounts.find_all(*refs) if refs else ()
    families = (
        FoundFamily(account, hit.is_close, hit.matches)
        for account, hit in zip(accounts, matches.hits, strict=True)
        if account
    )
    return SearchResult(tuple(families), matches.more)
