"""The mails of a re-enrolment: the receipt of what was sent, and each decision, to every address on file."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.enrolment.enrolments import Decision, Enrolment
from chalicelib.domain.enrolment.paperwork import receipt_documents
from chalicelib.domain.enrolment.seasons import EnrolmentRef
from chalicelib.domain.refusals import Undeliverable
from chalicelib.mail import letters
from chalicelib.mail.jobs import EnrolmentDecided, EnrolmentSubmitted, NotYetTrue
from chalicelib.services import Services
from chalicelib.stores.dynamo import Lookup

# As the notice of a changed password (docs/decisions/0006): posted first, told when what it tells of is surely written.
_DELAY: Final = timedelta(seconds=2)
_PATIENCE: Final = timedelta(minutes=2)

EnrolmentJob = EnrolmentSubmitted | EnrolmentDecided


def post_decision(services: Services, account: Account, after: Enrolment, pupil: str, request: str) -> None:
    """Drop the mails of a decision, one per address, before it is written: `after`, with the pupil's key.

    What is never written is never told. Raises `Unavailable`: then nothing may be written.
    """
    decision = _decision(after, pupil)
    if decision is None:
        raise ValueError("nothing is decided of this pupil")
    services.post_box.post(
        *(
            EnrolmentDecided(
                request=request,
                asked_at=decision.at,
                site=account.ref.site,
                identifier=account.ref.identifier,
                season=after.ref.season,
                mailbox=services.record.pseudonyms.of_mailbox(email),
                pupil=pupil,
                decision=_fingerprint(services, decision),
            )
            for email in account.emails
        ),
        delay=_DELAY,
    )


def send(services: Services, job: EnrolmentJob, now: datetime) -> None:
    """Mail what a job tells of, if it came true. Raises `NotYetTrue` or `Unavailable` to be called again.

    One mail per job; two where SES took it and its answer was lost, or the consumer died right after: told twice is
    better than not at all.
    """
    ref = EnrolmentRef(AccountRef(job.site, job.identifier), job.season)
    lookups: list[Lookup[Any]] = [services.accounts.lookup(ref.account), services.enrolments.lookup(ref)]
    account, enrolment = services.database.read_together(*lookups)
    facts = _facts(services, job, enrolment)
    if account is None or facts is None:
        if now - job.asked_at < _PATIENCE:
            raise NotYetTrue(job.request)
        _drop(services, job, "not_so", now)
    elif job.is_stale(now):
        _drop(services, job, "stale", now)
    else:
        _send(services, job, account, facts, now)


def _facts(services: Services, job: EnrolmentJob, enrolment: Enrolment) -> Mapping[str, object] | None:
    """List what the letter says; None where what it tells of does not stand."""
    if isinstance(job, EnrolmentSubmitted):
        receipt = enrolment.receipt(job.receipt)
        rules = services.settings.network.enrolment.document_rules
        return {"receipt": receipt, "papers": receipt_documents(rules, receipt)} if receipt else None
    decision = _decision(enrolment, job.pupil)
    if decision is None or _fingerprint(services, decision) != job.decision:
        return None
    return {"pupil": enrolment.pupil(job.pupil), "decision": decision}


def _decision(enrolment: Enrolment, key: str) -> Decision | None:
    pupil = enrolment.pupil(key)
    return pupil.sent.decision if pupil and pupil.sent else None


def _send(services: Services, job: EnrolmentJob, account: Account, facts: Mapping[str, object], now: datetime) -> None:
    name = "enrolment_receipt" if isinstance(job, EnrolmentSubmitted) else "enrolment_decision"
    email = account.mailbox(job.mailbox, services.record.pseudonyms)
    network = services.settings.network
    whose = {"network": network, "site": network.site(account.ref.site), "account": account}
    try:
        if email:
            services.mailer.send(letters.fill(name, email, now, {**whose, **facts}), account.ref)
    except Undeliverable:
        email = None
    if email:
        services.record.write("enrolment_mailed", now, job.request, account=account.ref, kind=job.kind)
    else:  # it left the file meanwhile, or SES takes it never
        _drop(services, job, "undeliverable", now)


def _drop(services: Services, job: EnrolmentJob, reason: str, now: datetime) -> None:
    account = AccountRef(job.site, job.identifier)
    services.record.write("enrolment_mail_dropped", now, job.request, account=account, kind=job.kind, reason=reason)


def _fingerprint(services: Services, decision: Decision) -> str:
    moment = str(int(decision.at.timestamp()))  # whole seconds: what the table holds
    return services.record.pseudonyms.of("decision", decision.verdict, decision.by, moment, decision.words)
