"""Sent applications and their pools: a family with two children, two pools, offers."""

from datetime import datetime, timedelta
from typing import Final

from chalicelib.wings.admission.domain.applications import Application, CandidateRef, submit
from chalicelib.wings.admission.domain.pools import Holder, Offer, Pool, PoolRef, Ranking
from chalicelib.wings.admission.flows.application import ApplicationStatus, application_status
from chalicelib.wings.admission.flows.entry import enter
from tests.support.admission import MERLE, SEASON, applicant, stores, token_of
from tests.support.applications import ALBA, NILS, WHOLE
from tests.support.world import Visitor, World

NUMBER: Final = "P26-K4TN-8WCB"
PIANO: Final = PoolRef("evry-xenakis", SEASON, "piano")
VIOLIN: Final = PoolRef("evry-magnard", SEASON, "violon")
POOLS: Final = (Pool(PIANO, "Piano", "Débutant", total=2), Pool(VIOLIN, "Violon", total=2))
ALBA_REF: Final = CandidateRef(NUMBER, ALBA.key)
NILS_REF: Final = CandidateRef(NUMBER, NILS.key)
TERM: Final = timedelta(hours=72)


def send_application(world: World, visitor: Visitor, email: str = MERLE, number: str = NUMBER) -> Application:
    """Log a visitor in with an application sent for Alba and Nils, and store two pools."""
    applications, pools = stores(world).applications, stores(world).pools
    draft = applicant(world, visitor, email, draft=WHOLE)
    for pool in POOLS:
        if pools.find(pool.ref) is None:
            pools.change(None, pool)
    applications.add_number(number, draft.ref)
    return applications.change(draft, submit(draft, number, world.now))


def offer_place(world: World, ref: PoolRef, until: datetime | None = None, candidate: CandidateRef = ALBA_REF) -> str:
    """Offer a place, and return the offer's name."""
    offer = Offer(candidate, until or world.now + TERM)
    stores(world).pools.revise(ref, lambda pool: pool.offer(offer, world.now))
    return holder(world, ref, candidate).name


def holder(world: World, ref: PoolRef, candidate: CandidateRef = ALBA_REF) -> Holder:
    """Find the place that a candidate holds in a pool."""
    place = holder_or_none(world, ref, candidate)
    assert place
    return place


def holder_or_none(world: World, ref: PoolRef, candidate: CandidateRef = ALBA_REF) -> Holder | None:
    """Find the same. None if there is none."""
    pool = stores(world).pools.find(ref)
    assert pool
    return pool.holder(candidate)


def rank(world: World, ref: PoolRef, *waiting: CandidateRef) -> None:
    """Store the ranking of a pool."""
    world.database.write_together(stores(world).pools.rankings.put(Ranking(ref, waiting)))


def come(world: World, visitor: Visitor) -> ApplicationStatus:
    """Enter as a page does."""
    return application_status(world.services, enter(world.visit(token_of(visitor))))
