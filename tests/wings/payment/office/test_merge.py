"""The payments of two accounts made one: all stay, and an answer to the identifier that stopped finds its attempt."""

import json
from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.wings.payment.domain.attempts import Attempt
from chalicelib.wings.payment.flows.pay import take_notice
from chalicelib.wings.payment.flows.questions import work_on_question
from chalicelib.wings.payment.mail import PaymentQuestion, PaymentReceived
from chalicelib.wings.payment.stores import PaymentStore
from tests.support.desk_work import deliver_all, read_job
from tests.support.mergers import STAYS, STOPS, begin, merge, settle_two
from tests.support.payments import payfip, payments
from tests.support.world import EMAIL, World
from tests.wings.payment.examples import OPEN, PAID
from tools.local.payfip import Operation


def keep(world: World, ref: AccountRef, *attempts: Attempt) -> None:
    world.services.store(PaymentStore).revise_at(ref, lambda found: replace(found, attempts=attempts))


def of_hours_ago(world: World, hours: int, attempt: Attempt = PAID) -> Attempt:
    at = world.now - timedelta(hours=hours)
    return replace(attempt, code=f"{hours:024x}", bill=f"b{hours}", started_at=at, email=EMAIL)


def question(world: World, code: str) -> PaymentQuestion:
    return PaymentQuestion(
        request="r", asked_at=world.now, site=STOPS.site, identifier=STOPS.identifier, attempt=code, due_at=world.now
    )


def _fields() -> dict[str, str]:
    fields = {"exer": "2026", "mel": EMAIL, "montant": "13200", "numcli": OPEN.contract, "objet": "Facture"}
    return fields | {"refdet": OPEN.reference, "saisie": OPEN.mode}


def test_the_attempts_of_both_are_kept_whole_oldest_first(world: World) -> None:
    settle_two(world)
    hours = {hour: of_hours_ago(world, hour) for hour in (1, 2, 3, 4)}
    keep(world, STOPS, hours[3], hours[1])
    keep(world, STAYS, hours[4], hours[2])

    job = merge(world)

    assert read_job(world, job).state == "done"
    assert payments(world, STAYS).attempts == (hours[4], hours[3], hours[2], hours[1])
    assert PAID.ended_at
    assert payments(world, STAYS).item["expires"] == int((PAID.ended_at + timedelta(days=3653)).timestamp())
    assert payments(world, STOPS).attempts == ()


def test_an_unfinished_attempt_is_asked_about_under_the_account_that_stays(world: World) -> None:
    settle_two(world)
    attempt = replace(of_hours_ago(world, 0, OPEN), started_at=world.now, next_question_at=world.now)
    keep(world, STOPS, attempt)
    with payfip(world) as service:
        service.operations[OPEN.operation] = Operation(_fields(), world.now, ["P"])
        world.services.post_box.post(question(world, attempt.code))
        merge(world)
        world.deliver_patiently()
        world.deliver()

    (after,) = payments(world, STAYS).attempts
    assert (after.state, payments(world, STOPS).attempts) == ("paid", ())
    assert [mail.to for mail in world.mails() if mail.subject.startswith("Paiement reçu")] == [EMAIL]


def test_the_last_question_is_noted_though_the_attempt_moves_while_the_service_answers(world: World) -> None:
    settle_two(world)
    attempt = replace(of_hours_ago(world, 0, OPEN), started_at=world.now, next_question_at=world.now)
    keep(world, STOPS, attempt)
    begin(world)

    def move() -> None:
        world.wait(timedelta(seconds=40))
        deliver_all(world)

    with payfip(world) as service, world.aws.interrupted("UpdateItem", move):
        service.operations[OPEN.operation] = Operation(_fields(), world.now, ["P"])
        work_on_question(world.services, replace(question(world, attempt.code), once=True), world.now)

    assert [one.state for one in payments(world, STAYS).attempts] == ["paid"]


def test_a_notification_to_the_identifier_that_stops_causes_a_question(world: World) -> None:
    settle_two(world)
    attempt = of_hours_ago(world, 1, replace(OPEN, state="refused"))
    keep(world, STOPS, attempt)
    merge(world)

    take_notice(world.visit(), STOPS, attempt.code)

    (after,) = payments(world, STAYS).attempts
    assert (after.notices, payments(world, STOPS).attempts) == (1, ())
    waiting = [json.loads(body) for body in world.aws.queue_bodies().splitlines() if body]
    assert [job["identifier"] for job in waiting if job["kind"] == "payment_question"] == ["nid9"]


def test_a_mail_that_waited_for_a_merge_is_sent(world: World) -> None:
    settle_two(world)
    attempt = of_hours_ago(world, 1)
    keep(world, STOPS, attempt)
    merge(world)
    world.deliver_patiently()
    before = len(world.mails())
    mailbox = world.services.record.pseudonyms.of_mailbox(EMAIL)
    mail = PaymentReceived(
        request="r",
        asked_at=world.now,
        site=STOPS.site,
        identifier=STOPS.identifier,
        attempt=attempt.code,
        mailbox=mailbox,
    )
    world.services.post_box.post(mail)
    world.deliver()

    assert [mail.to for mail in world.mails()[before:]] == [EMAIL]


def test_before_its_data_has_moved_an_attempt_is_found_where_it_is(world: World) -> None:
    settle_two(world)
    attempt = replace(of_hours_ago(world, 0, OPEN), started_at=world.now, next_question_at=world.now)
    keep(world, STOPS, attempt)
    begin(world)

    take_notice(world.visit(), STOPS, attempt.code)

    assert [one.notices for one in payments(world, STOPS).attempts] == [1]
