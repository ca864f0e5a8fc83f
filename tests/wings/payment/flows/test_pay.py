"""A bill paid online: with any fault, race or second click, a family pays once by our doing."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import NotThere, Unavailable
from chalicelib.wings.billing.domain.bills import Bills
from chalicelib.wings.billing.office.balances import billed_families, family_bills
from chalicelib.wings.billing.stores import Billing
from chalicelib.wings.payment.domain.attempts import PaymentRefused
from chalicelib.wings.payment.flows.pay import come_back, enter, identifier_from, part_of, pay
from chalicelib.wings.payment.services import PayFip
from tests.support.aws import When, faults_of
from tests.support.billing import PAID, TO_PAY, bill
from tests.support.households import open_session
from tests.support.payments import begin, bills, choose, pass_time, payments, states
from tests.support.staff import in_parallel
from tests.support.world import EMAIL, ROSSIGNOL, World
from tools.local.payfip import LocalPayFip

DEAR = replace(TO_PAY, number="2026-0021", cents=1_000_001)
CHEAP_BILL = replace(TO_PAY, number="2026-0022", cents=99)


def refusal(world: World, token: Token, code: str = TO_PAY.code) -> str:
    with pytest.raises(PaymentRefused) as error:
        pay(world.visit(token), code)
    return error.value.reason


# The order of the steps.


def test_an_attempt_is_written_and_its_question_posted_before_the_call(
    world: World, token: Token, standin: LocalPayFip, monkeypatch: pytest.MonkeyPatch
) -> None:
    before: list[Any] = []
    create = PayFip.create

    def look(payfip: PayFip, *args: Any) -> str:
        before.extend((states(world), "payment_question" in world.aws.queue_bodies(), len(standin.operations)))
        return create(payfip, *args)

    monkeypatch.setattr(PayFip, "create", look)
    attempt = begin(world, token)

    assert before == [["asked"], True, 0]
    (operation,) = standin.operations
    assert payments(world).attempts == (attempt,)
    assert (attempt.state, attempt.operation, attempt.cents, attempt.number) == ("open", operation, 18_700, "2026-0020")
    fields = standin.operations[operation].fields
    assert (fields["mel"], fields["montant"], fields["objet"]) == (
        EMAIL,
        "18700",
        "Facture 2026 0020 Cours du 2e trimestre",
    )
    base = "http://127.0.0.1:8000/extranet"
    assert fields["urlredirect"] == f"{base}/compte/facturation/paiement/{attempt.code}/retour"
    assert fields["urlnotif"] == f"{base}/compte/facturation/avis/evry-xenakis/{part_of('xen1')}/{attempt.code}"
    assert world.events()[-1]["event"] == "payment_begun"
    assert EMAIL not in world.log.getvalue()


def test_a_process_killed_between_the_call_and_its_answer_leaves_nothing_to_pay(
    world: World, token: Token, standin: LocalPayFip, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = PayFip.create

    def die(payfip: PayFip, *args: Any) -> str:
        create(payfip, *args)
        raise KeyboardInterrupt

    monkeypatch.setattr(PayFip, "create", die)
    with pytest.raises(KeyboardInterrupt):
        begin(world, token)
    monkeypatch.setattr(PayFip, "create", create)

    assert (states(world), len(standin.operations)) == (["asked"], 1)
    assert refusal(world, token) == "under_way"
    pass_time(world, 14)
    assert (states(world), refusal(world, token)) == (["asked"], "under_way")
    pass_time(world, 1)
    assert (states(world), refusal(world, token)) == (["expired"], "too_soon")
    pass_time(world, 5)
    again = begin(world, token)
    assert states(world) == ["expired", "open"]
    assert again.reference == payments(world).attempts[0].reference


@pytest.mark.parametrize("trap", ["html", "lost"])
def test_a_creation_without_its_answer_ends_at_once(
    world: World, token: Token, standin: LocalPayFip, trap: str
) -> None:
    standin.create.append(trap)

    assert refusal(world, token) == "unavailable"

    assert states(world) == ["expired"]
    assert refusal(world, token) == "too_soon"
    world.wait(timedelta(minutes=20))
    assert begin(world, token).may_open(world.now)


def test_a_refusal_of_the_service_ends_the_attempt_and_is_recorded(
    world: World, token: Token, standin: LocalPayFip, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.local.payfip.CONTRACT", "111111")

    assert refusal(world, token) == "unavailable"
    assert (world.events()[-1]["event"], world.events()[-1]["why"], standin.operations) == ("payment_ended", "T2", {})


# Refusals.


def test_a_bill_is_read_again_and_only_one_s_own(world: World, token: Token, standin: LocalPayFip) -> None:
    bill(world, PAID, DEAR, CHEAP_BILL)

    assert refusal(world, token, PAID.code) == "nothing_due"
    assert refusal(world, token, DEAR.code) == "too_large"
    assert refusal(world, token, CHEAP_BILL.code) == "too_small"
    for code in ("", "0" * 12, TO_PAY.number):
        with pytest.raises(NotThere):
            pay(world.visit(token), code)
    attempt = begin(world, token)
    stranger = open_session(world, world.settle(replace(ROSSIGNOL, identifier="xen2")))
    with pytest.raises(NotThere):
        pay(world.visit(stranger), TO_PAY.code)
    with pytest.raises(NotThere):
        enter(world.visit(stranger), attempt.code)
    with pytest.raises(NotThere):
        come_back(world.visit(stranger), attempt.code)
    assert len(standin.operations) == 1


@pytest.mark.parametrize("email", ["", "é@example.org", "a@b.f", f"{'a' * 70}@example.org"])
def test_a_family_without_an_address_that_the_service_takes_is_told_so(
    world: World, token: Token, standin: LocalPayFip, email: str
) -> None:
    before = world.account()
    world.services.accounts.change(before, replace(before, emails=(email,) if email else ()))

    assert refusal(world, token) == "without_email"
    assert (states(world), standin.operations) == ([], {})


# Twice.


def test_a_second_click_tab_or_guardian_goes_on_with_the_first(
    world: World, token: Token, standin: LocalPayFip
) -> None:
    first = begin(world, token)
    other_tab = open_session(world, world.account())

    assert (begin(world, token), begin(world, other_tab)) == (first, first)
    world.wait(timedelta(minutes=15))
    assert refusal(world, other_tab) == "under_way"
    assert (states(world), len(standin.operations)) == (["open"], 1)


def test_of_many_at_once_one_is_created(world: World, token: Token, standin: LocalPayFip) -> None:
    results = in_parallel(6, lambda _: begin(world, token))

    (attempt,) = payments(world).attempts
    assert list(standin.operations) == [attempt.operation]
    assert {str(result) for result in results if result != attempt} <= {str(PaymentRefused)}
    assert attempt in results


def test_a_payment_confirmed_during_a_second_click_is_counted(world: World, token: Token, standin: LocalPayFip) -> None:
    """The amount is decided again after a race: an abandoned attempt may still be paid."""
    attempt = begin(world, token)
    operation = choose(standin, attempt, "A")
    pass_time(world, 30)
    assert states(world) == ["abandoned"]
    operation.answers[:] = ["P"]

    with world.aws.interrupted("UpdateItem", lambda: come_and_ask(world, attempt.code)):
        assert refusal(world, token) == "nothing_due"

    assert (states(world), len(standin.operations)) == (["paid"], 1)


def come_and_ask(world: World, code: str) -> None:
    from chalicelib.wings.payment.flows.questions import ask  # noqa: PLC0415

    attempt = payments(world).by_code(code)
    assert attempt
    ask(world.services, ROSSIGNOL, attempt, world.now, "request-x")


def test_twenty_minutes_lie_between_two_attempts(world: World, token: Token, standin: LocalPayFip) -> None:
    choose(standin, begin(world, token), "R")
    pass_time(world, 19)

    assert (states(world), refusal(world, token)) == (["refused"], "too_soon")
    world.wait(timedelta(minutes=1))
    assert begin(world, token).state == "open"


# Faults.


@faults_of("1 GetItem", "2 GetItem", "1 BatchGetItem", "1 UpdateItem", "2 UpdateItem", "1 SendMessageBatch")
def test_after_any_fault_the_bill_is_paid_once(
    world: World, token: Token, standin: LocalPayFip, call: str, when: When
) -> None:
    number, name = call.split()
    with world.aws.failing(name, when, skips=int(number) - 1):
        for _ in range(2):  # the family clicks again
            with suppress(Unavailable, PaymentRefused):
                begin(world, token)
    pass_time(world, 25)  # if it did not leave
    open_attempts = [attempt for attempt in payments(world).attempts if attempt.state == "open"]
    attempt = open_attempts[0] if open_attempts else begin(world, token)
    choose(standin, attempt, "P")
    pass_time(world, 20)

    assert states(world).count("paid") == 1
    desk = family_bills(world.visit(), ROSSIGNOL)
    assert (desk and desk.bills.balance, _balance_of_site(world)) == (0, 0)
    assert set(states(world)) <= {"paid", "expired"}
    assert (bills(world).balance, refusal(world, token)) == (0, "nothing_due")
    world.deliver()
    assert [mail.to for mail in world.mails()] == [EMAIL]


def _balance_of_site(world: World) -> int:
    (sums,), _ = billed_families(world.services, [world.services.settings.network.sites[2]], None, world.now.date())
    return sums.balance


# A bill that the next list changes.


@pytest.mark.parametrize(("listed_cents", "cents_left"), [(20_000, 1_300), (18_700, 0), (10_000, -8_700)])
def test_a_bill_that_changed_during_a_payment_loses_nothing(
    world: World, token: Token, standin: LocalPayFip, listed_cents: int, cents_left: int
) -> None:
    attempt = begin(world, token)
    bill(world, replace(TO_PAY, cents=listed_cents))
    choose(standin, attempt, "P")
    come_back(world.visit(token), attempt.code)

    assert (states(world), bills(world).balance) == (["paid"], cents_left)
    world.wait(timedelta(minutes=20))
    if cents_left > 0:
        assert begin(world, token).cents == cents_left
    else:
        assert refusal(world, token) == "nothing_due"


def test_a_bill_that_is_gone_during_a_payment_keeps_its_payment(
    world: World, token: Token, standin: LocalPayFip
) -> None:
    attempt = begin(world, token)
    world.services.store(Billing).revise_at(ROSSIGNOL, lambda current: current.without(TO_PAY.number))
    choose(standin, attempt, "P")
    come_back(world.visit(token), attempt.code)

    assert states(world) == ["paid"]
    assert bills(world) == Bills(ROSSIGNOL)
    with pytest.raises(NotThere):
        pay(world.visit(token), TO_PAY.code)
    _, attempt_now = enter(world.visit(token), attempt.code)
    assert (attempt_now.number, attempt_now.cents, attempt_now.state) == ("2026-0020", 18_700, "paid")
    bill(world, TO_PAY)
    assert bills(world).balance == 0, "it comes back, and is still paid"


# Its address.


@pytest.mark.parametrize("identifier", ["xen1", "é/?&=+ 1", "x" * 64])
def test_an_identifier_is_a_part_of_an_address(identifier: str) -> None:
    assert identifier_from(part_of(identifier)) == identifier
    assert part_of(identifier).replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize("part", ["", "a", "é", "////", "_w", "=", "eA==eA"])
def test_a_part_that_is_no_identifier_is_of_no_family(part: str) -> None:
    assert identifier_from(part) in {"-", "x"}


def test_a_long_part_is_cut_for_the_tables() -> None:
    assert len(identifier_from(part_of("é" * 9000))) == 64


def test_the_question_of_an_attempt_names_no_person(world: World, token: Token, standin: LocalPayFip) -> None:
    begin(world, token)

    (body,) = map(json.loads, world.aws.queue_bodies().splitlines())
    assert set(body) == {"kind", "request", "asked_at", "site", "identifier", "attempt", "due_at", "once"}
    assert standin.operations
