"""The places for the office: out-of-order offers are visible, and a declined place is free at once."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.refusals import Unavailable
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.wings.admission.domain.pools import Offer, Pool, PoolRef, Ranking
from chalicelib.wings.admission.office.applications import ApplicationQuery, search_applications
from chalicelib.wings.admission.office.decide import AdmissionDecisionInput
from chalicelib.wings.admission.office.offers import advance
from chalicelib.wings.admission.office.places import WishStanding, places_of
from chalicelib.wings.admission.office.report import admission_reports
from tests.support.applications import ALBA, SEASON
from tests.support.aws import When
from tests.support.pools import FIRST, PIANO, POOL, SECOND, VIOLIN
from tests.support.refusals import sentence_of
from tests.support.stored_applications import (
    IN_JULY,
    accept,
    application_of,
    decide,
    open_admission,
    standing,
    states,
    stored,
    stores_of,
)
from tests.support.world import World

DECLINE = AdmissionDecisionInput("declined", "M. Orme", "Trop jeune pour ce cours.")
UNTIL = IN_JULY + timedelta(days=3)
OFFERED = POOL.offer(Offer(FIRST, UNTIL), IN_JULY)
TAKEN = OFFERED.take(FIRST, IN_JULY)
VIOLINS = Pool(VIOLIN, "Violon", "Débutant", total=1)


@pytest.fixture(autouse=True)
def season(world: World) -> None:
    open_admission(world)
    application_of(world)


def put(world: World, *pools: Pool) -> None:
    for pool in pools:
        stores_of(world).pools.change(None, pool)


def pool_of(world: World, ref: PoolRef = PIANO) -> Pool:
    pool = stores_of(world).pools.find(ref)
    assert pool
    return pool


def standings(world: World) -> list[WishStanding]:
    places = places_of(world.services, SEASON, world.now, with_rankings=True)
    version = stored(world).sent
    candidate = version.answers.candidate(ALBA.key) if version else None
    assert candidate
    return [replace(found, wish=ALBA.wishes[rank]) for rank, found in enumerate(places.standings(FIRST, candidate))]


def shown(world: World) -> list[str]:
    return [pupil.state for pupil in search_applications(world.services, ApplicationQuery(), world.now).pupils]


@pytest.mark.parametrize(
    ("pools", "wish", "code", "says"),
    [
        ((POOL, VIOLINS), 0, "request_holds_nothing", "Piano, Débutant, Evry - Xénakis"),
        ((OFFERED,), 0, "request_place_offered", "la famille n'a pas répondu"),
        ((OFFERED,), 1, "request_place_offered", "la famille n'a pas répondu"),
        ((TAKEN,), 1, "request_place_elsewhere", "Piano, Débutant"),
    ],
)
def test_where_places_are_counted_nobody_is_accepted_without_one(
    world: World, pools: Iterable[Pool], wish: int, code: str, says: str
) -> None:
    put(world, *pools)

    with pytest.raises(OfficeRefusal) as refusal:
        accept(world, "Alba", wish=wish)

    assert refusal.value.code == code
    assert says in sentence_of(refusal.value)
    assert (states(world)["Alba"], list(world.services.accounts.all())) == ("sent", [])


def test_who_took_a_place_is_accepted_for_it_and_keeps_it(world: World) -> None:
    put(world, TAKEN, VIOLINS)

    accept(world, "Alba")

    assert standing(world, ALBA.key).slot == ("evry-xenakis", "Piano", "Débutant")
    advance(world.services, world.now)
    assert pool_of(world).holder(FIRST) == TAKEN.holder(FIRST)


def test_a_wish_of_which_no_places_are_counted_is_accepted_directly(world: World) -> None:
    put(world, POOL)

    accept(world, "Alba", wish=1)

    assert standing(world, ALBA.key).slot == ("evry-magnard", "Violon", "Débutant")


def test_an_offer_whose_term_is_past_is_no_place(world: World) -> None:
    put(world, OFFERED)
    world.now = UNTIL

    with pytest.raises(OfficeRefusal, match="request_holds_nothing"):
        accept(world, "Alba")
    assert shown(world) == ["sent", "sent"]
    assert [one.state for one in standings(world)] == ["expired", "uncounted"]


def test_the_list_says_who_is_offered_a_place_and_who_took_one(world: World) -> None:
    put(world, OFFERED)
    assert shown(world) == ["offered", "sent"]
    assert standings(world)[0] == WishStanding(ALBA.wishes[0], "offered", stores_of(world).pools.find(PIANO), UNTIL)

    stores_of(world).pools.revise(PIANO, lambda pool: pool.take(FIRST, world.now))

    assert shown(world) == ["taken", "sent"]
    assert len(search_applications(world.services, ApplicationQuery(is_awaited=True), world.now).pupils) == 2


def test_the_line_and_what_was_declined_are_told(world: World) -> None:
    put(world, POOL, VIOLINS.offer(Offer(FIRST, UNTIL), world.now).decline(FIRST, world.now))
    world.database.write_together(stores_of(world).pools.rankings.put(Ranking(PIANO, (SECOND, FIRST))))

    assert [(one.state, one.position) for one in standings(world)] == [("in_line", 2), ("declined", None)]


@pytest.mark.parametrize("pool", [OFFERED, TAKEN])
def test_a_no_frees_the_place_at_once(world: World, pool: Pool) -> None:
    put(world, pool)

    entry = decide(world, DECLINE, "Alba")

    assert pool_of(world).holders == ()
    assert states(world)["Alba"] == "declined"
    assert entry.is_final, "another may get the place"


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_no_again_frees_what_a_fault_left(world: World, when: When) -> None:
    put(world, TAKEN)
    with world.aws.failing("UpdateItem", when, skips=1), pytest.raises(Unavailable):
        decide(world, DECLINE, "Alba")
    assert states(world)["Alba"] == "declined"

    decide(world, DECLINE, "Alba")

    assert pool_of(world).holders == ()


def test_who_holds_a_place_is_not_told_to_wait(world: World) -> None:
    put(world, OFFERED)

    with pytest.raises(OfficeRefusal, match="request_holds_place"):
        decide(world, AdmissionDecisionInput("waiting", "M. Orme"), "Alba")


def test_the_report_counts_places_and_what_became_of_them(world: World) -> None:
    put(world, TAKEN, VIOLINS)

    (xenakis,) = admission_reports(world.services, ApplicationQuery("evry-xenakis"), world.now)
    (magnard,) = admission_reports(world.services, ApplicationQuery("evry-magnard"), world.now)

    piano, violin = xenakis.disciplines["piano"], magnard.disciplines["violon"]
    assert (piano.places, dict(piano.states)) == (2, {"taken": 1})
    assert (violin.places, dict(violin.states)) == (1, {"withdrawn": 1})
    assert (xenakis.pupils["taken"], magnard.pupils["withdrawn"]) == (1, 1)
