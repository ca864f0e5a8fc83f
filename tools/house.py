"""Measure a tree for the first table of house.md: lines by layer, imports, signatures, modules, words."""

import ast
import io
import re
import subprocess
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools import dialect

_SPACE: Final = {
    *(tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT),
    *(tokenize.ENCODING, tokenize.ENDMARKER),
}
_COMMAND: Final = re.compile(r"\bclef [a-z]|\bmake [a-z]|(?<!\w)--[a-z]|\bcommande\b")
_PRODUCT: Final = ("chalicelib", "agency", "operations", "tools")
_DAILY: Final = ("chalicelib/office", "chalicelib/web/office", "chalicelib/web/office", "agency")
_LONGEST: Final = 65
_COMMITS: Final = 100  # the latest ones
_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """A file of the tree, with its lines by kind."""

    path: Path
    tree: ast.Module
    lines: int
    code: int
    imports: int
    signatures: int


def _read(root: Path, path: Path) -> Module:
    """Read a module. A line of code holds more than a comment or a docstring."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    code = {line for token in tokens if token.type not in _SPACE for line in range(token.start[0], token.end[0] + 1)}
    imports: set[int] = set()
    signatures: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | _Function) and ast.get_docstring(node) is not None:
            code -= _span(node.body[0])
        if isinstance(node, ast.Import | ast.ImportFrom):
            imports |= _span(node)
        elif isinstance(node, _Function):
            signatures |= set(range(node.lineno, max(node.lineno + 1, node.body[0].lineno)))
    counts = (len(part) for part in (code, imports & code, signatures & code))
    return Module(path.relative_to(root), tree, len(text.splitlines()), *counts)


def _span(node: ast.stmt) -> set[int]:
    return set(range(node.lineno, (node.end_lineno or node.lineno) + 1))


def _layer(path: Path) -> str:
    top, *inner = path.parent.parts or (path.stem,)
    return f"{top}/{inner[0]}" if top == "chalicelib" and inner else top


def _share(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,} ({part / max(whole, 1):.0%})"


def tables(root: Path) -> Iterator[str]:
    """Write the lines by layer, then the rows of house.md's first table that need no running service."""
    files = [path for folder in _PRODUCT for path in sorted((root / folder).rglob("*.py"))]
    modules = [_read(root, path) for path in [root / "app.py", *files]]
    yield from _layers(modules)
    yield ""
    yield from (f"{name:40}{count:>24}" for name, count in _rows(root, modules).items())


def _layers(modules: list[Module]) -> Iterator[str]:
    yield f"{'layer':28}{'modules':>9}{'lines':>9}{'code':>9}{'imports':>9}{'signatures':>12}"
    groups: dict[str, list[Module]] = {}
    for module in modules:
        groups.setdefault(_layer(module.path), []).append(module)
    for name, group in [*sorted(groups.items()), ("all", modules)]:
        lines, code = (sum(getattr(module, kind) for module in group) for kind in ("lines", "code"))
        parts = (sum(getattr(module, kind) for module in group) / max(code, 1) for kind in ("imports", "signatures"))
        yield "{:28}{:9,}{:9,}{:9,}{:9.0%}{:12.0%}".format(name, len(group), lines, code, *parts)


def _rows(root: Path, modules: list[Module]) -> dict[str, str]:
    code = sum(module.code for module in modules)
    daily = sum(module.code for module in modules if module.path.as_posix().startswith(_DAILY))
    own = [module.path for module in modules if module.path.parts[0] == "chalicelib"]
    sentences = [text for module in modules if "sentences" in str(module.path) for text in _values(module.tree)]
    counts = dialect.measure(root).values()
    log = ["git", "-C", str(root), "log", f"-{_COMMITS}", "--no-merges", "--format=%s"]
    subjects = subprocess.run(log, capture_output=True, text=True, check=False).stdout.splitlines()  # noqa: S603 - ours
    return {
        "code lines of office, desk, command line": _share(daily, code),
        "modules of chalicelib": f"{len(own):,}",
        "modules of its top level": f"{sum(str(path.parent) == 'chalicelib' for path in own)}",
        "sentences that name a command": _share(sum(map(bool, map(_COMMAND.search, sentences))), len(sentences)),
        "calls of *_stores(…)": f"{sum(_store_calls(module.tree) for module in modules)}",
        "docstrings in dialect": _share(sum(count for count, _, _ in counts), sum(total for _, total, _ in counts)),
        "commit subjects over 65 characters": _share(sum(len(text) > _LONGEST for text in subjects), len(subjects)),
        "commit subjects in dialect": _share(sum(map(bool, map(dialect.offends, subjects))), len(subjects)),
    }


def _values(tree: ast.Module) -> Iterator[str]:
    """List the texts in a module's tables."""
    for table in ast.walk(tree):
        for value in table.values if isinstance(table, ast.Dict) else ():
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value.value


def _store_calls(tree: ast.Module) -> int:
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return sum(getattr(name, "id", getattr(name, "attr", "")).endswith("_stores") for name in called)
