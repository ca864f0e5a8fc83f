"""Fixtures: `clef`, typed into the world of a test instead of a stage."""

import io
import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from agency import connection
from agency.cli import main
from agency.connection import Connection
from chalicelib.domain.periods import Periods
from tests.agency.policy import beyond_the_policy
from tests.world import World
from tools.build_pages import build
from tools.deploy.aws import Aws
from tools.deploy.pages import PagesBucket
from tools.local.aws import REGION


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class _Keyboard(io.StringIO):
    """Where somebody sits who answers, if there is an answer at all."""

    def isatty(self) -> bool:
        return self.getvalue() != ""


class Clef:
    """Types commands; on no terminal, so that what is said is plain; but `answers` are those of somebody there.

    No command asks AWS for what the operators' policy does not allow.
    """

    def __init__(self, world: World, capsys: pytest.CaptureFixture[str], machine: pytest.MonkeyPatch) -> None:
        self._world = world
        self._capsys = capsys
        self._machine = machine

    def __call__(self, typed: str, answers: str = "") -> Said:
        self._machine.setattr("sys.stdin", _Keyboard(answers))
        self._capsys.readouterr()
        before = len(self._world.aws.asked)
        with pytest.raises(SystemExit) as ended:
            main(shlex.split(typed))
        assert beyond_the_policy(self._world.aws.asked[before:], self._world.resources) == set()
        said = self._capsys.readouterr()
        return Said(int(ended.value.code or 0), said.out, said.err)


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
