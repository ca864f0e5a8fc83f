"""`make load`: start the service, fill it, replay an opening, say how long each page took, and stop everything."""

import argparse
import csv
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from chalicelib import wiring
from chalicelib.domain.account.accounts import Account, AccountRef, Password, new_stamp
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil
from chalicelib.services import Services
from chalicelib.settings import load_settings

PROJECT: Final = Path(__file__).parents[2]
_LOCUST: Final = PROJECT / ".venv-load" / "bin" / "locust"
_PASSWORD: Final = "Loriot6Jaune"  # noqa: S105 - of fictitious families
_PUPILS: Final = 2
_TAIL: Final = 90  # seconds, for the last to end
_FAMILIES_AT_MOST: Final = 2000  # one machine's stand-in for AWS says nothing beyond


@dataclass(frozen=True)
class Page:
    """How a page did: milliseconds."""

    name: str
    requests: int
    failures: int
    median: int
    p95: int
    worst: int


def main() -> None:
    """Replay, report, and end with 1 where any family was let down."""
    asked = _arguments()
    if not _LOCUST.exists():
        sys.exit("Locust is not there: `make load` installs it into .venv-load.")
    with tempfile.TemporaryDirectory() as folder, _served() as base:
        families = _fill(_services(base), asked.families)
        plan = {"families": families, "pace": asked.pace, "arrivals": asked.seconds}
        pages = _replay(base, plan, asked, Path(folder))
    report = _report(pages, asked)
    print(report)
    if asked.to:
        asked.to.write_text(report + "\n", encoding="utf-8")
    sys.exit(any(page.failures for page in pages) or not pages)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--families", type=int, default=40, help="how many re-enrol")
    parser.add_argument("--seconds", type=int, default=60, help="within how many seconds they arrive")
    parser.add_argument("--pace", type=float, default=0.1, help="think times, as a part of a family's own")
    parser.add_argument("--to", type=Path, help="a file for the report")
    asked = parser.parse_args()
    if not 0 < asked.families <= _FAMILIES_AT_MOST:
        parser.error(f"--families: 1 to {_FAMILIES_AT_MOST}")
    return asked


@contextmanager
def _served() -> Iterator[str]:
    """Run the service on a free port of loopback, and stop it."""
    with subprocess.Popen(
        [sys.executable, "-m", "tools.local"],
        cwd=PROJECT,
        env={**os.environ, "PORT": "0"},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            found = re.search(r"http://127\.0\.0\.1:\d+", (process.stdout.readline() if process.stdout else ""))
            if not found:
                sys.exit("the service did not start")
            yield found.group()
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate()


def _services(base: str) -> Services:
    with urllib.request.urlopen(f"{base}/_local/stage.json", timeout=10) as answer:  # noqa: S310 - loopback
        told: dict[str, Any] = json.load(answer)
    os.environ.update(told["credentials"])
    return wiring.build(load_settings(told["environment"]), patience=30)


def _fill(services: Services, count: int) -> list[dict[str, str]]:
    """Announce a period that is open, and store families that have a password; one hash serves all."""
    now = services.clock()
    today = now.date()
    period = EnrolmentPeriod(today - timedelta(days=1), today + timedelta(days=10))
    services.periods.write(services.periods.read(), Periods(period))
    password = Password(services.hasher.hash(_PASSWORD), now, "chosen")
    sites = [each.code for each in services.settings.network.sites]
    made = [_family(number, sites[number % len(sites)]) for number in range(count)]
    for account in made:
        services.accounts.create(replace(account, password=password))
    return [{"site": each.ref.site, "identifier": each.ref.identifier, "password": _PASSWORD} for each in made]


def _family(number: int, site: str) -> Account:
    pupils = tuple(
        Pupil(f"Élève {number}-{place}", None, (Course("Piano", "Cycle 1", "Mme Saule", "mercredi 14 h"),))
        for place in range(_PUPILS)
    )
    email = f"load.{number}@example.org"
    household = Household((Guardian(f"Mme Merle {number}", email),), ("3 rue de l'Exemple", "91000 Evry"), pupils)
    ref = AccountRef(site, f"load{number}")
    return Account(ref, f"Famille Merle {number}", (email,), new_stamp(), household=household)


def _replay(base: str, plan: dict[str, Any], asked: argparse.Namespace, folder: Path) -> list[Page]:
    written = folder / "plan.json"
    written.write_text(json.dumps(plan), encoding="utf-8")
    done = subprocess.run(  # noqa: S603 - our own command
        [
            *(str(_LOCUST), "--headless", "--only-summary", "--loglevel", "ERROR", "--host", base),
            *("--locustfile", str(PROJECT / "tools/load/locustfile.py"), "--csv", str(folder / "load")),
            *("--users", str(asked.families), "--spawn-rate", str(asked.families)),
            *("--run-time", f"{asked.seconds + int(_TAIL + 400 * asked.pace)}s", "--stop-timeout", "10"),
        ],
        cwd=PROJECT,
        env={**os.environ, "CLEF_LOAD_PLAN": str(written), "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if not (folder / "load_stats.csv").exists():
        sys.exit(f"Locust did not run: {done.stderr}")
    with (folder / "load_stats.csv").open(encoding="utf-8", newline="") as file:
        return [_page(row) for row in csv.DictReader(file)]


def _page(row: dict[str, str]) -> Page:
    figures = (int(float(row[name] or 0)) for name in ("Request Count", "Failure Count", "50%", "95%", "100%"))
    return Page("Ensemble" if row["Name"] == "Aggregated" else row["Name"], *figures)


def _report(pages: list[Page], asked: argparse.Namespace) -> str:
    lines = [
        f"{asked.families} families within {asked.seconds} s, think times × {asked.pace}; milliseconds.",
        "",
        "| page | requests | failures | median | 95 % | worst |",
        "|---|---:|---:|---:|---:|---:|",
        *(f"| {p.name} | {p.requests} | {p.failures} | {p.median} | {p.p95} | {p.worst} |" for p in pages),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
