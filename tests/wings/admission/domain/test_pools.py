"""A pool: never more holders than places, an offer ends with its term, and a declined one is not repeated."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.enrolment.periods import PARIS, is_day_off
from chalicelib.wings.admission.domain.applications import Wish
from chalicelib.wings.admission.domain.pools import Offer, OfferGone, Pool, PoolFull, Ranking, offer_term
from tests.support.applications import NOW
from tests.support.pools import FIRST, OFFERED, PIANO, POOL, SECOND, THIRD, UNTIL


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2027-07-05 10:00", "2027-07-08 10:00"),  # Monday to Thursday
        ("2027-07-05 10:01", "2027-07-08 11:00"),  # rounded up to the hour
        ("2027-07-05 19:30", "2027-07-08 20:00"),
        ("2027-07-05 20:30", "2027-07-09 12:00"),
        ("2027-07-06 03:00", "2027-07-09 12:00"),
        ("2027-07-08 10:00", "2027-07-12 12:00"),  # Sunday 11 July
        ("2027-07-11 10:00", "2027-07-15 12:00"),  # 14 July
        ("2027-05-13 10:00", "2027-05-18 12:00"),  # Whit Sunday, then Whit Monday
        ("2026-10-23 10:00", "2026-10-26 09:00"),  # 72 hours later, across the end of summer time
        ("2027-03-25 19:30", "2027-03-30 12:00"),  # Easter Sunday and Monday, across the start of summer time
    ],
)
def test_an_offer_ends_by_day_on_a_day_when_the_office_works(now: str, until: str) -> None:
    assert offer_term(paris(now).astimezone(UTC), 72) == paris(until)


def test_no_hour_of_two_years_gives_less_than_its_hours_or_an_end_at_night() -> None:
    start = datetime(2027, 1, 1, tzinfo=UTC)
    wrong = []
    for number in range(0, 2 * 366 * 24, 5):
        now = start + timedelta(hours=number, minutes=number % 60)
        until = offer_term(now, 72)
        local = until.astimezone(PARIS)
        if not 9 <= local.hour <= 20 or is_day_off(local.date()) or not timedelta(hours=72) <= until - now:
            wrong.append((now, until))
        if until - now > timedelta(days=7):
            wrong.append((now, until))

    assert wrong == []


LATER = NOW + timedelta(hours=1)


def states(pool: Pool) -> dict[str, str]:
    return {holder.candidate.number: holder.state for holder in pool.holders}


def test_places_are_those_that_pupils_who_stay_leave() -> None:
    assert (POOL.capacity, POOL.free, OFFERED.free) == (2, 2, 1)
    assert replace(POOL, returning=9).free == 0


def test_a_place_is_offered_once_and_never_beyond_what_there_is() -> None:
    full = OFFERED.offer(Offer(SECOND, UNTIL), NOW)

    assert OFFERED.offer(Offer(FIRST, UNTIL), LATER) == OFFERED
    assert full.free == 0
    with pytest.raises(PoolFull):
        full.offer(Offer(THIRD, UNTIL), NOW)


def test_what_is_offered_is_taken_before_its_term_and_twice_is_once() -> None:
    pool = OFFERED.take(FIRST, LATER)

    assert states(pool) == {FIRST.number: "taken"}
    assert pool.take(FIRST, UNTIL + timedelta(days=9)) == pool


@pytest.mark.parametrize("candidate", [SECOND, THIRD])
def test_what_is_not_offered_is_not_taken(candidate: object) -> None:
    with pytest.raises(OfferGone):
        OFFERED.take(candidate, LATER)  # type: ignore[arg-type]  # one of the two


def test_at_its_term_an_offer_is_over_for_good() -> None:
    with pytest.raises(OfferGone):
        OFFERED.take(FIRST, UNTIL)

    pool = OFFERED.expire(UNTIL)

    assert pool.holders == ()
    assert [(one.candidate, one.how) for one in pool.passed] == [(FIRST, "expired")]
    assert OFFERED.expire(UNTIL - timedelta(seconds=1)) == OFFERED
    with pytest.raises(OfferGone):
        pool.take(FIRST, LATER)


def test_what_is_taken_does_not_expire() -> None:
    pool = OFFERED.take(FIRST, LATER)

    assert pool.expire(UNTIL + timedelta(days=99)) == pool


def test_who_declines_passes_and_twice_is_once() -> None:
    pool = OFFERED.decline(FIRST, LATER)

    assert (pool.free, pool.passed[0].how) == (2, "declined")
    assert pool.decline(FIRST, UNTIL) == pool
    with pytest.raises(OfferGone):
        OFFERED.take(FIRST, LATER).decline(FIRST, LATER)


def test_who_is_offered_again_by_the_office_has_not_passed() -> None:
    again = OFFERED.decline(FIRST, LATER).offer(Offer(FIRST, UNTIL, "Mme Office", "une erreur de saisie"), LATER)

    assert (again.passed, again.holders[0].why) == ((), "une erreur de saisie")


def test_who_withdraws_frees_its_place() -> None:
    assert OFFERED.take(FIRST, LATER).release(FIRST).free == 2
    assert OFFERED.release(SECOND) is OFFERED


@pytest.mark.parametrize(
    ("wish", "age", "is_taken"),
    [
        (Wish("Piano", "evry-xenakis", "Débutant"), 9, True),
        (Wish("piano", "evry-xenakis", "débutant"), 9, True),
        (Wish("Piano", "evry-magnard", "Débutant"), 9, False),
        (Wish("Piano", "evry-xenakis", "Premier cycle"), 9, False),
        (Wish("Piano", "evry-xenakis", "Débutant"), 6, False),
        (Wish("Piano", "evry-xenakis", "Débutant"), 13, False),
    ],
)
def test_which_wishes_fall_into_it(wish: Wish, age: int, *, is_taken: bool) -> None:
    assert replace(POOL, youngest=7, oldest=12).takes(wish, age) is is_taken


def test_who_waits_has_a_position() -> None:
    ranking = Ranking(PIANO, (SECOND, FIRST))

    assert (ranking.position(FIRST), ranking.position(THIRD)) == (2, None)
