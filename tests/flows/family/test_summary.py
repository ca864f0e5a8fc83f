"""Send the summary: one write and one receipt, however often and by any guardian. No missing, stale or late answers."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.rate_limits import SENDINGS_OF_FAMILY
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.dossiers.documents import ProvidedDocument, SavedBy
from chalicelib.domain.enrolment.answers import HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.enrolments import EnrolmentDecision, State
from chalicelib.domain.enrolment.submissions import MOST_RECEIPTS, record_decision
from chalicelib.domain.refusals import (
    FieldsRefused,
    PeriodClosed,
    ReceiptsUsedUp,
    SubmissionsSlowedDown,
    SummaryMoved,
    Unavailable,
)
from chalicelib.flows.family.reenrolment import EnrolmentContext, enter
from chalicelib.flows.family.summary import SubmissionResult, SummarySubmission, send, summary_version
from tests.support.answers import WHOLE
from tests.support.aws import When
from tests.support.enrolment import (
    ANSWERED,
    EVE_KEY,
    IN_JUNE,
    LAST_SECOND,
    LEO_KEY,
    PROMISED,
    ZELIE_KEY,
    answer_all,
    enrolment,
    open_season,
)
from tests.support.households import open_session
from tests.support.world import World

EVERYBODY = (ZELIE_KEY, LEO_KEY, EVE_KEY)


@pytest.fixture
def token(world: World) -> Token:
    made = open_session(world, open_season(world))
    answer_all(world)
    return made


def come(world: World, token: Token) -> EnrolmentContext:
    return enter(world.services, token, world.new_client(), world.now)


def submit(
    world: World, me: EnrolmentContext, keys: tuple[str, ...] = EVERYBODY, by: str = "1", shown: str | None = None
) -> SubmissionResult:
    sending = SummarySubmission(keys, by, summary_version(me) if shown is None else shown)
    return send(world.services, me, sending, world.client)


def states(world: World) -> dict[str, State]:
    return {each.key: each.state for each in enrolment(world).pupils}


def mailed(world: World) -> list[str]:
    world.deliver_patiently()
    return sorted(each.to for each in world.mails())


def test_everybody_is_sent_under_one_receipt_by_one_write(world: World, token: Token) -> None:
    world.aws.calls.clear()

    outcome = submit(world, come(world, token), by="2")

    assert world.aws.calls == ["GetItem", "BatchGetItem", "SendMessageBatch", "UpdateItem"]
    receipt = outcome.receipt
    assert enrolment(world).receipts == (receipt,)
    assert (receipt.by, receipt.at, receipt.household) == ("M. Côme Rossignol", IN_JUNE, WHOLE)
    assert receipt.pupils == tuple((each.key, each.name, each.answers) for each in ANSWERED)
    assert set(receipt.provided) == set(PROMISED)
    assert states(world) == {ZELIE_KEY: "submitted", LEO_KEY: "submitted", EVE_KEY: "leaving"}


def test_four_round_trips_where_the_session_is_to_be_marked_as_seen(world: World, token: Token) -> None:
    world.wait(timedelta(minutes=6))
    world.aws.calls.clear()

    submit(world, come(world, token))

    assert world.aws.calls == ["GetItem", "BatchGetItem", "UpdateItem", "SendMessageBatch", "UpdateItem"]


def test_the_receipt_is_mailed_to_every_address_on_file_once(world: World, token: Token) -> None:
    number = submit(world, come(world, token)).receipt.number

    assert mailed(world) == ["come@example.org", "rossignol@example.org"]
    assert all(number in each.subject and number in each.text for each in world.mails())


def test_pupils_are_sent_one_by_one(world: World, token: Token) -> None:
    first = submit(world, come(world, token), (EVE_KEY,))
    second = submit(world, come(world, token), (ZELIE_KEY, EVE_KEY))

    assert [key for key, _, _ in first.receipt.pupils] == [EVE_KEY]
    assert [key for key, _, _ in second.receipt.pupils] == [ZELIE_KEY]
    assert second.is_new
    assert states(world) == {ZELIE_KEY: "submitted", LEO_KEY: "draft", EVE_KEY: "leaving"}


def test_the_same_form_sent_again_finds_its_receipt_and_mails_nothing(world: World, token: Token) -> None:
    me = come(world, token)
    first = submit(world, me)
    shown = summary_version(me)
    world.aws.calls.clear()

    again = submit(world, come(world, token), by="2", shown=shown)

    assert (again.receipt, again.is_new) == (first.receipt, False)
    assert world.aws.calls == ["GetItem", "BatchGetItem"]
    assert len(mailed(world)) == 2


def test_two_clicks_that_both_read_before_either_wrote_give_one_receipt(world: World, token: Token) -> None:
    context, two = come(world, token), come(world, token)
    first = submit(world, context)

    second = submit(world, two, by="2")

    assert (second.receipt, second.is_new) == (first.receipt, False)
    assert second.enrolment == enrolment(world)
    assert len(mailed(world)) == 2, "the notice of the receipt that never was is dropped"


def test_two_guardians_at_once_have_one_receipt_and_both_see_whose(world: World, token: Token) -> None:
    for _ in range(5):
        before = enrolment(world)
        comers = [(come(world, token), by) for by in ("1", "2", "1", "2")]

        with ThreadPoolExecutor(4) as pool:
            outcomes = list(pool.map(lambda each: submit(world, each[0], by=each[1]), comers))

        assert len(enrolment(world).receipts) == 1
        assert {each.receipt for each in outcomes} == set(enrolment(world).receipts)
        assert [each.is_new for each in outcomes].count(True) == 1
        world.services.enrolments.change(enrolment(world), before)
    assert len(mailed(world)) <= 2 * 5


def test_two_guardians_who_send_different_pupils_at_once_both_do(world: World, token: Token) -> None:
    comers = [(come(world, token), (key,)) for key in EVERYBODY]

    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(lambda each: submit(world, each[0], each[1]), comers))

    assert all(each.is_new for each in outcomes)
    assert {each.number for each in enrolment(world).receipts} == {each.receipt.number for each in outcomes}
    assert states(world) == {ZELIE_KEY: "submitted", LEO_KEY: "submitted", EVE_KEY: "leaving"}


def other_payer(world: World) -> None:
    before = enrolment(world)
    changed = replace(before.household, payer="M. Côme Rossignol")
    world.services.enrolments.change(before, before.with_household(changed, SavedBy("M. Côme Rossignol", world.now)))


def other_remark(world: World) -> None:
    reenrolment = enrolment(world)
    file = reenrolment.file_of(ZELIE_KEY, "Zélie")
    answers = replace(file.answers or PupilAnswers(), remark="Plutôt le lundi.")
    saved = SavedBy("M. Côme Rossignol", world.now)
    world.services.enrolments.change(reenrolment, reenrolment.with_pupil(file.with_draft(answers, saved), world.now))


def promise_kept(world: World) -> None:
    reenrolment = enrolment(world)
    sent = ProvidedDocument("quotient-familial", "foyer", SavedBy("M. Côme Rossignol", world.now), "documents/x")
    world.services.enrolments.change(reenrolment, reenrolment.with_document(sent))


@pytest.mark.parametrize("change", [other_payer, other_remark, promise_kept])
def test_what_changed_since_it_was_shown_is_not_sent(
    world: World, token: Token, change: Callable[[World], None]
) -> None:
    early, late = come(world, token), come(world, token)
    world.wait(timedelta(minutes=1))
    change(world)

    with pytest.raises(SummaryMoved) as at_once:
        submit(world, come(world, token), shown=summary_version(early))
    with pytest.raises(SummaryMoved) as in_a_race:
        submit(world, late)

    assert at_once.value.enrolment == in_a_race.value.enrolment == enrolment(world)
    assert enrolment(world).receipts == ()
    assert mailed(world) == []
    assert submit(world, come(world, token)).is_new


def test_what_was_sent_and_changed_meanwhile_is_not_taken_for_what_was_shown(world: World, token: Token) -> None:
    me = come(world, token)
    other_remark(world)
    submit(world, come(world, token))

    with pytest.raises(SummaryMoved):
        submit(world, come(world, token), shown=summary_version(me))

    assert len(enrolment(world).receipts) == 1


def test_answers_changed_after_the_sending_are_sent_under_a_new_receipt(world: World, token: Token) -> None:
    first = submit(world, come(world, token))
    world.wait(timedelta(minutes=1))
    other_remark(world)
    assert states(world)[ZELIE_KEY] == "changed"

    second = submit(world, come(world, token))

    assert [key for key, _, _ in second.receipt.pupils] == [ZELIE_KEY]
    assert enrolment(world).receipts == (first.receipt, second.receipt)


def test_what_the_office_sent_back_is_sent_again_even_as_it_was(world: World, token: Token) -> None:
    submit(world, come(world, token))
    before = enrolment(world)
    asked = record_decision(before, ZELIE_KEY, EnrolmentDecision("to_complete", "Mme Houx", world.now, "Quel jour ?"))
    assert asked
    world.services.enrolments.change(before, asked)

    again = submit(world, come(world, token), (ZELIE_KEY,))

    assert again.is_new
    assert states(world)[ZELIE_KEY] == "submitted"


@pytest.mark.parametrize(
    ("given", "keys", "fields"),
    [
        pytest.param({}, (), {"eleves"}, id="nobody is ticked"),
        pytest.param({}, ("00000000",), {"eleves"}, id="nobody of this family"),
        pytest.param({"pupils": (replace(ANSWERED[0], draft=PupilAnswers()),)}, (ZELIE_KEY,), {"eleves"}, id="answers"),
        pytest.param({"household": HouseholdAnswers()}, (ZELIE_KEY,), {"foyer"}, id="the household's part"),
        pytest.param({"provided": PROMISED[:1]}, (ZELIE_KEY,), {"pieces"}, id="a document of the household"),
        pytest.param({"provided": PROMISED[1:]}, (LEO_KEY,), {"pieces"}, id="a document of the pupil"),
        pytest.param(
            {"provided": (), "household": HouseholdAnswers()}, EVERYBODY, {"foyer", "pieces"}, id="several things"
        ),
    ],
)
def test_what_lacks_is_told_and_nothing_is_sent(
    world: World, token: Token, given: dict[str, Any], keys: tuple[str, ...], fields: set[str]
) -> None:
    answer_all(world, **given)

    with pytest.raises(FieldsRefused) as refusal:
        submit(world, come(world, token), keys)

    assert set(refusal.value.fields) == fields
    assert enrolment(world).receipts == ()
    assert mailed(world) == []


@pytest.mark.parametrize(
    ("given", "key"),
    [
        pytest.param({"household": HouseholdAnswers(), "provided": ()}, EVE_KEY, id="of who leaves nothing is asked"),
        pytest.param({"provided": PROMISED[1:]}, ZELIE_KEY, id="another pupil's document does not hinder"),
    ],
)
def test_what_does_not_lack_for_these_pupils_hinders_nobody(
    world: World, token: Token, given: dict[str, Any], key: str
) -> None:
    answer_all(world, **given)

    assert submit(world, come(world, token), (key,)).is_new


def test_it_may_be_sent_until_the_last_second_and_the_draft_is_kept_after_it(world: World, token: Token) -> None:
    me = replace(come(world, token), now=LAST_SECOND)
    shown = summary_version(me)

    with pytest.raises(PeriodClosed):
        submit(world, replace(me, now=LAST_SECOND + timedelta(seconds=1)))
    assert (enrolment(world).receipts, states(world)[ZELIE_KEY]) == ((), "draft")
    submit(world, me)

    again = submit(world, replace(come(world, token), now=LAST_SECOND + timedelta(seconds=1)), shown=shown)
    assert not again.is_new, "who clicked twice at midnight sees the receipt"


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", ["SendMessageBatch", "UpdateItem"])
def test_a_fault_leaves_a_receipt_that_is_mailed_or_none_at_all(
    world: World, token: Token, call: str, when: When
) -> None:
    me = come(world, token)

    with world.aws.failing(call, when), pytest.raises(Unavailable):
        submit(world, me)

    is_written = (call, when) == ("UpdateItem", "after")
    assert len(enrolment(world).receipts) == (1 if is_written else 0)
    again = submit(world, come(world, token), shown=summary_version(me))
    assert again.is_new is not is_written
    assert len(enrolment(world).receipts) == 1
    assert mailed(world) == ["come@example.org", "rossignol@example.org"]


def corrected(world: World, number: int) -> None:
    """Change a pupil's remark, so that the pupil is sent again."""
    reenrolment = enrolment(world)
    file = reenrolment.file_of(ZELIE_KEY, "Zélie")
    answers = replace(file.answers or PupilAnswers(), remark=f"Plutôt après {number} h.")
    saved = SavedBy("M. Côme Rossignol", world.now)
    world.services.enrolments.change(reenrolment, reenrolment.with_pupil(file.with_draft(answers, saved), world.now))


def sent_again(world: World, account: Account, number: int) -> SubmissionResult:
    corrected(world, number)
    return submit(world, come(world, open_session(world, account)))


def test_three_pupils_sent_one_by_one_and_each_corrected_meet_no_pace(world: World, token: Token) -> None:
    for key in EVERYBODY:
        submit(world, come(world, token), (key,))
    for number in range(3):
        assert sent_again(world, world.account(), number).is_new


def test_sending_again_and_again_is_slowed_down_says_until_when_and_keeps_what_was_saved(
    world: World, token: Token
) -> None:
    submit(world, come(world, token))
    for number in range(SENDINGS_OF_FAMILY.free - 1):
        sent_again(world, world.account(), number)
    receipts, queued = enrolment(world).receipts, world.aws.queue_bodies()

    with pytest.raises(SubmissionsSlowedDown) as refusal:
        sent_again(world, world.account(), 21)

    assert refusal.value.until == IN_JUNE + SENDINGS_OF_FAMILY.waits[0]
    assert (enrolment(world).receipts, world.aws.queue_bodies()) == (receipts, queued)
    assert len(receipts) == SENDINGS_OF_FAMILY.free
    assert states(world)[ZELIE_KEY] == "changed"
    world.now = refusal.value.until
    assert submit(world, come(world, open_session(world, world.account()))).is_new


def test_whatever_the_pace_a_season_has_so_many_receipts(world: World, token: Token) -> None:
    submit(world, come(world, token))
    for number in range(1, MOST_RECEIPTS):
        world.wait(timedelta(hours=2))
        assert sent_again(world, world.account(), number).is_new
    world.wait(timedelta(days=2))

    with pytest.raises(ReceiptsUsedUp):
        sent_again(world, world.account(), 99)

    assert len(enrolment(world).receipts) == MOST_RECEIPTS == 20
    assert enrolment(world).file_of(ZELIE_KEY, "").answers != enrolment(world).receipts[-1].pupils[0][2]


def test_those_who_send_at_once_pass_neither_the_pace_nor_the_cap(world: World, token: Token) -> None:
    submit(world, come(world, token))
    for number in range(SENDINGS_OF_FAMILY.free - 2):
        sent_again(world, world.account(), number)
    corrected(world, 21)
    reenrolment = enrolment(world)
    returned = record_decision(reenrolment, LEO_KEY, EnrolmentDecision("to_complete", "Mme Houx", world.now, "Où ?"))
    assert returned
    world.services.enrolments.change(reenrolment, returned)
    comers = [(come(world, token), (key,)) for key in (ZELIE_KEY, LEO_KEY)]

    def attempt(comer: tuple[EnrolmentContext, tuple[str, ...]]) -> bool:
        try:
            return submit(world, comer[0], comer[1]).is_new
        except SubmissionsSlowedDown:
            return False

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, comers)) == [False, True]
    assert len(enrolment(world).receipts) == SENDINGS_OF_FAMILY.free


def test_the_last_receipt_s_form_sent_twice_finds_it_though_no_more_may_be_sent(world: World, token: Token) -> None:
    submit(world, come(world, token))
    for number in range(SENDINGS_OF_FAMILY.free - 2):
        sent_again(world, world.account(), number)
    corrected(world, 21)
    world.wait(timedelta(seconds=1))
    me = come(world, token)
    last = submit(world, me)

    again = submit(world, come(world, token), shown=summary_version(me))

    assert (again.receipt, again.is_new) == (last.receipt, False)


def test_a_family_without_an_address_has_its_receipt_on_the_page(world: World) -> None:
    token = open_session(world, open_season(world))
    account = world.account()
    world.database.write_together(world.services.accounts.put(replace(account, emails=())))
    answer_all(world)

    assert submit(world, come(world, token)).is_new
    assert mailed(world) == []


def test_neither_the_queue_nor_the_record_holds_a_name_a_date_or_an_address(world: World, token: Token) -> None:
    submit(world, come(world, token))
    queued = world.aws.queue_bodies()

    assert mailed(world)
    for word in ("Rossignol", "Zélie", "2015", "Hautbois", "Alto", "example.org", "17 h", "Merle", "06 99", "xen1"):
        assert word not in world.log.getvalue()
        assert word == "xen1" or word not in queued
