"""Follow a request: what its pools hold for it, how far it waits, and the draws it is in; three reads in all."""

from datetime import date, datetime
from typing import Any

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.admission.draws import SiteDraws
from chalicelib.domain.admission.pools import Pool
from chalicelib.domain.admission.progress import CandidateProgress, Places, concerns, progress
from chalicelib.flows.applicant.entry import ApplicantContext, enter_reading
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.services.admission import admission_stores
from chalicelib.services.family import Services
from chalicelib.settings.environment import Site
from chalicelib.values import frozen


@frozen
class Following:
    """A request that was sent, and where each of its candidates stands; `draws`: of the sites wished for that draw."""

    context: ApplicantContext
    candidates: tuple[CandidateProgress, ...]
    draws: tuple[SiteDraws, ...] = ()

    def candidate(self, key: str) -> CandidateProgress | None:
        """Find a candidate that was sent, by its key."""
        return next((one for one in self.candidates if one.candidate.key == key), None)

    @property
    def closing_day(self) -> date | None:
        """The last day at which the request may be corrected: of the last site wished for that closes."""
        periods = (self.context.period(site.code) for site in self.sites)
        return max((period.closes_on for period in periods if period), default=None)

    @property
    def may_correct(self) -> bool:
        """Whether the answers may still be changed and sent anew."""
        return self.context.is_open and any(one.state in {"sent", "waiting", "to_complete"} for one in self.candidates)

    @property
    def sites(self) -> tuple[Site, ...]:
        """The sites wished for, in the network's order: whom to call."""
        wanted = {wish.site for one in self.candidates for wish in one.candidate.wishes}
        return tuple(site for site in self.context.network.sites if site.code in wanted)


def enter_listed(services: Services, token: Token | None, now: datetime) -> tuple[ApplicantContext, tuple[Pool, ...]]:
    """Find whose session this is, and the list of the season's pools with it: two reads. Raises `NotLoggedIn`."""
    pools = admission_stores(services).pools
    context, (listed,) = enter_reading(services, token, now, lambda season: (pools.list_lookup(season),))
    return context, listed


def follow(services: Services, context: ApplicantContext, listed: tuple[Pool, ...]) -> Following:
    """Read the pools that may concern a request, who waits for them, and the draws of its sites: one read."""
    stores, application = admission_stores(services), context.application
    refs = [pool.ref for pool in listed if concerns(pool, application)]
    sites = _drawing_sites(context)
    lookups: list[Lookup[Any]] = [
        *map(stores.pools.lookup, refs),
        *map(stores.pools.ranking_lookup, refs),
        *(stores.draws.lookup(site, context.season) for site in sites),
    ]
    found = services.database.read_together(*lookups) if lookups else ()
    pools, rankings, records = found[: len(refs)], found[len(refs) : 2 * len(refs)], found[2 * len(refs) :]
    places = Places(tuple(filter(None, pools)), dict(zip(refs, rankings, strict=True)))
    age_day = context.network.admission.age_day(context.season)
    draws = tuple(SiteDraws(site, context.season, record) for site, record in zip(sites, records, strict=True))
    return Following(context, progress(application, places, age_day, context.now), draws)


def _drawing_sites(context: ApplicantContext) -> list[str]:
    """List the sites wished for whose order is drawn, in the network's order."""
    wanted = {wish.site for one in context.application.live for wish in one.wishes}
    sites = (site.code for site in context.network.sites)
    return [site for site in sites if site in wanted and context.network.admission.order_of(site) == "draw"]
