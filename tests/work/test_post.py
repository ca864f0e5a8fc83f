"""The post: each kind of job gets its letter. A failed job is recorded and returns to the queue."""

from dataclasses import replace
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from chalicelib.domain.account.coordinates import record_corrections, record_freeze
from chalicelib.domain.family.corrections import Actor
from chalicelib.domain.refusals import Unavailable
from chalicelib.mail.admission_jobs import AdmissionJob
from chalicelib.mail.jobs import (
    AccessFrozen,
    EmailChanged,
    EmailCode,
    Job,
    LostIdentifier,
    LostPassword,
    NotConfirmedYet,
    PasswordChanged,
)
from chalicelib.mail.lesson_jobs import LessonJob
from chalicelib.mail.staff_jobs import StaffJob
from chalicelib.work.post import WRITERS, post
from tests.support.campaigns import announce, begin, job, settle
from tests.support.email_change import NEW, enter, name_of, send_form
from tests.support.enrolment_jobs import decision_job, receipt_job, send
from tests.support.function_policy import beyond_the_policy
from tests.support.world import EMAIL, ROSSIGNOL, World


def event(*bodies: str) -> dict[str, Any]:
    return {"Records": [{"body": body, "receiptHandle": "r"} for body in bodies]}


def lost(world: World) -> Job:
    mailbox = world.services.record.pseudonyms.of_mailbox(EMAIL)
    return LostPassword(request="request-1", asked_at=world.now, identifier=ROSSIGNOL.identifier, mailbox=mailbox)


def nameless(world: World) -> Job:
    mailbox = world.services.record.pseudonyms.of_mailbox(EMAIL)
    return LostIdentifier(request="request-1", asked_at=world.now, mailbox=mailbox)


def changed(world: World, stamp: str) -> Job:
    mailbox = world.services.record.pseudonyms.of_mailbox(EMAIL)
    return PasswordChanged(
        request="request-1",
        asked_at=world.now,
        site=ROSSIGNOL.site,
        identifier=ROSSIGNOL.identifier,
        mailbox=mailbox,
        stamp=stamp,
    )


def code(world: World) -> Job:
    return EmailCode(
        request="request-1",
        asked_at=world.now,
        site=ROSSIGNOL.site,
        identifier=ROSSIGNOL.identifier,
        name=name_of(world),
    )


def readdressed(world: World) -> Job:
    before = world.account()
    after = record_corrections(before, replace(before, emails=(NEW,)), Actor("family", "Aimée"), world.now)
    world.services.accounts.change(before, after)
    return EmailChanged(
        request="request-1",
        asked_at=world.now,
        site=ROSSIGNOL.site,
        identifier=ROSSIGNOL.identifier,
        mailbox=world.services.record.pseudonyms.of_mailbox(EMAIL),
        decision=after.access_corrections[-1].decision,
    )


def frozen(world: World) -> Job:
    before = world.account()
    after = record_freeze(before, replace(before, password=None, stamp="s"), Actor("family"), world.now, "decision")
    world.services.accounts.change(before, after)
    return AccessFrozen(
        request="request-1",
        asked_at=world.now,
        site=ROSSIGNOL.site,
        identifier=ROSSIGNOL.identifier,
        decision="decision",
    )


def test_there_is_a_writer_for_each_kind_of_job() -> None:
    others = {*get_args(AdmissionJob), *(get_args(StaffJob) or (StaffJob,)), *get_args(LessonJob)}

    assert set(WRITERS) == {*get_args(Job), *others}


def test_each_kind_of_job_gets_its_letter(world: World) -> None:
    account = world.settle()
    announce(world)
    begin(world)

    post(event(lost(world).to_json()), None)
    world.services.accounts.enter_mailboxes(account)
    post(event(nameless(world).to_json()), None)
    post(event(changed(world, account.stamp).to_json()), None)
    post(event(job(world, account).to_json()), None)
    send(world)
    post(event(receipt_job(world).to_json()), None)
    post(event(decision_job(world).to_json()), None)
    send_form(world, enter(world), "ajouter", NEW)
    post(event(code(world).to_json()), None)
    post(event(readdressed(world).to_json()), None)
    post(event(frozen(world).to_json()), None)

    subjects = [mail.subject for mail in world.mails()]
    assert subjects == [
        "Votre mot de passe pour l'extranet - Evry - Xénakis",
        "Votre identifiant pour l'extranet - Evry - Xénakis",
        "Votre mot de passe a été modifié - Evry - Xénakis",
        "Réinscription 2026-2027, du 10 septembre 2026 au 30 septembre 2026 : votre identifiant - Evry - Xénakis",
        "Réinscription 2027-2028 : vos réponses sont envoyées, reçu R27-AAAA-BBBB - Evry - Xénakis",
        "Réinscription 2027-2028 à compléter - Evry - Xénakis",
        "Votre code pour confirmer cette adresse e-mail - Evry - Xénakis",
        "Votre adresse e-mail a été changée - Evry - Xénakis",
        "Votre compte est protégé : voici un nouveau mot de passe - Evry - Xénakis",
    ]


def test_a_failure_goes_back_to_the_queue_and_is_told(world: World) -> None:
    world.settle()

    with world.aws.failing("SendEmail", "before"), pytest.raises(Unavailable):
        post(event(lost(world).to_json()), None)

    assert [(e["event"], e["what"]) for e in world.events()] == [("unavailable", "ses InternalServerError")]


def test_a_notice_too_early_goes_back_to_the_queue(world: World) -> None:
    world.settle()

    with pytest.raises(NotConfirmedYet):
        post(event(changed(world, "another stamp").to_json()), None)


@pytest.mark.parametrize("body", ["", "{}", '{"kind": "unknown"}', "not JSON"])
def test_a_job_of_no_kind_goes_back_too_and_ends_among_the_dead_letters(world: World, body: str) -> None:
    with pytest.raises(ValidationError):
        post(event(body), None)

    assert world.mails() == []


def test_it_asks_the_tables_for_nothing_that_its_policy_does_not_allow(world: World) -> None:
    announce(world)
    begin(world)
    taken = settle(world, 2, email="nid@example.org")
    (never,) = settle(world, 1, site="evry-magnard", email="é{}@example.org")
    (refused,) = settle(world, 1, site="bondoufle-gounod")
    world.settle()
    send(world)
    jobs = (
        lost(world),
        job(world, *taken),
        job(world, never),
        receipt_job(world),
        decision_job(world),
        frozen(world),
    )
    before = len(world.aws.table_requests)

    post(event(*(each.to_json() for each in jobs)), None)
    with world.aws.failing("SendEmail", "before", error=(400, "MessageRejected")), pytest.raises(Unavailable):
        post(event(job(world, refused).to_json()), None)
    with world.aws.failing("SendEmail", "before"):
        post(event(job(world, refused).to_json()), None)

    assert beyond_the_policy("post", world.aws.table_requests[before:], world.resources) == set()
