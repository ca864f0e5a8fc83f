"""One account as the office acts on it: found by its identifier, and noted upon before the act."""

from datetime import datetime
from typing import Final

from chalicelib.domain import fields
from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.audit import Act, ActKind, Author
from chalicelib.domain.account.identifiers import identifier_from
from chalicelib.office.refused import Refused
from chalicelib.office.sites import sites_asked
from chalicelib.services import Services

_TOO_LONG: Final = {
    "office_who": "office_who_long",
    "office_why": "office_why_long",
    "decision_words": "decision_words_long",
}


def refs_of(services: Services, typed: str, site: str | None = None) -> tuple[AccountRef, ...]:
    """Name the accounts that an identifier, as typed, may have: at one site, or at each. Raises `Refused`."""
    sites = sites_asked(services.settings.network, site)
    identifier = identifier_from(typed)
    if not identifier:
        raise Refused("identifier_malformed", typed=typed)
    return tuple(AccountRef(each.code, identifier) for each in sites)


def account_called(services: Services, typed: str, site: str | None) -> Account:
    """Find the one account of an identifier. Raises `Refused` where there is none, or one at several sites."""
    refs = refs_of(services, typed, site)
    found = services.database.read_together(*(services.accounts.one(ref) for ref in refs))
    return only_one(tuple(account for account in found if account), typed)


def only_one(accounts: tuple[Account, ...], typed: str) -> Account:
    """Give the only one of some accounts. Raises `Refused`, with the sites to choose from."""
    if not accounts:
        raise Refused("family_unknown", typed=typed)
    if len(accounts) > 1:
        sites = " ; ".join(f"--site {account.ref.site} ({account.name})" for account in accounts)
        raise Refused("several_sites", typed=typed, sites=sites)
    return accounts[0]


def checked(author: Author) -> Author:
    """Ask for a name and a reason, each on one line. Raises `Refused`."""
    author = Author(worded("office_who", author.who), worded("office_why", author.why))
    if not author.who or not author.why:
        raise Refused("author_missing")
    return author


def worded(name: str, typed: str) -> str:
    """Give what somebody of the office types, as `domain/fields.py` declares it. Raises `Refused` where longer."""
    words, longest = fields.tidied(name, typed), fields.longest(name)
    if len(words) > longest:
        raise Refused(_TOO_LONG[name], longest=longest)
    return words


def note(services: Services, ref: AccountRef, kind: ActKind, author: Author, now: datetime) -> None:
    """Note an act about to be done: a fault after this leaves one noted and not done, never one done and not noted."""
    services.acts.note(Act(kind, ref.site, pseudonym(services, ref), author, now))


def pseudonym(services: Services, ref: AccountRef) -> str:
    """Give the name under which acts on an account are kept; the record's lines have the same."""
    return services.record.pseudonyms.of(ref.site, ref.identifier)
