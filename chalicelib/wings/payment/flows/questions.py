"""A question to the service about one attempt: the only way in which a result is ever taken.

The family's return, a notification, the office and the job's clock each only cause a question.
"""

import math
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.aliases import data_ref
from chalicelib.domain.refusals import Unavailable
from chalicelib.infra.record import Event
from chalicelib.mail.jobs import NotConfirmedYet
from chalicelib.mail.outbox import PATIENCE, Outbox
from chalicelib.services.family import Services
from chalicelib.wings.payment.domain.attempts import GIVEN_UP, Answer, Attempt, Payments
from chalicelib.wings.payment.mail import MAX_DELAY, PaymentQuestion, PaymentReceived
from chalicelib.wings.payment.services import PayFip
from chalicelib.wings.payment.settings import PaymentSettings
from chalicelib.wings.payment.stores import PaymentStore


def settings_of(services: Services) -> PaymentSettings:
    """Return the settings of payments. The network is refused without them, if it has this wing."""
    settings = services.settings.network.payment
    assert settings  # noqa: S101 - checked with the network
    return settings


def find_attempt(services: Services, ref: AccountRef, code: str) -> tuple[AccountRef, Attempt | None]:
    """Find an attempt by the identifier that it was begun with, and the account that has it: the two may be merged."""
    attempt = services.store(PaymentStore).find(ref).by_code(code)
    if attempt is None and (account := services.accounts.find(ref)) and (now_at := data_ref(account)) != ref:
        return find_attempt(services, now_at, code)
    return ref, attempt


def ask(services: Services, ref: AccountRef, attempt: Attempt, now: datetime, request: str) -> Attempt:
    """Ask for the result of an attempt, and note it by one conditional write. Return the attempt after it.

    The mail of a payment is posted before the write. Raises `Unavailable` if the tables or the queue are.
    """
    answer = _question(services, attempt)
    outbox, pseudonyms = Outbox(services.post_box), services.record.pseudonyms

    def decide(payments: Payments) -> Payments:
        current = payments.by_code(attempt.code)
        return payments.with_attempt(_taken(current, answer, now)) if current else payments

    def post_mail(before: Payments, after: Payments) -> None:
        earlier, later = before.by_code(attempt.code), after.by_code(attempt.code)
        if later and earlier and later.email and later.is_received and not earlier.is_received:
            mailbox = pseudonyms.of_mailbox(later.email)
            mail = PaymentReceived(
                request=request,
                asked_at=now,
                site=ref.site,
                identifier=ref.identifier,
                attempt=later.code,
                mailbox=mailbox,
            )
            outbox.post(mail)

    before, after = services.store(PaymentStore).revise_at(ref, decide, prepare=post_mail)
    earlier, later = before.by_code(attempt.code), after.by_code(attempt.code)
    if later is None or earlier is None:  # a merge moved it while the service answered
        now_at, there = find_attempt(services, ref, attempt.code)
        return ask(services, now_at, there, now, request) if there and now_at != ref else attempt
    if later.state != earlier.state:
        event: Event = "payment_differs" if later.state == "differs" else "payment_ended"
        services.record.write(event, now, request, account=ref, state=later.state, why=" ".join(later.differences))
    elif later.is_late(now):
        services.record.write("payment_late", now, request, account=ref, fault=answer.fault if answer else "")
    return later


def _question(services: Services, attempt: Attempt) -> Answer | None:
    """Ask the service. None for an attempt that it never named: it had no page."""
    if not attempt.operation:
        return None
    try:
        return PayFip(settings_of(services).address).result(attempt.operation)
    except Unavailable as error:
        return Answer(fault=str(error))


def _taken(attempt: Attempt, answer: Answer | None, now: datetime) -> Attempt:
    if answer is not None:
        return attempt.answered(answer, now)
    return attempt.ended("expired", now) if not attempt.operation and now >= attempt.opens_until else attempt


def work_on_question(services: Services, job: PaymentQuestion, now: datetime) -> None:
    """Ask about an attempt when its job is due, and post the next question until it has its end.

    The next one is posted after the write, as this job comes back if it dies between. If the tables fail, it is posted
    all the same: the queue alone gives up after five times, in minutes. Raises `NotConfirmedYet`, `Unavailable`.
    """
    next_at: datetime | None = job.due_at
    if now >= job.due_at:
        try:
            next_at = _ask_for(services, job, now)
        except Unavailable as error:
            if job.once or now >= job.asked_at + GIVEN_UP:
                raise
            services.record.write("unavailable", now, job.request, what=str(error))
            next_at = now + MAX_DELAY
    if next_at:
        _post_later(services, job, next_at, now)


def _ask_for(services: Services, job: PaymentQuestion, now: datetime) -> datetime | None:
    """Ask the question of a job, and return the time of the next. None without one."""
    ref, attempt = find_attempt(services, AccountRef(job.site, job.identifier), job.attempt)
    if attempt is None:
        if now - job.asked_at < PATIENCE:
            raise NotConfirmedYet(job.request)
        return None  # never written
    if not attempt.is_unfinished and not job.once:
        return None
    later = ask(services, ref, attempt, now, job.request)
    return (later.next_question_at or now) if later.is_unfinished and not job.once else None


def _post_later(services: Services, job: PaymentQuestion, due_at: datetime, now: datetime) -> None:
    seconds = max(1, math.ceil((due_at - now).total_seconds()))
    services.post_box.post(replace(job, due_at=due_at), delay=min(MAX_DELAY, timedelta(seconds=seconds)))
