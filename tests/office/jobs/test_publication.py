"""The static pages end with the current periods after the last job, under concurrent changes."""

from datetime import date, timedelta

import pytest

from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods, Publication
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.service_notice import ServiceNotice
from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.infra.dynamo.revise import RACES
from chalicelib.office.jobs.job_run import JobOutcome, JobRun
from chalicelib.office.jobs.publication import find_publication, publish
from chalicelib.presentation.public_pages import PERIOD_PAGES
from chalicelib.stores.service_notice import ServiceNoticeStore
from operations.pages.build import build
from tests.support.aws import When
from tests.support.world import World

JUNE = Periods(EnrolmentPeriod(date(2027, 6, 1), date(2027, 6, 15)))
JULY = Periods(EnrolmentPeriod(date(2027, 7, 1), date(2027, 7, 15)))


def turn_of(world: World) -> JobRun:
    return JobRun(world.services, DeskJob.ask("publish", "Mme Lyre", world.now), lambda: world.now, lambda: True)


def stored(world: World) -> dict[str, bytes]:
    bucket = world.aws.client("s3")
    name = world.services.settings.pages_bucket
    return {key: bucket.get_object(Bucket=name, Key=key)["Body"].read() for key in PERIOD_PAGES}


def as_deployed(world: World, periods: Periods, notice: ServiceNotice | None = None) -> dict[str, bytes]:
    objects = build(world.services.settings.network, periods, notice=notice)
    return {page.key: page.body for page in objects if page.key in PERIOD_PAGES}


def test_the_pages_are_those_that_a_deployment_stores(world: World) -> None:
    world.services.periods.write(Periods(), JUNE)

    ending = publish(turn_of(world))

    assert ending == JobOutcome("done", {"version": JUNE.version})
    assert stored(world) == as_deployed(world, JUNE)
    assert find_publication(world.services) == Publication(JUNE.version, world.now)


def test_the_notice_of_an_incident_is_kept_until_its_end(world: World) -> None:
    notice = ServiceNotice("Les mails partent avec retard.", world.now, world.now + timedelta(hours=2))
    ServiceNoticeStore(world.database, world.services.settings.office_table).write(notice)

    publish(turn_of(world))
    objects = stored(world)
    world.wait(timedelta(hours=2))
    publish(turn_of(world))

    assert objects == as_deployed(world, Periods(), notice)
    assert stored(world) == as_deployed(world, Periods())


def test_periods_changed_meanwhile_are_published_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.services.periods.write(Periods(), JUNE)
    put = world.services.public_pages.put
    paths: list[str] = []

    def change_once(key: str, body: bytes, *kind: str) -> None:
        if not paths:
            paths.append(key)
            world.services.periods.write(JUNE, JULY)
        put(key, body, *kind)

    monkeypatch.setattr(world.services.public_pages, "put", change_once)
    publish(turn_of(world))

    assert stored(world) == as_deployed(world, JULY)


def test_periods_that_change_each_time_are_left_to_the_next_turn(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    put, changes = world.services.public_pages.put, [JUNE]
    world.services.periods.write(Periods(), JUNE)

    def change(key: str, body: bytes, *kind: str) -> None:
        if key == next(iter(PERIOD_PAGES)):
            changes.append(JULY if changes[-1] == JUNE else JUNE)
            world.services.periods.write(changes[-2], changes[-1])
        put(key, body, *kind)

    monkeypatch.setattr(world.services.public_pages, "put", change)
    with pytest.raises(Unavailable):
        publish(turn_of(world))

    assert len(changes) == 1 + RACES


@pytest.mark.parametrize(("call", "when"), [("PUT", "before"), ("PUT", "after"), ("BatchWriteItem", "before")])
def test_a_fault_leaves_them_to_be_published_again(world: World, call: str, when: When) -> None:
    world.services.periods.write(Periods(), JUNE)
    with world.aws.failing(call, when), pytest.raises(Unavailable):
        publish(turn_of(world))
    assert find_publication(world.services) is None

    publish(turn_of(world))

    assert stored(world) == as_deployed(world, JUNE)
