"""Bytecode: every module compiled beforehand, the same bytes each time."""

import shutil
import subprocess
from pathlib import Path

from operations.package.interpreter import lambda_python

TASK_ROOT = "/var/task"  # where Lambda unpacks the zip


def drop(task: Path) -> None:
    """Drop what Chalice's own import of the app left, and what a wheel may bring."""
    for cache in list(task.rglob("__pycache__")):
        shutil.rmtree(cache)


def write(task: Path) -> None:
    """Compile every module for Lambda's Python. Lambda could keep nothing it compiled: /var/task is read-only.

    Bytecode that is checked by date is stale in a zip without dates; this one carries its source's hash, which nobody
    reads again: nothing can change under /var/task. It knows lines but no columns, which is less to read. A new process
    with fixed hashes writes the same bytes each time.
    """
    options = ["--invalidation-mode", "unchecked-hash", "-s", str(task), "-p", TASK_ROOT]
    subprocess.run(  # noqa: S603 - our own command
        [lambda_python(), "-X", "no_debug_ranges", "-m", "compileall", "-q", *options, str(task)],
        env={"PYTHONHASHSEED": "0"},
        check=True,
    )
