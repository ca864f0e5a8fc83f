"""One live application per child in the whole network: raced, released, taken over. Its owner is never revealed."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.domain.admission.applications import Answers, Candidate
from chalicelib.domain.admission.refusals import CandidatesClaimed, ClaimsSlowedDown
from chalicelib.domain.refusals import Unavailable
from chalicelib.flows.applicant.summary import CLAIMS_REFUSED, REFUSED_OF_CLIENT
from chalicelib.services.admission import release_claims
from chalicelib.stores.attempts import AttemptTimes
from tests.support.admission import MERLE, announce, application_of, stores
from tests.support.application_form import at_once, context_of, draft, only, send_as_shown
from tests.support.applications import ALBA, NILS, WHOLE
from tests.support.world import World

OTHER = "geai@example.org"
SPELT_OTHERWISE = replace(ALBA, key="c3c3c3c3", first_name="ALBÀ", last_name=" geai ")


@pytest.fixture(autouse=True)
def opened(world: World) -> None:
    announce(world)


def send(world: World, email: str) -> bool:
    return send_as_shown(world, context_of(world, email)).is_new


def ask(world: World, email: str, answers: Answers = WHOLE) -> bool:
    """Send an application with these answers. Returns whether it is new."""
    draft(world, email, answers)
    return send(world, email)


def test_fifty_applications_at_once_for_one_child_leave_one(world: World) -> None:
    emails = [f"geai{number}@example.org" for number in range(50)]
    for email in emails:
        draft(world, email, only(ALBA))

    results = at_once(lambda email: send(world, email), emails)

    refused = [result for result in results if isinstance(result, CandidatesClaimed)]
    assert (results.count(True), len(refused)) == (1, 49)
    assert {refusal.keys for refusal in refused} == {(ALBA.key,)}
    assert len([email for email in emails if application_of(world, email).sent]) == 1


def test_the_same_child_spelt_otherwise_is_the_same_and_another_birth_date_is_another(world: World) -> None:
    ask(world, MERLE, only(ALBA))
    with pytest.raises(CandidatesClaimed):
        ask(world, OTHER, only(SPELT_OTHERWISE))

    draft(world, OTHER, only(replace(SPELT_OTHERWISE, born_on=date(2017, 3, 14))))

    assert send(world, OTHER)


def test_all_that_are_claimed_are_named_and_the_others_are_free_soon(world: World) -> None:
    ask(world, MERLE)
    third = replace(NILS, key="d4d4d4d4", first_name="Ode")
    draft(world, OTHER, only(ALBA, NILS, third))

    with pytest.raises(CandidatesClaimed) as refused:
        send(world, OTHER)

    assert refused.value.keys == (ALBA.key, NILS.key)
    assert application_of(world, OTHER).sent is None
    world.wait(timedelta(minutes=2))
    assert ask(world, "ode@example.org", only(third))


def test_a_child_that_was_withdrawn_may_be_asked_for_elsewhere_though_its_claim_was_left(world: World) -> None:
    ask(world, MERLE)
    sent = application_of(world)
    stores(world).applications.change(sent, sent.withdraw([ALBA.key], world.now))
    with pytest.raises(CandidatesClaimed):
        ask(world, OTHER, only(SPELT_OTHERWISE))

    world.wait(timedelta(minutes=2))

    assert send(world, OTHER)


def test_a_claim_that_is_released_is_free_at_once(world: World) -> None:
    ask(world, MERLE)
    sent = application_of(world)
    after = stores(world).applications.change(sent, sent.withdraw([ALBA.key], world.now))

    release_claims(world.services, after, [ALBA.key, "nobody's"])

    assert ask(world, OTHER, only(SPELT_OTHERWISE))
    with pytest.raises(CandidatesClaimed):
        ask(world, "nils@example.org", only(NILS))


def test_a_release_that_comes_late_takes_nothing_from_who_asks_again(world: World) -> None:
    ask(world, MERLE)
    withdrawn = application_of(world).withdraw([ALBA.key], world.now)
    stores(world).applications.change(application_of(world), withdrawn)
    world.wait(timedelta(minutes=5))
    assert ask(world, MERLE, only(ALBA, NILS, SPELT_OTHERWISE))

    release_claims(world.services, withdrawn, [ALBA.key])

    with pytest.raises(CandidatesClaimed):
        ask(world, OTHER, only(ALBA))


def test_a_name_that_is_corrected_frees_the_one_that_was_wrong(world: World) -> None:
    ask(world, MERLE)
    ask(world, MERLE, only(replace(ALBA, first_name="Elba"), NILS))

    assert ask(world, OTHER, only(ALBA))
    with pytest.raises(CandidatesClaimed):
        ask(world, "elba@example.org", only(replace(ALBA, first_name="Elba")))


def test_a_name_that_another_window_puts_back_at_once_keeps_its_claim(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(world, MERLE)
    world.wait(timedelta(minutes=1))
    draft(world, MERLE, only(replace(ALBA, first_name="Elba"), NILS))
    where = "chalicelib.flows.applicant.summary.release_claims"

    def once_put_back(*given: Any) -> None:
        monkeypatch.setattr(where, release_claims)
        world.wait(timedelta(seconds=1))
        draft(world, MERLE)
        send(world, MERLE)
        release_claims(*given)

    monkeypatch.setattr(where, once_put_back)
    send(world, MERLE)

    with pytest.raises(CandidatesClaimed):
        ask(world, OTHER, only(ALBA))


def test_a_release_that_fails_leaves_the_application_sent_and_the_wrong_name_free_in_two_minutes(world: World) -> None:
    ask(world, MERLE)
    draft(world, MERLE, only(replace(ALBA, first_name="Elba"), NILS))
    with world.aws.failing("DeleteItem", "before"):
        assert send(world, MERLE)

    world.wait(timedelta(minutes=2))
    assert ask(world, OTHER, only(ALBA))


def test_of_many_that_take_over_what_a_fault_left_one_does(world: World) -> None:
    draft(world, MERLE, only(ALBA))
    with world.aws.failing("UpdateItem", "before"), pytest.raises(Unavailable):
        send(world, MERLE)
    world.wait(timedelta(minutes=2))
    emails = [MERLE, *(f"geai{number}@example.org" for number in range(7))]
    for email in emails[1:]:
        draft(world, email, only(ALBA))

    results = at_once(lambda email: send(world, email), emails)

    assert results.count(True) == 1
    assert len([email for email in emails if application_of(world, email).sent]) == 1


def test_who_tries_a_whole_class_is_slowed_down(world: World) -> None:
    def named(number: int) -> Candidate:
        return replace(ALBA, key=f"{number:08x}", first_name=f"Alba {'abcdefghijklmnop'[number]}")

    for number in range(CLAIMS_REFUSED.ceiling + 1):
        draft(world, f"own{number}@example.org", only(named(number)))
        send(world, f"own{number}@example.org")
    for number in range(CLAIMS_REFUSED.ceiling):
        draft(world, OTHER, only(named(number)))
        with pytest.raises(CandidatesClaimed):
            send(world, OTHER)
    draft(world, OTHER, only(named(CLAIMS_REFUSED.ceiling)))

    with pytest.raises(ClaimsSlowedDown):
        send(world, OTHER)


def test_of_a_refused_sending_each_child_counts_for_the_free_ones_are_told_too(world: World) -> None:
    ask(world, MERLE, only(ALBA))

    def tried(turn: int) -> Candidate:
        return replace(ALBA, key=f"{turn:08x}", first_name=f"Ode {'abcdefghijklmnopqrst'[turn]}")

    for turn in range(3):
        draft(world, OTHER, only(ALBA, *map(tried, range(3 * turn, 3 * turn + 3))))
        with pytest.raises(CandidatesClaimed):
            send(world, OTHER)
    draft(world, OTHER, only(ALBA, tried(12)))

    with pytest.raises(ClaimsSlowedDown):
        send(world, OTHER)


def test_from_one_client_no_more_children_are_tried_however_many_mailboxes_it_has(world: World) -> None:
    ask(world, MERLE, only(ALBA))
    tries = AttemptTimes({"site": "@claims-refused", "identifier": world.new_client().address})
    for _ in range(REFUSED_OF_CLIENT.ceiling):
        stores(world).attempts.reserve(tries, REFUSED_OF_CLIENT, world.now)
    draft(world, OTHER, only(ALBA))

    with pytest.raises(ClaimsSlowedDown):
        send(world, OTHER)


def test_nothing_of_a_child_stands_in_clear_in_a_claim(world: World) -> None:
    ask(world, MERLE)

    claims = [item for item in world.database.items(world.resources.applications_table) if "@candidate" in item["site"]]

    assert len(claims) == len(WHOLE.candidates)
    assert not any(word in str(claims) for word in ("Alba", "alba", "2018", "Geai", "geai"))
