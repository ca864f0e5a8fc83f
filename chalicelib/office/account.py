"""Find one account for the office by its identifier, and audit each act on it before it is done."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from chalicelib.domain import fields
from chalicelib.domain.account.accounts import ALIAS, Account, AccountRef
from chalicelib.domain.account.aliases import is_alias_of
from chalicelib.domain.account.audit import AuditAction, AuditEntry, Author
from chalicelib.domain.account.identifiers import identifier_from
from chalicelib.domain.account.logins import family_ref
from chalicelib.domain.account.spellings import refs_spelt
from chalicelib.domain.staff.consultations import Consultation, ConsultationKind
from chalicelib.infra.dynamo.database import Delete
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.staff import StaffServices as Services
from chalicelib.settings.environment import Network, Site


def select_sites(network: Network, code: str | None) -> tuple[Site, ...]:
    """Find the site of a code, or all without a code. Raises `OfficeRefusal` for an unknown code."""
    if code is None:
        return network.sites
    site = network.site(code)
    if site is None:
        raise OfficeRefusal("site_unknown", site=code, sites=tuple(known.code for known in network.sites))
    return (site,)


_TOO_LONG: Final = {
    "office_who": "office_who_long",
    "office_why": "office_why_long",
    "decision_words": "decision_words_long",
}


def refs_of(services: Services, text: str, site: str | None = None) -> tuple[AccountRef, ...]:
    """List the possible accounts of a typed identifier: at one site or each, with or without its dashes.

    Raises `OfficeRefusal`.
    """
    sites = select_sites(services.settings.network, site)
    identifier = identifier_from(text)
    if not identifier:
        raise OfficeRefusal("identifier_malformed", typed=text)
    return tuple(ref for site in sites for ref in refs_spelt(site.code, identifier))


def find_account(services: Services, text: str, site: str | None) -> Account:
    """Find the one family of an identifier, its own or a guardian's. Raises `OfficeRefusal` as `find_login` does."""
    return family_of(services, find_login(services, text, site), text)


def family_of(services: Services, login: Account, text: str) -> Account:
    """Find the family of a login. `text`: the identifier as typed. Raises `OfficeRefusal`."""
    family = services.accounts.find(family_ref(login)) if login.family else login
    family = None if login.role == ALIAS and not is_alias_of(login, family) else family
    return only_one((family,) if family else (), text)


def find_login(services: Services, text: str, site: str | None) -> Account:
    """Find the one login of an identifier, for an alias its family's. Raises `OfficeRefusal` if none, or several."""
    refs = refs_of(services, text, site)
    accounts = services.database.read_together(*(services.accounts.lookup(ref) for ref in refs))
    login = only_one(matching_accounts(text, accounts), text)
    return family_of(services, login, text) if login.role == ALIAS else login


def matching_accounts(text: str, candidates: Iterable[Account | None]) -> tuple[Account, ...]:
    """Select at each site the account of exactly this identifier, else those that differ by dashes."""
    accounts = tuple(filter(None, candidates))
    exact = {account.ref.site: account for account in accounts if account.ref.identifier == identifier_from(text)}
    return tuple(account for account in accounts if exact.get(account.ref.site, account) is account)


def only_one(accounts: tuple[Account, ...], text: str) -> Account:
    """Check that there is exactly one account. Raises `OfficeRefusal` with the choices."""
    if not accounts:
        raise OfficeRefusal("family_unknown", typed=text)
    if len({account.ref.site for account in accounts}) < len(accounts):
        spelt = " ; ".join(account.display_identifier or account.ref.identifier for account in accounts)
        raise OfficeRefusal("several_spellings", typed=text, spelt=spelt)
    if len(accounts) > 1:
        sites = tuple(account.ref.site for account in accounts)
        raise OfficeRefusal("several_sites", typed=text, sites=sites)
    return accounts[0]


def check_author(author: Author) -> Author:
    """Require a name and a reason, each on one line. Raises `OfficeRefusal`."""
    author = Author(tidy_field("office_who", author.who), tidy_field("office_why", author.why))
    if not author.who or not author.why:
        raise OfficeRefusal("author_missing")
    return author


def tidy_field(name: str, text: str) -> str:
    """Tidy a field typed by the office, as declared in `domain/fields.py`. Raises `OfficeRefusal`."""
    words, longest = fields.clean(name, text), fields.longest(name)
    if len(words) > longest:
        raise OfficeRefusal(_TOO_LONG[name], longest=longest)
    return words


def audit(services: Services, ref: AccountRef, kind: AuditAction, author: Author, now: datetime) -> None:
    """Audit an act before it is done: after a fault it may be audited and not done, never done and not audited."""
    services.audit_trail.add(AuditEntry(kind, ref.site, pseudonym(services, ref), author, now))


def pseudonym(services: Services, ref: AccountRef) -> str:
    """Make the pseudonym of an account in the audit trail and the record."""
    return services.record.pseudonyms.of(ref.site, ref.identifier)


def add_tombstones(services: Services, refs: Iterable[AccountRef], now: datetime) -> None:
    """Record accounts or applications (`audited_as`) before they are erased, so that no restore brings them back."""
    pseudonyms = services.record.pseudonyms
    services.audit_trail.add_tombstones((pseudonyms.of_erased(ref.site, ref.identifier) for ref in refs), now)


_WHOLE_SITE: Final = "report"  # an export's name in the audit trail, in place of an account's pseudonym


def note_consultation(services: Services, ref: AccountRef, kind: ConsultationKind, by: str, now: datetime) -> None:
    """Audit that a proven member (`Member.known_as`) is about to read a file. Raises `Unavailable`: then show nothing.

    `ref`: the family's account as found, also for a guardian's own login.
    """
    consultation = Consultation(kind, ref.site, pseudonym(services, ref), by, now, now)
    services.staff.consultations.add(consultation)


def note_report(services: Services, site: str, by: str, now: datetime) -> None:
    """Audit that a proven member is about to read the closing report of a site. Raises `Unavailable`."""
    services.staff.consultations.add(Consultation("report_read", site, _WHOLE_SITE, by, now, now))


def consultations_of(services: Services, ref: AccountRef, now: datetime) -> tuple[Consultation, ...]:
    """List the consultations of a file, oldest first."""
    return tuple(services.staff.consultations.on(ref.site, pseudonym(services, ref), now))


def trail_deletions(services: Services, ref: AccountRef) -> Iterator[Delete]:
    """Delete the office's acts and consultations of an erased account."""
    account = pseudonym(services, ref)
    yield from services.audit_trail.deletions(ref.site, account)
    yield from services.staff.consultations.deletions(ref.site, account)
