"""One account for the secretary: its file, its state, and why it cannot log in."""

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from datetime import datetime
from typing import Any

from chalicelib.domain.account.accounts import ALIAS, GUARDIAN, Account, AccountRef, FailingMailbox, Suppression
from chalicelib.domain.account.audit import AuditEntry
from chalicelib.domain.account.diagnosis import Cause, Evidence, diagnosis
from chalicelib.domain.account.logins import family_ref, login_refs, opening_emails
from chalicelib.domain.account.notices import NoticeState
from chalicelib.domain.account.rate_limits import LOGIN_OF_ACCOUNT
from chalicelib.domain.refusals import Unavailable
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.office.account import family_of, matching_accounts, only_one, pseudonym, refs_of
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.staff import StaffServices as Services
from chalicelib.settings.environment import Site
from chalicelib.stores.attempts import AttemptTimes
from chalicelib.values import frozen


@frozen
class EmailState:
    """An address on file: its failed mails, its suppression by SES, and the arrival of the last notice."""

    email: str = field(repr=False)
    failing: FailingMailbox | None
    delivered_at: datetime | None
    suppression: Suppression | None


@frozen
class NoticeStatus:
    """The outcome of one campaign's mail. No address if it went to one no longer on file."""

    campaign: str
    state: NoticeState
    at: datetime
    email: str | None = field(repr=False)


@frozen
class AccountOverview:
    """One account as read for the secretary."""

    now: datetime
    account: Account
    site: Site | None
    addresses: tuple[EmailState, ...]
    notices: tuple[NoticeStatus, ...]
    waits_until: datetime | None
    acts: tuple[AuditEntry, ...]
    causes: tuple[Cause, ...]
    knows_suppressions: bool  # otherwise SES did not answer about suppressed addresses
    logins: tuple[Account, ...] = ()  # own logins of guardians, or for one of them, the family's account


def account_overview(services: Services, text: str, site: str | None, now: datetime) -> AccountOverview:
    """Read an identifier's accounts at all sites at once, and the office's acts. Raises `OfficeRefusal`."""
    accounts, tries = _read_accounts(services, refs_of(services, text), text)
    account = only_one(_accounts_at(services, accounts, text, site), text)
    if account.role == ALIAS:
        family = family_of(services, account, text).ref
        return account_overview(services, family.identifier, family.site, now)
    logins = _other_logins(services, account)
    account = _with_family_facts(account, *logins)
    suppressions = _suppressions(services, account)
    evidence = Evidence(
        replace(account, emails=opening_emails(account)),
        _tries_with_longest_wait(services, account.ref, tries[account.ref.site], now),
        elsewhere=tuple(
            (code, moments) for code, moments in tries.items() if code not in {ref.site for ref in accounts}
        ),
        twins=tuple(ref.site for ref in accounts if ref != account.ref),
        audit_entries=tuple(services.audit_trail.on(account.ref.site, pseudonym(services, account.ref))),
        suppressions=suppressions or {},
    )
    return AccountOverview(
        now,
        account,
        services.settings.network.site(account.ref.site),
        tuple(_addresses(services, account, evidence.suppressions)),
        tuple(_notices(services, account)),
        LOGIN_OF_ACCOUNT.waits_until(evidence.tries, now),
        evidence.audit_entries,
        diagnosis(evidence, services.record.pseudonyms, now),
        suppressions is not None,
        logins,
    )


def _other_logins(services: Services, account: Account) -> tuple[Account, ...]:
    refs = (family_ref(account),) if account.role == GUARDIAN else login_refs(account)
    return tuple(filter(None, services.accounts.find_all(*refs))) if refs else ()


def _with_family_facts(account: Account, *rest: Account) -> Account:
    """Add to a guardian's login the facts stored with their family: their address's failures, the yearly file."""
    if account.role != GUARDIAN or not rest:
        return account
    (family,) = rest
    return replace(account, failing_mailboxes=family.failing_mailboxes, notices=family.notices, gone_at=family.gone_at)


def _tries_with_longest_wait(
    services: Services, ref: AccountRef, strangers: tuple[datetime, ...], now: datetime
) -> tuple[datetime, ...]:
    """Find the tries with the longest wait: those of strangers, or of a known browser."""
    devices = (tries.times for tries in services.attempts.from_devices(ref))
    return max((strangers, *devices), key=lambda times: (LOGIN_OF_ACCOUNT.waits_until(times, now) or now, times[-1:]))


def _accounts_at(
    services: Services, accounts: dict[AccountRef, Account], text: str, site: str | None
) -> tuple[Account, ...]:
    sites = {ref.site for ref in refs_of(services, text, site)}
    matching = tuple(account for ref, account in accounts.items() if ref.site in sites)
    if accounts and not matching:
        raise OfficeRefusal("family_elsewhere", typed=text, sites=tuple(ref.site for ref in accounts))
    return matching


def _read_accounts(
    services: Services, refs: tuple[AccountRef, ...], text: str
) -> tuple[dict[AccountRef, Account], dict[str, tuple[datetime, ...]]]:
    """Read the matching accounts, and the tries at each site, which count every spelling."""
    tries = {ref.site: AttemptTimes.on_account(ref) for ref in refs}
    lookups: list[Lookup[Any]] = [services.accounts.lookup(ref) for ref in refs]
    lookups += map(services.attempts.lookup, tries.values())
    rows = services.database.read_together(*lookups)
    accounts = {account.ref: account for account in matching_accounts(text, rows[: len(refs)])}
    return accounts, {site: found.times for site, found in zip(tries, rows[len(refs) :], strict=True)}


def _suppressions(services: Services, account: Account) -> dict[str, Suppression] | None:
    """Ask SES for the suppressed addresses on file. None if it does not answer: the page works without."""
    try:
        answers = {email: services.mailer.suppression(email) for email in account.emails}
    except Unavailable:
        return None
    return {email: found for email, found in answers.items() if found}


def _addresses(services: Services, account: Account, suppressions: Mapping[str, Suppression]) -> Iterator[EmailState]:
    failing = {mailbox.mailbox: mailbox for mailbox in account.failing_mailboxes}
    notices = [notice for notice in account.notices if notice.state == "delivered"]
    for email in account.emails:
        mailbox = services.record.pseudonyms.of_mailbox(email)
        times = (notice.at for notice in notices if notice.mailbox == mailbox)
        yield EmailState(email, failing.get(mailbox), max(times, default=None), suppressions.get(email))


def _notices(services: Services, account: Account) -> Iterator[NoticeStatus]:
    for notice in account.notices:
        email = account.mailbox(notice.mailbox, services.record.pseudonyms)
        yield NoticeStatus(notice.campaign, notice.state, notice.at, email)
