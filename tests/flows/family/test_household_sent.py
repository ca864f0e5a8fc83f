"""A household corrected after it was sent is sent again: one write, one receipt, at every click, race and fault."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.dossiers.documents import FOYER, SavedBy
from chalicelib.domain.enrolment.answers import HouseholdAnswers
from chalicelib.domain.enrolment.enrolments import EnrolmentDecision
from chalicelib.domain.enrolment.submissions import record_decision
from chalicelib.domain.refusals import FieldsRefused, PeriodClosed, SummaryMoved, Unavailable
from chalicelib.flows.family.reenrolment import EnrolmentContext, enter
from chalicelib.flows.family.summary import SubmissionResult, SummarySubmission, send, summary_version
from chalicelib.office.enrolment import mails
from tests.support.answers import WHOLE
from tests.support.aws import When
from tests.support.enrolment import LAST_SECOND, LEO_KEY, ZELIE_KEY, enrolment, open_season
from tests.support.enrolment_jobs import receipt_job
from tests.support.households import open_session
from tests.support.receipts import NUMBER, send_enrolment
from tests.support.world import World

NEW_PAYER = replace(WHOLE, payer="M. Houx")
ALONE = (FOYER,)


@pytest.fixture
def token(world: World) -> Token:
    made = open_session(world, open_season(world))
    send_enrolment(world)
    correct(world)
    return made


def correct(world: World, household: HouseholdAnswers = NEW_PAYER) -> None:
    reenrolment = enrolment(world)
    saved = SavedBy("M. Côme Rossignol", world.wait(timedelta(minutes=1)))
    world.services.enrolments.change(reenrolment, replace(reenrolment, household=household, household_saved=saved))


def come(world: World, token: Token) -> EnrolmentContext:
    return enter(world.services, token, world.new_client(), world.now)


def submit(
    world: World, me: EnrolmentContext, keys: tuple[str, ...] = ALONE, by: str = "1", shown: str | None = None
) -> SubmissionResult:
    sending = SummarySubmission(keys, by, summary_version(me) if shown is None else shown)
    return send(world.services, me, sending, world.client)


def mailed(world: World) -> list[str]:
    world.deliver_patiently()
    return sorted(each.to for each in world.mails())


def test_it_is_sent_alone_by_one_write(world: World, token: Token) -> None:
    world.aws.calls.clear()

    outcome = submit(world, come(world, token))

    assert world.aws.calls == ["GetItem", "BatchGetItem", "SendMessageBatch", "UpdateItem"]
    assert outcome.is_new
    assert (outcome.receipt.pupils, outcome.receipt.household) == ((), NEW_PAYER)
    reenrolment = enrolment(world)
    assert reenrolment.receipts[-1] == outcome.receipt
    assert (reenrolment.household_state, reenrolment.sent_household) == ("submitted", NEW_PAYER)
    assert {each.sent.receipt for each in reenrolment.pupils if each.sent} == {NUMBER}
    assert mailed(world) == ["come@example.org", "rossignol@example.org"]


@pytest.mark.parametrize("keys", [ALONE, (), (ZELIE_KEY, LEO_KEY)])
def test_it_goes_whatever_was_ticked_beside_it(world: World, token: Token, keys: tuple[str, ...]) -> None:
    assert submit(world, come(world, token), keys).receipt.household == NEW_PAYER


def test_a_double_click_and_two_guardians_at_once_give_one_receipt(world: World, token: Token) -> None:
    for _ in range(5):
        before = enrolment(world)
        comers = [(come(world, token), by) for by in ("1", "2", "1", "2")]
        shown = summary_version(comers[0][0])

        with ThreadPoolExecutor(4) as pool:
            outcomes = list(pool.map(lambda each: submit(world, each[0], by=each[1]), comers))

        again = submit(world, come(world, token), by="2", shown=shown)
        assert len(enrolment(world).receipts) == 2
        assert {each.receipt.number for each in (*outcomes, again)} == {enrolment(world).receipts[-1].number}
        assert [each.is_new for each in (*outcomes, again)].count(True) == 1
        world.services.enrolments.change(enrolment(world), before)


def test_what_another_guardian_corrected_meanwhile_is_not_sent(world: World, token: Token) -> None:
    early, late = come(world, token), come(world, token)
    correct(world, replace(NEW_PAYER, emergency_name="Mme Merle"))

    with pytest.raises(SummaryMoved):
        submit(world, come(world, token), shown=summary_version(early))
    with pytest.raises(SummaryMoved):
        submit(world, late)

    assert len(enrolment(world).receipts) == 1
    assert mailed(world) == []


def test_put_back_meanwhile_there_is_nothing_to_send(world: World, token: Token) -> None:
    me = come(world, token)
    correct(world, WHOLE)

    with pytest.raises(SummaryMoved):
        submit(world, me)

    submission_result = submit(world, come(world, token))
    assert (submission_result.receipt.number, submission_result.is_new) == (NUMBER, False)
    assert mailed(world) == []


def test_an_unfinished_one_is_not_sent_and_is_said_to_lack_something(world: World, token: Token) -> None:
    correct(world, replace(WHOLE, payer=""))

    with pytest.raises(FieldsRefused) as refusal:
        submit(world, come(world, token))

    assert set(refusal.value.fields) == {"foyer"}
    assert enrolment(world).sent_household == WHOLE


def test_what_is_accepted_does_not_keep_the_household_from_being_corrected(world: World, token: Token) -> None:
    reenrolment = enrolment(world)
    after = reenrolment
    for key in (ZELIE_KEY, LEO_KEY):
        after = record_decision(after, key, EnrolmentDecision("accepted", "Mme Houx", world.now)) or after
    world.services.enrolments.change(reenrolment, after)

    outcome = submit(world, come(world, token))

    assert outcome.is_new
    assert [each.verdict for each in enrolment(world).pupils] == [each.verdict for each in after.pupils]


def test_no_paper_that_lacks_hinders_it(world: World, token: Token) -> None:
    reenrolment = enrolment(world)
    world.services.enrolments.change(reenrolment, replace(reenrolment, provided=()))

    assert submit(world, come(world, token)).is_new


def test_past_the_last_second_it_is_refused_and_what_was_sent_counts(world: World, token: Token) -> None:
    me = replace(come(world, token), now=LAST_SECOND + timedelta(seconds=1))

    with pytest.raises(PeriodClosed):
        submit(world, me)

    stored = enrolment(world)
    assert (stored.household, stored.sent_household, stored.household_state) == (NEW_PAYER, WHOLE, "changed")
    assert mailed(world) == []


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", ["SendMessageBatch", "UpdateItem"])
def test_a_fault_leaves_a_receipt_that_is_mailed_or_none_at_all(
    world: World, token: Token, call: str, when: When
) -> None:
    me = come(world, token)

    with world.aws.failing(call, when), pytest.raises(Unavailable):
        submit(world, me)

    is_written = (call, when) == ("UpdateItem", "after")
    assert len(enrolment(world).receipts) == (2 if is_written else 1)
    again = submit(world, come(world, token), shown=summary_version(me))
    assert again.is_new is not is_written
    assert len(enrolment(world).receipts) == 2
    assert mailed(world) == ["come@example.org", "rossignol@example.org"]


def test_a_second_delivery_of_its_mail_tells_the_same(world: World, token: Token) -> None:
    number = submit(world, come(world, token)).receipt.number
    job = replace(receipt_job(world), receipt=number)

    mails.send(world.services, job, world.now)
    correct(world, replace(NEW_PAYER, payer="Mme Merle"))
    mails.send(world.services, job, world.now)

    mail, two = world.mails()[-2:]
    assert mail.text == two.text
    assert "Payeur : M. Houx" in mail.text
