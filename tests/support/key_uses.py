"""The keys that a function's code reads, from its imports, lazy ones too."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import grimp

from chalicelib.domain.account.keys import Use
from chalicelib.wings import ALL_WINGS

ROOT = Path(__file__).parents[2]


@cache
def _graph() -> grimp.ImportGraph:
    """Build the graph of imports, with those that modules make by places of the manifests."""
    graph = grimp.build_graph("chalicelib", exclude_type_checking_imports=True, cache_dir=None)
    for importer in graph.find_modules_that_directly_import("chalicelib.settings.wings"):
        for place in _by_places((ROOT / f"{importer.replace('.', '/')}.py").read_text(encoding="utf-8")):
            graph.add_import(importer=importer, imported=place)
    return graph


def _by_places(source: str) -> Iterator[str]:
    """List the modules that a source imports by places: `routes("desk")`, `parts(HomePart)`, `wing.jobs`."""
    for wing in ALL_WINGS:
        places = {**wing.routes, **wing.parts}
        additions = [places.get(name, ()) for name in re.findall(r'(?:routes|parts)\("?(\w+)"?\)', source)]
        additions += [getattr(wing, name) for name in re.findall(r"wing\.(writers|jobs|static_pages|texts)\b", source)]
        yield from re.findall(r"chalicelib[.\w]+(?=:)", repr(additions))


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
    source = file.read_text(encoding="utf-8")
    tree = ast.parse(source)
    return set(_by_places(source)) | {
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
