"""Where init goes: `python -m tools.bench.imports ZIP` imports the app alone and sums up what each package takes."""

import argparse
import re
import statistics
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

_LINE = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)")  # its own microseconds, with children, name
_RUNS = 11
_SHOWN = 12


def own_times(task: Path) -> dict[str, float]:
    """Tell the milliseconds that the modules of each package take to import, without what they import."""
    names = {path.name.partition(".")[0] for path in task.iterdir()}
    alone = ("-I", "-S", "-B", "-X", "importtime")  # -B: /var/task is read-only
    told = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, *alone, "-c", f"import sys; sys.path[:0] = [{str(task)!r}]; import app"],
        check=True,
        capture_output=True,
        text=True,
    ).stderr
    times: dict[str, float] = defaultdict(float)
    for microseconds, module in _LINE.findall(told):
        top = module.partition(".")[0]
        times[top if top in names else "(Python's own)"] += int(microseconds) / 1000
    return times


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("zip", type=Path)
    with TemporaryDirectory() as scratch:
        with ZipFile(parser.parse_args().zip) as packed:
            packed.extractall(scratch)
        runs = [own_times(Path(scratch)) for _ in range(_RUNS + 1)][1:]
    medians = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    print("| package | ms |\n|---|---|")
    for name, took in sorted(medians.items(), key=lambda each: -each[1])[:_SHOWN]:
        print(f"| {name} | {took:.1f} |")
    print(f"| all | {sum(medians.values()):.1f} |")


if __name__ == "__main__":
    main()
