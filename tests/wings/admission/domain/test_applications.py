"""An application: sent answers stand until sent again, a wish keeps its date, and final states stay."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.wings.admission.domain.applications import (
    AdmissionDecision,
    CandidateRef,
    Standing,
    State,
    Verdict,
    Wish,
    submit,
)
from tests.support.applications import ALBA, BEGUN, NILS, NOW, NUMBER, SENT, WHOLE

LATER = NOW + timedelta(days=2)


def test_what_is_sent_bears_a_number_and_each_wish_its_moment() -> None:
    assert SENT.sent
    assert (SENT.number, SENT.draft, SENT.sent.first_at) == (NUMBER, None, NOW)
    assert {wish.since for candidate in SENT.live for wish in candidate.wishes} == {NOW}


def test_what_is_corrected_keeps_its_number_and_only_a_new_wish_comes_later() -> None:
    harp = Wish("Harpe", "evry-xenakis", "Débutant")
    candidate = replace(ALBA, first_name="Albane", wishes=(harp, replace(ALBA.wishes[0], days=("lundi",))))

    after = submit(replace(SENT, draft=WHOLE.with_candidate(candidate)), "P27-AAAA-AAAA", LATER)

    assert after.sent
    assert (after.number, after.sent.first_at, after.sent.at) == (NUMBER, NOW, LATER)
    alba = after.sent.answers.candidate(ALBA.key)
    assert alba
    assert [(wish.discipline, wish.since) for wish in alba.wishes] == [("Harpe", LATER), ("Piano", NOW)]


@pytest.mark.parametrize(
    ("standing", "state"),
    [
        (Standing(ALBA.key), "sent"),
        (Standing(ALBA.key, NOW), "withdrawn"),
        *(
            (Standing(ALBA.key, None, AdmissionDecision(verdict, "M. Office", NOW)), verdict)
            for verdict in ("waiting", "to_complete", "declined", "accepted")
        ),
        (Standing(ALBA.key, None, AdmissionDecision("deferred", "M. Office", NOW)), "sent"),  # type: ignore[arg-type]  # of a later version
    ],
)
def test_where_a_candidate_stands(standing: Standing, state: State) -> None:
    assert SENT.with_standing(standing).state(ALBA.key) == state
    assert BEGUN.state(ALBA.key) == "draft"


@pytest.mark.parametrize("verdict", ["declined", "accepted"])
def test_who_is_decided_on_asks_no_more_and_cannot_withdraw(verdict: Verdict) -> None:
    application = SENT.with_standing(Standing(ALBA.key, None, AdmissionDecision(verdict, "M. Office", NOW)))

    assert application.live == tuple(one for one in SENT.live if one.key == NILS.key)
    assert application.withdraw([ALBA.key], LATER) == application


def test_what_is_sent_again_after_something_was_asked_waits_anew_and_no_other_decision_moves() -> None:
    application = SENT.with_standing(
        Standing(ALBA.key, None, AdmissionDecision("to_complete", "M. Office", NOW, "Quel niveau ?"))
    )
    application = application.with_standing(Standing(NILS.key, None, AdmissionDecision("waiting", "M. Office", NOW)))

    after = submit(application, "P27-AAAA-AAAA", LATER)

    assert (after.state(ALBA.key), after.state(NILS.key)) == ("sent", "waiting")


def test_who_withdraws_leaves_the_others_in_place() -> None:
    after = SENT.withdraw([ALBA.key, "nobody"], LATER)

    assert (after.state(ALBA.key), after.state(NILS.key)) == ("withdrawn", "sent")
    assert after.standing(ALBA.key).withdrawn_at == LATER


def test_a_place_in_line_is_handed_to_no_other_child_in_one_correction_or_in_two() -> None:
    candidate = replace(ALBA, first_name="Lou", last_name="Merle")
    after = submit(replace(SENT, draft=WHOLE.with_candidate(candidate)), NUMBER, LATER)

    assert not SENT.is_another(candidate)
    assert not SENT.is_another(replace(ALBA, born_on=NILS.born_on))
    assert after.is_another(replace(candidate, born_on=NILS.born_on))
    assert not BEGUN.is_another(replace(candidate, born_on=NILS.born_on))


def test_the_same_child_is_known_however_its_name_is_written() -> None:
    assert replace(ALBA, first_name=" ALBA", last_name="Géai").person == ALBA.person
    assert replace(ALBA, born_on=NILS.born_on).person != ALBA.person


def test_a_candidate_is_named_in_pools_and_lists_and_read_again() -> None:
    ref = CandidateRef(NUMBER, ALBA.key)

    assert CandidateRef.parse(str(ref)) == ref


def test_of_whom_is_decided_for_good_stays_as_it_was_sent_whatever_a_draft_says() -> None:
    candidate = replace(ALBA, first_name="Zoé", born_on=date(2012, 1, 1), wishes=(Wish("Harpe", "evry-magnard"),))
    application = replace(SENT, draft=WHOLE.with_candidate(candidate).with_candidate(replace(NILS, first_name="Niels")))
    second = application.with_standing(Standing(ALBA.key, decision=AdmissionDecision("accepted", "M. Office", NOW)))

    after = submit(second, NUMBER, NOW + timedelta(hours=1)).sent

    assert after
    assert SENT.sent
    assert after.answers.candidate(ALBA.key) == SENT.sent.answers.candidate(ALBA.key)
    assert (after.answers.candidate(NILS.key) or NILS).first_name == "Niels"
