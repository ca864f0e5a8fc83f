"""The mails of a re-enrolment: the receipt of what was sent, and each decision, to every address on file."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.separation import as_addressed
from chalicelib.domain.enrolment.enrolments import Decision, Enrolment
from chalicelib.domain.enrolment.paperwork import receipt_documents
from chalicelib.domain.enrolment.seasons import EnrolmentRef
from chalicelib.domain.enrolment.separation import see_enrolment
from chalicelib.mail import letters
from chalicelib.mail.jobs import EnrolmentDecided, EnrolmentSubmitted
from chalicelib.mail.posted_first import Proof, mail_once_written
from chalicelib.services import Services
from chalicelib.stores.dynamo import Lookup

EnrolmentJob = EnrolmentSubmitted | EnrolmentDecided


def decision_mails(
    services: Services, account: Account, after: Enrolment, pupil: str, request: str
) -> tuple[EnrolmentDecided, ...]:
    """Make the mails of a decision, one per address, before it is written: `after`, with the pupil's key."""
    decision = _decision(after, pupil)
    if decision is None:
        raise ValueError("nothing is decided of this pupil")
    return tuple(
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
    )


def send(services: Services, job: EnrolmentJob, now: datetime) -> None:
    """Mail what a job tells of, if it came true. Raises `NotYetTrue` or `Unavailable` to be called again."""
    ref = EnrolmentRef(AccountRef(job.site, job.identifier), job.season)
    lookups: list[Lookup[Any]] = [services.accounts.lookup(ref.account), services.enrolments.lookup(ref)]
    account, enrolment = services.database.read_together(*lookups)
    ending = mail_once_written(services.mailer, job, _proof(services, job, account, enrolment, now), now)
    if ending == "mailed":
        services.record.write("enrolment_mailed", now, job.request, account=ref.account, kind=job.kind)
        return
    reason = "not_so" if ending == "not_written" else ending
    services.record.write("enrolment_mail_dropped", now, job.request, account=ref.account, kind=job.kind, reason=reason)


def _proof(
    services: Services, job: EnrolmentJob, account: Account | None, enrolment: Enrolment, now: datetime
) -> Proof | None:
    email = account.mailbox(job.mailbox, services.record.pseudonyms) if account else None
    addressed = as_addressed(account, email) if account and email else account
    is_so = _is_so(services, job, enrolment)
    facts = _facts(services, job, see_enrolment(enrolment, addressed)) if addressed and is_so else None
    if account is None or facts is None:
        return None
    name = "enrolment_receipt" if isinstance(job, EnrolmentSubmitted) else "enrolment_decision"
    network = services.settings.network
    whose = {"network": network, "site": network.site(account.ref.site), "account": addressed}
    return Proof(account.ref, email, lambda email: letters.fill(name, email, now, {**whose, **facts}))


def _is_so(services: Services, job: EnrolmentJob, enrolment: Enrolment) -> bool:
    """Whether what a job tells of stands."""
    if isinstance(job, EnrolmentSubmitted):
        return enrolment.receipt(job.receipt) is not None
    decision = _decision(enrolment, job.pupil)
    return decision is not None and _fingerprint(services, decision) == job.decision


def _facts(services: Services, job: EnrolmentJob, seen: Enrolment) -> Mapping[str, object]:
    """List what the letter says, of a re-enrolment as its reader may see it."""
    if isinstance(job, EnrolmentSubmitted):
        receipt = seen.receipt(job.receipt)
        rules = services.settings.network.enrolment.document_rules
        return {"receipt": receipt, "papers": receipt_documents(rules, receipt) if receipt else ()}
    return {"pupil": seen.pupil(job.pupil), "decision": _decision(seen, job.pupil)}


def _decision(enrolment: Enrolment, key: str) -> Decision | None:
    pupil = enrolment.pupil(key)
    return pupil.sent.decision if pupil and pupil.sent else None


def _fingerprint(services: Services, decision: Decision) -> str:
    moment = str(int(decision.at.timestamp()))  # whole seconds: what the table holds
    return services.record.pseudonyms.of("decision", decision.verdict, decision.by, moment, decision.words)
