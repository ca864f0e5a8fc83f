"""A correction taken back within thirty seconds: the file is as before, nothing is mailed, and a later act stands."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest

from chalicelib import wiring
from chalicelib.domain.refusals import NotThere, Unavailable
from chalicelib.office.helpdesk.corrections import EMERGENCY, TELEPHONE, Correctable, NewValues, correct
from chalicelib.office.helpdesk.undo import CorrectionUndo, open_correction, seal_correction
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.office import OfficeServices
from tests.support.aws import When, faults_of
from tests.support.corrections import CASE, CORRECTIONS, settle_sent, take_back
from tests.support.desk_family import acts
from tests.support.two_logins import settle_family
from tests.support.world import ROSSIGNOL, World

NUMBER, OTHER_NUMBER = "06 99 00 30 03", "06 99 00 40 04"


def make(
    world: World, kind: Correctable, owner: str, *values: str, services: OfficeServices | None = None
) -> CorrectionUndo:
    services = services or world.services
    account = services.accounts.find(ROSSIGNOL)
    assert account
    new = NewValues(owner, values, kind.version_of(kind.find(services, account, world.now)))
    trace = correct(services, CASE, kind, new, world.now).trace
    assert trace
    return CorrectionUndo(ROSSIGNOL, kind, owner, trace.at, trace.decision, trace.old, trace.new)


def telephone(world: World, number: str = NUMBER) -> CorrectionUndo:
    return make(world, TELEPHONE, "2", number)


@CORRECTIONS
def test_a_correction_taken_back_leaves_what_was_before_and_no_mail(
    world: World, kind: Correctable, owner: str, values: tuple[str, ...]
) -> None:
    settle_sent(world)
    before = kind.find(world.services, world.account(), world.now)
    correction = make(world, kind, owner, *values)
    assert set(world.aws.delays()) == {35}
    text = seal_correction(world.services, correction)
    assert values[0] not in text

    world.wait(timedelta(seconds=29))
    for _ in range(2):
        take_back(world, open_correction(world.services, ROSSIGNOL, text))
    world.deliver_patiently()

    after = kind.find(world.services, world.account(), world.now)
    assert (kind.list(after), after.corrections) == (kind.list(before), before.corrections)
    assert after.household == before.household
    assert world.mails() == []
    assert [act for act, _ in acts(world)] == [kind.action, "correction_undone"]


def test_what_happened_since_stands_and_is_told(world: World) -> None:
    cases: tuple[tuple[Callable[[], object], str], ...] = (
        (lambda: telephone(world, OTHER_NUMBER), "correction_moved"),
        (lambda: make(world, TELEPHONE, "1", OTHER_NUMBER), "correction_moved"),
        (lambda: world.wait(timedelta(seconds=30)), "undo_late"),
    )
    settle_family(world)
    keep = world.aws.keep(world.resources)
    for happen, code in cases:
        keep()
        undo = telephone(world)
        happen()
        before = world.account()
        with pytest.raises(OfficeRefusal, match=code):
            take_back(world, undo)
        assert world.account() == before


@faults_of("BatchGetItem", "BatchWriteItem", "UpdateItem")
def test_whatever_call_fails_it_stands_or_is_undone_and_again_it_is(world: World, call: str, when: When) -> None:
    before = settle_family(world)
    undo = telephone(world)
    with world.aws.failing(call, when), suppress(Unavailable):
        take_back(world, undo)
    take_back(world, undo)
    assert (world.account().household, world.account().corrections) == (before.household, ())


def test_an_undo_and_a_colleague_s_correction_at_once_have_one_outcome(world: World) -> None:
    """A real race, each with its own connection: the other correction stands, or finds the file changed."""
    settle_family(world)
    fresh = world.aws.keep(world.resources)
    for _ in range(4):
        fresh()
        undo, together = telephone(world), Barrier(2)

        def act(is_undo: bool, undo: CorrectionUndo = undo, together: Barrier = together) -> str:
            rebuilt = wiring.build(world.services.settings, calls=1, patience=20)
            services = OfficeServices.over(replace(rebuilt, periods=world.services.periods))
            together.wait()
            try:
                if is_undo:
                    take_back(world, undo, services)
                else:
                    make(world, TELEPHONE, "2", OTHER_NUMBER, services=services)
            except OfficeRefusal as refusal:
                return refusal.code
            return "done"

        with ThreadPoolExecutor(2) as pool:
            codes = tuple(pool.map(act, [True, False]))

        number = world.account().household.guardians[1].telephone
        assert (*codes, number == OTHER_NUMBER) in {
            ("correction_moved", "done", True),
            ("done", "done", True),
            ("done", "correction_moved", False),
        }


def test_a_seal_is_its_family_s(world: World) -> None:
    settle_sent(world)
    text = seal_correction(world.services, make(world, EMERGENCY, "", "Mme Ida Pie", NUMBER))
    for ref, seal in ((replace(ROSSIGNOL, identifier="xen2"), text), (ROSSIGNOL, text[:-1]), (ROSSIGNOL, "")):
        with pytest.raises(NotThere):
            open_correction(world.services, ref, seal)
