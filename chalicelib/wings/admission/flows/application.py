"""Follow an application: its places, its position in line, its draws, and the terms of each site."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from functools import partial
from typing import Any, Final

from chalicelib.domain.dossiers.documents import FOYER, DueDocument, RequiredDocument
from chalicelib.domain.enrolment.paperwork import ReceiptDocument
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.domain.refusals import FieldsRefused, Unavailable
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.mail.outbox import Outbox
from chalicelib.services.family import Visit
from chalicelib.services.mails import ConfirmedMail, DescribedMail
from chalicelib.settings.environment import Site
from chalicelib.values import frozen
from chalicelib.wings.admission.domain.applications import Answers, Application, ApplicationRef, Candidate, Sent
from chalicelib.wings.admission.domain.draws import SiteDraws
from chalicelib.wings.admission.domain.paperwork import ApplicationStep, due_documents, required_documents, steps
from chalicelib.wings.admission.domain.pools import Pool
from chalicelib.wings.admission.domain.progress import CandidateProgress, Places, concerns, progress
from chalicelib.wings.admission.flows.answer_mails import withdrawal_mail
from chalicelib.wings.admission.flows.entry import AdmissionPeriods, ApplicantContext
from chalicelib.wings.admission.mail import AdmissionSubmitted, tracked_as
from chalicelib.wings.admission.services.applicants import ApplicantServices as Services
from chalicelib.wings.admission.stores.pools import Pools


@frozen
class SiteTerms:
    """A wished site: its order (« arrival », « priority » or « draw »), and its last day."""

    site: Site
    order: str
    closes_on: date | None
    is_open: bool


@frozen
class ApplicationReceipt:
    """The last sending, as its receipt shows it.

    `candidates`: those not withdrawn since then. `groups`: titles of the groups that the family says it belongs to.
    """

    season: str
    email: str
    sending: Sent
    candidates: tuple[Candidate, ...]
    terms: tuple[SiteTerms, ...]
    groups: tuple[str, ...]
    papers: tuple[ReceiptDocument, ...]

    @property
    def may_change(self) -> bool:
        """Whether part of the application may still be corrected."""
        return any(term.is_open for term in self.terms)


def terms_of(admission_periods: AdmissionPeriods, candidates: Iterable[Candidate]) -> tuple[SiteTerms, ...]:
    """List the wished sites, in the network's order, with their terms."""
    settings, open_sites = admission_periods.network.admission, admission_periods.open_sites
    codes = {wish.site for candidate in candidates for wish in candidate.wishes}
    terms = []
    for site in admission_periods.network.sites:
        if site.code in codes:
            order, period = settings.order_of(site.code), admission_periods.period(site.code)
            counts = "arrival" if order == "priority" and not settings.groups else order
            terms.append(SiteTerms(site, counts, period.closes_on if period else None, site in open_sites))
    return tuple(terms)


def group_titles(admission_periods: AdmissionPeriods, answers: Answers) -> tuple[str, ...]:
    """List the titles of the groups that a family says it belongs to, in the network's order."""
    return tuple(group.title for group in admission_periods.network.admission.groups if group.code in answers.groups)


def receipt_view(admission_periods: AdmissionPeriods, application: Application) -> ApplicationReceipt | None:
    """Build the receipt of the last sending. None if there is none."""
    sending = application.sent
    if sending is None:
        return None
    candidates = tuple(one for one in sending.answers.candidates if application.state(one.key) != "withdrawn")
    return ApplicationReceipt(
        application.ref.season,
        application.email,
        sending,
        candidates,
        terms_of(admission_periods, candidates),
        group_titles(admission_periods, sending.answers),
        _papers(admission_periods, sending, candidates),
    )


def _papers(
    admission_periods: AdmissionPeriods, sending: Sent, candidates: tuple[Candidate, ...]
) -> tuple[ReceiptDocument, ...]:
    titles = {document.code: document.title for document in admission_periods.network.admission.documents}
    names = {FOYER: ""} | {candidate.key: candidate.name for candidate in candidates}
    return tuple(
        ReceiptDocument(titles.get(document.code, document.code), names[document.owner], bool(document.object_key))
        for document in sending.provided
        if document.owner in names
    )


def find(context: ApplicantContext) -> ApplicationReceipt | None:
    """Find the receipt of the last sending. None if there is none."""
    return receipt_view(context, context.application)


def _prove(services: Services, job: AdmissionSubmitted, now: datetime) -> ConfirmedMail | None:
    """Find the sent application, unless it was sent again since: a later sending has its own letter."""
    stores, ref = services.admission, ApplicationRef(job.mailbox, job.season)
    application, periods = stores.applications.find(ref), stores.periods.current(now)
    network = services.settings.network
    view = receipt_view(AdmissionPeriods(network, periods, job.season, now), application)
    if view is None or view.sending.number != job.number or view.sending.at != job.asked_at.replace(microsecond=0):
        return None
    sites = tuple(term.site for term in view.terms)
    facts = {"settings": network.admission, "sites": sites, "view": view}
    return ConfirmedMail(tracked_as(application.ref), application.email, "admission_receipt", facts)


RECEIPT: Final = DescribedMail(
    (AdmissionSubmitted,),
    _prove,
    "admission_receipt_mailed",
    "admission_receipt_dropped",
    lambda _services, job, _reason: {"application": job.mailbox},
)


def documents_asked(context: ApplicantContext) -> tuple[RequiredDocument, ...]:
    """List the documents that the current answers require."""
    rules, today = context.network.admission.document_rules, context.now.astimezone(PARIS).date()
    return required_documents(rules, context.application, today)


def documents_due(context: ApplicantContext) -> tuple[DueDocument, ...]:
    """List the required documents that are not uploaded."""
    rules, today = context.network.admission.document_rules, context.now.astimezone(PARIS).date()
    return due_documents(rules, context.application, today)


def steps_of(context: ApplicantContext) -> tuple[ApplicationStep, ...]:
    """List the steps, and whether each is done."""
    return steps(context.application, [document.slot for document in documents_asked(context)])


@frozen
class ApplicationStatus:
    """A sent application and the progress of its candidates. `draws`: of the wished sites that draw."""

    context: ApplicantContext
    candidates: tuple[CandidateProgress, ...]
    draws: tuple[SiteDraws, ...] = ()

    def candidate(self, key: str) -> CandidateProgress | None:
        """Find a sent candidate by key."""
        return next((one for one in self.candidates if one.candidate.key == key), None)

    @property
    def closing_day(self) -> date | None:
        """The last day for corrections: the closing day of the last wished site to close."""
        periods = (self.context.period(site.code) for site in self.sites)
        return max((period.closes_on for period in periods if period), default=None)

    @property
    def may_correct(self) -> bool:
        """Whether the answers may still be changed and sent again."""
        return self.context.is_open and any(one.state in {"sent", "waiting", "to_complete"} for one in self.candidates)

    @property
    def sites(self) -> tuple[Site, ...]:
        """The wished sites, in the network's order: those to call."""
        codes = {wish.site for one in self.candidates for wish in one.candidate.wishes}
        return tuple(site for site in self.context.network.sites if site.code in codes)


def application_status(services: Services, context: ApplicantContext) -> ApplicationStatus:
    """Read the pools of the wished sites, then the waiting lists of those that concern it, and the sites' draws."""
    stores, application = services.admission, context.application
    there = stores.pools.of_season(context.season, application.wished_sites)
    pools = tuple(pool for pool in there if concerns(pool, application))
    sites = _drawing_sites(context)
    lookups: list[Lookup[Any]] = [stores.pools.rankings.lookup(pool.ref) for pool in pools]
    lookups += (stores.draws.lookup(site, context.season) for site in sites)
    results = services.database.read_together(*lookups) if lookups else ()
    rankings, records = results[: len(pools)], results[len(pools) :]
    places = Places(pools, {pool.ref: ranking for pool, ranking in zip(pools, rankings, strict=True)})
    age_day = context.network.admission.age_day(context.season)
    draws = tuple(SiteDraws(site, context.season, record) for site, record in zip(sites, records, strict=True))
    return ApplicationStatus(context, progress(application, places, age_day, context.now), draws)


def _drawing_sites(context: ApplicantContext) -> list[str]:
    """List the wished sites that order applications by a draw, in the network's order."""
    codes = {wish.site for one in context.application.live for wish in one.wishes}
    sites = (site.code for site in context.network.sites)
    return [site for site in sites if site in codes and context.network.admission.order_of(site) == "draw"]


def withdrawable(status: ApplicationStatus) -> tuple[CandidateProgress, ...]:
    """List the candidates that may be withdrawn here: those that still ask for a place."""
    live = {candidate.key for candidate in status.context.application.live}
    return tuple(one for one in status.candidates if one.candidate.key in live)


def withdraw(visit: Visit[Services], status: ApplicationStatus, keys: Collection[str]) -> None:
    """Withdraw candidates by their keys. Idempotent. Those already out, or accepted, are unchanged.

    Their places and claims are released. If a fault interrupts this, the hourly job releases the rest. Raises
    `FieldsRefused` if no candidate is given.
    """
    if not keys:
        raise FieldsRefused({"retirer": ("withdrawal_empty",)})
    stores, context = visit.services.admission, status.context
    outbox = Outbox(visit.services.post_box)
    mail = withdrawal_mail(context.application.ref, visit.client.request, context.now)

    def decide(current: Application) -> Application:
        return current.withdraw(keys, context.now)

    before, after = stores.applications.revise(context.application, decide, lambda _before, _after: outbox.post(mail))
    if after is not before:
        mailbox = after.ref.mailbox
        visit.record("admission_withdrawn", application=mailbox)
    leavers = [one for one in status.candidates if after.state(one.candidate.key) == "withdrawn"]
    try:
        for progress in leavers:
            _free(stores.pools, progress)
        stores.release_claims(after, [one.candidate.key for one in leavers if one.candidate.key in keys])
    except Unavailable as error:  # the withdrawal itself is written
        visit.record("unavailable", what=str(error), lacking="releasing")


def _free(pools: Pools, candidate: CandidateProgress) -> None:
    for place in candidate.held:
        pools.revise(place.pool.ref, partial(Pool.release, candidate=place.holder.candidate), place.pool)
