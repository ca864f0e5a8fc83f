"""Fixtures: `clef`, typed into the world of a test instead of a stage."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from agency import connection
from agency.connection import Connection
from chalicelib.domain.periods import Periods
from tests.support.clef import Clef
from tests.support.world import World
from tools.build_pages import build
from tools.deploy.aws import Aws
from tools.deploy.pages import PagesBucket
from tools.local.aws import REGION


@pytest.fixture
def clef(world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Clef:
    def connect_here() -> Connection:
        aws = Aws(REGION, world.aws.endpoint_url)
        return Connection(world.services, aws, world.resources.pages_bucket, None, timedelta())

    monkeypatch.setattr(connection, "_local", connect_here)
    return Clef(world, capsys, monkeypatch)


@pytest.fixture
def pages(world: World) -> Iterator[PagesBucket]:
    """Publish the pages as they are before anything is announced, and leave them so."""
    bucket = PagesBucket(Aws(REGION, world.aws.endpoint_url), world.resources.pages_bucket)
    unannounced = list(build(world.services.settings.network, Periods()))
    bucket.put_pages(unannounced)
    world.aws.calls.clear()
    yield bucket
    bucket.put_pages(unannounced)
