"""Send the summary: one write and one receipt, however often and by any guardian. No missing, stale or late answers."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.account.rate_limits import SENDINGS_OF_FAMILY
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.dossiers.documents import FOYER, ProvidedDocument
from chalicelib.domain.enrolment.answers import HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.enrolments import State
from chalicelib.domain.enrolment.periods import PeriodClosed
from chalicelib.domain.enrolment.submissions import MOST_RECEIPTS, ReceiptsUsedUp, SubmissionsSlowedDown
from chalicelib.domain.refusals import FieldsRefused, NotThere, Unavailable
from chalicelib.flows.family.summary import SummaryMoved, find, summary_version
from chalicelib.office.enrolment import mails
from tests.support.answers import WHOLE
from tests.support.aws import When, faults_of
from tests.support.enrolment import (
    ANSWERED,
    EVE_KEY,
    HOUSEHOLD,
    IN_JUNE,
    LAST_SECOND,
    LEO_KEY,
    PROMISED,
    ZELIE_KEY,
    answer_all,
    enrolment,
    open_season,
)
from tests.support.enrolment_flows import EVERYBODY, OF_COME, come, decide, keep, mailed, send_before, submit
from tests.support.enrolment_jobs import receipt_job
from tests.support.households import open_session
from tests.support.receipts import NUMBER, send_enrolment
from tests.support.staff import in_parallel
from tests.support.world import World


@pytest.fixture
def token(world: World) -> Token:
    session = open_session(world, open_season(world))
    answer_all(world)
    return session


def states(world: World) -> dict[str, State]:
    return {each.key: each.state for each in enrolment(world).pupils}


def test_everybody_is_sent_under_one_receipt_by_one_write(world: World, token: Token) -> None:
    world.aws.calls.clear()

    receipt = submit(world, come(world, token), by="2").receipt

    assert world.aws.calls == ["GetItem", "BatchGetItem", "SendMessageBatch", "UpdateItem"]
    assert enrolment(world).receipts == (receipt,)
    assert (receipt.by, receipt.at, receipt.household) == ("M. Côme Rossignol", IN_JUNE, WHOLE)
    assert receipt.pupils == tuple((each.key, each.name, each.answers) for each in ANSWERED)
    assert set(receipt.provided) == set(PROMISED)
    assert states(world) == {ZELIE_KEY: "submitted", LEO_KEY: "submitted", EVE_KEY: "leaving"}
    queue = world.aws.queue_bodies()
    assert mailed(world) == ["come@example.org", "rossignol@example.org"]
    assert all(receipt.number in each.subject and receipt.number in each.text for each in world.mails())
    for word in ("Rossignol", "Zélie", "2015", "Hautbois", "Alto", "example.org", "17 h", "Merle", "06 99", "xen1"):
        assert word not in world.log.getvalue()
        assert word == "xen1" or word not in queue


def test_the_same_form_sent_again_finds_its_receipt_and_mails_nothing(world: World, token: Token) -> None:
    me, late = come(world, token), come(world, token)
    first = submit(world, me)
    world.aws.calls.clear()

    again = submit(world, come(world, token), by="2", version=summary_version(me))

    assert world.aws.calls == ["GetItem", "BatchGetItem"]
    result = submit(world, late, by="2")  # it was read before the first was written
    assert (again.receipt, again.is_new) == (result.receipt, result.is_new) == (first.receipt, False)
    assert result.enrolment == enrolment(world)
    assert len(mailed(world)) == 2, "the notice of the receipt that never was is dropped"


@pytest.mark.parametrize("keys", [EVERYBODY, (FOYER,)], ids=["everybody", "the household"])
def test_two_guardians_at_once_have_one_receipt_and_see_it(world: World, token: Token, keys: tuple[str, ...]) -> None:
    if keys == (FOYER,):
        submit(world, come(world, token))
        correct(world)
    for _ in range(3):
        before = enrolment(world)
        comers = [(come(world, token), by) for by in ("1", "2", "1", "2")]

        with ThreadPoolExecutor(4) as pool:
            outcomes = list(pool.map(lambda each: submit(world, each[0], keys, by=each[1]), comers))

        assert len(enrolment(world).receipts) == len(before.receipts) + 1
        assert {each.receipt for each in outcomes} == {enrolment(world).receipts[-1]}
        assert [each.is_new for each in outcomes].count(True) == 1
        keep(world, before)


def test_two_guardians_who_send_different_pupils_at_once_both_do(world: World, token: Token) -> None:
    comers = [(come(world, token), (key,)) for key in EVERYBODY]

    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(lambda each: submit(world, each[0], each[1]), comers))

    assert all(each.is_new for each in outcomes)
    assert {each.number for each in enrolment(world).receipts} == {each.receipt.number for each in outcomes}
    assert states(world) == {ZELIE_KEY: "submitted", LEO_KEY: "submitted", EVE_KEY: "leaving"}


def other_remark(world: World, words: str = "Plutôt le lundi.") -> None:
    """Change a pupil's remark, so that the pupil is sent again."""
    reenrolment = enrolment(world)
    file = reenrolment.file_of(ZELIE_KEY, "Zélie")
    draft = file.with_draft(replace(file.answers or PupilAnswers(), remark=words), replace(OF_COME, at=world.now))
    keep(world, reenrolment.with_pupil(draft, world.now))


def promise_kept(world: World) -> None:
    document = ProvidedDocument("quotient-familial", "foyer", replace(OF_COME, at=world.now), "documents/x")
    keep(world, enrolment(world).with_document(document))


@pytest.mark.parametrize("change", [other_remark, promise_kept])
def test_what_changed_once_shown_is_not_sent(world: World, token: Token, change: Callable[[World], None]) -> None:
    early, late = come(world, token), come(world, token)
    world.wait(timedelta(minutes=1))
    change(world)

    with pytest.raises(SummaryMoved) as at_once:
        submit(world, come(world, token), version=summary_version(early))
    with pytest.raises(SummaryMoved) as in_a_race:
        submit(world, late)

    assert at_once.value.enrolment == in_a_race.value.enrolment == enrolment(world)
    assert enrolment(world).receipts == ()
    assert mailed(world) == []
    assert submit(world, come(world, token)).is_new


def test_answers_changed_after_sending_need_a_new_receipt_and_a_page_with_them(world: World, token: Token) -> None:
    before = come(world, token)
    first = submit(world, come(world, token))
    world.wait(timedelta(minutes=1))
    other_remark(world)
    assert states(world)[ZELIE_KEY] == "changed"

    second = submit(world, come(world, token))

    assert [key for key, _, _ in second.receipt.pupils] == [ZELIE_KEY]
    with pytest.raises(SummaryMoved):
        submit(world, come(world, token), version=summary_version(before))
    assert enrolment(world).receipts == (first.receipt, second.receipt)


@pytest.mark.parametrize(
    ("values", "keys", "fields"),
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
    world: World, token: Token, values: dict[str, Any], keys: tuple[str, ...], fields: set[str]
) -> None:
    answer_all(world, **values)

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
def test_what_others_lack_hinders_nobody(world: World, token: Token, given: dict[str, Any], key: str) -> None:
    answer_all(world, **given)

    assert submit(world, come(world, token), (key,)).is_new


def test_it_may_be_sent_until_the_last_second_and_the_draft_is_kept_after_it(world: World, token: Token) -> None:
    me = replace(come(world, token), now=LAST_SECOND)
    version = summary_version(me)

    with pytest.raises(PeriodClosed):
        submit(world, replace(me, now=LAST_SECOND + timedelta(seconds=1)))
    assert (enrolment(world).receipts, states(world)[ZELIE_KEY]) == ((), "draft")
    submit(world, me)

    again = submit(world, replace(come(world, token), now=LAST_SECOND + timedelta(seconds=1)), version=version)
    assert not again.is_new, "who clicked twice at midnight sees the receipt"


@faults_of("SendMessageBatch", "UpdateItem")
def test_a_fault_leaves_a_mailed_receipt_or_none_at_all(world: World, token: Token, call: str, when: When) -> None:
    me = come(world, token)

    with world.aws.failing(call, when), pytest.raises(Unavailable):
        submit(world, me)

    is_written = (call, when) == ("UpdateItem", "after")
    assert len(enrolment(world).receipts) == (1 if is_written else 0)
    assert submit(world, come(world, token), version=summary_version(me)).is_new is not is_written
    assert len(enrolment(world).receipts) == 1
    assert mailed(world) == ["come@example.org", "rossignol@example.org"]


def test_sending_again_and_again_is_slowed_down_and_keeps_what_was_saved(world: World, token: Token) -> None:
    send_before(world, SENDINGS_OF_FAMILY.free)
    before = enrolment(world)

    with pytest.raises(SubmissionsSlowedDown) as refusal:
        submit(world, come(world, token))

    assert refusal.value.until == before.receipts[-1].at + SENDINGS_OF_FAMILY.waits[0]
    assert (enrolment(world), world.aws.queue_bodies()) == (before, "")
    world.now = refusal.value.until
    assert submit(world, come(world, token)).is_new


@pytest.mark.usefixtures("token")
def test_whatever_the_pace_a_season_has_so_many_receipts(world: World) -> None:
    send_before(world, MOST_RECEIPTS - 1)
    world.wait(timedelta(days=2))
    token = open_session(world, world.account())
    me = come(world, token)

    last = submit(world, me)

    assert last.is_new
    again = submit(world, come(world, token), version=summary_version(me))
    assert (again.receipt, again.is_new) == (last.receipt, False), "its form sent twice finds it"
    other_remark(world)
    world.wait(timedelta(days=2))
    with pytest.raises(ReceiptsUsedUp):
        submit(world, come(world, open_session(world, world.account())))
    assert len(enrolment(world).receipts) == MOST_RECEIPTS == 20


def test_those_who_send_at_once_do_not_pass_the_pace(world: World, token: Token) -> None:
    send_before(world, SENDINGS_OF_FAMILY.free - 1)
    comers = [(come(world, token), (key,)) for key in (ZELIE_KEY, LEO_KEY)]

    results = in_parallel(2, lambda place: submit(world, *comers[place]).is_new)

    assert set(results) == {True, SubmissionsSlowedDown}
    assert len(enrolment(world).receipts) == SENDINGS_OF_FAMILY.free


# A household corrected after it was sent is sent again: one write, one receipt.


NEW_PAYER = replace(WHOLE, payer="M. Houx")


def correct(world: World, household: HouseholdAnswers = NEW_PAYER) -> None:
    author = replace(OF_COME, at=world.wait(timedelta(minutes=1)))
    keep(world, replace(enrolment(world), household=household, household_saved=author))


@pytest.fixture
def correction(world: World) -> Token:
    """Send everything, then correct the household."""
    token = open_session(world, open_season(world))
    send_enrolment(world)
    correct(world)
    return token


@pytest.mark.parametrize("keys", [(FOYER,), (), (ZELIE_KEY, LEO_KEY)])
def test_a_corrected_household_is_sent_alone_if_ticked(world: World, correction: Token, keys: tuple[str, ...]) -> None:
    world.aws.calls.clear()

    outcome = submit(world, come(world, correction), keys)

    assert world.aws.calls == ["GetItem", "BatchGetItem", "SendMessageBatch", "UpdateItem"]
    assert (outcome.is_new, outcome.receipt.pupils, outcome.receipt.household) == (True, (), NEW_PAYER)
    reenrolment = enrolment(world)
    assert reenrolment.receipts[-1] == outcome.receipt
    assert (reenrolment.household_state, reenrolment.sent_household) == ("submitted", NEW_PAYER)
    assert {each.sent.receipt for each in reenrolment.pupils if each.sent} == {NUMBER}
    assert mailed(world) == ["come@example.org", "rossignol@example.org"]


def test_a_corrected_household_that_changes_again_is_not_sent_unseen(world: World, correction: Token) -> None:
    early, late = come(world, correction), come(world, correction)
    correct(world, replace(NEW_PAYER, emergency_name="Mme Merle"))

    for me, version in ((come(world, correction), summary_version(early)), (late, None)):
        with pytest.raises(SummaryMoved):
            submit(world, me, (FOYER,), version=version)

    correct(world, replace(WHOLE, payer=""))
    with pytest.raises(FieldsRefused) as refusal:
        submit(world, come(world, correction), (FOYER,))
    assert set(refusal.value.fields) == {"foyer"}
    correct(world, WHOLE)
    put_back = submit(world, come(world, correction), (FOYER,))
    assert (put_back.receipt.number, put_back.is_new) == (NUMBER, False)
    assert mailed(world) == []


def test_no_decision_nor_missing_paper_keeps_a_household_from_being_corrected(world: World, correction: Token) -> None:
    for key in (ZELIE_KEY, LEO_KEY):
        after = decide(world, key, "accepted")
    keep(world, replace(after, provided=()))

    assert submit(world, come(world, correction), (FOYER,)).is_new
    assert [each.verdict for each in enrolment(world).pupils] == [each.verdict for each in after.pupils]


def test_a_second_delivery_of_the_mail_of_a_household_tells_the_same(world: World, correction: Token) -> None:
    job = replace(receipt_job(world), receipt=submit(world, come(world, correction), (FOYER,)).receipt.number)
    mails.MAIL.send(world.services, job, world.now)
    correct(world, replace(NEW_PAYER, payer="Mme Merle"))

    mails.MAIL.send(world.services, job, world.now)

    mail, two = world.mails()[-2:]
    assert mail.text == two.text
    assert "Payeur : M. Houx" in mail.text


# Find a receipt.


@pytest.fixture
def sender(world: World) -> Token:
    """Send everything."""
    token = open_session(world, open_season(world))
    send_enrolment(world)
    return token


def seek(world: World, sender: Token, number: str = NUMBER) -> list[str]:
    receipt = find(world.services, come(world, sender), number)
    return [receipt.receipt.number, *(each.name for each in receipt.files)]


def test_it_is_found_by_its_number_however_spelt_with_its_pupils_in_order(world: World, sender: Token) -> None:
    for typed in (NUMBER, "r27-k4tn-8wcb", "R27K4TN8WCB", "r27_k4tn_8wcb"):
        assert seek(world, sender, typed) == [NUMBER, *(each.name for each in HOUSEHOLD.pupils)]
    for typed in ("R27-AAAA-BBBB", "R26-K4TN-8WCB", "R27", "foyer"):
        with pytest.raises(NotThere):
            seek(world, sender, typed)
