"""`clef`, typed into the world of a test instead of a stage."""

import io
import json
import re
import shlex
from dataclasses import dataclass
from typing import Any, Final

import pytest

from agency.cli import main
from tests.support.operator_policy import beyond_the_policy
from tests.support.world import World

OPERATOR: Final = "assumed-role/agence/marie"  # whose credentials the commands of a test have


@dataclass(frozen=True)
class CommandResult:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str
    deployment: str = ""  # the first line on standard error, once the command has reached one

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

    def __call__(self, typed: str, answers: str = "") -> CommandResult:
        self._machine.setattr("sys.stdin", _Keyboard(answers))
        self._capsys.readouterr()
        before = len(self._world.aws.table_requests)
        with pytest.raises(SystemExit) as ended:
            main(shlex.split(typed))
        assert beyond_the_policy(self._world.aws.table_requests[before:], self._world.resources) == set()
        said = self._capsys.readouterr()
        deployment = next(re.finditer(r"\ADéploiement : .*\n", said.err), [""])[0]
        return CommandResult(int(ended.value.code or 0), said.out, said.err.removeprefix(deployment), deployment)
