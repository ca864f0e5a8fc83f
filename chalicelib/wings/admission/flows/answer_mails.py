"""The mails about a family's answers to a sent application: a place taken or declined, candidates withdrawn."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.services.mails import ConfirmedMail
from chalicelib.wings.admission.domain.applications import Application, ApplicationRef, Candidate, CandidateRef
from chalicelib.wings.admission.domain.paperwork import due_documents
from chalicelib.wings.admission.domain.pools import Pool, PoolRef
from chalicelib.wings.admission.mail import AdmissionAnswered, AdmissionWithdrawn, tracked_as
from chalicelib.wings.admission.services.applicants import ApplicantServices as Services
from chalicelib.wings.admission.services.applicants import application_mail


def withdrawal_mail(ref: ApplicationRef, request: str, now: datetime) -> AdmissionWithdrawn:
    """Make the mail of a withdrawal, before it is written."""
    return AdmissionWithdrawn(request=request, asked_at=now, mailbox=ref.mailbox, season=ref.season)


def _prove_answer(services: Services, job: AdmissionAnswered, now: datetime) -> ConfirmedMail | None:
    stores, ref = services.admission, ApplicationRef(job.mailbox, job.season)
    application, pool = services.database.read_together(
        stores.applications.lookup(ref), stores.pools.lookup(PoolRef(job.site, job.season, job.pool))
    )
    candidate = application.sent.answers.candidate(job.candidate) if application.sent else None
    if candidate is None or not pool or not _came_true(job, pool, CandidateRef(application.number, candidate.key)):
        return None
    facts = _facts(services, application, (candidate,), now) | {"sites": _sites(services, [pool.ref.site])}
    letter = f"admission_place_{job.answer}"
    return ConfirmedMail(tracked_as(application.ref), application.email, letter, facts | {"pool": pool})


def _prove_withdrawal(services: Services, job: AdmissionWithdrawn, now: datetime) -> ConfirmedMail | None:
    application = services.admission.applications.find(ApplicationRef(job.mailbox, job.season))
    at = job.asked_at.replace(microsecond=0)  # whole seconds, as stored
    candidates = application.sent.answers.candidates if application.sent else ()
    leavers = tuple(one for one in candidates if application.standing(one.key).withdrawn_at == at)
    if not leavers:
        return None
    facts = _facts(services, application, leavers, now)
    return ConfirmedMail(tracked_as(application.ref), application.email, "admission_withdrawn", facts)


def _came_true(job: AdmissionAnswered, pool: Pool, ref: CandidateRef) -> bool:
    """Whether this very answer was written. Of two concurrent answers, both post a mail, and one is written."""
    holder, record = pool.holder(ref), pool.passed_by(ref)
    places = [(holder.name, holder.state, holder.at)] if holder else []
    records = [(record.name, record.how, record.at)] if record else []
    return (job.offer, job.answer, job.asked_at.replace(microsecond=0)) in (*places, *records)


def _facts(
    services: Services, application: Application, candidates: tuple[Candidate, ...], now: datetime
) -> dict[str, Any]:
    network = services.settings.network
    rules, today = network.admission.document_rules, now.astimezone(PARIS).date()
    return {
        "application": application,
        "candidates": candidates,
        "candidate": candidates[0],
        "sites": _sites(services, [wish.site for candidate in candidates for wish in candidate.wishes]),
        "due": due_documents(rules, application, today),
        "season": application.ref.season,
    }


def _sites(services: Services, codes: Iterable[str]) -> tuple[Any, ...]:
    network = services.settings.network
    return tuple(filter(None, map(network.site, dict.fromkeys(codes)))) or network.sites


ANSWER: Final = application_mail(AdmissionAnswered, _prove_answer)
WITHDRAWAL: Final = application_mail(AdmissionWithdrawn, _prove_withdrawal)
