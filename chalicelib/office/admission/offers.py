"""Places are given: what expired passes to the next in line, what is free is offered, and who waits is told so once.

It may run twice, at once, and be killed anywhere: mails are posted before the write that they tell of, each pool is one
conditional write, and a run that is overtaken plans anew (docs/decisions/0062).
"""

import secrets
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from chalicelib.domain.admission.allocation import Entry, Plan, offer_all, plan
from chalicelib.domain.admission.applications import (
    OVER,
    Application,
    ApplicationRef,
    Candidate,
    CandidateRef,
    Decision,
)
from chalicelib.domain.admission.pools import Holder, Passed, Pool, PoolRef, Ranking, is_standing
from chalicelib.domain.admission.terms import offer_term
from chalicelib.domain.refusals import Unavailable, WriteConflict
from chalicelib.infra.dynamo.revise import RACES
from chalicelib.mail import letters
from chalicelib.mail.admission_jobs import AdmissionOffer, OfferEvent, tracked_as
from chalicelib.mail.outbox import PostedFirst, Proof, mail_once_written
from chalicelib.office.admission.allocation import Giving, Lines, read_giving, read_lines, seasons_of
from chalicelib.office.admission.mails import decision_mail
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


BY_LIST: Final = "Liste d'attente"  # who decides: nobody, but the order of the line
BY_DRAW: Final = "Tirage au sort"


def tell_who_waits(services: Services, run: Telling, giving: Giving, lines: Lines, planned: Plan) -> None:
    """Tell each candidate of which nothing was decided, and for which no place is left; one write for each request."""
    found: dict[str, list[str]] = defaultdict(list)
    applications: dict[str, Application] = {}
    for ref in _waiting(lines, planned):
        found[ref.number].append(ref.key)
        applications[ref.number] = lines.applications[ref]
    for number, keys in found.items():
        _tell(services, run, giving, applications[number], keys)


def _waiting(lines: Lines, planned: Plan) -> Iterator[CandidateRef]:
    """List whom no place was or is offered, and who waits, where all that it wished for is given."""
    touched = {candidate for some in planned.offers.values() for candidate in some}
    for pool in planned.pools.values():
        touched |= {holder.candidate for holder in pool.holders} | {passed.candidate for passed in pool.passed}
    for entry in lines.entries:
        is_new = lines.applications[entry.candidate].state(entry.candidate.key) == "sent"
        if is_new and entry.candidate not in touched and _waits_everywhere(entry, planned):
            yield entry.candidate


def _waits_everywhere(entry: Entry, planned: Plan) -> bool:
    """Whether it waits for each of its wishes: where no places are counted for one, the office decides."""
    waits = (entry.candidate in planned.waiting.get(wanted.pool, ()) for wanted in entry.wanted)
    return entry.is_counted and all(waits)


def _tell(services: Services, run: Telling, giving: Giving, known: Application, keys: Collection[str]) -> None:
    mails = PostedFirst(services.post_box)

    def post(before: Application, after: Application) -> None:
        new = [key for key in keys if after.standing(key) != before.standing(key)]
        mails.post(*(decision_mail(services, after, key, run.request) for key in new))

    decide = partial(_decide, keys=keys, giving=giving, now=run.now)
    admission_stores(services).applications.revise(known, decide, post)


def _decide(found: Application, *, keys: Collection[str], giving: Giving, now: datetime) -> Application:
    """Put on the waiting list those of which still nothing is decided."""
    for key in keys:
        candidate = found.sent.answers.candidate(key) if found.sent else None
        if candidate and found.state(key) == "sent":
            drawn = any(giving.season.orders[wish.site].order == "draw" for wish in candidate.wishes)
            decision = Decision("waiting", BY_DRAW if drawn else BY_LIST, now)
            found = found.with_standing(replace(found.standing(key), decision=decision))
    return found


_LOOKED_AT_LEAST: Final = timedelta(hours=23)  # what a fault left is put right within a day; each hour, what changed


@frozen
class PoolChange:
    """What was done to a pool, or would be: who is offered a place, whose offer expired, who held one for nothing."""

    pool: PoolRef
    offered: tuple[CandidateRef, ...] = ()
    expired: tuple[CandidateRef, ...] = ()
    freed: tuple[CandidateRef, ...] = ()


def advance(services: Services, now: datetime, *, apply: bool = True) -> tuple[PoolChange, ...]:
    """Give what can be given, in each season that is announced; twice changes nothing more. Raises `Unavailable`.

    Without `apply` nothing is written: what would be done.
    """
    periods = admission_stores(services).periods.read()
    run = Telling(f"offers-{secrets.token_hex(8)}", now)
    changes: list[PoolChange] = []
    for season in seasons_of(services, periods, now):
        giving = read_giving(services, periods, season, now)
        rankings = admission_stores(services).pools.rankings(pool.ref for pool in giving.pools)
        if not _is_due(giving, rankings, now):
            continue
        lines = read_lines(services, giving)
        if apply:
            changes += _give(services, run, giving, lines, rankings)
        else:
            planned = plan(giving.pools, lines.entries, giving.given, now)
            changes += [_change(pool, planned) for pool in giving.pools]
    return tuple(change for change in changes if change.offered or change.expired or change.freed)


def _is_due(giving: Giving, rankings: Mapping[PoolRef, Ranking], now: datetime) -> bool:
    """Whether something may have changed: else the season's requests need not be read."""
    return any(
        _has_expired(pool, now) or (pool.ref in giving.given and _may_give(giving, pool, rankings[pool.ref], now))
        for pool in giving.pools
    )


def _has_expired(pool: Pool, now: datetime) -> bool:
    return any(holder.state == "offered" and not is_standing(holder, now) for holder in pool.holders)


def _may_give(giving: Giving, pool: Pool, ranking: Ranking, now: datetime) -> bool:
    is_stale = ranking.at is None or now - ranking.at >= _LOOKED_AT_LEAST
    is_awaited = pool.free and (ranking.waiting or pool.ref.site in giving.open_sites)
    return bool(is_stale or is_awaited or pool.started_at is None)


def _give(
    services: Services, run: Telling, giving: Giving, lines: Lines, rankings: Mapping[PoolRef, Ranking]
) -> list[PoolChange]:
    """Write what is planned, pool by pool; planned anew as long as somebody comes first."""
    changes: list[PoolChange] = []
    pools, sites = giving.pools, [site.code for site in services.settings.network.sites]
    for _ in range(RACES):
        planned = plan(pools, lines.entries, giving.given, run.now)
        overtaken = False
        for before in pools:
            try:
                written = _write(services, run, lines, before, _after(services, giving, before, planned, run.now))
            except WriteConflict:
                overtaken = True
            else:
                changes += [_change(before, planned)] if written else []
        if not overtaken:
            ranked = _rank(services, planned, rankings, None)
            tell_who_waits(services, run, giving, lines, planned)
            _rank(services, planned, ranked, run.now)  # not before: else nobody would look again after a fault
            return changes
        pools = admission_stores(services).pools.of_season(giving.code, sites)
    raise Unavailable("the pools keep changing")


def _after(services: Services, giving: Giving, before: Pool, planned: Plan, now: datetime) -> Pool:
    """Build a pool as it is planned."""
    until = offer_term(now, services.settings.network.admission.offer_hours)
    after = offer_all(planned.pools[before.ref], planned.offers.get(before.ref, ()), until, now)
    return after.start(now) if before.ref in giving.given else after


def _write(services: Services, run: Telling, lines: Lines, before: Pool, after: Pool) -> bool:
    """Write one pool, its mails posted first; whether anything of it changes. Raises `WriteConflict`."""
    if after == before:
        return False
    PostedFirst(services.post_box).post(*_mails(run, lines, before, after))
    admission_stores(services).pools.change(before, after)
    held, free = len(after.holders), after.free
    name = f"{before.ref.site}/{before.ref.season}/{before.ref.code}"
    services.record.write("admission_offers", run.now, run.request, pool=name, held=held, free=free)
    return True


def _mails(run: Telling, lines: Lines, before: Pool, after: Pool) -> Iterator[AdmissionOffer]:
    """Make the mails of what changes in a pool; a request that was forgotten has no mailbox any more."""
    for offered in after.holders:
        if offered not in before.holders:
            yield run.mail(lines.applications[offered.candidate], offered, before.ref, "offered")
    for expired in after.passed:
        application = lines.applications.get(expired.candidate)
        if application and expired not in before.passed:
            yield run.mail(application, expired, before.ref, "expired")


def _change(before: Pool, planned: Plan) -> PoolChange:
    clean = planned.pools[before.ref]
    expired = tuple(passed.candidate for passed in clean.passed if passed not in before.passed)
    gone = {holder.candidate for holder in before.holders} - {holder.candidate for holder in clean.holders}
    freed = tuple(sorted(gone - set(expired), key=str))
    return PoolChange(before.ref, planned.offers.get(before.ref, ()), expired, freed)


def _rank(
    services: Services, planned: Plan, rankings: Mapping[PoolRef, Ranking], at: datetime | None
) -> dict[PoolRef, Ranking]:
    """Write who waits for each pool that is given, where that changed, and when it was looked at."""
    after = {ref: Ranking(ref, waiting, at) for ref, waiting in planned.waiting.items()}
    for ref, ranking in after.items():
        known = rankings.get(ref, Ranking(ref))
        if known.waiting != ranking.waiting or at is not None:
            admission_stores(services).pools.change_ranking(known, ranking)
        else:
            after[ref] = known
    return after
