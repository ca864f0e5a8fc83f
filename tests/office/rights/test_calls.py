"""The AWS calls of one family's export and erasure do not grow with the network."""

from collections import Counter
from dataclasses import replace

import pytest
from moto.dynamodb.models import table

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import Author, Erasure
from chalicelib.domain.family.households import Course, Household, Pupil
from chalicelib.domain.teaching.courses import PupilRef, course_key
from chalicelib.domain.teaching.rolls import RollRef
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.rights.erasure import erase
from chalicelib.office.rights.subject_access import export
from chalicelib.office.teaching.timetables import rebuild
from tests.support.households import open_session, settle_whole, traces
from tests.support.teaching import stores
from tests.support.world import ROSSIGNOL, World

SITE = ROSSIGNOL.site
PAGE = 5_000  # bytes: one family's data fits in a page, a site's does not


def settle_others(world: World, count: int) -> None:
    """Store other families of the site, each with a teacher, a session and a roll of its own."""
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
        stores(world).unexcused.counted.note(lesson, [absent])


def count_calls(world: World, others: int) -> tuple[Counter[str], Counter[str]]:
    """Count the calls of an export and of an erasure in a network with a number of other families."""
    world.aws.wipe(world.resources)
    account = settle_whole(world)
    world.services.accounts.revise(ROSSIGNOL, lambda found: replace(found, gone_at=None))
    settle_others(world, others)
    rebuild(world.services, (SITE,), world.now)
    world.aws.calls.clear()
    export(world.services, HelpdeskCase("xen1", None, Author("Mme Houx", "demande écrite")), world.now)
    copy = Counter(world.aws.calls)
    world.aws.calls.clear()
    erasure = Erasure.of((account.ref,), "Mme Houx", "asked", world.now)
    erase(world.services, account, erasure, lambda: None)
    counts = copy, Counter(world.aws.calls)
    assert traces(world, account) == ["Sorbier"]  # the teacher, whose timetable is empty
    return counts


def test_a_copy_and_an_erasure_make_as_many_calls_in_a_large_network(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "RESULT_SIZE_LIMIT", PAGE)

    small, large = count_calls(world, 2), count_calls(world, 40)

    assert small == large
    copy, erasure = large
    assert copy.total() <= 30
    assert erasure.total() <= 43
