"""« Ce n'est pas moi »: a notified user takes a change back. Passwords end, and a new one is mailed."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Literal

from chalicelib.domain.account import passwords
from chalicelib.domain.account.accounts import GUARDIAN, MAILED_LIFETIME, Account, AccountRef, new_stamp
from chalicelib.domain.account.change_links import ChangeLink, ChangeLinks, LinkGone
from chalicelib.domain.account.coordinates import current_freeze, freezes
from chalicelib.domain.account.disown import (
    DisownInput,
    address_taken,
    addresses_taken_off,
    disown,
    freeze_after,
    freeze_login,
)
from chalicelib.domain.account.logins import family_ref, moved_logins, opening_emails
from chalicelib.domain.family.corrections import Correction, new_decision
from chalicelib.domain.refusals import Unavailable
from chalicelib.mail import letters
from chalicelib.mail.account_jobs import AccessFrozen
from chalicelib.mail.jobs import NotConfirmedYet
from chalicelib.mail.mailer import Undeliverable
from chalicelib.mail.outbox import PATIENCE, Outbox
from chalicelib.services.family import Services, Visit
from chalicelib.settings.environment import Site
from chalicelib.values import frozen


@frozen
class DisownableChange:
    """The page of a link: the account, the change and its time, and since when it is taken back."""

    link: ChangeLink
    account: Account
    site: Site
    frozen_at: datetime | None
    is_still_frozen: bool


def read_change(visit: Visit[Services], text: str) -> DisownableChange:
    """Read the change of a link. Nothing is written, as mail scanners open links. Raises `LinkGone`."""
    link, ref, site = _open(visit, text)
    account, link = _find(visit.services, link, ref)
    is_done = account is not None and _disown(visit, account, link, _press(link, visit.now)) is account
    if account is None:
        raise _gone(visit, ref)
    freeze = freeze_after(account, link) if is_done else None
    return DisownableChange(link, account, site, freeze.at if freeze else None, current_freeze(account) is not None)


def disown_change(visit: Visit[Services], text: str) -> None:
    """Take a change back in one write, its mails posted first. Idempotent. Raises `LinkGone`."""
    services = visit.services
    link, ref, _ = _open(visit, text)
    account, link = _find(services, link, ref)
    press, outbox = _press(link, visit.now), Outbox(services.post_box)
    ref = account.ref if account else ref
    job = AccessFrozen(
        request=visit.client.request,
        asked_at=visit.now,
        site=ref.site,
        identifier=ref.identifier,
        decision=press.decision,
    )

    def prepare(before: Account, after: Account) -> None:
        """Post the mails. Freeze a guardian's login whose address is restored, and mail them their own password."""
        outbox.post(job)
        actor = freezes(after)[-1].actor
        for login, guardian in moved_logins(before, after):
            freeze = partial(freeze_login, guardian=guardian, press=press, actor=actor)
            if services.accounts.revise(login, freeze) and guardian.email:
                outbox.post(replace(job, identifier=login.identifier))

    states = services.accounts.revise(ref, lambda found: _disown(visit, found, link, press), account, prepare)
    if states is None:
        raise _gone(visit, ref)
    before, after = states
    event: Literal["access_frozen", "access_frozen_again"] = (
        "access_frozen_again" if after is before else "access_frozen"
    )
    visit.record(event, account=ref, address=visit.client.address)


def _open(visit: Visit[Services], text: str) -> tuple[ChangeLink, AccountRef, Site]:
    """Read a link, and find its account among those of its mailbox."""
    services = visit.services
    pseudonyms = services.record.pseudonyms
    link = ChangeLinks(services.settings.key_ring("change-links"), pseudonyms).open(text, visit.now)
    refs = services.mailboxes.find(link.mailbox).refs if link else ()
    ref = next((ref for ref in refs if link and pseudonyms.of(ref.site, ref.identifier) == link.account), None)
    site = services.settings.network.site(ref.site) if ref else None
    if link is None or ref is None or site is None:
        raise _gone(visit, ref)
    return link, ref, site


def _find(services: Services, link: ChangeLink, ref: AccountRef) -> tuple[Account | None, ChangeLink]:
    """Find the account of a change: the family's, if a guardian's login has lost the address since then."""
    account, pseudonyms = services.accounts.find(ref), services.record.pseudonyms
    if account is None or account.role != GUARDIAN or account.mailbox(link.mailbox, pseudonyms):
        return account, link
    family = services.accounts.find(family_ref(account))
    email = address_taken(family, link, pseudonyms) if family else None
    if family is None or email is None:
        return account, link
    return family, ChangeLink.of(pseudonyms.of(family.ref.site, family.ref.identifier), email, link.mailbox)


def _press(link: ChangeLink, now: datetime) -> DisownInput:
    return DisownInput(new_decision(link.mark), new_stamp(), now)


def _disown(visit: Visit[Services], account: Account, link: ChangeLink, press: DisownInput) -> Account:
    try:
        return disown(account, link, press, visit.services.record.pseudonyms)
    except LinkGone:
        raise _gone(visit, account.ref) from None


def _gone(visit: Visit[Services], ref: AccountRef | None) -> LinkGone:
    """Record that a link no longer works, with its account if it is one of ours."""
    visit.record("link_gone", account=ref, address=visit.client.address)
    return LinkGone()


def mail_password(services: Services, job: AccessFrozen, now: datetime) -> None:
    """Mail one new password to every restored address of this login, and notify the removed addresses.

    A redelivered job mails a second password: both work. None is sent once a password was used, or the account frozen
    again. Raises `NotConfirmedYet` or `Unavailable` to be retried.
    """
    ref, password = AccountRef(job.site, job.identifier), passwords.mailed_password()

    def decide(account: Account) -> Account:
        is_due = _why_not(account, job) is None
        return account.with_mailed_password(password, job.request, now) if is_due else account

    before, _ = services.accounts.revise(ref, decide) or (None, None)
    reason = _why_not(before, job)
    if reason == "not_written" and now - job.asked_at < PATIENCE:
        raise NotConfirmedYet(job.request)
    if before is not None and reason is None and not _mail_all(services, before, job, password, now):
        reason = "undeliverable"
    if reason:
        services.record.write("frozen_dropped", now, job.request, account=ref, reason=reason)
    else:
        services.record.write("frozen_mailed", now, job.request, account=ref)


def _why_not(account: Account | None, job: AccessFrozen) -> str | None:
    if account is None or _freeze(account, job) is None:
        return "not_written"
    if account.disabled:
        return "disabled"
    return None if current_freeze(account) == _freeze(account, job) else "superseded"


def _freeze(account: Account, job: AccessFrozen) -> Correction | None:
    return next((freeze for freeze in freezes(account) if freeze.decision == job.decision), None)


def _mail_all(services: Services, account: Account, job: AccessFrozen, password: str, now: datetime) -> bool:
    """Write to each address, even a failing one, as the last resort. Returns whether any mail was sent.

    A failure does not stop the mails to the other addresses. Raises `Unavailable`: all are then sent again.
    """
    freeze = _freeze(account, job)
    if freeze is None:
        return False
    taken_off = dict.fromkeys(addresses_taken_off(account, freeze), "")
    passwords_of = dict.fromkeys(opening_emails(account), password) | taken_off
    failures: list[Undeliverable | Unavailable] = []
    for recipient in passwords_of.items():
        try:
            services.mailer.send(_letter(services, account, freeze, recipient, now), account.ref)
        except (Undeliverable, Unavailable) as error:
            failures.append(error)
    unavailable = next((error for error in failures if isinstance(error, Unavailable)), None)
    if unavailable:
        raise unavailable
    return len(failures) < len(passwords_of)


def _letter(
    services: Services, account: Account, freeze: Correction, recipient: tuple[str, str], now: datetime
) -> letters.Letter:
    email, password = recipient
    facts = {
        "network": services.settings.network,
        "site": services.settings.network.site(account.ref.site),
        "account": account,
        "frozen_at": freeze.at,
        "password": password,
        "until": now + MAILED_LIFETIME,
    }
    return letters.fill("access_frozen", email, now, facts)
