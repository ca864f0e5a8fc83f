"""Our own modules that the functions reach by their imports: what only the agency's command line calls stays out."""

import ast
from collections.abc import Iterator
from pathlib import Path

_START = "app"
_PACKAGE = "chalicelib"


def drop_unreached(task: Path) -> None:
    """Delete the modules of ours that no function imports, at once or later."""
    wanted = reached(task)
    for file in (task / _PACKAGE).rglob("*.py"):
        if file not in wanted:
            file.unlink()


def reached(task: Path) -> set[Path]:
    """Follow the imports from `app.py`; a module's packages are imported with it."""
    found: set[Path] = set()
    left = [_START]
    while left:
        name = left.pop()
        file = _file(task, name)
        if file is None or file in found:
            continue
        found.add(file)
        left += [name.rpartition(".")[0], *_imports(ast.parse(file.read_bytes()))]
    return found


def _file(task: Path, name: str) -> Path | None:
    """Find a module of ours; None for a name inside one, and for what others made."""
    path = task.joinpath(*name.split("."))
    there = (file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file())
    return next(there, None) if name.partition(".")[0] in {_START, _PACKAGE} else None


def _imports(tree: ast.AST) -> Iterator[str]:
    """Name what a module imports as it runs."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (name for each in node.names for name in (str(node.module), f"{node.module}.{each.name}"))
        elif not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            yield from _imports(node)
