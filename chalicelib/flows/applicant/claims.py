"""One live request for each candidate and season in the whole network: claimed before an application is sent."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.account.rate_limits import RateLimit
from chalicelib.domain.admission.applications import Application, Candidate
from chalicelib.domain.admission.refusals import CandidatesClaimed, ClaimsSlowedDown
from chalicelib.domain.refusals import SlowedDown
from chalicelib.services.admission import admission_stores, person_of
from chalicelib.services.family import Client, Services
from chalicelib.stores.attempts import Tries
from chalicelib.stores.claims import Claim

# A claim is followed by its application's write in the same request, and no function lives so long: one that is older,
# of an application that does not ask for that candidate, is what a fault left or what nobody asks for any more.
SENDING_LASTS: Final = timedelta(minutes=2)
# That a child has a request is told to whoever knows its name and birth date: not to one who tries a whole class, from
# however many mailboxes. Each child of a refused sending counts: that the others are free is told too.
CLAIMS_REFUSED: Final = RateLimit(free=12, ceiling=12, window=timedelta(hours=24))
REFUSED_OF_CLIENT: Final = RateLimit(free=60, ceiling=60, window=timedelta(hours=24))


def claim_new(services: Services, before: Application, after: Application, client: Client, now: datetime) -> None:
    """Claim the candidates that an application comes to ask for. Raises `CandidatesClaimed`, `ClaimsSlowedDown`.

    One write for each; those that it asks for already are its own.
    """
    season = after.ref.season
    known = {(one.key, one.person) for one in before.live}
    new = [one for one in after.live if (one.key, one.person) not in known]
    at = now.replace(microsecond=0)  # as a claim comes back
    claims = [Claim(person_of(services, season, one), after.ref, one.key, at) for one in new]
    refused = tuple(claim.key for claim in claims if not _claim(services, claim))
    if refused:
        for _ in claims:
            _count_refusal(services, after.ref.mailbox, CLAIMS_REFUSED, now)
            _count_refusal(services, client.address, REFUSED_OF_CLIENT, now)
        raise CandidatesClaimed(refused)


def released_keys(before: Application, after: Application) -> Iterable[str]:
    """List the candidates of an application, as it was sent before, of whom it asks for somebody else now."""
    kept = {(one.key, one.person) for one in after.live}
    return [one.key for one in before.live if (one.key, one.person) not in kept]


def _claim(services: Services, claim: Claim) -> bool:
    claims = admission_stores(services).claims
    standing = claims.add(claim)
    if standing == claim:
        return True
    is_own = standing.application == claim.application
    return (is_own or _is_left(services, standing, claim.at)) and claims.replace(standing, claim)


def _is_left(services: Services, standing: Claim, now: datetime) -> bool:
    """Whether the application that a claim names does not ask for the candidate, and is not about to."""
    if now - standing.at < SENDING_LASTS:
        return False
    other = admission_stores(services).applications.find(standing.application)
    return not any(_is_person(services, other, one, standing.person) for one in other.live)


def _is_person(services: Services, application: Application, candidate: Candidate, person: str) -> bool:
    return person_of(services, application.ref.season, candidate) == person


def _count_refusal(services: Services, whose: str, limit: RateLimit, now: datetime) -> None:
    tries = Tries({"site": "@claims-refused", "identifier": whose})
    try:
        admission_stores(services).attempts.reserve(tries, limit, now)
    except SlowedDown as refusal:
        raise ClaimsSlowedDown(refusal.until) from None
