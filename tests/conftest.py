"""Fixtures: one local AWS for the whole run, an empty world for each test, and its visitor."""

import gc
import hashlib
import os
import secrets
import shutil
import signal
from collections.abc import Collection, Generator, Iterator
from dataclasses import asdict, replace
from functools import partial
from itertools import chain
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import hypothesis
import pytest
from _pytest.runner import runtestprotocol
from hypothesis import HealthCheck
from jinja2 import FileSystemBytecodeCache

from app import app
from chalicelib import wiring
from chalicelib.domain.enrolment.periods import Periods
from chalicelib.presentation import rendering
from chalicelib.services.office import OfficeServices
from chalicelib.settings.environment import Settings, load_network
from chalicelib.settings.wings import has
from chalicelib.wings import ALL_WINGS
from operations.pages.build import build
from tests.support.aws import TestAws
from tests.support.dynalite import Dynalite
from tests.support.enrolment import open_season
from tests.support.in_process import InProcess
from tests.support.keys import key_rings
from tests.support.service import Running, run_service
from tests.support.world import CDN_SECRET, CHEAP, PUBLIC_URL, VERSION, Visitor, World
from tools.local.aws import REGION, Resources
from tools.local.cdn import Bucket, LocalCdn

pytest_plugins = ["tests.support.chromium"]

# One for all tests: no property measures the machine, and some share a world among their examples.
hypothesis.settings.register_profile(
    "clef", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
hypothesis.settings.load_profile("clef")

# The folder of compiled templates, which all processes of a run share: each compiled them in two seconds.
_COMPILED = "CLEF_TEMPLATES_OF_TESTS"
_ALL = tuple(wing.name for wing in ALL_WINGS)
SERVED = (
    "tests/browser/",
    "tests/agency/test_clef.py",
    "tests/tools/test_local_pages.py",
    "tests/tools/test_run_local.py",
)
LONGEST = (
    *(*SERVED, "tests/wings/campaign/office/test_mail_run.py", "tests/test_packaging.py", "tests/test_wheel.py"),
    *("tests/office/rights/test_erasure.py", "tests/agency/admission/test_season.py"),
    *(
        "tests/operations/test_deploy_stack.py",
        "tests/web/office/test_acts.py",
        "tests/web/family/test_items_over_time.py",
        "tests/wings/test_switch.py",
    ),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--stack", action="store_true", help="walk the pages of the stack as deployed (make e2e)")
    parser.addoption("--dynalite", action="store_true", help="have dynalite answer for DynamoDB (make dynalite)")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Use one more worker than cores: one of them waits for a browser, or for a program that it started."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give each worker whole files, and one worker all that need a running service: it starts once, and Chromium."""
    from xdist.scheduler import LoadFileScheduling  # noqa: PLC0415 - the workers need none

    scheduler = LoadFileScheduling(config, log)
    file_of = scheduler._split_scope  # noqa: SLF001 - what its documentation has one override
    scheduler._split_scope = lambda test: "served" if test.startswith(SERVED) else file_of(test)  # noqa: SLF001 - the same
    return scheduler


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Send the outcome of each test, without the passed steps around it: a message takes as long as a small test."""
    if not hasattr(item.config, "workerinput"):
        return None
    for report in runtestprotocol(item, log=False, nextitem=nextitem):
        if report.when == "call" or not report.passed:
            item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect without the garbage collector, and exclude these objects from it: they all live to the end.

    It then runs 25 times less often than by default: a twelfth of a test's time.
    """
    gc.disable()
    result = yield
    gc.freeze()
    gc.set_threshold(50_000)
    gc.enable()
    return result


def pytest_configure(config: pytest.Config) -> None:
    if config.option.hypothesis_seed is None:
        config.option.hypothesis_seed = str(secrets.randbelow(10**6))  # before the workers get their copy
    if _COMPILED not in os.environ:
        os.environ[_COMPILED] = mkdtemp(prefix="clef-templates-")
        config.add_cleanup(partial(shutil.rmtree, os.environ[_COMPILED]))
    rendering.environment().bytecode_cache = FileSystemBytecodeCache(os.environ[_COMPILED])


def pytest_report_header(config: pytest.Config) -> str:
    return f"what is random: --hypothesis-seed={config.option.hypothesis_seed}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files, so that no worker waits for another at the end.

    A wing's test, or one of the core that needs wings (`pytest.mark.wing`: all), is left out where the network has not
    these.
    """
    needs = {item: chain(_of_place(item.path), *_of_marks(item)) for item in items}
    items[:] = [item for item in items if all(map(has, needs[item]))]
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


def _of_place(path: Path) -> Iterator[str]:
    """Name the wing whose folder or file a test stands in."""
    return (name for name in _ALL if path.stem == f"test_{name}" or name in path.parts)


def _of_marks(item: pytest.Item) -> Iterator[Collection[str]]:
    return (mark.args or _ALL for mark in item.iter_markers("wing"))


@pytest.fixture(scope="session")
def running(request: pytest.FixtureRequest) -> Iterator[Running]:
    if request.config.getoption("stack"):
        from tests.support.stack import deploy_stack  # noqa: PLC0415 - a second and a half that no other test pays

        with deploy_stack() as stack:
            yield stack
    else:
        with run_service() as service:
            yield service


@pytest.fixture(scope="session", autouse=True)
def heard() -> Iterator[None]:
    """Restore Ctrl-C for started programs: a shell has its background programs ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def aws(request: pytest.FixtureRequest) -> Iterator[TestAws]:
    dynalite = Dynalite() if request.config.getoption("dynalite") else None
    test_aws = TestAws(dynalite)
    shortcut = InProcess(test_aws)
    yield test_aws
    shortcut.stop()
    test_aws.stop()
    if dynalite:
        dynalite.stop()


@pytest.fixture(scope="session")
def resources(aws: TestAws) -> Resources:
    return aws.create("test", "ne-pas-repondre@extranet.example.fr")


@pytest.fixture(scope="session")
def pages_bucket(aws: TestAws) -> str:
    """Make a bucket for the desk's publications, so that they leave the pages of tests' visitors unchanged."""
    bucket = Bucket(aws.client("s3"), "test-published")
    bucket.s3.create_bucket(Bucket=bucket.name, CreateBucketConfiguration={"LocationConstraint": REGION})
    bucket.publish(build(load_network({"public_url": PUBLIC_URL}), Periods()))
    return bucket.name


@pytest.fixture(scope="session")
def settings(aws: TestAws, resources: Resources, pages_bucket: str) -> Settings:
    return Settings(
        **asdict(resources) | {"pages_bucket": pages_bucket},
        record_key="the key of the tests' pseudonyms, long enough",
        cdn_secret_digests=(hashlib.sha256(CDN_SECRET.encode()).hexdigest(),),
        endpoint_url=aws.endpoint_url,
        configuration_set="test-mail",
        version=VERSION,
        keys=key_rings(1),
        network=load_network({"public_url": PUBLIC_URL}),
    )


@pytest.fixture(scope="session")
def office_services(settings: Settings) -> OfficeServices:
    # The cheapest Argon2: its cost is tested elsewhere (tests/domain/test_hashing.py). One attempt per call: a planned
    # fault is not retried, so the tests of faults need not wait. A slow machine may take its time.
    return OfficeServices.over(replace(wiring.build(settings, calls=1, patience=20), hasher=CHEAP))


@pytest.fixture(scope="session")
def front(aws: TestAws, resources: Resources, settings: Settings) -> LocalCdn:
    bucket = Bucket(aws.client("s3"), resources.pages_bucket)
    bucket.publish(build(settings.network, Periods()))
    return LocalCdn(app, bucket, PUBLIC_URL, CDN_SECRET, lambda _request: None)


@pytest.fixture
def world(aws: TestAws, resources: Resources, office_services: OfficeServices) -> Iterator[World]:
    aws.wipe(resources)
    world_here = World(aws, resources, office_services)
    with wiring.using(world_here.services):
        yield world_here


@pytest.fixture
def visitor(front: LocalCdn, world: World) -> Visitor:
    return Visitor(front, world=world)


@pytest.fixture
def at_home(world: World, visitor: Visitor) -> Visitor:
    """Log in a family of which little is known."""
    world.settle()
    visitor.log_in()
    return visitor


@pytest.fixture
def inside(world: World, visitor: Visitor) -> Visitor:
    """Log in the family of three pupils during its period."""
    open_season(world)
    visitor.log_in()
    return visitor
