"""The right of access: all stored data of one account, in every table, and none of other persons."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from moto.dynamodb.models import table

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import Author, Erasure
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.family.households import Course, Household, Pupil, PupilRef
from chalicelib.domain.refusals import Unavailable
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.parts import RightsPart
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.rights.erasure import erase
from chalicelib.office.rights.subject_access import export
from chalicelib.settings.wings import parts
from chalicelib.stores.attempts import AttemptTimes
from chalicelib.wings.billing.domain.bills import Bills
from chalicelib.wings.teaching.domain.courses import course_key
from chalicelib.wings.teaching.domain.rolls import RollRef
from chalicelib.wings.teaching.office.timetables import rebuild
from tests.support.aws import faults_of
from tests.support.households import LORIOT, MERLE, enrol, open_session, settle_whole, traces
from tests.support.teaching import stores
from tests.support.world import ROSSIGNOL, World

SITE = ROSSIGNOL.site
PAGE = 5_000  # bytes: one family's data fits in a page, a site's does not


def settle_others(world: World, count: int) -> None:
    """Store other families of the site, each with a teacher, a session and a roll of their own."""
    for number in range(count):
        course = Course("alto", teacher=f"M. Bruant {number}")
        pupils = Household(pupils=(Pupil("Tom Bruant", None, (course,)),))
        ref = AccountRef(SITE, f"nid{number}")
        world.settle(ref, name="Famille Bruant", emails=(f"nid{number}@example.org",), household=pupils)
        world.services.accounts.enter_all_mailboxes([world.account(ref)])
        open_session(world, world.account(ref))
        lesson, absent = RollRef(SITE, course_key(course), world.now.date()), PupilRef(ref.identifier, "12345678")
        roll = stores(world).rolls.find(lesson)
        stores(world).rolls.change(roll, roll.save({absent: "absent"}, "M. Bruant", world.now))
        stores(world).absences.counted.note(lesson, [absent])


def count_calls(world: World, count: int) -> tuple[Counter[str], Counter[str]]:
    """Count the calls of an export and of an erasure in a network with a number of other families."""
    world.aws.wipe(world.resources)
    account = settle_whole(world)
    world.services.accounts.revise(ROSSIGNOL, lambda found: replace(found, gone_at=None))
    settle_others(world, count)
    rebuild(world.services, (SITE,), world.now)
    world.aws.calls.clear()
    export(world.services, HelpdeskCase("xen1", None, Author("Mme Houx", "demande écrite")), world.now)
    copy = Counter(world.aws.calls)
    world.aws.calls.clear()
    erase(world.services, account, Erasure.of((account.ref,), "Mme Houx", "asked", world.now), lambda: None)
    counts = copy, Counter(world.aws.calls)
    assert traces(world, account) == ["Sorbier"]  # the teacher, whose timetable is empty
    return counts


@pytest.mark.wing("teaching")
def test_copy_and_erasure_make_no_more_calls_in_a_large_network(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "RESULT_SIZE_LIMIT", PAGE)

    small, large = count_calls(world, 2), count_calls(world, 40)

    assert small == large
    copy, erasure = large
    assert copy.total() <= 29 + len(parts(RightsPart))
    assert erasure.total() <= 46 + sum(bool(part.keep) for part in parts(RightsPart))


ASKED = HelpdeskCase("XEN 1", None, Author("Mme Houx", "demande écrite"))


@pytest.mark.wing
def test_everything_that_the_tables_hold_is_read(world: World) -> None:
    account = settle_whole(world)

    data = export(world.services, ASKED, world.now)

    assert data.account == account
    assert [session.identifier for session in data.sessions] == [ROSSIGNOL.identifier]
    assert data.tries == (world.now - timedelta(hours=1), world.now)  # of a known browser, and of strangers
    assert sorted(act.kind for act in data.acts) == ["exported", "unlocked"]
    assert data.mentions == (MERLE,)
    assert [enrolment.ref for enrolment in data.enrolments] == [
        EnrolmentRef(ROSSIGNOL, "2025"),
        EnrolmentRef(ROSSIGNOL, "2026"),
    ]
    assert {file.key for file in data.uploads} == {
        key for key in world.aws.documents(world.resources) if key.startswith("documents/")
    }
    assert len(data.uploads) == 4
    assert [(one.ref.season, one.said.leaning) for one in data.opinions] == [("2025", "reserved"), ("2026", "reserved")]
    assert [invoice.number for bills in data.of(Bills) for invoice in bills.invoices] == ["2026-0020", "2026-0003"]


@pytest.mark.wing
def test_nothing_of_anybody_else_is_read(world: World) -> None:
    settle_whole(world)
    for ref in (MERLE, LORIOT):
        account = world.settle(ref, name="Famille Autre")
        open_session(world, account)
        enrol(world, account)

    data = export(world.services, ASKED, world.now)

    assert [session.account for session in data.sessions] == [ROSSIGNOL]
    assert {enrolment.ref.account for enrolment in data.enrolments} == {ROSSIGNOL}
    assert {opinion.ref.pupil.identifier for opinion in data.opinions} == {ROSSIGNOL.identifier}
    assert len(data.uploads) == 4


def test_an_account_with_nothing_has_nothing(world: World) -> None:
    world.settle()

    data = export(world.services, ASKED, world.now)

    assert (data.sessions, data.tries, data.mentions) == ((), (), ())
    assert (data.enrolments, data.uploads, data.opinions) == ((), (), ())


def test_the_export_itself_is_noted_with_who_and_why(world: World) -> None:
    world.settle()

    (act,) = export(world.services, ASKED, world.now).acts

    assert (act.kind, act.author) == ("exported", ASKED.author)


def test_an_export_that_nobody_signs_or_of_nobody_is_refused(world: World) -> None:
    world.settle()

    with pytest.raises(OfficeRefusal, match="author_missing"):
        export(world.services, HelpdeskCase("xen1", None, Author("Mme Houx", "")), world.now)
    with pytest.raises(OfficeRefusal, match="family_unknown"):
        export(world.services, HelpdeskCase("xen2", None, ASKED.author), world.now)


@faults_of("BatchGetItem", "BatchWriteItem", "Query", "GetItem")
def test_an_export_is_whole_or_not_at_all(world: World, call: str, when: Any) -> None:
    world.settle()

    with world.aws.failing(call, when, times=1), pytest.raises(Unavailable):
        export(world.services, ASKED, world.now)


def test_reading_changes_nothing(world: World) -> None:
    account = settle_whole(world)

    export(world.services, ASKED, world.now)

    assert world.account() == account
    assert world.database.read(world.services.attempts.lookup(AttemptTimes.on_account(ROSSIGNOL))).times == (world.now,)
