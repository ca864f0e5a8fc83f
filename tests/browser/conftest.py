"""Fixtures: Chromium, with JavaScript and without, on the service as `make run` starts it (or `--stack`).

All tests of a worker share its service, in any order: a test that changes a family has one to itself. A file whose
walk meets the acts of all families has a service to itself (`school`).
"""

from collections.abc import Iterator

import pytest

from tests.support.office import clef, open_now
from tests.support.service import Running, run_service


@pytest.fixture(scope="module")
def open_period(running: Running) -> Iterator[None]:
    """Open the re-enrolment of every site."""
    clef(running, "period", "set", *open_now(), "--apply")
    yield
    clef(running, "period", "clear", "--apply", "--yes")


@pytest.fixture
def open_to_all(running: Running) -> Iterator[None]:
    """Open the period of new families at every site."""
    clef(running, "period", "set", *open_now(), "--new", "--apply")
    yield
    clef(running, "period", "clear", "--new", "--apply", "--yes")


@pytest.fixture(scope="module")
def school(request: pytest.FixtureRequest) -> Iterator[Running]:
    """Run a service for one file: others import yearly files and send re-enrolments. `--stack`: the deployed one."""
    if request.config.getoption("stack"):
        yield request.getfixturevalue("running")
        return
    with run_service() as service:
        yield service
