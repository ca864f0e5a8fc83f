"""Send an application: one number, one mail, one live application per child in the network, at every fault."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.domain.account.rate_limits import SENDINGS_OF_FAMILY
from chalicelib.domain.enrolment.periods import EnrolmentPeriod
from chalicelib.domain.enrolment.submissions import SubmissionsSlowedDown
from chalicelib.domain.refusals import FieldsRefused, Unavailable
from chalicelib.stores.attempts import AttemptTimes
from chalicelib.wings.admission.domain.applications import AdmissionDecision, Answers, Candidate, Standing, Wish
from chalicelib.wings.admission.flows.draft import ApplicationClosed
from chalicelib.wings.admission.flows.summary import (
    CLAIMS_REFUSED,
    REFUSED_OF_CLIENT,
    ApplicationMoved,
    CandidatesClaimed,
    ClaimsSlowedDown,
    summary_version,
)
from chalicelib.wings.admission.services.stores import AdmissionStores
from tests.support.admission import ADMISSION, MERLE, announce, application_of, stores
from tests.support.application_form import at_once, context_of, draft, only, send_as_shown
from tests.support.applications import ALBA, NILS, WHOLE
from tests.support.aws import When
from tests.support.world import World

OTHER = "geai@example.org"
CLOSED = EnrolmentPeriod(date(2026, 8, 25), date(2026, 8, 31))
MORE = replace(NILS, wishes=(Wish("Éveil musical", "evry-xenakis"), Wish("Violon", "evry-magnard")))


@pytest.fixture(autouse=True)
def ready(world: World) -> None:
    announce(world)
    draft(world, MERLE)


def receipts(world: World) -> list[str]:
    world.deliver_patiently()
    return [mail.to for mail in world.mails() if "est enregistrée, numéro" in mail.subject]


def test_what_is_sent_is_found_by_its_number_and_a_receipt_leaves(world: World) -> None:
    application = send_as_shown(world, context_of(world, MERLE)).application

    assert application.number.startswith("P26-")
    assert len(application.number) == len("P26-K4TN-8WCB")
    assert stores(world).applications.find_by_number(application.number) == application_of(world)
    assert {wish.since for one in application_of(world).live for wish in one.wishes} == {world.now}
    assert (application_of(world).draft, receipts(world)) == (None, [MERLE])


def test_a_first_sending_is_a_write_for_each_child_the_number_and_the_request_and_anew_it_is_two(world: World) -> None:
    context = context_of(world, MERLE)
    world.aws.calls.clear()
    send_as_shown(world, context)
    assert world.aws.calls == ["PutItem", "PutItem", "PutItem", "SendMessageBatch", "UpdateItem"]

    world.wait(timedelta(hours=1))
    draft(world, MERLE, only(ALBA, MORE))
    context = context_of(world, MERLE)
    world.aws.calls.clear()
    send_as_shown(world, context)

    assert world.aws.calls == ["UpdateItem", "SendMessageBatch", "UpdateItem"], "one counts it, one sends it"


def test_the_same_form_twice_is_sent_once(world: World) -> None:
    context = context_of(world, MERLE)
    first = send_as_shown(world, context)
    again = send_as_shown(world, replace(context, application=context_of(world, MERLE).application))
    stale = send_as_shown(world, context)

    assert (first.is_new, again.is_new, stale.is_new) == (True, False, False)
    assert again.application == stale.application == application_of(world)
    assert receipts(world) == [MERLE]


def test_of_many_devices_that_send_at_once_one_does_and_all_see_its_number(world: World) -> None:
    contexts = [context_of(world, MERLE) for _ in range(6)]

    results = at_once(lambda context: send_as_shown(world, context), contexts)

    assert [result.is_new for result in results].count(True) == 1
    assert {result.application.number for result in results} == {application_of(world).number}
    assert receipts(world) == [MERLE]


CALLS = [("PutItem", 0), ("PutItem", 1), ("PutItem", 2), ("SendMessageBatch", 0), ("UpdateItem", 0)]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("call", "calls"), CALLS)
def test_whatever_call_fails_sending_again_sends_once(world: World, call: str, calls: int, when: When) -> None:
    context = context_of(world, MERLE)
    with world.aws.failing(call, when, skips=calls), pytest.raises(Unavailable):
        send_as_shown(world, context)
    world.wait(timedelta(seconds=20))

    send_as_shown(world, context_of(world, MERLE))

    application = application_of(world)
    assert stores(world).applications.find_by_number(application.number) == application
    assert len(application.live) == 2
    assert receipts(world) == [MERLE]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("call", "spared"), CALLS[1:])
def test_a_fault_keeps_a_child_claimed_for_two_minutes(world: World, call: str, spared: int, when: When) -> None:
    draft(world, OTHER, only(ALBA))
    with world.aws.failing(call, when, skips=spared), pytest.raises(Unavailable):
        send_as_shown(world, context_of(world, MERLE))
    was_sent = application_of(world).sent is not None
    world.wait(timedelta(minutes=2))

    (result,) = at_once(lambda email: send_as_shown(world, context_of(world, email)), [OTHER])

    assert (getattr(result, "is_new", False)) != was_sent, "one of both asks for the child, and not none"


def test_what_changed_since_it_was_shown_is_not_sent(world: World) -> None:
    context = context_of(world, MERLE)
    draft(world, MERLE, only(ALBA, MORE))

    with pytest.raises(ApplicationMoved) as error:
        send_as_shown(world, context)

    assert error.value.application == application_of(world)
    assert (application_of(world).sent, receipts(world)) == (None, [])


def test_what_lacks_is_named_step_by_step_and_nothing_is_claimed(world: World) -> None:
    draft(world, MERLE, replace(WHOLE, telephone="", candidates=(replace(ALBA, born_on=None), NILS)))
    application = application_of(world)
    stores(world).applications.change(application, replace(application, provided=()))
    world.aws.calls.clear()

    with pytest.raises(FieldsRefused) as refusal:
        send_as_shown(world, context_of(world, MERLE))

    assert refusal.value.fields == {
        "responsable": ("guardian_incomplete",),
        f"eleve-{ALBA.key}": ("candidate_incomplete",),
        "pieces": ("documents_missing",),
    }
    assert "PutItem" not in world.aws.calls


def test_without_a_child_there_is_nothing_to_send(world: World) -> None:
    draft(world, MERLE, only())

    with pytest.raises(FieldsRefused) as refusal:
        send_as_shown(world, context_of(world, MERLE))

    assert refusal.value.fields["eleves"] == ("candidate_missing",)


def test_what_is_not_right_any_more_is_not_sent(world: World) -> None:
    """A site's period ended between the step and the sending."""
    announce(world, ADMISSION, {"evry-magnard": CLOSED})

    with pytest.raises(FieldsRefused) as refusal:
        send_as_shown(world, context_of(world, MERLE))

    assert refusal.value.fields == {f"eleve-{ALBA.key}": ("candidate_incomplete",)}


def test_after_the_period_nothing_is_sent_and_what_was_sent_is_still_found(world: World) -> None:
    application = send_as_shown(world, context_of(world, MERLE)).application
    announce(world, CLOSED)
    assert send_as_shown(world, context_of(world, MERLE)).application.number == application.number
    draft(world, MERLE, only(ALBA))

    with pytest.raises(ApplicationClosed):
        send_as_shown(world, context_of(world, MERLE))


def test_a_wish_keeps_its_moment_when_it_is_sent_anew_under_the_same_number(world: World) -> None:
    first = send_as_shown(world, context_of(world, MERLE)).application
    then = world.now
    world.wait(timedelta(days=1))
    other_days = replace(ALBA, wishes=(replace(ALBA.wishes[1], days=("lundi",)), Wish("Harpe", "evry-xenakis")))
    draft(world, MERLE, only(other_days, NILS))

    again = send_as_shown(world, context_of(world, MERLE)).application

    assert again.number == first.number
    assert [wish.since for wish in again.live[0].wishes] == [then, world.now]


def test_a_wish_at_a_site_that_takes_no_more_applications_stands_while_others_change(world: World) -> None:
    send_as_shown(world, context_of(world, MERLE))
    world.wait(timedelta(hours=1))
    announce(world, ADMISSION, {"evry-magnard": CLOSED})
    piano, violin = ALBA.wishes

    draft(world, MERLE, only(replace(ALBA, wishes=(Wish("Harpe", "evry-xenakis"), violin)), NILS))
    assert send_as_shown(world, context_of(world, MERLE)).is_new

    world.wait(timedelta(hours=1))
    draft(world, MERLE, only(replace(ALBA, wishes=(piano,)), NILS))
    with pytest.raises(FieldsRefused):
        send_as_shown(world, context_of(world, MERLE))


def test_who_sends_anew_all_day_waits_and_loses_nothing(world: World) -> None:
    for number in range(1 + SENDINGS_OF_FAMILY.free):
        draft(world, MERLE, replace(WHOLE, guardian=f"Mme Inès Geai {number}"))
        assert send_as_shown(world, context_of(world, MERLE)).is_new
    draft(world, MERLE, only(ALBA, MORE))

    with pytest.raises(SubmissionsSlowedDown) as error:
        send_as_shown(world, context_of(world, MERLE))

    assert application_of(world).draft == only(ALBA, MORE)
    world.now = error.value.until
    assert send_as_shown(world, context_of(world, MERLE)).is_new


def test_a_sending_overtaken_by_the_office_is_counted_once(world: World) -> None:
    send_as_shown(world, context_of(world, MERLE))
    draft(world, MERLE, only(ALBA, MORE))
    context = context_of(world, MERLE)
    waiting = Standing(ALBA.key, decision=AdmissionDecision("waiting", "M. Office", world.now))
    stores(world).applications.change(context.application, context.application.with_standing(waiting))
    world.aws.calls.clear()

    assert send_as_shown(world, context).is_new

    count, post, overtaking = ["UpdateItem"], ["SendMessageBatch"], ["UpdateItem", "GetItem"]
    assert world.aws.calls == [*count, *post, *overtaking, "UpdateItem"]
    assert application_of(world).state(ALBA.key) == "waiting"


def test_what_the_office_wants_completed_is_sent_again_as_it_is(world: World) -> None:
    application = send_as_shown(world, context_of(world, MERLE)).application
    standing = Standing(ALBA.key, decision=AdmissionDecision("to_complete", "M. Office", world.now, "Quel jour ?"))
    stores(world).applications.change(application, application.with_standing(standing))
    world.wait(timedelta(hours=1))

    assert send_as_shown(world, context_of(world, MERLE)).is_new
    assert application_of(world).state(ALBA.key) == "sent"


def test_the_version_of_a_summary_is_of_answers_and_not_of_when_they_were_sent(world: World) -> None:
    before: Any = application_of(world)
    application = send_as_shown(world, context_of(world, MERLE)).application

    assert summary_version(application) == summary_version(before)
    assert summary_version(replace(before, draft=only(ALBA))) != summary_version(before)


def subjects(world: World) -> list[str]:
    world.deliver_patiently()
    return [mail.subject for mail in world.mails()]


def test_each_sending_has_its_mail_and_one_that_was_overtaken_has_none(world: World) -> None:
    send_as_shown(world, context_of(world, MERLE))
    world.wait(timedelta(minutes=3))
    draft(world, MERLE, only(ALBA, replace(NILS, first_name="Ode")))
    send_as_shown(world, context_of(world, MERLE))

    assert len(subjects(world)) == 1
    assert "Ode Geai" in world.mails()[0].text


SPELT_OTHERWISE = replace(ALBA, key="c3c3c3c3", first_name="ALBÀ", last_name=" geai ")


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

    refusals = [result for result in results if isinstance(result, CandidatesClaimed)]
    assert (results.count(True), len(refusals)) == (1, 49)
    assert {refusal.keys for refusal in refusals} == {(ALBA.key,)}
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

    with pytest.raises(CandidatesClaimed) as error:
        send(world, OTHER)

    assert error.value.keys == (ALBA.key, NILS.key)
    assert application_of(world, OTHER).sent is None
    world.wait(timedelta(minutes=2))
    assert ask(world, "ode@example.org", only(third))


def test_a_child_that_was_withdrawn_may_be_asked_for_elsewhere_though_its_claim_was_left(world: World) -> None:
    ask(world, MERLE)
    application = application_of(world)
    stores(world).applications.change(application, application.withdraw([ALBA.key], world.now))
    with pytest.raises(CandidatesClaimed):
        ask(world, OTHER, only(SPELT_OTHERWISE))

    world.wait(timedelta(minutes=2))

    assert send(world, OTHER)


def test_a_claim_that_is_released_is_free_at_once(world: World) -> None:
    ask(world, MERLE)
    application = application_of(world)
    after = stores(world).applications.change(application, application.withdraw([ALBA.key], world.now))

    world.services.admission.release_claims(after, [ALBA.key, "nobody's"])

    assert ask(world, OTHER, only(SPELT_OTHERWISE))
    with pytest.raises(CandidatesClaimed):
        ask(world, "nils@example.org", only(NILS))


def test_a_release_that_comes_late_takes_nothing_from_who_asks_again(world: World) -> None:
    ask(world, MERLE)
    withdrawal = application_of(world).withdraw([ALBA.key], world.now)
    stores(world).applications.change(application_of(world), withdrawal)
    world.wait(timedelta(minutes=5))
    assert ask(world, MERLE, only(ALBA, NILS, SPELT_OTHERWISE))

    world.services.admission.release_claims(withdrawal, [ALBA.key])

    with pytest.raises(CandidatesClaimed):
        ask(world, OTHER, only(ALBA))


def test_a_name_that_is_corrected_frees_the_one_that_was_wrong(world: World) -> None:
    ask(world, MERLE)
    ask(world, MERLE, only(replace(ALBA, first_name="Elba"), NILS))

    assert ask(world, OTHER, only(ALBA))
    with pytest.raises(CandidatesClaimed):
        ask(world, "elba@example.org", only(replace(ALBA, first_name="Elba")))


def test_a_name_that_another_window_puts_back_keeps_its_claim(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(world, MERLE)
    world.wait(timedelta(minutes=1))
    draft(world, MERLE, only(replace(ALBA, first_name="Elba"), NILS))
    release = AdmissionStores.release_claims

    def once_put_back(*given: Any) -> None:
        monkeypatch.setattr(AdmissionStores, "release_claims", release)
        world.wait(timedelta(seconds=1))
        draft(world, MERLE)
        send(world, MERLE)
        release(*given)

    monkeypatch.setattr(AdmissionStores, "release_claims", once_put_back)
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

    claims = [
        item for item in world.database.items(world.resources.table("Applications")) if "@candidate" in item["site"]
    ]

    assert len(claims) == len(WHOLE.candidates)
    assert not any(word in str(claims) for word in ("Alba", "alba", "2018", "Geai", "geai"))
