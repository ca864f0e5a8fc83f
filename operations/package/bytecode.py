"""Compiles modules as the package has them. Run by Lambda's Python, alone: `bytecode.py [-b] TASK ROOT FILE…`.

What a function or a module says of itself is left out, which nothing reads in Lambda; a class keeps it, for what makes
dataclasses writes one, slowly, where there is none. Bytecode that is checked by date is stale in a zip without dates;
this one carries its source's hash, which nobody reads again. The same files, in order, make the same bytes each time.
"""

import ast
import importlib.util
import marshal
import sys
from pathlib import Path

_UNCHECKED_HASH = (0b01).to_bytes(4, "little")  # PEP 552
_SPEAKS = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef)


def without_docstrings(tree: ast.Module) -> ast.Module:
    """Take the docstrings of a module and of its functions out."""
    for node in ast.walk(tree):
        if isinstance(node, _SPEAKS) and ast.get_docstring(node, clean=False) is not None:
            said = node.body[0]
            node.body = node.body[1:] or [ast.copy_location(ast.Pass(), said)]
    return tree


def compile_module(source: bytes, name: str) -> bytes:
    """Compile a module, which tracebacks will call by this name."""
    code = compile(without_docstrings(ast.parse(source)), name, "exec", dont_inherit=True)
    return importlib.util.MAGIC_NUMBER + _UNCHECKED_HASH + importlib.util.source_hash(source) + marshal.dumps(code)


def compile_all(task: Path, root: str, files: list[Path], *, is_beside: bool) -> None:
    """Write the bytecode of each module of a folder that Lambda unpacks at `root`: beside it, or in `__pycache__`."""
    for file in sorted(files):
        target = file.with_suffix(".pyc") if is_beside else Path(importlib.util.cache_from_source(str(file)))
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(compile_module(file.read_bytes(), f"{root}/{file.relative_to(task).as_posix()}"))


def main() -> None:
    """Compile what is named: files, or folders with all below them."""
    is_beside = sys.argv[1] == "-b"
    task, root, *named = sys.argv[1 + is_beside :]
    parts = [Path(part) for part in named]
    files = [file for part in parts for file in ([part] if part.is_file() else part.rglob("*.py"))]
    compile_all(Path(task), root, files, is_beside=is_beside)


if __name__ == "__main__":
    main()
