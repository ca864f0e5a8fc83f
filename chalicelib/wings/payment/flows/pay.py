"""A bill paid online: the attempt is written, then the service is called, then the family leaves for its page."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Final

from chalicelib.domain.account.accounts import AccountRef, new_stamp
from chalicelib.domain.account.identifiers import IDENTIFIER_LENGTH
from chalicelib.domain.family.dues import Payable
from chalicelib.domain.refusals import NotThere, Unavailable
from chalicelib.flows.family.visit import Visitor, enter_with
from chalicelib.mail.outbox import Outbox
from chalicelib.services.dues import DuesPart, OnlinePart
from chalicelib.services.family import Services, Visit
from chalicelib.settings.wings import parts
from chalicelib.values import frozen
from chalicelib.wings.payment.domain.attempts import (
    ASKED_FIRST,
    BETWEEN,
    Attempt,
    Payer,
    PaymentRefused,
    Payments,
    Reason,
)
from chalicelib.wings.payment.flows.questions import ask, ask_if_overdue, find_attempt, settings_of
from chalicelib.wings.payment.mail import PaymentQuestion
from chalicelib.wings.payment.services import PayFip, PayFipFault
from chalicelib.wings.payment.stores import PaymentStore

NOTICE_PATH: Final = "/extranet/compte/facturation/avis"
PAGE: Final = "/extranet/compte/facturation/paiement"
STATEMENTS: Final = "/extranet/compte/facturation/releves"
_EMAIL_LENGTHS: Final = range(6, 81)  # of `mel`
_YEAR: Final = re.compile(r"20\d\d", re.ASCII)


@frozen
class BillPayment:
    """Of a bill on its page: its latest attempt, and why it cannot be paid online now, None if it can.

    `from_at`: when another attempt may begin.
    """

    cents: int
    attempt: Attempt | None
    reason: Reason | None
    from_at: datetime | None

    @property
    def is_all_said(self) -> bool:
        """Whether the bill's own state, « à régler » or « réglée », would contradict its payment's or repeat it."""
        if self.attempt is None:
            return False
        return self.attempt.is_due if self.cents > 0 else self.attempt.is_received


def _facts(
    visit: Visit[Services], payments: Payments, dues: Sequence[Payable]
) -> Mapping[str, BillPayment | tuple[Attempt, ...]]:
    """Make the facts below each bill. Under an empty code: the payments whose bill left the office's list."""
    terms, now = settings_of(visit.services).terms(payments.ref.site), visit.now
    for attempt in payments.attempts:
        ask_if_overdue(visit.services, payments.ref, attempt, now, visit.client.request)

    def payment(due: Payable) -> BillPayment:
        last = payments.last_of(due.bill)
        return BillPayment(
            due.cents, last, payments.refusal(due, terms, now), last.started_at + BETWEEN if last else None
        )

    bills = {due.bill: payment(due.after(payments.receipts)) for due in dues}
    rest = (attempt for attempt in payments.attempts if attempt.bill not in bills and not attempt.is_without_money)
    return {"": tuple(rest), **bills}


ONLINE_PART: Final = OnlinePart(
    "payment",
    lambda services, ref: services.store(PaymentStore).lookup(ref),
    lambda payments: payments.receipts,
    lambda payments: payments.payables,
    _facts,
    lambda services, site: ((one.ref, one.receipts, one.payables) for one in services.store(PaymentStore).under(site)),
)


def enter(visit: Visit[Services], code: str) -> tuple[Visitor, Attempt]:
    """Find the visitor of a token and an attempt of their family, in two reads. Raises `NotThere`, as `visit.enter`."""
    visitor, payments = enter_payments(visit)
    attempt = payments.by_code(code)
    if attempt is None:
        raise NotThere
    ask_if_overdue(visit.services, payments.ref, attempt, visit.now, visit.client.request)
    return visitor, attempt


def enter_payments(visit: Visit[Services]) -> tuple[Visitor, Payments]:
    """Find the visitor of a token and the payments of their family, in two reads. Raises as `visit.enter`."""
    visitor, (payments,) = enter_with(visit, lambda ref: (visit.services.store(PaymentStore).lookup(ref),))
    return visitor, payments


def year_of(part: str) -> int:
    """Parse the year in an address. Raises `NotThere`."""
    if not _YEAR.fullmatch(part):
        raise NotThere
    return int(part)


def pay(visit: Visit[Services], bill: str) -> Attempt:
    """Begin to pay a bill: read again, written, created at the service, and named. Return the attempt to open.

    One whose page still opens is returned again, so that a second click, guardian or tab goes on with it. Raises
    `PaymentRefused`, `NotThere`, `Unavailable`, and as `visit.enter`: then the family was sent nowhere.
    """
    services, (dues,) = visit.services, parts(DuesPart)
    visitor, (bills, payments) = enter_with(
        visit, lambda ref: (dues.look_up(services, ref), services.store(PaymentStore).lookup(ref))
    )
    due = next((due for due in dues.dues(bills) if due.bill == bill), None)
    if due is None:
        raise NotThere
    return _pay(visit, visitor, due, payments)


def _pay(visit: Visit[Services], visitor: Visitor, due: Payable, payments: Payments) -> Attempt:
    services, ref, now = visit.services, visitor.on_file.ref, visit.now
    payer, terms = Payer(visitor.author, next(_emails(visitor), "")), settings_of(services).terms(ref.site)
    if not payer.email:
        raise PaymentRefused("without_email")
    last = payments.last_of(due.bill)
    if last and may_leave(visitor, last, now):
        return last
    outbox = Outbox(services.post_box)

    def post_question(_before: Payments, after: Payments) -> None:
        job = PaymentQuestion(
            request=visit.client.request,
            asked_at=now,
            site=ref.site,
            identifier=ref.identifier,
            attempt=after.attempts[-1].code,
            due_at=now + ASKED_FIRST,
        )
        outbox.post(job)

    _, payments_after = services.store(PaymentStore).revise(
        payments, lambda current: current.begun(due.after(current.receipts), terms, payer, now), prepare=post_question
    )
    return _create(visit, ref, payments_after.attempts[-1], due)


def _create(visit: Visit[Services], ref: AccountRef, attempt: Attempt, due: Payable) -> Attempt:
    """Create the operation of an attempt at the service. Without its name the attempt ends: it has no page."""
    services, network = visit.services, visit.services.settings.network
    payfip = PayFip(settings_of(services).address)
    notice = f"{NOTICE_PATH}/{ref.site}/{part_of(ref.identifier)}/{attempt.code}"
    title = f"Facture {due.number} {due.label}"
    try:
        operation = payfip.create(attempt, title, network.url(notice), network.url(f"{PAGE}/{attempt.code}/retour"))
    except (PayFipFault, Unavailable) as error:
        _revise(services, ref, attempt.ended("expired", visit.now))
        visit.record("payment_ended", account=ref, state="expired", why=str(error))
        raise PaymentRefused("unavailable") from error
    later = attempt.created(operation)
    _revise(services, ref, later)
    visit.record("payment_begun", account=ref)
    return later


def _revise(services: Services, ref: AccountRef, attempt: Attempt) -> None:
    services.store(PaymentStore).revise_at(ref, lambda payments: payments.with_attempt(attempt))


def come_back(visit: Visit[Services], code: str) -> None:
    """Ask for the result of an attempt whose payer returns. Raises as `enter`."""
    visitor, attempt = enter(visit, code)
    if attempt.is_unfinished:
        ask(visit.services, visitor.on_file.ref, attempt, visit.now, visit.client.request)


def take_notice(visit: Visit[Services], ref: AccountRef, code: str) -> None:
    """Take a notification, from any sender: it only causes a question about a stored attempt, and few."""
    services = visit.services
    ref, attempt = find_attempt(services, ref, code)
    if attempt is None:
        return

    def count(payments: Payments) -> Payments:
        current = payments.by_code(code)
        # By a stamp of its own: of two equal notifications at once, each is counted.
        return replace(payments.with_attempt(current.noticed()), stamp=new_stamp()) if current else payments

    before, after = services.store(PaymentStore).revise_at(ref, count)
    if after.attempts == before.attempts:
        return
    job = PaymentQuestion(
        request=visit.client.request,
        asked_at=visit.now,
        site=ref.site,
        identifier=ref.identifier,
        attempt=code,
        due_at=visit.now,
        once=True,
    )
    # Counted first, so that a flood has its few questions alone. If this is lost, the attempt's own job asks.
    services.post_box.post(job)


def part_of(identifier: str) -> str:
    """Write an identifier as a part of an address."""
    return urlsafe_b64encode(identifier.encode()).decode().rstrip("=")


def identifier_from(part: str) -> str:
    """Read an identifier back, or one that no family has."""
    with suppress(ValueError):
        return urlsafe_b64decode(f"{part}{'=' * (-len(part) % 4)}").decode()[:IDENTIFIER_LENGTH] or "-"
    return "-"


def may_leave(visitor: Visitor, attempt: Attempt, now: datetime) -> bool:
    """Whether a visitor may open the service's page of an attempt, which shows the address that it was begun with."""
    return attempt.may_open(now) and attempt.email in _emails(visitor)


def _emails(visitor: Visitor) -> Iterator[str]:
    """List the addresses that the service may write to: the login's own, then the family's that this login sees."""
    emails = (*visitor.login.emails, *visitor.account.emails)
    return (email for email in emails if email.isascii() and len(email) in _EMAIL_LENGTHS)
