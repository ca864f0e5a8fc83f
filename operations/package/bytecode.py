"""Compile modules for the package. Run by Lambda's Python, alone: `bytecode.py [-b] TASK ROOT FILE…`.

The docstrings of functions and modules are left out, since nothing reads them in Lambda. A class keeps its docstring:
without one, dataclasses would generate it, which is slow. Bytecode checked by date is stale in a zip without dates, so
this one carries its source's hash, which nothing checks. The same files, in order, always give the same bytes.
"""

import ast
import importlib.util
import marshal
import sys
from pathlib import Path

_UNCHECKED_HASH = (0b01).to_bytes(4, "little")  # PEP 552
_SPEAKS = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef)


def without_docstrings(tree: ast.Module) -> ast.Module:
    """Remove the docstrings of a module and of its functions."""
    for node in ast.walk(tree):
        if isinstance(node, _SPEAKS) and ast.get_docstring(node, clean=False) is not None:
            docstring = node.body[0]
            node.body = node.body[1:] or [ast.copy_location(ast.Pass(), docstring)]
    return tree


def compile_module(source: bytes, name: str) -> bytes:
    """Compile a module under the name that tracebacks will show."""
    code = compile(without_docstrings(ast.parse(source)), name, "exec", dont_inherit=True)
    return importlib.util.MAGIC_NUMBER + _UNCHECKED_HASH + importlib.util.source_hash(source) + marshal.dumps(code)


def compile_all(task: Path, root: str, files: list[Path], *, is_beside: bool) -> None:
    """Write the bytecode of each module, for a folder that Lambda unpacks at `root`: beside it, or in `__pycache__`."""
    for file in sorted(files):
        target = file.with_suffix(".pyc") if is_beside else Path(importlib.util.cache_from_source(str(file)))
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(compile_module(file.read_bytes(), f"{root}/{file.relative_to(task).as_posix()}"))


def main() -> None:
    """Compile the given files, and all files below the given folders."""
    is_beside = sys.argv[1] == "-b"
    task, root, *paths = sys.argv[1 + is_beside :]
    parts = [Path(part) for part in paths]
    files = [file for part in parts for file in ([part] if part.is_file() else part.rglob("*.py"))]
    compile_all(Path(task), root, files, is_beside=is_beside)


if __name__ == "__main__":
    main()
