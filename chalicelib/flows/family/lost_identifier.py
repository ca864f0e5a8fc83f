"""Lost identifier: an address is asked for, and the identifiers of its accounts at every site are mailed there only."""

from collections.abc import Iterator
from datetime import datetime

from chalicelib.domain.account.accounts import GUARDIAN, Account
from chalicelib.domain.account.logins import login_of_mailbox
from chalicelib.domain.account.mailboxes import Mailbox
from chalicelib.domain.account.rate_limits import LOST_OF_ADDRESS
from chalicelib.domain.account.separation import as_addressed
from chalicelib.domain.family.given_names import given_names
from chalicelib.domain.refusals import LostSlowedDown, SlowedDown, Undeliverable
from chalicelib.mail import letters
from chalicelib.mail.jobs import LostIdentifier
from chalicelib.services.family import Client, Services
from chalicelib.settings.environment import Site
from chalicelib.stores.attempts import AttemptTimes
from chalicelib.values import frozen


@frozen
class ListedAccount:
    """An account in the letter. `pupils`: their first names."""

    site: Site
    account: Account
    pupils: tuple[str, ...]


def request_identifiers(services: Services, email: str, client: Client, now: datetime) -> None:
    """Post the request without any look-up. It is counted together with the requests for lost passwords.

    `email` is normalised. Raises `LostSlowedDown` for a client address that asks too often, never depending on `email`.
    """
    try:
        services.attempts.reserve(AttemptTimes.lost_from_address(client.address), LOST_OF_ADDRESS, now)
    except SlowedDown as refusal:
        services.record.write("identifier_slowed", now, client.request, address=client.address)
        raise LostSlowedDown(refusal.until) from None
    mailbox = services.record.pseudonyms.of_mailbox(email)
    services.post_box.post(LostIdentifier(request=client.request, asked_at=now, mailbox=mailbox))
    services.record.write("identifier_asked", now, client.request, address=client.address)


def mail_identifiers(services: Services, job: LostIdentifier, now: datetime) -> None:
    """Mail one letter about all accounts with this address on file. Raises `Unavailable`.

    The job is then delivered again, and at worst the same letter is mailed twice.
    """
    if job.is_stale(now):
        services.record.write("identifier_dropped", now, job.request, reason="stale")
        return
    mailbox = services.mailboxes.find(job.mailbox)
    listed = tuple(_listed(services, mailbox))
    if not listed:
        services.record.write("identifier_dropped", now, job.request, reason="unknown")
        return
    before, _ = services.mailboxes.revise(mailbox, lambda found: _count(found, job, now))
    first, reason = listed[0].account, None if before.may_be_mailed(job.request, now) else "too_soon"
    try:
        if reason is None:
            services.mailer.send(_letter(services, listed, job.mailbox, now), first.ref)
    except Undeliverable:
        reason = "undeliverable"
    if reason:
        services.record.write("identifier_dropped", now, job.request, account=first.ref, reason=reason)
    else:
        services.record.write("identifier_mailed", now, job.request, account=first.ref, accounts=len(listed))


def _count(mailbox: Mailbox, job: LostIdentifier, now: datetime) -> Mailbox:
    return mailbox.with_letter(job.request, now) if mailbox.may_be_mailed(job.request, now) else mailbox


def _listed(services: Services, mailbox: Mailbox) -> Iterator[ListedAccount]:
    """Read the accounts that may have the address, and list those that do, in the order of the network's sites."""
    lookups = map(services.accounts.lookup, mailbox.refs)
    read = services.database.read_together(*lookups) if mailbox.refs else ()
    addressed = (_named(services, account, mailbox.pseudonym) for account in read if account)
    accounts = [account for account in addressed if account]
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


def _letter(services: Services, listed: tuple[ListedAccount, ...], mailbox: str, now: datetime) -> letters.Letter:
    """Fill the letter, to the stored address, never to the typed one."""
    email = listed[0].account.mailbox(mailbox, services.record.pseudonyms) or ""
    names = {one.account.name for one in listed}
    facts = {
        "network": services.settings.network,
        "listed": listed,
        "name": names.pop() if len(names) == 1 else None,
        "sites": tuple(dict.fromkeys(one.site for one in listed)),
    }
    return letters.fill("lost_identifier", email, now, facts)
