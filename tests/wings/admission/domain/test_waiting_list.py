"""The lines: each candidate in the pools of their wishes, as long as it asks for a place."""

from dataclasses import replace
from datetime import date

from chalicelib.wings.admission.domain.allocation import Season, WaitingCandidate, entries_of
from chalicelib.wings.admission.domain.applications import (
    AdmissionDecision,
    Application,
    CandidateRef,
    Standing,
    submit,
)
from chalicelib.wings.admission.domain.pools import Offer, Pool, PoolRef
from tests.support.applications import ALBA, BEGUN, NILS, NOW, NUMBER, SENT
from tests.support.pools import PIANO, POOL, UNTIL, VIOLIN

SEASON = Season({}, date(2027, 12, 31))
OLDER = Pool(VIOLIN, "Violon", youngest=12, total=2)
YOUNGER = Pool(replace(VIOLIN, code="violon-9-ans"), "Violon", youngest=9, oldest=9, total=2)


def lines(application: Application, *pools: Pool) -> dict[str, WaitingCandidate]:
    return {entry.candidate.key: entry for entry in entries_of(application, pools, SEASON)}


def wanted(entry: WaitingCandidate) -> list[tuple[PoolRef, int]]:
    return [(one.pool, one.rank) for one in entry.wanted]


def test_a_wish_falls_into_the_pool_of_its_site_discipline_level_and_age() -> None:
    entries = lines(SENT, OLDER, YOUNGER, POOL)

    assert wanted(entries[ALBA.key]) == [(PIANO, 0), (YOUNGER.ref, 1)]
    assert (entries[ALBA.key].is_counted, entries[NILS.key].is_counted, entries[NILS.key].wanted) == (True, False, ())


def test_two_wishes_for_one_pool_are_one_by_the_better() -> None:
    twice = replace(ALBA, wishes=(ALBA.wishes[1], replace(ALBA.wishes[1], level="Premier cycle")))
    application = submit(replace(BEGUN, draft=BEGUN.answers.with_candidate(twice)), NUMBER, NOW)

    assert wanted(lines(application, YOUNGER)[ALBA.key]) == [(YOUNGER.ref, 0)]
    assert lines(application, YOUNGER)[ALBA.key].is_counted


def test_who_withdrew_was_declined_or_left_its_application_asks_for_nothing() -> None:
    out = SENT.with_standing(Standing(ALBA.key, withdrawn_at=NOW)).with_standing(
        Standing(NILS.key, decision=AdmissionDecision("declined", "M. Office", NOW, "Non"))
    )
    pool = POOL.offer(Offer(CandidateRef(NUMBER, "ffffffff"), UNTIL), NOW)

    assert {key: entry.state for key, entry in lines(out, pool).items()} == {
        ALBA.key: "gone",
        NILS.key: "gone",
        "ffffffff": "gone",
    }


def test_who_is_accepted_asks_no_more_and_a_draft_never_did() -> None:
    application = SENT.with_standing(Standing(ALBA.key, decision=AdmissionDecision("accepted", "M. Office", NOW)))

    assert lines(application, POOL)[ALBA.key].state == "accepted"
    assert lines(BEGUN, POOL) == {}
