"""Measures the import of made-up families on this machine: `python -m tools.bench.import_families 5000 50000`."""

import argparse
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

_PATIENCE: Final = 60  # seconds until `make run` answers
_GIVE_UP: Final = 1800  # seconds for all imports of one size
_TO_LOOK_AT: Final = 3


@dataclass(frozen=True)
class Step:
    """One import: what is said of it, the file, and the options."""

    name: str
    file: Path
    options: tuple[str, ...]


def main() -> None:
    """Measure each size against a stage of its own, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench.import_families", description=main.__doc__)
    parser.add_argument("families", type=int, nargs="+")
    parser.add_argument("--xlsx", action="store_true", help="measure XLSX instead of CSV")
    asked = parser.parse_args()
    print("| families | step | rows | seconds | rows/s | CPU s | peak MiB | found |")
    print("|---|---|---|---|---|---|---|---|")
    for families in asked.families:
        with TemporaryDirectory() as folder, _stage() as environment:
            for step in _steps(Path(folder), families, ".xlsx" if asked.xlsx else ".csv"):
                print(f"| {families} | {step.name} | {_measured(step, environment)} |", flush=True)


def _steps(folder: Path, families: int, ending: str) -> Iterator[Step]:
    this, following = folder / f"this{ending}", folder / f"next{ending}"
    make = (sys.executable, "-m", "tools.make_families", "--families", str(families), "--seed", "7")
    for options in ((str(this),), ("--next-year", str(following))):
        subprocess.run((*make, *options), check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
    yield Step("dry run, nobody on file", this, ())
    yield Step("apply", this, ("--apply",))
    yield Step("apply again", this, ("--apply",))
    yield Step("apply, a year later", following, ("--apply",))


def _measured(step: Step, environment: dict[str, str]) -> str:
    """Run `clef` by itself, so that its memory is its own."""
    command = (sys.executable, "-m", "agency", "families", "import", str(step.file), "--json", *step.options)
    began = time.perf_counter()
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as process:  # noqa: S603 - our own
        output = process.stdout.read() if process.stdout else b""
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, _TO_LOOK_AT}:
        raise SystemExit(f"{step.name}: ended with {process.returncode}")
    told = json.loads(output)
    found = ", ".join(f"{count} {kind}" for kind, count in told["counts"]["families"].items() if count)
    rows, cpu = told["rows"], used.ru_utime + used.ru_stime
    return f"{rows} | {seconds:.1f} | {rows / seconds:.0f} | {cpu:.1f} | {used.ru_maxrss / 1024:.0f} | {found}"


@contextmanager
def _stage() -> Iterator[dict[str, str]]:
    """Start `make run` on a port of its own, and stop it whatever happens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    environment = os.environ | {"PORT": port}
    command = ("timeout", str(_GIVE_UP), sys.executable, "-m", "tools.local")
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:  # noqa: S603 - our own
        try:
            _wait(f"http://127.0.0.1:{port}/_local/stage.json")
            yield environment
        finally:
            process.terminate()


def _wait(address: str) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        with suppress(OSError), urllib.request.urlopen(address, timeout=1):  # noqa: S310 - ours
            return
        time.sleep(0.2)
    raise SystemExit(f"nothing answers at {address}")


if __name__ == "__main__":
    main()
