"""Fixtures: `clef`, typed into the world of a test instead of a stage."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import md5

import pytest
from botocore.session import Session

from agency.console import connection
from agency.console.connection import Connection
from chalicelib import wiring
from chalicelib.domain.enrolment.periods import Periods
from chalicelib.settings.environment import Settings
from chalicelib.stores.periods import PublicPages
from operations.deploy.aws import Aws
from operations.pages.bucket import StoredObject
from operations.pages.build import build
from operations.pages.publish import PagesBucket
from tests.support.aws import TestAws
from tests.support.clef import OPERATOR, Clef
from tests.support.world import World
from tools.local.aws import REGION, Resources


@pytest.fixture(scope="session")
def operator(aws: TestAws) -> Aws:
    """Reach AWS as a command does, its clients made once, with the credentials of `OPERATOR`."""
    _, role, name = OPERATOR.split("/")
    sts = Aws(REGION, aws.endpoint_url).client("sts")
    answer = sts.assume_role(RoleArn=f"arn:aws:iam::123456789012:role/{role}", RoleSessionName=name)["Credentials"]
    operator = Aws(REGION, aws.endpoint_url)
    operator.session = Session()
    operator.session.set_credentials(answer["AccessKeyId"], answer["SecretAccessKey"], answer["SessionToken"])
    return operator


@pytest.fixture
def clef(world: World, operator: Aws, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Clef:
    def connect_here() -> Connection:
        return Connection(world.services, operator, None, timedelta())

    monkeypatch.setattr(connection, "_local", connect_here)
    return Clef(world, capsys, monkeypatch)


@pytest.fixture(scope="session")
def first_pages(settings: Settings) -> list[StoredObject]:
    return list(build(settings.network, Periods()))


@pytest.fixture(scope="session")
def published_pages(operator: Aws, resources: Resources, first_pages: list[StoredObject]) -> PagesBucket:
    bucket = PagesBucket(operator, resources.pages_bucket)
    bucket.put_pages(first_pages)
    return bucket


@pytest.fixture
def pages(world: World, published_pages: PagesBucket, first_pages: list[StoredObject]) -> Iterator[PagesBucket]:
    """Publish the pages as they are before any announcement, and leave them so."""

    def put_back() -> None:
        """Publish those that a test changed: a request for each page takes a tenth of a second."""
        digests = world.aws.digests(published_pages.name)
        published_pages.put_more(page for page in first_pages if digests.get(page.key) != md5(page.body).hexdigest())

    put_back()
    world.aws.calls.clear()
    name = published_pages.name
    public_pages = PublicPages(lambda: world.aws.client("s3"), name)
    settings = replace(world.services.settings, pages_bucket=name)
    world.services = replace(world.services, public_pages=public_pages, settings=settings)
    with wiring.using(world.services):
        yield published_pages
    put_back()
