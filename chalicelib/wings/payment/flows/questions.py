"""A question to the service about one attempt: the only way in which a result is ever taken.

The family's return, a notification, the office and the job's clock each only cause a question.
"""

import math
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.aliases import data_ref
from chalicelib.domain.refusals import Unavailable
from chalicelib.infra.record import Event
from chalicelib.mail.jobs import NotConfirmedYet
from chalicelib.mail.outbox import DELAY, PATIENCE, Outbox
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


def ask(services: Services, ref: AccountRef, attempt: Attempt, now: datetime, asker: PaymentQuestion | str) -> Attempt:
    """Ask for the result of an attempt, and note it by one conditional write. Return the attempt after it.

    `asker`: a request, or the job whose turn it is, if the attempt still awaits it. The next job and the mail of a
    payment are posted before the write. Raises `Unavailable` if the tables or the queue are.
    """
    request = asker if isinstance(asker, str) else asker.request
    job = None if isinstance(asker, str) or asker.once else asker
    answer = _question(services, attempt)
    outbox, pseudonyms = Outbox(services.post_box), services.record.pseudonyms

    def decide(payments: Payments) -> Payments:
        current = payments.by_code(attempt.code)
        if current is None or (job and current.next_question_at != job.due_at):
            return payments
        later = _taken(current, answer, now)
        if job is None and later.state == current.state:
            later = replace(later, next_question_at=current.next_question_at)
        return payments.with_attempt(later)

    def post(before: Payments, after: Payments) -> None:
        earlier, later = before.by_code(attempt.code), after.by_code(attempt.code)
        if job and later and later.next_question_at:
            _post_later(services, replace(job, due_at=later.next_question_at), now)
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

    before, after = services.store(PaymentStore).revise_at(ref, decide, prepare=post)
    earlier, later = before.by_code(attempt.code), after.by_code(attempt.code)
    if later is None or earlier is None:  # a merge moved it while the service answered
        now_at, there = find_attempt(services, ref, attempt.code)
        return ask(services, now_at, there, now, asker) if there and now_at != ref else attempt
    if later.state != earlier.state:
        event: Event = "payment_differs" if later.state == "differs" else "payment_ended"
        services.record.write(event, now, request, account=ref, state=later.state, why=" ".join(later.differences))
    elif later.is_unfinished and later.is_late(now):
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
    if answer or attempt.operation:
        return attempt.answered(answer or Answer(fault="unasked"), now)
    if now < attempt.opens_until:
        return replace(attempt, next_question_at=attempt.opens_until)
    return attempt.ended("expired", now)


def ask_if_overdue(services: Services, ref: AccountRef, attempt: Attempt, now: datetime, request: str) -> None:
    """Post the question of an attempt again if its time is long past: the queue failed, and lost it.

    Of those who look at once, the one whose time is stored asks.
    """
    if not attempt.is_overdue(now):
        return
    job = PaymentQuestion(
        request=request, asked_at=now, site=ref.site, identifier=ref.identifier, attempt=attempt.code, due_at=now
    )

    def claim(payments: Payments) -> Payments:
        current = payments.by_code(attempt.code)
        overdue = current if current and current.is_overdue(now) else None
        return payments.with_attempt(replace(overdue, next_question_at=now)) if overdue else payments

    with suppress(Unavailable):  # the next one who looks does it
        services.store(PaymentStore).revise_at(ref, claim, prepare=lambda *_: _post_later(services, job, now))


def work_on_question(services: Services, job: PaymentQuestion, now: datetime) -> None:
    """Ask about an attempt when its job is due. The question posts the next one, until the attempt has its end.

    If the tables fail, it is posted again: the queue alone gives up after five times, in minutes.
    Raises `NotConfirmedYet`, `Unavailable`.
    """
    if now < job.due_at:
        _post_later(services, job, now)
        return
    try:
        _ask_for(services, job, now)
    except Unavailable as error:
        if job.once or now >= job.asked_at + GIVEN_UP:
            raise
        services.record.write("unavailable", now, job.request, what=str(error))
        services.post_box.post(job, delay=MAX_DELAY)


def _ask_for(services: Services, job: PaymentQuestion, now: datetime) -> None:
    ref, attempt = find_attempt(services, AccountRef(job.site, job.identifier), job.attempt)
    if attempt is None:
        if now - job.asked_at < PATIENCE:
            raise NotConfirmedYet(job.request)  # else it was never written
    elif job.once or attempt.next_question_at == job.due_at:
        ask(services, ref, attempt, now, job)


def _post_later(services: Services, job: PaymentQuestion, now: datetime) -> None:
    delay = timedelta(seconds=math.ceil((job.due_at - now).total_seconds()))
    services.post_box.post(job, delay=min(MAX_DELAY, max(DELAY, delay)))
