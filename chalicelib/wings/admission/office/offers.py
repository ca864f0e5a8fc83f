"""The hourly allocation: expired places pass to the next in line, free ones are offered, the others get one mail.

Runs may repeat, overlap, or be killed at any point: mails are posted before their write, each pool is one conditional
write, and a run that meets a conflict plans again (docs/decisions/0062).
"""

import secrets
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from chalicelib.domain.refusals import Unavailable, WriteConflict
from chalicelib.infra.dynamo.revise import RACES
from chalicelib.mail.outbox import Outbox
from chalicelib.services.mails import ConfirmedMail
from chalicelib.values import frozen
from chalicelib.wings.admission.domain.allocation import AllocationPlan, WaitingCandidate, offer_all, plan
from chalicelib.wings.admission.domain.applications import (
    OVER,
    AdmissionDecision,
    Application,
    ApplicationRef,
    Candidate,
    CandidateRef,
)
from chalicelib.wings.admission.domain.pools import ClosedOffer, Holder, Pool, PoolRef, Ranking, is_standing, offer_term
from chalicelib.wings.admission.mail import AdmissionOffer, OfferEvent, tracked_as
from chalicelib.wings.admission.office.allocation import (
    AllocationInput,
    WaitingLists,
    read_allocation,
    read_waiting_lists,
    seasons_of,
)
from chalicelib.wings.admission.office.mails import decision_mail
from chalicelib.wings.admission.services.applicants import ApplicantServices as Services
from chalicelib.wings.admission.services.applicants import application_mail


@frozen
class OfferRun:
    """A run: its name and its moment, as in its mails."""

    request: str
    now: datetime

    def mail(
        self, application: Application, offer: Holder | ClosedOffer, pool: PoolRef, event: OfferEvent
    ) -> AdmissionOffer:
        """Make the mail of an offer, before the offer's change is written."""
        return AdmissionOffer(
            request=self.request,
            asked_at=self.now,
            mailbox=application.ref.mailbox,
            season=pool.season,
            candidate=offer.candidate.key,
            site=pool.site,
            pool=pool.code,
            offer=offer.name,
            event=event,
        )


def _prove(services: Services, job: AdmissionOffer, now: datetime) -> ConfirmedMail | None:
    stores, ref = services.admission, ApplicationRef(job.mailbox, job.season)
    application, pool = services.database.read_together(
        stores.applications.lookup(ref), stores.pools.lookup(PoolRef(job.site, job.season, job.pool))
    )
    candidate = application.sent.answers.candidate(job.candidate) if application.sent else None
    until = _until(job, application, pool, now) if candidate and pool else None
    if candidate is None or pool is None or until is None:
        return None
    facts = _facts(services, application, candidate, pool) | {"until": until}
    name = {"offered": "admission_offer", "expired": "admission_offer_expired"}[job.event]
    return ConfirmedMail(tracked_as(application.ref), application.email, name, facts)


MAIL: Final = application_mail(AdmissionOffer, _prove)


def _until(job: AdmissionOffer, application: Application, pool: Pool, now: datetime) -> datetime | None:
    """Find when a job's offer ends, or ended. None if the job's event is not true, or no longer."""
    ref = CandidateRef(application.number, job.candidate)
    if application.state(job.candidate) in OVER:
        return None
    if job.event == "offered":
        holder = pool.holder(ref)
        return holder.until if holder and holder.name == job.offer and is_standing(holder, now) else None
    former = pool.passed_by(ref)
    is_it = former and (former.name, former.how, former.at) == (
        job.offer,
        "expired",
        job.asked_at.replace(microsecond=0),
    )
    return former.until or former.at if former and is_it else None


def _facts(services: Services, application: Application, candidate: Candidate, pool: Pool) -> dict[str, Any]:
    network = services.settings.network
    site = network.site(pool.ref.site)
    return {
        "sites": (site,) if site else network.sites,
        "application": application,
        "candidate": candidate,
        "pool": pool,
        "season": application.ref.season,
    }


BY_LIST: Final = "Liste d'attente"  # the author: no person, only the order of the line
BY_DRAW: Final = "Tirage au sort"


def post_waiting_mails(
    services: Services, run: OfferRun, allocation: AllocationInput, waiting_lists: WaitingLists, draft: AllocationPlan
) -> None:
    """Mail each undecided candidate without a place left. One write for each application."""
    by_application: dict[str, list[str]] = defaultdict(list)
    applications: dict[str, Application] = {}
    for ref in _waiting(waiting_lists, draft):
        by_application[ref.number].append(ref.key)
        applications[ref.number] = waiting_lists.applications[ref]
    for number, keys in by_application.items():
        _post_waiting_mail(services, run, allocation, applications[number], keys)


def _waiting(waiting_lists: WaitingLists, draft: AllocationPlan) -> Iterator[CandidateRef]:
    """List the waiting candidates without a past or present offer, all of whose wishes are allocated."""
    busy = {candidate for some in draft.offers.values() for candidate in some}
    for pool in draft.pools.values():
        busy |= {holder.candidate for holder in pool.holders} | {passed.candidate for passed in pool.passed}
    for entry in waiting_lists.entries:
        is_new = waiting_lists.applications[entry.candidate].state(entry.candidate.key) == "sent"
        if is_new and entry.candidate not in busy and _waits_everywhere(entry, draft):
            yield entry.candidate


def _waits_everywhere(entry: WaitingCandidate, draft: AllocationPlan) -> bool:
    """Whether a candidate waits for each wish. If the places of a wish are not counted, the office decides."""
    waits = (entry.candidate in draft.waiting.get(wanted.pool, ()) for wanted in entry.wanted)
    return entry.is_counted and all(waits)


def _post_waiting_mail(
    services: Services, run: OfferRun, allocation: AllocationInput, former: Application, keys: Collection[str]
) -> None:
    mails = Outbox(services.post_box)

    def post(before: Application, after: Application) -> None:
        new = [key for key in keys if after.standing(key) != before.standing(key)]
        mails.post(*(decision_mail(services, after, key, run.request) for key in new))

    decide = partial(_decide, keys=keys, allocation=allocation, now=run.now)
    services.admission.applications.revise(former, decide, post)


def _decide(
    application: Application, *, keys: Collection[str], allocation: AllocationInput, now: datetime
) -> Application:
    """Put the undecided candidates on the waiting list."""
    for key in keys:
        candidate = application.sent.answers.candidate(key) if application.sent else None
        if candidate and application.state(key) == "sent":
            is_drawn = any(allocation.season.orders[wish.site].order == "draw" for wish in candidate.wishes)
            decision = AdmissionDecision("waiting", BY_DRAW if is_drawn else BY_LIST, now)
            application = application.with_standing(replace(application.standing(key), decision=decision))
    return application


_LOOKED_AT_LEAST: Final = timedelta(hours=23)  # everything is checked daily, after a fault too, and changes hourly


@frozen
class PoolChange:
    """The changes of a pool, made or planned: new offers, expired ones, and holders released as unwanted.

    `names`: of the candidates that are offered a place.
    """

    place: Pool
    offers: tuple[CandidateRef, ...] = ()
    lapses: tuple[CandidateRef, ...] = ()
    freed: tuple[CandidateRef, ...] = ()
    names: Mapping[CandidateRef, str] = field(default_factory=dict, repr=False)


def advance(services: Services, now: datetime, *, apply: bool = True) -> tuple[PoolChange, ...]:
    """Allocate each announced season. Idempotent. Raises `Unavailable`.

    Without `apply`, only plan the changes.
    """
    periods = services.admission.periods.read()
    run = OfferRun(f"offers-{secrets.token_hex(8)}", now)
    changes: list[PoolChange] = []
    for season in seasons_of(services, periods, now):
        allocation = read_allocation(services, periods, season, now)
        rankings = services.admission.pools.rankings.of(pool.ref for pool in allocation.pools)
        if not _is_due(allocation, rankings, now):
            continue
        waiting_lists = read_waiting_lists(services, allocation)
        if apply:
            changes += _give(services, run, allocation, waiting_lists, rankings)
        else:
            draft = plan(allocation.pools, waiting_lists.entries, allocation.to_fill, now)
            changes += [_change(pool, draft, waiting_lists) for pool in allocation.pools]
    return tuple(change for change in changes if change.offers or change.lapses or change.freed)


def _is_due(allocation: AllocationInput, rankings: Mapping[PoolRef, Ranking], now: datetime) -> bool:
    """Whether anything may have changed: otherwise the season's applications need not be read."""
    return any(
        any(holder.state == "offered" and not is_standing(holder, now) for holder in pool.holders)
        or (pool.ref in allocation.to_fill and _may_give(allocation, pool, rankings[pool.ref], now))
        for pool in allocation.pools
    )


def _may_give(allocation: AllocationInput, pool: Pool, ranking: Ranking, now: datetime) -> bool:
    is_stale = ranking.at is None or now - ranking.at >= _LOOKED_AT_LEAST
    is_awaited = pool.free and (ranking.waiting or pool.ref.site in allocation.open_sites)
    return bool(is_stale or is_awaited or pool.started_at is None)


def _give(
    services: Services,
    run: OfferRun,
    allocation: AllocationInput,
    waiting_lists: WaitingLists,
    rankings: Mapping[PoolRef, Ranking],
) -> list[PoolChange]:
    """Write the plan, pool by pool, and plan again after a conflict."""
    changes: list[PoolChange] = []
    pools, sites = allocation.pools, [site.code for site in services.settings.network.sites]
    for _ in range(RACES):
        draft = plan(pools, waiting_lists.entries, allocation.to_fill, run.now)
        is_stale = False
        for before in pools:
            try:
                is_written = _write(
                    services, run, waiting_lists, before, _after(services, allocation, before, draft, run.now)
                )
            except WriteConflict:
                is_stale = True
            else:
                changes += [_change(before, draft, waiting_lists)] if is_written else []
        if not is_stale:
            ranks = _rank(services, draft, rankings, None)
            post_waiting_mails(services, run, allocation, waiting_lists, draft)
            _rank(services, draft, ranks, run.now)  # not before: after a fault no run would check again
            return changes
        pools = services.admission.pools.of_season(allocation.code, sites)
    raise Unavailable("the pools keep changing")


def _after(services: Services, allocation: AllocationInput, before: Pool, draft: AllocationPlan, now: datetime) -> Pool:
    """Build a pool as planned."""
    until = offer_term(now, services.settings.network.admission.offer_hours)
    after = offer_all(draft.pools[before.ref], draft.offers.get(before.ref, ()), until, now)
    return after.start(now) if before.ref in allocation.to_fill else after


def _write(services: Services, run: OfferRun, waiting_lists: WaitingLists, before: Pool, after: Pool) -> bool:
    """Write one pool, its mails posted first. Returns whether anything changed. Raises `WriteConflict`."""
    if after == before:
        return False
    Outbox(services.post_box).post(*_mails(run, waiting_lists, before, after))
    services.admission.pools.change(before, after)
    count, free = len(after.holders), after.free
    name = f"{before.ref.site}/{before.ref.season}/{before.ref.code}"
    services.record.write("admission_offers", run.now, run.request, pool=name, held=count, free=free)
    return True


def _mails(run: OfferRun, waiting_lists: WaitingLists, before: Pool, after: Pool) -> Iterator[AdmissionOffer]:
    """Make the mails of a pool's changes. A purged application has no mailbox."""
    for holder in after.holders:
        if holder not in before.holders:
            yield run.mail(waiting_lists.applications[holder.candidate], holder, before.ref, "offered")
    for past in after.passed:
        application = waiting_lists.applications.get(past.candidate)
        if application and past not in before.passed:
            yield run.mail(application, past, before.ref, "expired")


def _change(before: Pool, draft: AllocationPlan, waiting_lists: WaitingLists) -> PoolChange:
    clean = draft.pools[before.ref]
    late = tuple(passed.candidate for passed in clean.passed if passed not in before.passed)
    leavers = {holder.candidate for holder in before.holders} - {holder.candidate for holder in clean.holders}
    freed = tuple(sorted(leavers - set(late), key=str))
    offers = draft.offers.get(before.ref, ())
    return PoolChange(before, offers, late, freed, {ref: _name_of(waiting_lists, ref) for ref in offers})


def _name_of(waiting_lists: WaitingLists, ref: CandidateRef) -> str:
    sending = waiting_lists.applications[ref].sent
    candidate = sending.answers.candidate(ref.key) if sending else None
    return candidate.name if candidate else ""


def _rank(
    services: Services, draft: AllocationPlan, rankings: Mapping[PoolRef, Ranking], at: datetime | None
) -> dict[PoolRef, Ranking]:
    """Write each allocated pool's waiting candidates, if changed, and the moment of this check."""
    after = {ref: Ranking(ref, waiting, at) for ref, waiting in draft.waiting.items()}
    for ref, ranking in after.items():
        former = rankings.get(ref, Ranking(ref))
        if former.waiting != ranking.waiting or at is not None:
            services.admission.pools.rankings.replace(former, ranking)
        else:
            after[ref] = former
    return after
