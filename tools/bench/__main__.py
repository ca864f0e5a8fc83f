"""Measures packages side by side: `python -m tools.bench --runtime PYTHON NAME=ZIP…`; ratios are to the first."""

import argparse
import hashlib
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from zipfile import ZipFile

from chalicelib import wiring
from chalicelib.domain.account.hashing import Hasher
from chalicelib.settings import load_settings
from tools.bench.dynamo import Dynamo
from tools.bench.events import login
from tools.bench.runtime import Function
from tools.local.aws import CREDENTIALS
from tools.local.families import FAMILIES, store_families

HANDLER = "app.app"
_CDN_SECRET = "the secret that the bench's CDN sends"  # noqa: S105 - of a bench
_FAMILY = next(family for family in FAMILIES if family.password and not family.disabled)
_LOGINS = {  # what is typed, and the status of the answer
    "right password": (_FAMILY.identifier, _FAMILY.password or "", 303),
    "wrong password": (_FAMILY.identifier, "Soupir0Perdu", 401),
    "unknown identifier": ("NUL0000", "Soupir0Perdu", 401),
}
_1980 = 315532800  # the date that Chalice's zip gives every file, in seconds since 1970


@dataclass(frozen=True)
class Package:
    """A zip as Lambda unpacks it."""

    name: str
    zip: Path
    task: Path

    def unpack(self) -> None:
        """Unpack it with its dates: bytecode that is checked by date is as stale as it will be."""
        with ZipFile(self.zip) as packed:
            packed.extractall(self.task)
        for file in self._files():
            os.utime(file, (_1980, _1980))

    def sizes(self) -> str:
        """Tell the size of the zip and of what is in it."""
        return f"{self.zip.stat().st_size / 1e6:.1f} | {sum(file.stat().st_size for file in self._files()) / 1e6:.1f}"

    def _files(self) -> Iterator[Path]:
        return (path for path in self.task.rglob("*") if path.is_file())


@dataclass
class Sample:
    """What one cold start and the logins after it took."""

    init: float
    init_cpu: float
    first: float
    first_cpu: float
    warm: list[float]
    warm_cpu: float
    peak: float
    calls: dict[str, int] = field(default_factory=dict)

    @property
    def cold(self) -> float:
        """From nothing to the first answer."""
        return self.init + self.first

    @property
    def warm_median(self) -> float:
        """The usual login."""
        return statistics.median(self.warm)


_COLUMNS: Final[Mapping[str, Callable[[Sample], float]]] = {
    "init ms": lambda s: s.init,
    "init, CPU ms": lambda s: s.init_cpu,
    "first login ms": lambda s: s.first,
    "first, CPU ms": lambda s: s.first_cpu,
    "init + first ms": lambda s: s.cold,
    "warm login ms": lambda s: s.warm_median,
    "warm, CPU ms": lambda s: s.warm_cpu,
    "peak MiB": lambda s: s.peak,
}


class Bench:
    """The packages, the environment they run in, and their samples by package and login."""

    def __init__(self, python: str, packages: list[Package], dynamo: Dynamo) -> None:
        self._python = python
        self._packages = packages
        self._dynamo = dynamo
        self._environment = _environment(dynamo)
        os.environ |= CREDENTIALS
        store_families(wiring.build(load_settings(self._environment)))
        self.samples: dict[tuple[str, str], list[Sample]] = {(p.name, kind): [] for p in packages for kind in _LOGINS}

    def run(self, rounds: int, warm: int) -> None:
        """Measure each once per round, in an order that changes; the first round only fills caches."""
        for number in range(rounds + 1):
            for package in random.sample(self._packages, len(self._packages)):
                for kind in _LOGINS:
                    sample = self._sample(package, kind, warm)
                    if number:
                        self.samples[package.name, kind].append(sample)

    def _sample(self, package: Package, kind: str, warm: int) -> Sample:
        identifier, password, status = _LOGINS[kind]
        event = login(_FAMILY.site, identifier, password, _CDN_SECRET)
        function = Function(self._python, package.task, HANDLER, self._environment)
        try:
            before = function.cpu_ms()
            self._dynamo.calls.clear()
            first = _log_in(function, event, status)
            calls = dict(self._dynamo.calls)
            between = function.cpu_ms()
            times = [_log_in(function, event, status) for _ in range(warm)]
            after = function.cpu_ms()
            return Sample(
                init=function.init_ms,
                init_cpu=before,
                first=first,
                first_cpu=between - before,
                warm=times,
                warm_cpu=(after - between) / warm,
                peak=function.peak_mib(),
                calls=calls,
            )
        finally:
            function.stop()


def _log_in(function: Function, event: dict[str, Any], status: int) -> float:
    elapsed, answer = function.invoke(event)
    if answer["statusCode"] != status:
        raise RuntimeError(f"{status} was due: {answer}")
    return elapsed


def _environment(dynamo: Dynamo) -> dict[str, str]:
    return {
        **CREDENTIALS,
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "PYTHONTZPATH": "",  # Lambda has no time zones of its own
        "AWS_REGION": CREDENTIALS["AWS_DEFAULT_REGION"],
        "AWS_LAMBDA_FUNCTION_NAME": "bench",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
        "PYTHONDONTWRITEBYTECODE": "1",  # /var/task is read-only
        "CLEF_ENDPOINT_URL": dynamo.endpoint_url,
        "CLEF_ACCOUNTS_TABLE": "accounts",
        "CLEF_SESSIONS_TABLE": "sessions",
        "CLEF_ATTEMPTS_TABLE": "attempts",
        "CLEF_OFFICE_TABLE": "office",
        "CLEF_ENROLMENTS_TABLE": "enrolments",
        "CLEF_BILLING_TABLE": "billing",
        "CLEF_DOCUMENTS_BUCKET": "documents",
        "CLEF_MAIL_QUEUE_URL": "http://127.0.0.1/mail",
        "CLEF_SLOW_MAIL_QUEUE_URL": "http://127.0.0.1/slow-mail",
        "CLEF_RECORD_KEY": "the key of the bench's pseudonyms, long enough",
        "CLEF_CDN_SECRET_DIGESTS": hashlib.sha256(_CDN_SECRET.encode()).hexdigest(),
    }


def _argon2_ms(times: int) -> float:
    hasher = Hasher()
    taken = []
    for _ in range(times):
        started = time.perf_counter_ns()
        hasher.verify(None, "Soupir0Perdu")
        taken.append((time.perf_counter_ns() - started) / 1e6)
    return statistics.median(taken)


def _report(bench: Bench, packages: list[Package], argon2: float) -> None:
    print("| package | zip MB | unpacked MB |\n|---|---|---|")
    for package in packages:
        print(f"| {package.name} | {package.sizes()} |")
    base = packages[0].name
    for kind in _LOGINS:
        samples = bench.samples[base, kind]
        print(f"\n{kind}: {', '.join(f'{count} {call}' for call, count in samples[0].calls.items())}\n")
        print("| package | " + " | ".join(_COLUMNS) + " |\n" + "|---" * (len(_COLUMNS) + 1) + "|")
        for package in packages:
            cells = [_cell(bench.samples[package.name, kind], samples, column) for column in _COLUMNS]
            print(f"| {package.name} | {' | '.join(cells)} |")
    print(f"\nArgon2 alone: {argon2:.1f} ms")


def _cell(samples: list[Sample], base: list[Sample], column: str) -> str:
    """Give the median and, but for the first package, the median of the ratios round by round."""
    values, others = ([_COLUMNS[column](sample) for sample in each] for each in (samples, base))
    median = f"{statistics.median(values):.1f}"
    if samples is base:
        return median
    return f"{median} (× {statistics.median(value / other for value, other in zip(values, others, strict=True)):.2f})"


def main() -> None:
    """Measure and print tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runtime", required=True, help="a Python that has awslambdaric, of the packages' version")
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--warm", type=int, default=20, help="warm logins a round")
    parser.add_argument("packages", nargs="+", metavar="NAME=ZIP")
    asked = parser.parse_args()
    dynamo = Dynamo()
    with TemporaryDirectory() as scratch:
        named = [each.partition("=") for each in asked.packages]
        packages = [Package(name, Path(file), Path(scratch, name)) for name, _, file in named]
        for package in packages:
            package.unpack()
        bench = Bench(os.path.abspath(asked.runtime), packages, dynamo)  # noqa: PTH100 - a venv's Python is a symlink
        bench.run(asked.rounds, asked.warm)
        _report(bench, packages, _argon2_ms(50))
    dynamo.stop()


if __name__ == "__main__":
    main()
