"""`make stack`: nothing remains of it, whenever and however it is stopped."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from operations.package import PROJECT
from tests.support.breaker import PATIENCE, wait_for

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are counted as Linux shows them"),
]


def running() -> dict[int, int]:
    """List the running processes, each with its parent."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:  # it has just ended
            continue
        if state != "Z":
            parents[int(stat.parent.name)] = int(parent)
    return parents


def descendants(ancestor: int) -> set[int]:
    """List the processes started by one, and their descendants."""
    parents = running()
    family = {ancestor}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    return family - {ancestor}


@pytest.mark.parametrize(
    ("moment", "sign"), [("Deploying into the emulator…", signal.SIGTERM), ("Ctrl-C stops it.", signal.SIGINT)]
)  # a deployment each, and both signals have one handler (tools/stack/__main__.py)
def test_stopped_any_time_it_leaves_no_process_and_no_file(tmp_path: Path, moment: str, sign: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.stack"],
        cwd=PROJECT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            assert process.stdout
            lines = [""]
            while lines[-1] != moment:
                assert process.poll() is None, lines
                lines.append(process.stdout.readline().rstrip())
            assert [line for line in lines if line.startswith("FranceConnect ")] in ([], ["FranceConnect is ready"])
            # Packaging starts child processes: the command, Chalice, pip. A deployed function runs in one too.
            children = wait_for(lambda: len(family := descendants(process.pid)) > 2 and family)

            process.send_signal(sign)
            _, err = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()

    assert (process.returncode, err) == (0, "")
    wait_for(lambda: not children & set(running()))
    assert list(tmp_path.iterdir()) == []
