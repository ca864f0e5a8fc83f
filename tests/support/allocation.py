"""A season with closed applications and free places: families that each applied for one child."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.wings.admission.domain.applications import (
    Answers,
    Application,
    ApplicationRef,
    Candidate,
    CandidateRef,
    Wish,
    submit,
)
from chalicelib.wings.admission.domain.pools import Pool, PoolRef
from chalicelib.wings.admission.office.offers import advance
from tests.support.admission import announce, stores
from tests.support.draws import CLOSED, SEASON
from tests.support.function_policy import held_to_the_policy
from tests.support.world import World

PRIORITY: Final = "evry-magnard"  # network.toml
ARRIVAL: Final = "villabe-yves-henry"
DRAWN: Final = "evry-xenakis"
VIOLIN: Final = PoolRef(PRIORITY, SEASON, "violon")
HARP: Final = PoolRef(ARRIVAL, SEASON, "harpe")
PIANO: Final = PoolRef(DRAWN, SEASON, "piano")
NAMES: Final = {VIOLIN: "Violon", HARP: "Harpe", PIANO: "Piano"}
TERM: Final = timedelta(hours=72)
_KEY: Final = "a1a1a1a1"


def close(world: World, places: dict[PoolRef, int]) -> None:
    """Close the applications everywhere, and store these places."""
    announce(world, CLOSED)
    for pool in [Pool(ref, NAMES[ref], total=total) for ref, total in places.items()]:
        stores(world).pools.change(None, pool)


def ask(
    world: World, number: str, *places: PoolRef, groups: tuple[str, ...] = (), at: datetime | None = None
) -> CandidateRef:
    """Apply for a child, best wish first. By default three days ago, one after the other."""
    applications, now = stores(world).applications, at or world.now - timedelta(days=3)
    wishes = tuple(Wish(NAMES[ref], ref.site) for ref in places)
    child = Candidate(_KEY, "Alba", f"Geai {number[-1]}", date(2014, 3, 14), wishes)
    answers = Answers(f"Mme {number[-1]} Geai", groups=groups, candidates=(child,))
    application = Application(_ref(number), f"{number.lower()}@example.org", now, now, answers)
    applications.add_number(number, _ref(number))
    applications.change(applications.find(_ref(number)), submit(application, number, now))
    return CandidateRef(number, _KEY)


def asked(world: World, candidate: CandidateRef) -> Application:
    """Read the application of a candidate."""
    return stores(world).applications.find(_ref(candidate.number))


def pool(world: World, ref: PoolRef) -> Pool:
    """Read a pool."""
    state = stores(world).pools.find(ref)
    assert state
    return state


def held(world: World, ref: PoolRef) -> dict[CandidateRef, str]:
    """Read the holders of a pool, with their states."""
    return {holder.candidate: holder.state for holder in pool(world, ref).holders}


def mailed(world: World) -> Counter[tuple[str, str]]:
    """Count the mails by number and beginning of their subject."""
    return Counter(
        (
            mail.to.partition("@")[0].upper(),
            next(word for word in ("liste", "délai", "proposée") if word in mail.subject),
        )
        for mail in world.mails()
    )


def _ref(number: str) -> ApplicationRef:
    return ApplicationRef(f"mailbox-of-{number}", SEASON)


def run(world: World) -> None:
    """Run the post's act of an hour, under its policy."""
    with held_to_the_policy("offers", world.aws, world.resources):
        advance(world.services, world.now)
