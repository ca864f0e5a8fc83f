"""The payments of some sites and of one family, those that await the office, and one ended after a check."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.audit import AuditEntry, Author
from chalicelib.infra.dynamo.database import Delete, Put
from chalicelib.office.account import check_author, pseudonym
from chalicelib.office.parts import FamilyPart, TodayPart
from chalicelib.services.staff import StaffServices as Services
from chalicelib.settings.environment import Site
from chalicelib.stores.summary_index import read_summaries
from chalicelib.values import frozen
from chalicelib.wings.payment.domain.attempts import GIVEN_UP, Attempt, Payments
from chalicelib.wings.payment.domain.summaries import payments_summary, summarise_payments
from chalicelib.wings.payment.stores import PaymentStore


@frozen
class FamilyPayment:
    """One attempt of a family. No account if it is erased but its payments are not yet."""

    ref: AccountRef
    attempt: Attempt
    account: Account | None = None


@dataclass
class SiteSums:
    """The amounts received at a site, in cents, and their number."""

    site: Site
    count: int = 0
    card: int = 0
    debit: int = 0


def _payments_since(services: Services, site: str, since: datetime) -> Iterator[Payments]:
    """Read the summaries of families with an attempt since a moment, or one that awaits its end (Query)."""
    store = services.store(PaymentStore)

    def read_whole(identifiers: Sequence[str]) -> Iterator[tuple[str, list[Any]]]:
        lookups = (store.lookup(AccountRef(site, identifier)) for identifier in identifiers)
        return ((one.ref.identifier, summarise_payments(one)) for one in services.database.read_together(*lookups))

    texts = store.summary_texts(site, since - GIVEN_UP)  # an attempt may be paid days after it began
    return read_summaries(texts, partial(payments_summary, site), read_whole)


def site_payments(services: Services, sites: Iterable[Site], since: datetime, now: datetime) -> list[FamilyPayment]:
    """Read the attempts of some sites since a moment in few words: those that differ first, then late ones.

    Those that await their end are of any time.
    """
    rows = [
        FamilyPayment(payments.ref, attempt)
        for site in sites
        for payments in _payments_since(services, site.code, since)
        for attempt in payments.attempts
    ]
    rows.sort(key=lambda row: row.attempt.started_at, reverse=True)
    return sorted(rows, key=lambda row: (row.attempt.state != "differs", not row.attempt.is_late(now)))


def sums_of(sites: Iterable[Site], rows: Sequence[FamilyPayment]) -> list[SiteSums]:
    """Sum the amounts received at each site."""
    sums = {site.code: SiteSums(site) for site in sites}
    for row in rows:
        if row.attempt.is_received:
            of_site, is_card = sums[row.ref.site], row.attempt.state == "paid"
            of_site.count += 1
            of_site.card += row.attempt.cents * is_card
            of_site.debit += row.attempt.cents * (not is_card)
    return list(sums.values())


def with_accounts(services: Services, rows: Sequence[FamilyPayment]) -> list[FamilyPayment]:
    """Read the accounts and whole payments of some families (a BatchGetItem for fifty)."""
    refs, store = list(dict.fromkeys(row.ref for row in rows)), services.store(PaymentStore)
    results: Sequence[Any] = services.database.read_together(
        *map(services.accounts.lookup, refs), *map(store.lookup, refs)
    )
    of_ref = dict(zip(refs, zip(results, results[len(refs) :], strict=False), strict=True))
    return [
        FamilyPayment(row.ref, payments.by_code(row.attempt.code) or row.attempt, account)
        for row in rows
        for account, payments in (of_ref[row.ref],)
    ]


def find_payment(services: Services, ref: AccountRef, code: str) -> FamilyPayment | None:
    """Find one attempt of a family. None if there is no such family or attempt."""
    lookups = services.accounts.lookup(ref), services.store(PaymentStore).lookup(ref)
    account, payments = services.database.read_together(*lookups)
    attempt = payments.by_code(code)
    return FamilyPayment(ref, attempt, account) if account and attempt else None


def end_checked(services: Services, ref: AccountRef, attempt: Attempt, author: Author, now: datetime) -> None:
    """End an attempt whose answer differed, so that its bill may be paid again. Without effect on any other.

    Audited before the write. The line of an act that another one overtook is deleted.
    Raises `OfficeRefusal` without a reason.
    """
    author = check_author(author)
    act = Author(author.who, f"{attempt.number} : {author.why}")
    line = services.audit_trail.put(AuditEntry("payment_checked", ref.site, pseudonym(services, ref), act, now))

    def end(payments: Payments) -> Payments:
        current = payments.by_code(attempt.code)
        return payments.with_attempt(current.checked(now)) if current else payments

    prepare = partial(_write, services, line)
    before, after = services.store(PaymentStore).revise_at(ref, end, prepare=prepare)
    if after.attempts == before.attempts and attempt.state == "differs":
        services.database.write_together(Delete(line.table, {name: line.item[name] for name in ("site", "identifier")}))


def _write(services: Services, line: Put, _before: Payments, _after: Payments) -> None:
    services.database.write_together(line)


FAMILY_PART: Final = FamilyPart(
    "payments",
    lambda query: (query.services.store(PaymentStore).lookup(query.account.ref),),
    lambda _, results: results[0].attempts[::-1],
)


def _count(services: Services, site: str, now: datetime) -> tuple[int, int]:
    """Count the attempts of a site whose answer differs, and the late ones (Query)."""
    attempts = [one for payments in _payments_since(services, site, now) for one in payments.attempts]
    return sum(one.state == "differs" for one in attempts), sum(one.is_late(now) for one in attempts)


TODAY_PART: Final = TodayPart("payments", _count)
