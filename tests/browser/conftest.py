"""Fixtures: Chromium, with JavaScript and without, before the service as `make run` starts it (or `--stack`).

All share the service of their worker, in any order: who changes something of a family has a family to itself.
"""

from collections.abc import Iterator

import pytest

from tests.support.office import clef, open_now
from tests.support.service import Running


@pytest.fixture(scope="module")
def open_period(running: Running) -> Iterator[None]:
    """Open the re-enrolment of every site."""
    clef(running, "period", "set", *open_now(), "--apply")
    yield
    clef(running, "period", "clear", "--apply", "--yes")
