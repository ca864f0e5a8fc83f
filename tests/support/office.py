"""The office's commands on a running service."""

import io
import os
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import datetime, timedelta

import pytest

from agency.cli import main
from agency.console.connection import connect
from agency.console.options import LOCAL
from chalicelib.domain.enrolment.periods import PARIS, PERIODS_AGE
from chalicelib.services.office import OfficeServices
from tests.support.service import Running


def clef(running: Running, *words: str) -> str:
    """Run a command against the running service, in this process. `test_clef` covers the program itself."""
    out, errors = io.StringIO(), io.StringIO()
    with (
        _environment(CLEF_LOCAL=running.url),
        redirect_stdout(out),
        redirect_stderr(errors),
        pytest.raises(SystemExit) as error,
    ):
        main(words)
    assert error.value.code in {0, 3}, out.getvalue() + errors.getvalue()
    if words[0] == "period":
        _wait_for_the_periods(running)
    return out.getvalue()


def _wait_for_the_periods(running: Running) -> None:
    """Wait until warm functions have read the periods again. `make run` does so when its clock is set back."""
    if running.is_deployed:
        time.sleep(PERIODS_AGE.total_seconds())
    else:
        urllib.request.urlopen(f"{running.url}/_local/horloge", b"", timeout=10).close()


@contextmanager
def services_of(running: Running) -> Iterator[OfficeServices]:
    """Open the tables of the running service, for changes that no command or page makes."""
    with _environment(CLEF_LOCAL=running.url):
        yield connect(LOCAL).services


def open_now() -> list[str]:
    """List the days of a period that is open."""
    today = datetime.now(PARIS).date()
    return [(today + timedelta(days=days)).isoformat() for days in (-2, 9)]


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    """Set variables inside the block. Those set by the command are undone too."""
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
