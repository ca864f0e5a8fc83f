"""Results are taken by asking only: on return, after a notification, by the job, and never from a stranger's words."""

import json
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle, product
from typing import Any

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import Unavailable
from chalicelib.mail.jobs import NotConfirmedYet
from chalicelib.services.family import Services, Visit
from chalicelib.wings.billing.flows import enter as enter_bills
from chalicelib.wings.payment.domain.attempts import NOTICES, Attempt, PaymentRefused
from chalicelib.wings.payment.flows.pay import come_back, enter, take_notice
from chalicelib.wings.payment.flows.questions import work_on_question
from chalicelib.wings.payment.mail import PaymentQuestion
from chalicelib.wings.payment.services import PayFip
from tests.support.aws import Fault, When, faults_of
from tests.support.billing import TO_PAY, bill
from tests.support.households import open_session
from tests.support.payments import begin, bills, choose, pass_time, payments, states
from tests.support.staff import in_parallel
from tests.support.world import EMAIL, ROSSIGNOL, World
from tools.local.payfip import STATES, LocalPayFip

SITE = ROSSIGNOL.site


@pytest.fixture
def attempt(world: World, token: Token, standin: LocalPayFip) -> Attempt:
    assert not standin.operations
    return begin(world, token)


@pytest.fixture
def questions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """List the operations that the service is asked about."""
    operations: list[str] = []
    result = PayFip.result

    def keep(payfip: PayFip, operation: str) -> Any:
        operations.append(operation)
        return result(payfip, operation)

    monkeypatch.setattr(PayFip, "result", keep)
    return operations


def jobs(world: World, kind: str = "payment_question") -> list[dict[str, Any]]:
    waiting = map(json.loads, filter(None, world.aws.queue_bodies().splitlines()))
    return [job for job in waiting if job["kind"] == kind]


def notify(world: World, code: str, ref: AccountRef = ROSSIGNOL) -> None:
    take_notice(world.visit(), ref, code)


def events(world: World, name: str) -> list[dict[str, Any]]:
    return [event for event in world.events() if event["event"] == name]


# The job.


@pytest.mark.parametrize(
    "case",  # a button, minutes until the end, the end, and questions at most
    [
        *(("P", 3, "paid", 1), ("V", 3, "debited", 1), ("R", 3, "refused", 1), ("Z", 3, "refused", 1)),
        *(("A", 5, "abandoned", 2), ("A-P", 5, "paid", 2), ("sans-avis", 3, "paid", 1), ("P5", 33, "paid", 3)),
        *(("P5-toujours", 122, "unknown", 10), ("faux-avis", 122, "unknown", 10), ("", 18, "expired", 3)),
        *(("test", 3, "differs", 1), ("montant", 3, "differs", 1), ("maintenance", 33, "paid", 3)),
        ("lent", 18, "paid", 2),
    ],
    ids=lambda case: case[0] or "unopened",
)
def test_each_state_has_its_end_by_itself(
    world: World, attempt: Attempt, standin: LocalPayFip, questions: list[str], case: tuple[str, int, str, int]
) -> None:
    choice, minutes, state, most_questions = case
    if choice:
        choose(standin, attempt, choice)
    pass_time(world, 2)
    pass_time(world, minutes - 2, step=1)

    assert states(world) == [state]
    assert 1 <= len(questions) <= most_questions
    pass_time(world, 20)
    assert (jobs(world), len(questions) <= most_questions) == ([], True), "its questions end"


def test_a_page_closed_before_the_bank_is_abandoned_after_the_night(
    world: World, attempt: Attempt, standin: LocalPayFip, questions: list[str]
) -> None:
    choose(standin, attempt, "P1")
    pass_time(world, 20 * 60, step=60)
    assert states(world) == ["open"]
    assert len(events(world, "payment_late")) > 3, "it is alarmed after three hours"
    pass_time(world, 2 * 60, step=60)

    assert (states(world), jobs(world)) == (["abandoned"], [])
    assert len(questions) <= 22


def test_a_question_is_posted_again_within_what_the_alarm_allows(world: World, attempt: Attempt) -> None:
    assert world.aws.delays() == [2]
    for minutes, delay in ((0, 120), (2, 540), (9, 360)):
        world.wait(timedelta(minutes=minutes))
        world.deliver()
        (job,) = jobs(world)
        assert (job["attempt"], world.aws.delays()) == (attempt.code, [delay])


def test_an_attempt_that_was_never_written_is_asked_about_for_two_minutes(world: World) -> None:
    job = PaymentQuestion(request="r", asked_at=world.now, site=SITE, identifier="xen1", attempt="x", due_at=world.now)

    with pytest.raises(NotConfirmedYet):
        work_on_question(world.services, job, world.now)
    work_on_question(world.services, job, world.now + timedelta(minutes=2))
    assert jobs(world) == []


@faults_of("GetItem", "SendMessageBatch", "UpdateItem")
def test_a_question_that_fails_comes_again(
    world: World, attempt: Attempt, standin: LocalPayFip, call: str, when: When
) -> None:
    choose(standin, attempt, "P5")
    with world.aws.failing(call, when, times=2):
        pass_time(world, 20, step=2)
    pass_time(world, 60)

    assert (states(world), jobs(world), bills(world).balance) == (["paid"], [], 0)
    assert [mail.to for mail in world.mails()] == [EMAIL]


@pytest.mark.parametrize("call", ["GetItem", "UpdateItem"])
def test_after_an_hour_without_the_tables_a_payment_ends_by_itself(
    world: World, attempt: Attempt, standin: LocalPayFip, call: str
) -> None:
    choose(standin, attempt, "P")
    with world.aws.failing(call, "before"):
        pass_time(world, 60, step=3)
    assert (states(world), len(jobs(world))) == (["open"], 1)
    assert events(world, "unavailable")
    pass_time(world, 16)

    assert (states(world), jobs(world), bills(world).balance) == (["paid"], [], 0)


def test_of_two_equal_jobs_one_goes_on(
    world: World, attempt: Attempt, standin: LocalPayFip, questions: list[str]
) -> None:
    """As the answer to a posted job may be lost, and it is posted again."""
    choose(standin, attempt, "P5-toujours")
    (facts,) = jobs(world)
    job = PaymentQuestion(**{**facts, **{name: datetime.fromisoformat(facts[name]) for name in ("asked_at", "due_at")}})
    world.services.post_box.post(job)
    pass_time(world, 2)

    assert (len(jobs(world)), len(questions)) == (1, 1)
    work_on_question(world.services, job, world.now)
    assert (len(jobs(world)), len(questions)) == (1, 1)


def take(world: World, code: str) -> None:
    assert world.aws.take_messages(code)


def refuse(world: World, code: str) -> None:
    """Have the queue take no job for a quarter of an hour: the question is a dead letter then, which rings."""
    with world.aws.failing("SendMessageBatch", "before"):
        pass_time(world, 16, step=2)
    assert states(world) == ["open"]
    take(world, code)


@pytest.mark.parametrize("case", list(product((take, refuse), (lambda visit, _: enter_bills(visit), enter))))
def test_a_question_that_the_queue_lost_is_posted_by_one_of_those_who_look(
    world: World,
    attempt: Attempt,
    standin: LocalPayFip,
    token: Token,
    case: tuple[Callable[[World, str], None], Callable[[Visit[Services], str], object]],
) -> None:
    lose, look = case
    choose(standin, attempt, "P")
    lose(world, attempt.code)
    pass_time(world, (attempt.started_at + timedelta(minutes=31) - world.now).total_seconds() / 60)
    world.aws.calls.clear()
    look(world.visit(token), attempt.code)
    assert "SendMessageBatch" not in world.aws.calls, "its time is not long past"
    world.wait(timedelta(minutes=1))
    for when in ("before", "after"):
        with world.aws.failing("SendMessageBatch", when):
            look(world.visit(token), attempt.code)
    in_parallel(4, lambda _: look(world.visit(token), attempt.code))
    pass_time(world, 1)

    assert (states(world), jobs(world), bills(world).balance) == (["paid"], [], 0)


def test_an_attempt_that_differs_is_recorded_and_mailed_to_nobody(
    world: World, attempt: Attempt, standin: LocalPayFip, token: Token
) -> None:
    choose(standin, attempt, "montant")
    come_back(world.visit(token), attempt.code)
    world.deliver()

    assert [event["why"] for event in events(world, "payment_differs")] == ["cents"]
    assert (world.mails(), bills(world).balance) == ([], TO_PAY.cents)
    with pytest.raises(PaymentRefused, match="differs"):
        begin(world, token)


# The return.


def test_a_return_asks_once_and_its_mail_is_posted_once(
    world: World, attempt: Attempt, standin: LocalPayFip, token: Token, questions: list[str]
) -> None:
    choose(standin, attempt, "P")
    for _ in range(3):
        come_back(world.visit(token), attempt.code)

    assert questions == [attempt.operation]
    (mail,) = jobs(world, "payment_received")
    assert EMAIL not in str(mail)
    pass_time(world, 30)
    (letter,) = world.mails()
    assert (letter.to, "2026-0020" in letter.text, "187,00 €" in letter.text) == (EMAIL, True, True)


def test_a_return_a_job_and_a_notification_at_once_are_one_payment(
    world: World, attempt: Attempt, standin: LocalPayFip, token: Token
) -> None:
    choose(standin, attempt, "deux-avis")
    acts = (
        lambda: come_back(world.visit(token), attempt.code),
        lambda: notify(world, attempt.code),
        lambda: notify(world, attempt.code),
    )
    in_parallel(6, lambda index: acts[index % 3]())
    pass_time(world, 10)

    assert (states(world), bills(world).balance) == (["paid"], 0)
    assert len(world.mails()) == 1


@faults_of("GetItem", "BatchGetItem", "SendMessageBatch", "UpdateItem")
def test_a_return_that_fails_loses_nothing(
    world: World, attempt: Attempt, standin: LocalPayFip, call: str, when: When
) -> None:
    choose(standin, attempt, "P")
    token = open_session(world, world.account())
    with world.aws.failing(call, when), suppress(Unavailable):
        come_back(world.visit(token), attempt.code)
    pass_time(world, 10)

    assert (states(world), bills(world).balance, len(world.mails())) == (["paid"], 0, 1)


# Notifications.


def test_a_forged_notification_causes_a_question_and_nothing_else(
    world: World, attempt: Attempt, standin: LocalPayFip, questions: list[str]
) -> None:
    notify(world, attempt.code)
    assert (states(world), payments(world).attempts[0].notices) == (["open"], 1)
    world.deliver()

    assert questions == [attempt.operation]
    assert (states(world), bills(world).balance, len(jobs(world))) == (["open"], TO_PAY.cents, 1)
    choose(standin, attempt, "P")
    notify(world, attempt.code)
    world.deliver()
    assert states(world) == ["paid"]


def test_an_unknown_notification_writes_and_posts_nothing(world: World, attempt: Attempt) -> None:
    before = world.aws.everything(world.resources)
    for code, ref in (("", ROSSIGNOL), ("x", ROSSIGNOL), (attempt.code, replace(ROSSIGNOL, identifier="xen2"))):
        notify(world, code, ref)

    assert (world.aws.everything(world.resources), len(jobs(world))) == (before, 1)


def test_two_equal_notifications_at_once_are_two(world: World, attempt: Attempt) -> None:
    with world.aws.interrupted("UpdateItem", lambda: notify(world, attempt.code)):
        notify(world, attempt.code)

    assert (payments(world).attempts[0].notices, len(jobs(world))) == (2, 3)


@pytest.mark.parametrize("count", [1, 8])
def test_a_flood_asks_five_times(world: World, attempt: Attempt, questions: list[str], count: int) -> None:
    def flood(_: int) -> None:
        for _ in range(40 // count):
            with suppress(Unavailable):  # of many at once
                notify(world, attempt.code)

    in_parallel(count, flood)
    assert payments(world).attempts[0].notices == NOTICES
    world.deliver()

    assert questions == [attempt.operation] * NOTICES


def test_a_notification_of_what_is_paid_asks_nothing(
    world: World, attempt: Attempt, standin: LocalPayFip, token: Token, questions: list[str]
) -> None:
    choose(standin, attempt, "P")
    come_back(world.visit(token), attempt.code)
    notify(world, attempt.code)
    pass_time(world, 10)

    assert len(questions) == 1


def test_an_end_that_was_paid_after_all_is_taken_from_a_later_notification(
    world: World, attempt: Attempt, standin: LocalPayFip
) -> None:
    operation = choose(standin, attempt, "A")
    pass_time(world, 6, step=2)
    assert states(world) == ["abandoned"]
    operation.answers[:] = ["P"]
    notify(world, attempt.code)
    world.deliver()

    assert (states(world), bills(world).balance) == (["paid"], 0)


# A whole network.


def test_two_hundred_families_at_once_pay_the_sum_that_the_service_received(
    world: World, standin: LocalPayFip, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each ninth call fails, before or after it took effect, and creations get lost."""
    account = world.settle()
    invoices = {
        replace(ROSSIGNOL, identifier=f"fam{number}"): replace(TO_PAY, number=f"F/{number}", cents=10_000 + number)
        for number in range(200)
    }
    for ref, invoice in invoices.items():
        world.database.write_together(world.services.accounts.put(replace(account, ref=ref)))
        bill(world, invoice, to=ref)
    failures: Counter[tuple[str, str]] = Counter()
    turns, choices, refs = cycle(range(1, 19)), cycle(STATES), list(invoices)

    def fail(name: str) -> Fault | None:
        if (turn := next(turns)) % 9 or name not in {"GetItem", "BatchGetItem", "UpdateItem", "SendMessageBatch"}:
            return None
        when: When = "before" if turn == 9 else "after"
        failures[name, when] += 1
        return Fault(name, when)

    def click_twice(first: int) -> None:
        for ref in refs[first::8]:
            token = open_session(world, replace(account, ref=ref))
            for _ in range(2):
                with suppress(Unavailable, PaymentRefused):
                    attempt = begin(world, token, invoices[ref])
                    if not standin.operations[attempt.operation].is_used:
                        choose(standin, attempt, next(choices))

    standin.create[:] = ["html", "lost", *[""] * 5] * 20
    for _ in range(2):
        with monkeypatch.context() as context:
            context.setattr(world.aws, "_fails", fail)
            in_parallel(8, click_twice)
            pass_time(world, 20, step=10)
    pass_time(world, 150, step=15)

    operations = [one for one in standin.operations.values() if one.answers in (["P"], ["V"])]
    sums = Counter({one.fields["refdet"]: int(one.fields["montant"]) for one in operations})
    receipts = [one for ref in refs for one in payments(world, ref).attempts if one.is_received]
    assert len(receipts) == len(operations) == len(sums) > 80, "none is paid twice"
    assert Counter({one.reference: one.cents for one in receipts}) == sums, "none is lost"
    balances = {ref: bills(world, ref).balance for ref in refs}
    assert sum(invoice.cents - balances[ref] for ref, invoice in invoices.items()) == sums.total()
    assert {name for name, _ in failures} == {"GetItem", "BatchGetItem", "UpdateItem", "SendMessageBatch"}
    assert {when for _, when in failures} == {"before", "after"}
