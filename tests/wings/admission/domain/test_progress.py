"""A candidate's progress, combined from its application and the pools."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.wings.admission.domain.applications import AdmissionDecision, Application, CandidateRef, Standing, Wish
from chalicelib.wings.admission.domain.pools import Offer, Pool, PoolRef, Ranking
from chalicelib.wings.admission.domain.progress import (
    CandidateProgress,
    Places,
    WishProgress,
    concerns,
    progress,
    rank_of,
)
from tests.support.applications import ALBA, NOW, NUMBER, SEASON, SENT

PIANO = Pool(PoolRef("evry-xenakis", SEASON, "piano"), "Piano", "Débutant", total=2)
VIOLIN = Pool(PoolRef("evry-magnard", SEASON, "violon"), "Violon", total=2)
GROWN_UP = Pool(PoolRef("evry-xenakis", SEASON, "piano-adultes"), "Piano", youngest=18, total=2)
ALBA_REF = CandidateRef(NUMBER, ALBA.key)
OFFER = Offer(ALBA_REF, NOW + timedelta(days=3))
AGE_DAY = date(2027, 12, 31)


def alba(*pools: Pool, application: Application = SENT, **rankings: Ranking) -> CandidateProgress:
    places = Places(pools, {ranking.ref: ranking for ranking in rankings.values()})
    return progress(application, places, AGE_DAY, NOW)[0]


def test_without_pools_it_is_received_and_nothing_is_said_of_its_wishes() -> None:
    candidate = alba()

    assert (candidate.state, candidate.offers, candidate.taken) == ("sent", (), None)
    assert [(one.state, one.band) for one in candidate.wishes] == [("none", None), ("none", None)]


def test_offers_come_best_first_and_are_over_at_their_term() -> None:
    candidate = alba(VIOLIN.offer(OFFER, NOW), PIANO.offer(OFFER, NOW))
    assert candidate.state == "offered"
    assert [place.pool.ref.code for place in candidate.offers] == ["piano", "violon"]

    late = progress(SENT, Places((PIANO.offer(OFFER, NOW),), {}), AGE_DAY, OFFER.until)[0]

    assert (late.state, late.offers) == ("sent", ())
    assert [one.state for one in late.wishes] == ["expired", "none"]
    assert len(late.held) == 1


def test_a_place_taken_hides_whatever_else_is_offered() -> None:
    pool = PIANO.offer(OFFER, NOW).take(ALBA_REF, NOW)

    candidate = alba(pool, VIOLIN.offer(OFFER, NOW))

    assert candidate.state == "taken"
    assert candidate.taken
    assert candidate.taken.pool == pool
    assert candidate.offers == ()


def test_what_was_declined_and_what_waits_are_told_wish_by_wish() -> None:
    waiting = tuple(CandidateRef(f"P27-{rank:04d}-XXXX", "a") for rank in range(6))
    candidate = alba(
        PIANO.offer(OFFER, NOW).decline(ALBA_REF, NOW), VIOLIN, violin=Ranking(VIOLIN.ref, (*waiting, ALBA_REF))
    )

    assert [one.state for one in candidate.wishes] == ["declined", "waiting"]
    assert candidate.wishes[1].position == 7
    assert candidate.wishes[1].band == (5, 10)


@pytest.mark.parametrize(
    ("position", "band"), [(1, (1, 4)), (4, (1, 4)), (5, (5, 10)), (20, (11, 20)), (50, (21, 50)), (51, (51, None))]
)
def test_a_position_is_told_as_a_band(position: int, band: tuple[int, int | None]) -> None:
    assert WishProgress(ALBA.wishes[0], "waiting", position).band == band


def test_what_the_office_decided_and_a_withdrawal_come_before_what_pools_hold() -> None:
    pool = PIANO.offer(OFFER, NOW)
    for application in (
        SENT.withdraw([ALBA.key], NOW),
        SENT.with_standing(Standing(ALBA.key, decision=AdmissionDecision("declined", "M. Office", NOW))),
    ):
        candidate = alba(pool, application=application)
        assert candidate.state == application.state(ALBA.key)
        assert candidate.offers == ()
        assert len(candidate.held) == 1, "to be freed"


def test_a_pool_concerns_an_application_by_site_and_discipline_whatever_its_level_or_age() -> None:
    assert concerns(PIANO, SENT)
    assert concerns(GROWN_UP, SENT)
    assert not concerns(Pool(PoolRef("villabe-yves-henry", SEASON, "piano"), "Piano"), SENT)
    assert rank_of(PIANO, ALBA, 9) < rank_of(VIOLIN, ALBA, 9)
    assert alba(GROWN_UP, grown=Ranking(GROWN_UP.ref, (ALBA_REF,))).wishes[0].state == "none"


def test_of_two_levels_of_one_discipline_the_one_wished_for_first_is_better_whatever_its_code() -> None:
    first, second = replace(PIANO.ref, code="z-debutant"), replace(PIANO.ref, code="a-premier-cycle")
    wishes = (Wish("Piano", "evry-xenakis", "Débutant"), Wish("Piano", "evry-xenakis", "Premier cycle"))
    child = replace(ALBA, wishes=wishes)

    pools = (Pool(second, "Piano", "Premier cycle"), Pool(first, "Piano", "Débutant"))

    assert sorted(pools, key=lambda pool: rank_of(pool, child, 9)) == [pools[1], pools[0]]
