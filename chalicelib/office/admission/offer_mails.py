"""The mails of an offer: that it is made and until when, or that its term passed; each only if it came true."""

from datetime import datetime
from typing import Any

from chalicelib.domain.admission.applications import OVER, Application, ApplicationRef, Candidate, CandidateRef
from chalicelib.domain.admission.pools import Holder, Passed, Pool, PoolRef, is_standing
from chalicelib.mail import letters
from chalicelib.mail.admission_jobs import AdmissionOffer, OfferEvent, tracked_as
from chalicelib.mail.outbox import Proof, mail_once_written
from chalicelib.services.admission import admission_stores
from chalicelib.services.family import Services
from chalicelib.values import frozen


@frozen
class Telling:
    """What a run tells: the name of the run, and its moment."""

    request: str
    now: datetime

    def mail(self, application: Application, one: Holder | Passed, pool: PoolRef, event: OfferEvent) -> AdmissionOffer:
        """Make the mail of an offer, before what it tells of is written."""
        return AdmissionOffer(
            request=self.request,
            asked_at=self.now,
            mailbox=application.ref.mailbox,
            season=pool.season,
            candidate=one.candidate.key,
            site=pool.site,
            pool=pool.code,
            offer=one.name,
            event=event,
        )


def send(services: Services, job: AdmissionOffer, now: datetime) -> None:
    """Mail what became of an offer, if it did. Raises `NotYetTrue` or `Unavailable` to be called again."""
    stores, ref = admission_stores(services), ApplicationRef(job.mailbox, job.season)
    application, pool = services.database.read_together(
        stores.applications.lookup(ref), stores.pools.lookup(PoolRef(job.site, job.season, job.pool))
    )
    candidate = application.sent.answers.candidate(job.candidate) if application.sent else None
    proof = _proof(services, job, application, candidate, pool, now) if candidate and pool else None
    ending = mail_once_written(services.mailer, job, proof, now)
    if ending == "mailed":
        services.record.write("admission_mailed", now, job.request, application=job.mailbox, letter=job.kind)
        return
    reason = "not_so" if ending == "not_written" else ending
    services.record.write("admission_dropped", now, job.request, reason=reason)


def _proof(  # noqa: PLR0913, PLR0917 - what is told of which offer, to whom
    services: Services, job: AdmissionOffer, application: Application, candidate: Candidate, pool: Pool, now: datetime
) -> Proof | None:
    until = _until(job, application, pool, now)
    if until is None:
        return None
    facts = _facts(services, application, candidate, pool) | {"until": until, "now": now}
    name = {"offered": "admission_offer", "expired": "admission_offer_expired"}[job.event]
    return Proof(tracked_as(application.ref), application.email, lambda email: letters.fill(name, email, now, facts))


def _until(job: AdmissionOffer, application: Application, pool: Pool, now: datetime) -> datetime | None:
    """Find the term of the offer that a job tells of; None where it was not made, is over, or did not expire."""
    ref = CandidateRef(application.number, job.candidate)
    if application.state(job.candidate) in OVER:
        return None
    if job.event == "offered":
        holder = pool.holder(ref)
        return holder.until if holder and holder.name == job.offer and is_standing(holder, now) else None
    passed = pool.passed_by(ref)
    is_it = passed and (passed.name, passed.how, passed.at) == (
        job.offer,
        "expired",
        job.asked_at.replace(microsecond=0),
    )
    return passed.until or passed.at if passed and is_it else None


def _facts(services: Services, application: Application, candidate: Candidate, pool: Pool) -> dict[str, Any]:
    network = services.settings.network
    site = network.site(pool.ref.site)
    return {
        "network": network,
        "sites": (site,) if site else network.sites,
        "application": application,
        "candidate": candidate,
        "pool": pool,
        "season": application.ref.season,
    }
