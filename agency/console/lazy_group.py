"""A group of commands whose modules are imported when one is typed: `clef --version` and `clef --help` import none."""

import ast
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from agency.console.french import translate


class LazyGroup(TyperGroup):
    """Lists its commands by their docstrings, read from the source. Imports only the module of the typed command."""

    def __init__(self, *, functions: Mapping[str, str] | None = None, **attributes: Any) -> None:  # noqa: ANN401 - Typer's
        super().__init__(**attributes)
        self._functions: dict[str, str] = {}
        self.former: Mapping[str, str] = {}  # commands of earlier versions, and where their work is done now
        self.add_functions(functions or {})

    def add_functions(self, functions: Mapping[str, str]) -> None:
        """Add a command for each word, from a function written « agency.module:function »."""
        self._functions |= functions
        self.commands.update({word: TyperCommand(word) for word in functions})

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401 - as above
        """Find a command, to list it."""
        command = super().get_command(ctx, cmd_name)
        if command and cmd_name in self._functions and not command.help:
            command.help = _docstring(self._functions[cmd_name])
        return command

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - as above
        """Find the command typed, to run it or to complete its options."""
        if args[0] in self.former and not ctx.resilient_parsing:
            ctx.fail(f"« {ctx.command_path} {args[0]} » n'existe plus : {self.former[args[0]]}.")
        name, command, rest = super().resolve_command(ctx, args)
        if name in self._functions:
            command = _import_command(name, self._functions[name])
        return name, command, rest

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - as above
        """Show the help, in French."""
        translate(self, ctx)
        super().format_help(ctx, formatter)


class _Command(TyperCommand):
    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - as above
        translate(self, ctx)
        super().format_help(ctx, formatter)


def _import_command(word: str, place: str) -> Any:  # noqa: ANN401 - as above
    module, _, function = place.partition(":")
    app = typer.Typer(add_completion=False)
    app.command(word, cls=_Command)(getattr(import_module(module), function))
    return get_command(app)


def _docstring(place: str) -> str | None:
    """Read the docstring of a function without importing its module, which costs up to a second."""
    module, _, function = place.partition(":")
    spec = find_spec(module)
    assert spec  # noqa: S101 - a test types the help of each command
    assert spec.origin  # noqa: S101 - as above
    body = ast.parse(Path(spec.origin).read_text(encoding="utf-8")).body
    return next(ast.get_docstring(node) for node in body if isinstance(node, ast.FunctionDef) and node.name == function)
