"""More time for one family: mailed and traced, raced, refused for other days, and ended by itself."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.enrolment.periods import Periods, period_of
from chalicelib.domain.family.extensions import Extension
from chalicelib.domain.refusals import Unavailable
from chalicelib.office.enrolment.extend import extend, extension_version
from chalicelib.office.enrolment.purge_documents import due
from chalicelib.office.enrolment.reenrolments import is_open_for
from chalicelib.office.refusals import OfficeRefusal
from tests.support.aws import When, faults_of
from tests.support.desk_family import acts
from tests.support.enrolment import JUNE, LAST_SECOND, open_season
from tests.support.refusals import sentence_of
from tests.support.world import ROSSIGNOL, World

BY = "Basile Troglodyte <troglodyte@example.org>"
UNTIL = date(2027, 6, 18)


@pytest.fixture(autouse=True)
def _season(world: World) -> None:
    """Store the family, the day after its period."""
    open_season(world, LAST_SECOND + timedelta(days=1))


def allow(world: World, until: date = UNTIL, version: str = "", by: str = BY) -> bool:
    extension = Extension(until, "hospitalisation", by, world.now)
    return extend(world.services, ROSSIGNOL, extension, version or extension_version(world.account()))[1]


def last_day(world: World) -> date | None:
    period = period_of(world.account(), Periods(JUNE))
    return period.closes_on if period else None


def test_it_is_mailed_traced_and_ends_by_itself(world: World) -> None:
    assert [allow(world), allow(world)] == [True, False]

    world.deliver_patiently()
    mails = world.mails()
    assert {mail.to for mail in mails} == {"rossignol@example.org", "come@example.org"}
    assert len(mails) == len({mail.to for mail in mails})
    assert mails[0].subject.startswith("Réinscription 2027-2028 : délai jusqu'au 18 juin 2027")
    assert "la faire sur l'extranet, ou la corriger, jusqu'au 18 juin 2027 inclus" in mails[0].text
    assert "hospitalisation" not in mails[0].text + (mails[0].html or "")
    assert acts(world) == [("enrolment_extended", BY)]
    account = world.account()
    for seconds, is_open in ((0, True), (1, False)):
        end = LAST_SECOND + timedelta(days=3, seconds=seconds)
        assert is_open_for(world.services, account, end) == is_open, end
    assert not is_open_for(world.services, replace(account, disabled=True), world.now)


def test_other_days_are_refused_and_change_nothing(world: World) -> None:
    days = {"in the past": date(2027, 6, 14), "the closing day": JUNE.closes_on, "the next year": date(2028, 1, 1)}
    failures = []
    for name, until in days.items():
        with pytest.raises(OfficeRefusal, match="extension_day") as refusal:
            allow(world, until)
        if "15 juin 2027" not in sentence_of(refusal.value):
            failures.append(name)
    world.now = LAST_SECOND + timedelta(days=5)
    with pytest.raises(OfficeRefusal, match="extension_day"):
        allow(world)  # later than its period, but over
    assert failures == []
    for now, is_disabled in ((LAST_SECOND - timedelta(days=30), False), (world.now, True)):
        world.now = now
        world.settle(disabled=is_disabled)
        with pytest.raises(OfficeRefusal, match="extension_no_period"):
            allow(world)
    assert (world.account().extension, acts(world)) == (None, [])


def test_of_two_members_at_once_one_wins_and_the_other_reads_it(world: World) -> None:
    version = extension_version(world.account())

    def win() -> None:
        assert allow(world, UNTIL + timedelta(days=1), version, "Odile Fauvette <fauvette@example.org>")

    with world.aws.interrupted("UpdateItem", win), pytest.raises(OfficeRefusal, match="extension_moved") as refusal:
        allow(world, version=version)

    assert "jusqu'au 19 juin 2027, par Odile Fauvette" in sentence_of(refusal.value)
    assert last_day(world) == UNTIL + timedelta(days=1)
    world.deliver_patiently()
    assert {"19 juin" in mail.text for mail in world.mails()} == {True}
    assert allow(world)  # from the page as it is now


@faults_of("BatchGetItem", "BatchWriteItem", "PutItem", "SendMessageBatch", "UpdateItem")
def test_a_fault_leaves_all_or_nothing_and_the_same_form_ends_it(world: World, call: str, when: When) -> None:
    version = extension_version(world.account())

    with world.aws.failing(call, when):
        try:
            allow(world, version=version)
        except Unavailable:
            assert last_day(world) in {JUNE.closes_on, UNTIL}
    allow(world, version=version)

    assert last_day(world) == UNTIL
    assert {kind for kind, _ in acts(world)} == {"enrolment_extended"}
    world.deliver_patiently()
    assert len({mail.to for mail in world.mails()}) == 2


def test_documents_are_kept_while_a_family_has_time(world: World) -> None:
    allow(world)

    with pytest.raises(OfficeRefusal, match="documents_season_open"):
        due(world.services, "2027", world.now)
    due(world.services, "2027", LAST_SECOND + timedelta(days=4))
