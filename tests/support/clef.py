"""`clef`, run in the world of a test instead of a stage."""

import io
import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest
import typer

from agency.cli import command_line, main
from agency.console.lazy_group import LazyGroup
from tests.support.deploy_policy import is_allowed
from tests.support.operator_policy import beyond_the_policy
from tests.support.world import World

OPERATOR: Final = "assumed-role/agence/marie"  # the identity behind a test's commands


@dataclass(frozen=True)
class CommandResult:
    """The result of a command: exit code and output."""

    code: int
    out: str
    err: str
    deployment: str = ""  # the first line on standard error, once the command has connected

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class _Keyboard(io.StringIO):
    """Standard input: a terminal if there are answers."""

    def isatty(self) -> bool:
        return self.getvalue() != ""


class Clef:
    """Runs commands without a terminal, so that output is plain, unless `answers` are typed.

    Each AWS call must be allowed by the `policies` of the template, or if there are none by the deployment's.
    """

    def __init__(self, world: World, capsys: pytest.CaptureFixture[str], machine: pytest.MonkeyPatch) -> None:
        self._world = world
        self._capsys = capsys
        self._machine = machine
        self.policies: tuple[str, ...] = ("OperatorPolicy",)

    def __call__(self, text: str, answers: str = "") -> CommandResult:
        self._machine.setattr("sys.stdin", _Keyboard(answers))
        self._capsys.readouterr()
        before = len(self._world.aws.table_requests)
        with pytest.raises(SystemExit) as error:
            main(shlex.split(text))
        refusals = beyond_the_policy(self._world.aws.table_requests[before:], self._world.resources, *self.policies)
        assert [call for call in refusals if self.policies or not is_allowed(call[0])] == []
        result = self._capsys.readouterr()
        deployment = next(re.finditer(r"\ADéploiement : .*\n", result.err), [""])[0]
        return CommandResult(int(error.value.code or 0), result.out, result.err.removeprefix(deployment), deployment)


def every_command() -> Iterator[tuple[list[str], Any]]:
    """List the commands, each by its words."""
    root = command_line()
    for group in (root, *(group for group in root.commands.values() if isinstance(group, LazyGroup))):
        for word, command in group.commands.items():
            if not isinstance(command, LazyGroup):
                context = typer.Context(group)
                place = [word] if group is root else [str(group.name), word]
                yield place, group.resolve_command(context, [word])[1]
