"""All that the secretary is told of one account: what is on file, how it stands, and why it cannot log in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.domain.account.accounts import Account, AccountRef, FailingMailbox, Suppression
from chalicelib.domain.account.audit import Act
from chalicelib.domain.account.diagnosis import Evidence, Finding, diagnosis
from chalicelib.domain.account.notices import NoticeState
from chalicelib.domain.account.rate_limits import LOGIN_OF_ACCOUNT
from chalicelib.domain.refusals import Unavailable
from chalicelib.office.account import only_one, pseudonym, refs_of
from chalicelib.office.refused import Refused
from chalicelib.services import Services
from chalicelib.settings import Site
from chalicelib.stores.attempts import Tries
from chalicelib.stores.dynamo import Lookup


@dataclass(frozen=True)
class Address:
    """An address on file: how mails fail it, whether SES writes to it no more, when the last notice arrived."""

    email: str = field(repr=False)
    failing: FailingMailbox | None
    delivered_at: datetime | None
    suppression: Suppression | None


@dataclass(frozen=True)
class Told:
    """What became of one campaign's mail; no address where it went to one that is no longer on file."""

    campaign: str
    state: NoticeState
    at: datetime
    email: str | None = field(repr=False)


@dataclass(frozen=True)
class Card:
    """One account as the secretary sees it, at the moment it was read."""

    now: datetime
    account: Account
    site: Site | None
    addresses: tuple[Address, ...]
    notices: tuple[Told, ...]
    waits_until: datetime | None
    acts: tuple[Act, ...]
    findings: tuple[Finding, ...]
    knows_suppressions: bool  # else SES could not be asked whom it writes to no more


def card(services: Services, typed: str, site: str | None, now: datetime) -> Card:
    """Read what is known of an identifier at all sites, in one round trip, and the acts on it. Raises `Refused`."""
    accounts, tries = _read(services, refs_of(services, typed))
    account = only_one(_at(services, accounts, typed, site), typed)
    suppressed = _suppressed(services, account)
    evidence = Evidence(
        account,
        _longest(services, account.ref, tries[account.ref], now),
        elsewhere=tuple((ref.site, moments) for ref, moments in tries.items() if ref not in accounts),
        twins=tuple(ref.site for ref in accounts if ref != account.ref),
        acts=tuple(services.acts.on(account.ref.site, pseudonym(services, account.ref))),
        suppressed=suppressed or {},
    )
    return Card(
        now,
        account,
        services.settings.network.site(account.ref.site),
        tuple(_addresses(services, account, evidence.suppressed)),
        tuple(_notices(services, account)),
        LOGIN_OF_ACCOUNT.waits_until(evidence.tries, now),
        evidence.acts,
        diagnosis(evidence, services.record.pseudonyms, now),
        suppressed is not None,
    )


def _longest(
    services: Services, ref: AccountRef, strangers: tuple[datetime, ...], now: datetime
) -> tuple[datetime, ...]:
    """Give the tries that make somebody wait longest: those of strangers, or of a browser that the account knows."""
    devices = (tries.times for tries in services.attempts.from_devices(ref))
    return max((strangers, *devices), key=lambda times: (LOGIN_OF_ACCOUNT.waits_until(times, now) or now, times[-1:]))


def _at(services: Services, accounts: dict[AccountRef, Account], typed: str, site: str | None) -> tuple[Account, ...]:
    wanted = {ref.site for ref in refs_of(services, typed, site)}
    found = tuple(account for ref, account in accounts.items() if ref.site in wanted)
    if accounts and not found:
        raise Refused("family_elsewhere", typed=typed, sites=", ".join(ref.site for ref in accounts))
    return found


def _read(
    services: Services, refs: tuple[AccountRef, ...]
) -> tuple[dict[AccountRef, Account], dict[AccountRef, tuple[datetime, ...]]]:
    lookups: list[Lookup[Any]] = [services.accounts.one(ref) for ref in refs]
    lookups += [services.attempts.one(Tries.on_account(ref)) for ref in refs]
    read = services.database.read_together(*lookups)
    accounts = {account.ref: account for account in read[: len(refs)] if account}
    return accounts, {ref: tries.times for ref, tries in zip(refs, read[len(refs) :], strict=True)}


def _suppressed(services: Services, account: Account) -> dict[str, Suppression] | None:
    """Ask SES which addresses on file it writes to no more; None where it does not say: the card does without."""
    try:
        asked = {email: services.mailer.suppression(email) for email in account.emails}
    except Unavailable:
        return None
    return {email: found for email, found in asked.items() if found}


def _addresses(services: Services, account: Account, suppressed: Mapping[str, Suppression]) -> Iterator[Address]:
    failing = {each.mailbox: each for each in account.failing}
    delivered = [notice for notice in account.notices if notice.state == "delivered"]
    for email in account.emails:
        mailbox = services.record.pseudonyms.of_mailbox(email)
        arrived = (notice.at for notice in delivered if notice.mailbox == mailbox)
        yield Address(email, failing.get(mailbox), max(arrived, default=None), suppressed.get(email))


def _notices(services: Services, account: Account) -> Iterator[Told]:
    for each in account.notices:
        email = account.mailbox(each.mailbox, services.record.pseudonyms)
        yield Told(each.campaign, each.state, each.at, email)
