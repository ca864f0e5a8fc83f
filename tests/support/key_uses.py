"""The keys that a function's code reads, from its imports, lazy ones too."""

import ast
from functools import cache
from pathlib import Path

import grimp

from chalicelib.domain.account.keys import Use

ROOT = Path(__file__).parents[2]


@cache
def _graph() -> grimp.ImportGraph:
    return grimp.build_graph("chalicelib", exclude_type_checking_imports=True, cache_dir=None)


def uses_read_by(handler: str) -> set[Use]:
    """List the key uses requested from the settings by the modules behind a handler."""
    module = handler.rpartition(".")[0]
    roots = {module} if module in _graph().modules else _imports(ROOT / f"{module.replace('.', '/')}.py")
    return _asked_behind(roots)


def uses_read_by_commands() -> set[Use]:
    """List the key uses requested from the settings by the modules behind `clef`."""
    return _asked_behind(set().union(*(_imports(file, late=True) for file in (ROOT / "agency").rglob("*.py"))))


def _asked_behind(roots: set[str]) -> set[Use]:
    modules = roots.union(*map(_graph().find_upstream_modules, roots))
    return {use for name in modules for use in _asked_by(name)}


def _imports(file: Path, *, late: bool = False) -> set[str]:
    """List the modules that a file imports at its start on AWS: an import under an `if` is for one process only."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {
        name if (name := f"{line.module}.{alias.name}") in _graph().modules else str(line.module)
        for line in (ast.walk(tree) if late else tree.body)
        if isinstance(line, ast.ImportFrom) and str(line.module).startswith("chalicelib")
        for alias in line.names
    }


@cache
def _asked_by(module: str) -> frozenset[Use]:
    """List the uses that a module requests by `key_ring`, by their literal names."""
    file = ROOT / f"{module.replace('.', '/')}.py"
    calls = ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if file.exists() else ()
    return frozenset(
        ast.literal_eval(call.args[0])
        for call in calls
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "key_ring"
    )
