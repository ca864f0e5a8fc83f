"""An offer: a candidate takes the place or declines it before its deadline, by one conditional write of its pool."""

from collections.abc import Callable

from chalicelib.domain.refusals import Unavailable
from chalicelib.mail.outbox import Outbox
from chalicelib.services.family import Visit
from chalicelib.wings.admission.domain.applications import OVER
from chalicelib.wings.admission.domain.pools import OfferGone, Pool
from chalicelib.wings.admission.domain.progress import CandidateProgress, Place, rank_of
from chalicelib.wings.admission.flows.application import ApplicationStatus
from chalicelib.wings.admission.mail import AdmissionAnswered, Answer
from chalicelib.wings.admission.services.applicants import ApplicantServices as Services


def take_offer(visit: Visit[Services], status: ApplicationStatus, candidate: CandidateProgress, name: str) -> None:
    """Take the place of an offer, by the offer's name. Idempotent. The candidate's other offers end.

    Raises `OfferGone`: the offer expired, was answered otherwise or taken back, or the candidate took another.
    """
    if candidate.taken and candidate.taken.holder.name != name:
        raise OfferGone
    place = _place(candidate, name)

    def take(pool: Pool) -> Pool:
        return _as_shown(pool, place).take(place.holder.candidate, visit.now)

    _answer(visit, status, place, "taken", take)
    try:
        _end_others(visit.services, candidate, place)
    except Unavailable as error:  # the place is taken: the hourly job ends the others
        visit.record("unavailable", what=str(error), lacking="releasing")


def decline_offer(visit: Visit[Services], status: ApplicationStatus, candidate: CandidateProgress, name: str) -> None:
    """Decline the place of an offer, by the offer's name. Idempotent. Raises `OfferGone`."""
    if any((passed.name, passed.how) == (name, "declined") for passed in candidate.passed):
        return
    place = _place(candidate, name)

    def decline(pool: Pool) -> Pool:
        record = pool.passed_by(place.holder.candidate)
        is_done = record is not None and (record.name, record.how) == (name, "declined")
        return pool if is_done else _as_shown(pool, place).decline(place.holder.candidate, visit.now)

    _answer(visit, status, place, "declined", decline)


def _place(candidate: CandidateProgress, name: str) -> Place:
    place = candidate.offer(name)
    if place is None or candidate.state in OVER:
        raise OfferGone
    return place


def _as_shown(pool: Pool, place: Place) -> Pool:
    """Check that the answered offer is the current one. Raises `OfferGone`."""
    holder = pool.holder(place.holder.candidate)
    if holder is None or holder.name != place.holder.name:
        raise OfferGone
    return pool


def _answer(
    visit: Visit[Services], status: ApplicationStatus, place: Place, answer: Answer, decide: Callable[[Pool], Pool]
) -> None:
    """Post the mail of an answer, then write the answer."""
    outbox = Outbox(visit.services.post_box)
    mail = AdmissionAnswered.of(status.context.application.ref, place, answer, visit.client.request, visit.now)
    change = visit.services.admission.pools.revise(
        place.pool.ref, decide, place.pool, lambda _before, _after: outbox.post(mail)
    )
    if change is None:
        raise OfferGone
    before, after = change
    if after is not before:
        mailbox = status.context.application.ref.mailbox
        visit.record("admission_answered", application=mailbox, answer=answer)


def _end_others(services: Services, candidate: CandidateProgress, place: Place) -> None:
    """Release the candidate's other places. Of two taken at once, it keeps the better one. Raises `Unavailable`."""
    pools, ref = services.admission.pools, place.holder.candidate
    rank = rank_of(place.pool, candidate.candidate, candidate.age)

    def end(pool: Pool) -> Pool:
        holder = pool.holder(ref)
        is_better = rank_of(pool, candidate.candidate, candidate.age) < rank
        return pool if holder and holder.state == "taken" and is_better else pool.release(ref)

    for seat in candidate.held:
        if seat.pool.ref == place.pool.ref:
            continue
        change = pools.revise(seat.pool.ref, end, seat.pool)
        if change and change[1].holder(ref):
            pools.revise(place.pool.ref, lambda pool: pool.release(ref))
