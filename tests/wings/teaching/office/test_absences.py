"""Absences: counted, and mailed once to each guardian separately, half an hour after the roll, if still marked."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from chalicelib.domain.family.households import Guardian, Household, PupilRef
from chalicelib.domain.refusals import Unavailable
from chalicelib.stores.notices import CLAIMED_FOR
from chalicelib.wings.teaching.mail import MAX_DELAY, AbsenceMail
from chalicelib.wings.teaching.office.absences import MAIL, finalise_absences
from tests.support.absences import (
    BASILES,
    DAY,
    HALF_AN_HOUR,
    MAILBOXES,
    REF,
    ZELIES,
    announce,
    begin,
    call,
    cancel,
    deliver,
    due,
)
from tests.support.aws import When
from tests.support.staff import in_parallel
from tests.support.teaching import MESANGE, SITE, ZELIE, ref_of, settle_pupil, stores
from tests.support.world import ROSSIGNOL, World

Act = Callable[[World], object]


def told(world: World) -> list[str]:
    return sorted(mail.to for mail in world.mails())


def counted(world: World, pupil: PupilRef = ZELIES) -> list[str]:
    return list(stores(world).absences.find(SITE, pupil).in_year(DAY).values())


def absence_mail(world: World, mailbox: str = MAILBOXES[1]) -> AbsenceMail:
    return AbsenceMail(
        request="request-1",
        asked_at=world.now,
        site=SITE,
        course=REF.course,
        day=DAY.isoformat(),
        identifier=ZELIES.identifier,
        pupil=ZELIES.key,
        mailbox=world.services.record.pseudonyms.of_mailbox(mailbox),
    )


def endings(world: World) -> list[str]:
    events = [event for event in world.events() if event["event"].startswith("absence_mail")]
    return [event.get("reason", "mailed") for event in events]


def test_each_guardian_is_told_separately_half_an_hour_later(world: World) -> None:
    begin(world)
    call(world, {ZELIES: "absent"})

    world.wait(HALF_AN_HOUR - timedelta(seconds=1))
    deliver(world)
    assert told(world) == []

    world.wait(timedelta(seconds=1))
    deliver(world)
    assert told(world) == MAILBOXES
    assert counted(world) == ["Violon"]
    assert "Mésange" not in world.mails()[0].text


def test_the_letter_says_who_missed_what_when_and_what_to_do_and_its_subject_no_name(world: World) -> None:
    begin(world)
    call(world, {ZELIES: "absent"})
    world.wait(HALF_AN_HOUR)
    deliver(world)

    mail = world.mails()[0]

    assert mail.subject == "Absence au cours du 4 novembre 2026 - Evry - Xénakis"
    for text in (
        "notée le 4 novembre 2026 à 14 h 35",
        "Élève : Zélie Rossignol",
        "Cours : Violon",
        "Jour : mercredi 4 novembre 2026",
        "Horaire habituel : mercredi 14 h 30 - 15 h 15",
        f"/extranet/compte/eleves/{ZELIES.key}",
        "appelez l'administration",
        "01 99 00 10 03",
    ):
        assert text in mail.text


@pytest.mark.parametrize("minutes", [30, 20, 15, 5])
def test_a_job_waits_as_long_as_sqs_lets_it_and_never_beyond_its_moment(world: World, minutes: int) -> None:
    job = due(world)

    finalise_absences(world.services, job, job.due_at - timedelta(minutes=minutes))

    assert world.aws.delays() == [min(MAX_DELAY, timedelta(minutes=minutes)).total_seconds()]


def present(world: World) -> None:
    call(world, {})


def late(world: World) -> None:
    call(world, {ZELIES: "late"})


def excused(world: World) -> None:
    call(world, {ZELIES: "excused"})


def announced(world: World) -> None:
    announce(world, ZELIES)


def erased(world: World) -> None:
    world.services.accounts.erase(world.account())


def gone(world: World) -> None:
    before = world.account()
    world.services.accounts.change(before, replace(before, gone_at=world.now))


def left_the_course(world: World) -> None:
    settle_pupil(world, ROSSIGNOL, replace(ZELIE, courses=ZELIE.courses[1:]))


@pytest.mark.parametrize("act", [present, late, excused, announced, cancel, erased, gone, left_the_course])
def test_nobody_is_told_nor_counted_for_an_absence_that_does_not_stand(world: World, act: Act) -> None:
    begin(world)
    call(world, {ZELIES: "absent"})
    world.wait(timedelta(minutes=29))
    act(world)

    world.wait(2 * HALF_AN_HOUR)
    deliver(world)

    assert (told(world), counted(world)) == ([], [])


@pytest.mark.parametrize("act", [present, late, excused, announced, cancel, erased, gone, left_the_course])
def test_a_mail_on_its_way_is_dropped_where_the_absence_stands_no_more(world: World, act: Act) -> None:
    begin(world)
    job = call(world, {ZELIES: "absent"})
    world.now = job.due_at
    finalise_absences(world.services, job, world.now)
    act(world)

    MAIL.send(world.services, absence_mail(world), world.now)

    assert told(world) == []
    assert endings(world) == ["not_so"]


def test_an_address_that_left_the_file_is_told_nothing(world: World) -> None:
    begin(world)
    call(world, {ZELIES: "absent"})

    MAIL.send(world.services, absence_mail(world, "ancienne@example.org"), world.now)

    assert (told(world), endings(world)) == ([], ["undeliverable"])


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_jobs_that_come_again_in_any_order_tell_each_address_once(world: World, order: Sequence[int]) -> None:
    begin(world)
    job = call(world, {ZELIES: "absent"})
    world.now = job.due_at
    acts: list[Act] = [
        lambda world: finalise_absences(world.services, job, world.now),
        lambda world: MAIL.send(world.services, absence_mail(world, MAILBOXES[0]), world.now),
        lambda world: MAIL.send(world.services, absence_mail(world, MAILBOXES[1]), world.now),
    ]

    for number in (*order, *order):
        acts[number](world)
    deliver(world)

    assert (told(world), counted(world)) == (MAILBOXES, ["Violon"])


def test_two_jobs_at_once_count_an_absence_once(world: World) -> None:
    begin(world)
    job = call(world, {ZELIES: "absent", BASILES: "absent"})

    in_parallel(3, lambda _: finalise_absences(world.services, job, job.due_at))

    assert (counted(world), counted(world, BASILES)) == (["Violon"], ["Violon"])


# The fifth change notes that a mail was sent: without it, the mail is sent again (`test_mailed_once`).
FAULTS = [
    (call, when, calls)
    for call, times in (("BatchGetItem", 3), ("GetItem", 4), ("UpdateItem", 4), ("SendMessageBatch", 1))
    for when in ("before", "after")
    for calls in range(times)
]


@pytest.mark.parametrize(("fails", "when", "spared"), FAULTS)
def test_a_worker_dead_anywhere_is_made_good_by_the_next(world: World, fails: str, when: When, spared: int) -> None:
    begin(world)
    call(world, {ZELIES: "absent", BASILES: "absent"})
    world.wait(HALF_AN_HOUR)

    with world.aws.failing(fails, when, skips=spared, times=1):
        deliver(world, 2)
    world.aws.come_again()
    world.wait(CLAIMED_FOR)
    deliver(world)

    assert told(world) == sorted([*MAILBOXES, f"{MESANGE.identifier}@example.org"])
    assert (counted(world), counted(world, BASILES)) == (["Violon"], ["Violon"])


def test_a_pupil_who_was_there_after_all_is_counted_no_more_and_told_no_second_time(world: World) -> None:
    begin(world)
    call(world, {ZELIES: "absent", BASILES: "absent"})
    world.wait(HALF_AN_HOUR)
    deliver(world)

    call(world, {BASILES: "absent"})
    world.wait(HALF_AN_HOUR)
    deliver(world)
    assert (counted(world), counted(world, BASILES)) == ([], ["Violon"])

    call(world, {ZELIES: "absent", BASILES: "absent"})
    world.wait(HALF_AN_HOUR)
    deliver(world)
    assert counted(world) == ["Violon"]
    assert len(told(world)) == 3


def test_an_absence_that_was_corrected_in_time_and_marked_again_has_half_an_hour_of_its_own(world: World) -> None:
    begin(world)
    first = call(world, {ZELIES: "absent"})
    world.wait(timedelta(minutes=5))
    call(world, {})
    world.wait(timedelta(minutes=5))
    call(world, {ZELIES: "absent"})

    finalise_absences(world.services, first, first.due_at)
    world.now = first.due_at
    deliver(world)
    assert told(world) == []

    world.wait(timedelta(minutes=10))
    deliver(world)
    assert told(world) == MAILBOXES


def test_a_guardian_reads_nothing_of_the_other_where_coordinates_are_separated(world: World) -> None:
    begin(world)
    guardians = (
        Guardian("Mme Rossignol", MAILBOXES[1], "06 99 00 10 01"),
        Guardian("M. Rossignol", MAILBOXES[0], "06 99 00 10 02", login="xen1r2"),
    )
    household = Household(guardians, ("3 allée des Tilleuls", "91000 Evry"), (ZELIE,))
    settle_pupil(world, ROSSIGNOL, ZELIE, emails=MAILBOXES, household=household, separated_at=world.now)
    call(world, {ZELIES: "absent"})
    world.wait(HALF_AN_HOUR)
    deliver(world)

    by_mailbox = {mail.to: mail.text + mail.html for mail in world.mails()}

    assert "Identifiant : XEN1 R2" in by_mailbox[MAILBOXES[0]]
    assert "Identifiant : xen1\n" in by_mailbox[MAILBOXES[1]]
    for text in by_mailbox.values():
        assert not [word for word in ("06 99", "Tilleuls", *MAILBOXES) if word in text]


def test_an_older_job_that_comes_late_takes_back_nothing_that_a_newer_one_counted(world: World) -> None:
    begin(world)
    older = call(world, {ZELIES: "absent"})
    world.wait(timedelta(minutes=5))
    call(world, {})
    world.wait(timedelta(minutes=5))
    newer = call(world, {ZELIES: "absent"})
    world.now = newer.due_at

    for job in (newer, older):
        finalise_absences(world.services, job, world.now)

    assert counted(world) == ["Violon"]


def test_a_roll_that_keeps_changing_is_counted_by_the_next_delivery(world: World) -> None:
    begin(world)
    job = call(world, {ZELIES: "absent"})

    with (
        world.aws.interrupted("GetItem", lambda: call(world, {ZELIES: "absent"}), times=100),
        pytest.raises(Unavailable),
    ):
        finalise_absences(world.services, job, job.due_at)
    finalise_absences(world.services, job, job.due_at)

    assert counted(world) == ["Violon"]


def test_two_pupils_of_a_family_who_miss_one_lesson_are_told_of_one_by_one(world: World) -> None:
    begin(world)
    sister = replace(ZELIE, name="Ariane Rossignol")
    settle_pupil(world, ROSSIGNOL, ZELIE, sister, emails=MAILBOXES)
    call(world, {ZELIES: "absent", ref_of(ROSSIGNOL, sister): "absent"})
    world.wait(HALF_AN_HOUR)
    deliver(world)

    assert told(world) == sorted(2 * MAILBOXES)
    assert sorted({re.findall("Élève : (.*)", mail.text)[0] for mail in world.mails()}) == [sister.name, ZELIE.name]


def test_of_a_family_without_an_address_the_record_says_that_nobody_was_told(world: World) -> None:
    begin(world)
    account = world.account()
    world.services.accounts.change(account, replace(account, emails=()))
    call(world, {ZELIES: "absent"})
    world.wait(HALF_AN_HOUR)
    deliver(world)

    assert (told(world), endings(world), counted(world)) == ([], ["no_address"], ["Violon"])
