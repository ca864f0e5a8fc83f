"""`make anyday`: the tests that read the machine's clock, in processes whose clock shows another moment.

ARGS names moments of `MOMENTS` (all by default), or `today`: one of them and half of the files, by the day's number.
The rest is pytest's.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

ROOT: Final = Path(__file__).parents[1]
_SOURCE: Final = Path(__file__).with_suffix(".c")
_LIBRARY: Final = ROOT / "build" / "anyday.so"
_PARIS: Final = ZoneInfo("Europe/Paris")
_WALKS: Final = ("tests/browsers/test_walks.py", "-k", "chromium")  # alone: it opens browsers of its own
_TWO: Final = ("--numprocesses=2", "--dist=loadfile")  # each waits for its browser
_ELSEWHERE: Final = ("tests/browsers/", "tests/e2e/", "tests/test_packaging.py", "tests/test_wheel.py")
_LATE: Final = 60  # seconds, on a busy machine
_READS_THE_CLOCK: Final = re.compile(
    r"import .*\bRunning\b|\bdatetime\.now\(|\btime\.time\(|tools\.outside|\"tools\.local\""
)

# The first such day to come (month, day, weekday: 0 is Sunday), and its time in Paris.
MOMENTS: Final = {
    "august": ("08-.. 0", time(11)),
    "september": ("09-01 .", time(8)),
    "january": ("01-09 .", time(10)),
    "leap-day": ("02-29 .", time(15)),
    "october": ("10-(2[5-9]|3.) 0", time(2, 30)),  # the first of two such times
    "new-year": ("12-31 .", time(23, 50)),
}


def main() -> None:
    """Run the tests at the moments asked for, and exit with 1 if one of them failed."""
    words, now = sys.argv[1:], datetime.now(_PARIS)
    names = [word for word in words if word in MOMENTS]
    files = [*files_of_the_clock()]
    if "today" in words:
        turn, number = divmod(int(f"{now:%j}"), len(MOMENTS))
        names, files = [list(MOMENTS)[number]], files[turn % 2 :: 2]
    _compile()
    options = [word for word in words if word not in {*MOMENTS, "today"}]
    failures = [name for name in names or MOMENTS if not _run(moment_after(name, now), files, options)]
    sys.exit(f"failed at: {', '.join(failures)}" if failures else 0)


def moment_after(name: str, now: datetime) -> datetime:
    """Find the next such moment, from tomorrow on."""
    pattern, hour = MOMENTS[name]
    day = now.date() + timedelta(days=1)
    while not re.fullmatch(pattern, f"{day:%m-%d %w}"):
        day += timedelta(days=1)
    return datetime.combine(day, hour, _PARIS)


def files_of_the_clock() -> Iterator[str]:
    """List the files of tests that read the machine's clock, by themselves or by a running service."""
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        path = file.relative_to(ROOT).as_posix()
        text = file.read_text(encoding="utf-8")
        if not path.startswith(_ELSEWHERE) and _READS_THE_CLOCK.search(text):
            yield path


def _compile() -> None:
    _LIBRARY.parent.mkdir(exist_ok=True)
    command = ["cc", "-O2", "-shared", "-fPIC", "-o", str(_LIBRARY), str(_SOURCE)]
    subprocess.run(command, check=True)  # noqa: S603 - fixed words


def _run(moment: datetime, files: list[str], options: list[str]) -> bool:
    ahead = int((moment.astimezone(UTC) - datetime.now(UTC)).total_seconds())
    environment = {**os.environ, "LD_PRELOAD": str(_LIBRARY), "CLEF_AHEAD": str(ahead)}
    python, clock = sys.executable, "import time; print(time.time())"
    answer = subprocess.run([python, "-c", clock], env=environment, check=True, stdout=subprocess.PIPE)  # noqa: S603 - fixed words
    if abs(float(answer.stdout) - moment.timestamp()) > _LATE:
        sys.exit(f"{_LIBRARY} does not move the clock of {python}")
    print(f"== anyday: {moment:%A %d %B %Y, %H:%M} in Paris", flush=True)
    markers = "not e2e and not linters" + ("" if (ROOT / "build/oidc/ready").exists() else " and not provider")
    runs = [[*_TWO, *files], [*_WALKS]]
    if any(word.startswith("tests/") for word in options):
        runs = [[]]
    command = [python, "-m", "pytest", "--no-cov", "-q", "-m", markers, *options]
    processes = [subprocess.run([*command, *run], cwd=ROOT, env=environment, check=False) for run in runs]  # noqa: S603 - a developer's words
    return not any(process.returncode for process in processes)


if __name__ == "__main__":
    main()
