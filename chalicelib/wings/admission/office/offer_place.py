"""The office offers a place out of order, or gives it at once, for a written reason. No other place changes."""

import secrets
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.account.audit import Author
from chalicelib.mail.outbox import Outbox
from chalicelib.office.account import audit, check_author
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.office import AdmissionServices as Services
from chalicelib.values import frozen
from chalicelib.wings.admission.domain.applications import OVER, Application, Candidate, CandidateRef
from chalicelib.wings.admission.domain.pools import Offer, Pool, PoolFull, PoolRef, offer_term
from chalicelib.wings.admission.domain.progress import Place
from chalicelib.wings.admission.mail import AdmissionAnswered
from chalicelib.wings.admission.office.applications import audited_as
from chalicelib.wings.admission.office.offers import OfferRun


@frozen
class PlaceOffer:
    """A place for a candidate, with its author and reason. `is_taken`: the family has agreed, and gets it at once."""

    pool: PoolRef
    candidate: Candidate
    author: Author
    is_taken: bool = False


def offer_place(services: Services, application: Application, choice: PlaceOffer, now: datetime) -> bool:
    """Offer a free place to a candidate, at any position in line. False if this was already done.

    Raises `OfficeRefusal`.
    """
    candidate, author = choice.candidate, check_author(choice.author)
    season, ref = application.ref.season, CandidateRef(application.number, candidate.key)
    pools = services.admission.pools.of_season(season, [one.code for one in services.settings.network.sites])
    pool = next((pool for pool in pools if pool.ref == choice.pool), None)
    if pool is None:
        raise OfficeRefusal("place_meanwhile", pool=choice.pool)
    _check(application, candidate, pool, pools)
    holder = pool.holder(ref)
    if holder and (holder.state == "taken" or not choice.is_taken):
        return False
    subject = f"{candidate.name} (demande {application.number}), {_name(services, pool)}"
    words = Author(author.who, f"{subject} : {author.why}")
    audit(services, audited_as(application.ref), "place_given" if choice.is_taken else "place_offered", words, now)
    _write(services, application, pool, replace(choice, author=author), now)
    if choice.is_taken:
        _end_others(services, pools, pool, ref)
    return True


def _name(services: Services, pool: Pool) -> str:
    site = services.settings.network.site(pool.ref.site)
    return f"{pool.discipline}, {site.name if site else pool.ref.site}"


def _check(application: Application, candidate: Candidate, pool: Pool, pools: tuple[Pool, ...]) -> None:
    """Check that the candidate wishes for the place, and has none. Raises `OfficeRefusal`."""
    ref = CandidateRef(application.number, candidate.key)
    if application.state(candidate.key) in OVER:
        raise OfficeRefusal("place_over", name=candidate.name)
    if not any(pool.is_for(wish) for wish in candidate.wishes):
        raise OfficeRefusal("place_not_wished", name=candidate.name, discipline=pool.discipline, site=pool.ref.site)
    for elsewhere in pools:
        holder = elsewhere.holder(ref)
        if holder and holder.state == "taken" and elsewhere.ref != pool.ref:
            raise OfficeRefusal("place_taken_elsewhere", name=candidate.name, pool=elsewhere)


def _write(services: Services, application: Application, old: Pool, choice: PlaceOffer, now: datetime) -> None:
    ref = CandidateRef(application.number, choice.candidate.key)
    until = offer_term(now, services.settings.network.admission.offer_hours)
    offer = Offer(ref, until, choice.author.who, choice.author.why)
    outbox, run = Outbox(services.post_box), OfferRun(f"place-{secrets.token_hex(8)}", now)

    def give(pool: Pool) -> Pool:
        try:
            return pool.give(offer, now) if choice.is_taken else pool.offer(offer, now)
        except PoolFull:
            raise OfficeRefusal("place_none_free", pool=pool, held=len(pool.holders)) from None

    def post(_before: Pool, after: Pool) -> None:
        if holder := after.holder(ref):
            outbox.post(
                AdmissionAnswered.of(application.ref, Place(after, holder), "taken", run.request, now)
                if choice.is_taken
                else run.mail(application, holder, after.ref, "offered")
            )

    if services.admission.pools.revise(old.ref, give, old, post) is None:
        raise OfficeRefusal("place_meanwhile", pool=old)


def _end_others(services: Services, pools: tuple[Pool, ...], final: Pool, ref: CandidateRef) -> None:
    """Free a candidate's other offers. The hourly job frees those that a fault left."""
    for rival in pools:
        if rival.ref != final.ref and rival.holder(ref):
            services.admission.pools.revise(rival.ref, lambda pool: pool.release(ref), rival)
