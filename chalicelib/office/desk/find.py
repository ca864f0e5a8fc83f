"""Find families by what they say on the telephone: a part of a name, an address, a pupil, an identifier."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.text import letters_of
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.sites import select_sites
from chalicelib.services import Services
from chalicelib.values import frozen

AT_MOST: Final = 50


@frozen
class SearchResult:
    """The first families found, by name, and whether there are more."""

    accounts: tuple[Account, ...]
    more: bool


def find(services: Services, text: str, site: str | None, advance: Callable[[], None] = lambda: None) -> SearchResult:
    """Find the accounts that hold each word of a text, whatever its accents, case and blanks. Raises `OfficeRefusal`.

    `advance` is called for each account that was looked at: they all may be.
    """
    select_sites(services.settings.network, site)
    words = [word for word in map(letters_of, text.split()) if word]
    if not words:
        raise OfficeRefusal("find_nothing_typed")
    found = list(islice(_matching(services.accounts.all(site), words, advance), AT_MOST + 1))
    first = sorted(found[:AT_MOST], key=lambda account: (letters_of(account.name), account.ref.site))
    return SearchResult(tuple(first), len(found) > AT_MOST)


def _matching(accounts: Iterator[Account], words: list[str], advance: Callable[[], None]) -> Iterator[Account]:
    for account in accounts:
        advance()
        if _holds(account, words):
            yield account


def _holds(account: Account, words: list[str]) -> bool:
    fields = [letters_of(field) for field in _fields(account)]
    return all(any(word in field for field in fields) for word in words)


def _fields(account: Account) -> Iterator[str]:
    household = account.household
    yield from (account.ref.identifier, account.display_identifier, account.name, *account.emails)
    yield " ".join(household.address)
    for guardian in household.guardians:
        yield from (guardian.name, guardian.email, guardian.login)
    for pupil in household.pupils:
        yield pupil.name
