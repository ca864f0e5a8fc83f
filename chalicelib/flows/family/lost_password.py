"""A lost password or identifier: answered by mail, so that the page never reveals whether the account is known."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.account import passwords
from chalicelib.domain.account.accounts import GUARDIAN, MAILED_LIFETIME, Account, AccountRef
from chalicelib.domain.account.logins import family_ref, guardian_of, login_of_mailbox, opens
from chalicelib.domain.account.mailboxes import Mailbox
from chalicelib.domain.account.rate_limits import LOST_OF_ADDRESS
from chalicelib.domain.account.separation import as_addressed
from chalicelib.domain.account.spellings import matching_account, refs_spelt
from chalicelib.domain.family.households import given_names
from chalicelib.domain.refusals import SlowedDown
from chalicelib.infra.record import Event
from chalicelib.mail import letters
from chalicelib.mail.account_jobs import LostIdentifier, LostPassword
from chalicelib.mail.mailer import Undeliverable
from chalicelib.services.family import Services, Visit
from chalicelib.settings.environment import Site
from chalicelib.stores.attempts import AttemptTimes
from chalicelib.values import frozen


class LostSlowedDown(SlowedDown):
    """Too many requests for lost passwords or identifiers from one client address before `until`."""

    code = "lost_slowed_down"


@frozen
class LostPasswordForm:
    """The typed identifier and e-mail address, normalised."""

    identifier: str
    email: str


def request_password(visit: Visit[Services], form: LostPasswordForm) -> None:
    """Post the request without any look-up.

    Raises `LostSlowedDown` for a client address that asks too often, never depending on the pair.
    """
    account = AccountRef("", form.identifier)  # without a site: the form asks for none
    count_request(visit, "reset_slowed", account)
    visit.services.post_box.post(
        LostPassword(
            request=visit.client.request,
            asked_at=visit.now,
            identifier=form.identifier,
            mailbox=visit.services.record.pseudonyms.of_mailbox(form.email),
        )
    )
    visit.record("reset_asked", account=account, address=visit.client.address)


def count_request(visit: Visit[Services], event: Event, account: AccountRef | None = None) -> None:
    """Count a client address's request for a password, identifiers or a code. Raises `LostSlowedDown`."""
    try:
        visit.services.attempts.reserve(
            AttemptTimes.lost_from_address(visit.client.address), LOST_OF_ADDRESS, visit.now
        )
    except SlowedDown as refusal:
        visit.record(event, account=account, address=visit.client.address)
        raise LostSlowedDown(refusal.until) from None


def mail_passwords(services: Services, job: LostPassword, now: datetime) -> None:
    """Mail a password for each account with this identifier and address, at any site.

    Dashes in the identifier do not matter: the address decides between its spellings. Raises `Unavailable`. The job is
    then delivered again, and at worst a second password is mailed: both work.
    """
    if job.is_stale(now):
        services.record.write("reset_dropped", now, job.request, reason="stale")
        return
    accounts = logins_meant(services, job.identifier, job.mailbox)
    if not accounts:
        services.record.write("reset_dropped", now, job.request, reason="unknown")
    for account in accounts:
        _mail(services, account, job, now)


def logins_meant(services: Services, identifier: str, mailbox: str) -> list[Account]:
    """List the logins that an address gets passwords of, among the accounts of an identifier at the address's sites."""
    there = {ref.site for ref in services.mailboxes.find(mailbox).refs}
    sites = [site for site in services.settings.network.sites if site.code in there]
    refs = [ref for site in sites for ref in refs_spelt(site.code, identifier)]
    accounts = filter(None, services.database.read_together(*map(services.accounts.lookup, refs)))
    logins = {account: login for account in accounts if (login := login_of_address(services, account, mailbox))}
    matches = (matching_account(identifier, (one for one in logins if one.ref.site == site.code)) for site in sites)
    return [logins[account] for account in matches if account]


def login_of_address(services: Services, account: Account, mailbox: str) -> Account | None:
    """Find the login of a family that an address gets passwords of, whichever of its identifiers was typed."""
    family = services.accounts.find(family_ref(account)) if account.family else account
    if family is None or not opens(family, account):
        return None
    ref = login_of_mailbox(family, mailbox, services.record.pseudonyms)
    guardian = guardian_of(family, ref) if ref else None
    if ref is None or guardian is None:
        return family if ref else None
    login = services.accounts.follow_guardian(ref, guardian)
    return replace(login, disabled=True) if login and family.disabled else login


def _mail(services: Services, account: Account, job: LostPassword, now: datetime) -> None:
    """Mail one account's password to the stored address, never to the typed one. Record why if it is not sent."""
    password, ref = passwords.mailed_password(), account.ref

    def decide(current: Account) -> Account:
        is_due = _why_not(services, current, job, now) is None
        return current.with_mailed_password(password, job.request, now) if is_due else current

    before, _ = services.accounts.revise(ref, decide, account) or (None, None)
    email = before.mailbox(job.mailbox, services.record.pseudonyms) if before else None
    if before is None or email is None:
        services.record.write("reset_dropped", now, job.request, reason="unknown")
        return
    reason = _why_not(services, before, job, now)
    try:
        if reason is None:
            services.mailer.send(_letter(services, before, email, password, now), ref)
    except Undeliverable:
        reason = "undeliverable"
    if reason:
        services.record.write("reset_dropped", now, job.request, account=ref, reason=reason)
    else:
        services.record.write("reset_mailed", now, job.request, account=ref)


def _why_not(services: Services, account: Account, job: LostPassword, now: datetime) -> str | None:
    if account.mailbox(job.mailbox, services.record.pseudonyms) is None:
        return "unknown"
    if account.disabled:
        return "disabled"
    return None if account.may_be_mailed(job.request, now) else "too_soon"


def _letter(services: Services, account: Account, email: str, password: str, now: datetime) -> letters.Letter:
    facts = {
        "network": services.settings.network,
        "site": services.settings.network.site(account.ref.site),
        "account": account,
        "password": password,
        "until": now + MAILED_LIFETIME,
    }
    return letters.fill("lost_password", email, now, facts)


@frozen
class ListedAccount:
    """An account in the letter. `pupils`: their first names."""

    site: Site
    account: Account
    pupils: tuple[str, ...]


def request_identifiers(visit: Visit[Services], email: str) -> None:
    """Post the request without any look-up. It is counted together with the requests for lost passwords.

    `email` is normalised. Raises `LostSlowedDown` for a client address that asks too often, never depending on `email`.
    """
    count_request(visit, "identifier_slowed")
    mailbox = visit.services.record.pseudonyms.of_mailbox(email)
    visit.services.post_box.post(LostIdentifier(request=visit.client.request, asked_at=visit.now, mailbox=mailbox))
    visit.record("identifier_asked", address=visit.client.address)


def mail_identifiers(services: Services, job: LostIdentifier, now: datetime) -> None:
    """Mail one letter about all accounts with this address on file. Raises `Unavailable`.

    The job is then delivered again, and at worst the same letter is mailed twice.
    """
    if job.is_stale(now):
        services.record.write("identifier_dropped", now, job.request, reason="stale")
        return
    mailbox = services.mailboxes.find(job.mailbox)
    entries = tuple(_listed(services, mailbox))
    if not entries:
        services.record.write("identifier_dropped", now, job.request, reason="unknown")
        return
    before, _ = services.mailboxes.revise(
        mailbox, lambda found: found.with_letter(job.request, now) if found.may_be_mailed(job.request, now) else found
    )
    first, reason = entries[0].account, None if before.may_be_mailed(job.request, now) else "too_soon"
    try:
        if reason is None:
            services.mailer.send(_letter_of_identifiers(services, entries, job.mailbox, now), first.ref)
    except Undeliverable:
        reason = "undeliverable"
    if reason:
        services.record.write("identifier_dropped", now, job.request, account=first.ref, reason=reason)
    else:
        services.record.write("identifier_mailed", now, job.request, account=first.ref, accounts=len(entries))


def _listed(services: Services, mailbox: Mailbox) -> Iterator[ListedAccount]:
    """Read the accounts that may have the address, and list those that do, in the order of the network's sites."""
    lookups = map(services.accounts.lookup, mailbox.refs)
    answers = services.database.read_together(*lookups) if mailbox.refs else ()
    results = (_named(services, account, mailbox.pseudonym) for account in answers if account)
    accounts = [account for account in results if account]
    for site in services.settings.network.sites:
        of_site = [account for account in accounts if account.ref.site == site.code and not account.disabled]
        for account in sorted(of_site, key=lambda account: (account.name, account.ref.identifier)):
            yield ListedAccount(site, account, given_names(account.household.pupils, account.name))


def _named(services: Services, account: Account, pseudonym: str) -> Account | None:
    """Give a family's account the identifier that opens it at this address. Guardians' logins are skipped."""
    email = account.mailbox(pseudonym, services.record.pseudonyms)
    if account.role == GUARDIAN or email is None:
        return None
    return as_addressed(account, email) if login_of_mailbox(account, pseudonym, services.record.pseudonyms) else None


def _letter_of_identifiers(
    services: Services, entries: tuple[ListedAccount, ...], mailbox: str, now: datetime
) -> letters.Letter:
    """Fill the letter, to the stored address, never to the typed one."""
    email = entries[0].account.mailbox(mailbox, services.record.pseudonyms) or ""
    names = {one.account.name for one in entries}
    facts = {
        "network": services.settings.network,
        "listed": entries,
        "name": names.pop() if len(names) == 1 else None,
        "sites": tuple(dict.fromkeys(one.site for one in entries)),
    }
    return letters.fill("lost_identifier", email, now, facts)
