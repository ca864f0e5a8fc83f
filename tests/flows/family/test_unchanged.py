"""« Rien ne change »: one write sends the kept answers and the missing ones, once, by any guardian."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.account.coordinates import speakers
from chalicelib.domain.account.rate_limits import SENDINGS_OF_FAMILY
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.dossiers.documents import ProvidedDocument, SavedBy
from chalicelib.domain.enrolment.answers import CourseWish, HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile
from chalicelib.domain.enrolment.periods import PeriodClosed
from chalicelib.domain.enrolment.submissions import (
    HOUSEHOLD_QUESTIONS,
    PUPIL_QUESTIONS,
    TICKS,
    SubmissionsSlowedDown,
    questions,
    submit,
)
from chalicelib.domain.refusals import FieldsRefused, Unavailable
from chalicelib.flows.family.reenrolment import EnrolmentContext
from chalicelib.flows.family.summary import SubmissionResult, SummaryMoved
from chalicelib.flows.family.unchanged import (
    UnchangedForm,
    comparison_version,
    last_change,
    may_send_unchanged,
    propose,
    send_unchanged,
    unchanged_version,
)
from tests.support.answers import WHOLE
from tests.support.aws import When, faults_of
from tests.support.enrolment import (
    ANSWERED,
    HOUSEHOLD,
    IN_JUNE,
    LAST_SECOND,
    LEO_KEY,
    ZELIE,
    ZELIE_KEY,
    answer_all,
    enrolment,
    open_season,
)
from tests.support.enrolment_flows import EVERYBODY, OF_COME, come, decide, keep, mailed, send_before
from tests.support.households import change_household, open_session
from tests.support.unchanged import LAST_YEAR, sent_last_year
from tests.support.world import World

YES_OR_TEXT = {"yes_or_no": False, "line": "Mme Houx", "telephone": "06 99 00 10 03"}


def forget_last_year(world: World) -> None:
    world.services.enrolments.change(world.services.enrolments.find(LAST_YEAR), Enrolment(LAST_YEAR))


@pytest.fixture
def token(world: World) -> Token:
    session = open_session(world, open_season(world))
    sent_last_year(world)
    return session


def answered(me: EnrolmentContext, **more: Any) -> UnchangedForm:
    """Answer each question of the page with the value that it shows."""
    proposal = propose(me)
    questions_asked = questions(proposal.household, HOUSEHOLD_QUESTIONS) if proposal.somebody_stays else ()
    household = {field.attribute: YES_OR_TEXT[field.kind] for field in questions_asked}
    pupils = {
        file.key: {field.attribute: False for field in questions(file.answers or PupilAnswers(), PUPIL_QUESTIONS)}
        for file in proposal.along
    }
    ticks = dict.fromkeys((tick.attribute for tick in TICKS), True)
    form = UnchangedForm(tuple(pupils), household | ticks, pupils, "1", unchanged_version(me))
    return replace(form, **more)


def submit_unchanged(world: World, me: EnrolmentContext, **more: Any) -> SubmissionResult:
    return send_unchanged(world.visit(), me, answered(me, **more))


def test_everybody_is_sent_as_last_year_under_one_receipt_by_one_write(world: World, token: Token) -> None:
    document = ProvidedDocument("quotient-familial", "foyer", OF_COME, "documents/x")
    keep(world, enrolment(world).with_document(document))
    world.aws.calls.clear()

    receipt = submit_unchanged(world, come(world, token)).receipt

    assert world.aws.calls == ["GetItem", "BatchGetItem", "SendMessageBatch", "UpdateItem"]
    assert enrolment(world).receipts == (receipt,)
    assert (receipt.by, receipt.at) == ("Mme Aimée Rossignol", IN_JUNE)
    assert {key: answers.stays for key, _, answers in receipt.pupils} == dict.fromkeys(EVERYBODY, True)
    wishes = {key: answers.wishes for key, _, answers in receipt.pupils}
    assert wishes[ZELIE_KEY] == (CourseWish("Hautbois", "keep"), CourseWish("Formation musicale", "keep"))
    household = receipt.household
    assert (household.payer, household.emergency_name) == (WHOLE.payer, WHOLE.emergency_name)
    assert household.coordinates_exact
    assert household.rules_accepted
    promise = ProvidedDocument("certificat-danse", LEO_KEY, SavedBy(receipt.by, IN_JUNE))
    assert receipt.provided == enrolment(world).provided == (promise, document), "what lacks is promised on paper"
    assert mailed(world) == ["come@example.org", "rossignol@example.org"]


def test_sent_twice_it_has_its_first_receipt_and_mails_nothing(world: World, token: Token) -> None:
    me = come(world, token)
    form = answered(me)
    first = send_unchanged(world.visit(), me, form)
    world.aws.calls.clear()

    again = send_unchanged(world.visit(), come(world, token), form)
    result = send_unchanged(world.visit(), me, form)

    assert (again.receipt, again.is_new) == (result.receipt, result.is_new) == (first.receipt, False)
    assert world.aws.calls[:2] == ["GetItem", "BatchGetItem"]
    assert len(mailed(world)) == 2


@pytest.mark.parametrize("part", ["household", "pupils"])
def test_of_two_guardians_who_differ_at_once_one_is_sent_and_one_refused(world: World, token: Token, part: str) -> None:
    forget_last_year(world)
    comers = [come(world, token), come(world, token)]
    form = answered(comers[0])
    answers: dict[str, Any] = {
        "household": {**form.household, "emergency_name": "M. Orme"},
        "pupils": {key: {"image_rights": True} for key in form.pupils},
    }
    forms = [form, replace(form, by="2", **{part: answers[part]})]

    def attempt(number: int) -> bool:
        try:
            return send_unchanged(world.visit(), comers[number], forms[number]).is_new
        except SummaryMoved:
            return False

    for _ in range(3):
        before = enrolment(world)
        with ThreadPoolExecutor(2) as pool:
            outcomes = list(pool.map(attempt, (0, 1)))
        assert sorted(outcomes) == [False, True]
        [receipt] = enrolment(world).receipts
        assert receipt.by == speakers(world.account())[outcomes.index(True)]
        with pytest.raises(SummaryMoved):
            send_unchanged(world.visit(), come(world, token), forms[outcomes.index(False)])
        world.services.enrolments.change(enrolment(world), before)


def test_of_two_pages_that_keep_their_answers_at_once_one_is_sent_and_one_sees_both(world: World, token: Token) -> None:
    forget_last_year(world)
    me = come(world, token)
    opened = answered(me)
    submit_unchanged(world, me, household={**opened.household, "emergency_name": "M. Orme"})
    decided = decide(world, ZELIE_KEY, "accepted").pupil(ZELIE_KEY)

    for turn in range(3):
        now = come(world, token)
        households = ({**opened.household, "payer": f"{who} {turn}"} for who in ("Mme Houx", "M. Geai"))
        forms = [replace(opened, household=household, keeps="form", began=opened.version) for household in households]
        forms = [replace(form, version=comparison_version(now, form)) for form in forms]

        def keep_own(form: UnchangedForm, now: EnrolmentContext = now) -> bool:
            try:
                return send_unchanged(world.visit(), now, form).is_new
            except SummaryMoved:
                return False

        with ThreadPoolExecutor(2) as pool:
            outcomes = list(pool.map(keep_own, forms))

        assert sorted(outcomes) == [False, True]
        stored = enrolment(world)
        assert stored.household.payer == forms[outcomes.index(True)].household["payer"]
        assert (stored.sent_household, len(stored.receipts)) == (stored.household, turn + 2)
        assert stored.pupil(ZELIE_KEY) == decided, "what the office decided is kept"


def other_household(enrolment: Enrolment) -> Enrolment:
    return enrolment.with_household(HouseholdAnswers(payer="M. Orme"), OF_COME)


def one_leaves(enrolment: Enrolment) -> Enrolment:
    file = enrolment.file_of(ZELIE_KEY, ZELIE.name)
    return enrolment.with_pupil(file.with_draft(PupilAnswers(stays=False), OF_COME), IN_JUNE)


def one_leaves_and_is_sent(enrolment: Enrolment) -> Enrolment:
    after = one_leaves(enrolment)
    return submit(after, after.pupils, "R27-AAAA-CCCC", OF_COME)


def all_are_sent_and_one_leaves(enrolment: Enrolment) -> Enrolment:
    after = one_leaves(enrolment.with_household(WHOLE, OF_COME))
    for key, pupil in HOUSEHOLD.pupils_by_key.items():
        if key != ZELIE_KEY:
            wishes = tuple(CourseWish(course.discipline, "keep") for course in pupil.courses)
            answers = PupilAnswers(stays=True, wishes=wishes, image_rights=False)
            after = after.with_pupil(PupilFile(key, pupil.name, answers, OF_COME), IN_JUNE)
    return submit(after, after.pupils, "R27-AAAA-CCCC", OF_COME)


def document_comes(enrolment: Enrolment) -> Enrolment:
    return enrolment.with_document(ProvidedDocument("quotient-familial", "foyer", OF_COME, "documents/x"))


@pytest.mark.parametrize(
    "change", [other_household, one_leaves, one_leaves_and_is_sent, all_are_sent_and_one_leaves, document_comes]
)
def test_what_changed_once_shown_is_neither_sent_nor_written_over(world: World, token: Token, change: Any) -> None:
    me = come(world, token)
    form = answered(me)
    keep(world, change(enrolment(world)))
    now = enrolment(world)

    for comer in (come(world, token), me):
        with pytest.raises(SummaryMoved) as moved:
            send_unchanged(world.visit(), comer, form)
        assert moved.value.enrolment == now

    assert enrolment(world) == now
    assert last_change(come(world, token)) == OF_COME
    assert mailed(world) == []
    assert not propose(come(world, token)).along or submit_unchanged(world, come(world, token)).is_new


def test_each_question_without_an_answer_is_named_and_nothing_is_written(world: World, token: Token) -> None:
    forget_last_year(world)
    me = come(world, token)
    proposal = propose(me)

    with pytest.raises(FieldsRefused) as refusal:
        submit_unchanged(world, me, household={}, pupils={}, by="")

    assert refusal.value.fields.keys() == {
        *("accord", "par"),
        *(field.name for field in questions(proposal.household, HOUSEHOLD_QUESTIONS)),
        *(
            f"{field.name}-{file.key}"
            for file in proposal.along
            for field in questions(file.answers or PupilAnswers(), PUPIL_QUESTIONS)
        ),
    }
    assert "urgence_nom" in refusal.value.fields
    for keys in ((), ("00000000",)):
        with pytest.raises(FieldsRefused):
            submit_unchanged(world, me, keys=keys)
    assert enrolment(world) == Enrolment(me.enrolment.ref)
    household = submit_unchanged(world, me).receipt.household
    assert (household.payer, household.emergency_telephone) == ("Mme Houx", "06 99 00 10 03")


def test_what_is_decided_or_sent_already_stays_as_it_is(world: World, token: Token) -> None:
    of_an_older_version = replace(ANSWERED[0].draft or PupilAnswers(), image_rights=None)
    answer_all(world, pupils=(replace(ANSWERED[0], draft=of_an_older_version), *ANSWERED[1:]))
    reenrolment = enrolment(world)
    files = tuple(file for file in reenrolment.pupils if file.key != LEO_KEY)
    keep(world, submit(reenrolment, files, "R27-AAAA-CCCC", OF_COME))
    enrolment_after = decide(world, ZELIE_KEY, "accepted")

    me = come(world, token)
    receipt = submit_unchanged(world, me, keys=EVERYBODY, pupils={ZELIE_KEY: {}, LEO_KEY: {}}).receipt

    assert [key for key, _, _ in receipt.pupils] == [LEO_KEY]
    assert enrolment(world).pupil(ZELIE_KEY) == enrolment_after.pupil(ZELIE_KEY)


def test_where_those_who_are_left_leave_the_household_is_asked_nothing(world: World, token: Token) -> None:
    answer_all(world, household=HouseholdAnswers(), household_saved=None, provided=(), pupils=(ANSWERED[2],))
    change_household(world, pupils=HOUSEHOLD.pupils[2:])
    me = come(world, token)
    assert not propose(me).somebody_stays

    submit_unchanged(world, me, household={})

    assert (enrolment(world).household, enrolment(world).provided) == (HouseholdAnswers(), ())


def test_until_the_last_second_and_not_after_it(world: World, token: Token) -> None:
    me = replace(come(world, token), now=LAST_SECOND)
    late = replace(me, now=LAST_SECOND + timedelta(seconds=1))

    with pytest.raises(PeriodClosed):
        submit_unchanged(world, late)
    assert enrolment(world) == Enrolment(me.enrolment.ref)
    submit_unchanged(world, me)

    again = send_unchanged(world.visit(), replace(come(world, token), now=late.now), answered(me))
    assert not again.is_new, "who clicked twice at midnight sees the receipt"


def test_it_keeps_the_pace_of_every_sending(world: World, token: Token) -> None:
    send_before(world, SENDINGS_OF_FAMILY.free)

    with pytest.raises(SubmissionsSlowedDown):
        submit_unchanged(world, come(world, token))


@faults_of("GetItem", "BatchGetItem", "SendMessageBatch", "UpdateItem")
def test_a_fault_leaves_a_mailed_receipt_or_nothing_at_all(world: World, token: Token, call: str, when: When) -> None:
    form = answered(come(world, token))

    with world.aws.failing(call, when), pytest.raises(Unavailable):
        send_unchanged(world.visit(), come(world, token), form)

    is_written = (call, when) == ("UpdateItem", "after")
    assert len(enrolment(world).receipts) == (1 if is_written else 0)
    assert is_written or enrolment(world) == Enrolment(enrolment(world).ref)
    assert send_unchanged(world.visit(), come(world, token), form).is_new is not is_written
    assert len(enrolment(world).receipts) == 1
    assert mailed(world) == ["come@example.org", "rossignol@example.org"]


def test_the_short_way_is_shown_while_it_is_open_and_something_waits_that_it_sends(world: World, token: Token) -> None:
    me = come(world, token)
    assert may_send_unchanged(me)
    assert not may_send_unchanged(replace(me, now=LAST_SECOND + timedelta(seconds=1)))

    answer_all(world, pupils=ANSWERED[:1])
    assert may_send_unchanged(come(world, token)), "two pupils are not answered yet"
    answer_all(world, household=HouseholdAnswers())
    assert may_send_unchanged(come(world, token)), "the household is not"
    answer_all(world)
    assert not may_send_unchanged(come(world, token)), "all is answered: the summary sends it"
    submit_unchanged(world, come(world, token))
    assert not may_send_unchanged(come(world, token))
