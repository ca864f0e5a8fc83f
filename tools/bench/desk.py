"""Measure the desk's lists on 5,000 pupils of one site, with instantaneous tables: `python -m tools.bench.desk`."""

import argparse
import gc
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from typing import Any, Final

from chalicelib import wiring
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.enrolment.periods import Periods
from chalicelib.infra.batches import batches
from chalicelib.infra.record import Record
from chalicelib.office.enrolment.reenrolments import PupilQuery, pupil_page
from chalicelib.office.helpdesk.find import find_at
from chalicelib.office.today import today_at
from chalicelib.services.family import Services
from tools.bench.concurrency import ImmediateDynamo, size_of
from tools.fixtures.misspellings import misspelt
from tools.fixtures.season import NOW, PERIOD, accounts, enrolment
from tools.local.aws import LocalAws
from tools.local.stage import LocalStage

_SITE: Final = "evry-xenakis"
_SEED: Final = 15
_WRITTEN_AT_ONCE: Final = 25
_MISSPELT: Final = 200
_FIRST: Final = 5
_FILTERS: Final[dict[str, dict[str, str]]] = {
    "all pupils": {},
    "a state": {"state": "submitted"},
    "a discipline": {"discipline": "piano"},
    "a teacher": {"teacher": "Professeur 7"},
    "missing documents": {"documents": "missing"},
    "state, discipline and documents": {"state": "submitted", "discipline": "chant", "documents": "provided"},
}
_SEARCHES: Final = ("martin", "Lefevre", "fransoise riou", "01 99 00 12", "xen10234", "zzz")


def main() -> None:
    """Print the time of each list and its DynamoDB calls. Exits with 1 if one exceeds its limit."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench.desk", description=main.__doc__)
    parser.add_argument("--pupils", type=int, default=5_000)
    parser.add_argument("--times", type=int, default=40, help="of each list")
    parser.add_argument("--within", type=float, default=0.5, help="seconds that 95 %% may take")
    options = parser.parse_args()
    services, tables = _services()
    _fill(tables, services, options.pupils)
    _print_found(services)
    gc.collect()
    gc.freeze()  # as a Lambda does at its start: the tables are not part of it
    slowest = max(_measure(tables, name, act, options.times) for name, act in _lists(services).items())
    sys.exit(slowest > options.within)


def _services() -> tuple[Services, ImmediateDynamo]:
    aws = LocalAws()
    settings = LocalStage(aws, "http://127.0.0.1:8000").services.settings
    aws.stop()
    tables = ImmediateDynamo()
    services = wiring.build(settings)
    return replace(services, clock=lambda: NOW, record=Record(services.record.pseudonyms, StringIO())), tables


def _fill(tables: ImmediateDynamo, services: Services, pupils: int) -> None:
    families = list(accounts(_SEED, pupils, _SITE))
    for some in batches(families, _WRITTEN_AT_ONCE):
        services.database.write_together(*map(services.accounts.put, some))
    sent = list(filter(None, map(enrolment, families)))
    for begun in sent:
        services.enrolments.change(Enrolment(begun.ref), begun)
    services.periods.write(services.periods.read(), Periods(PERIOD))
    print(f"{len(families)} families, {sum(len(one.household.pupils) for one in families)} pupils, {len(sent)} began")
    for table in (services.settings.accounts_table, services.settings.enrolments_table):
        _print_sizes(table, [item for (at, *_), item in tables.items.items() if at == table])


def _print_sizes(table: str, items: list[dict[str, Any]]) -> None:
    sizes = sorted(len(item["summary"]["S"].encode()) for item in items)
    whole = statistics.median(map(size_of, items))
    print(
        f"{table}: a summary has {sizes[len(sizes) // 2]} bytes, the largest {sizes[-1]}, "
        f"all {sum(sizes) / 1e6:.2f} MB; an item has {whole:.0f}"
    )


def _lists(services: Services) -> dict[str, Callable[[], object]]:
    def page(asked: dict[str, Any]) -> Callable[[], object]:
        return lambda: pupil_page(services, PupilQuery(_SITE, **asked), "2500-", NOW)

    def search(typed: str) -> Callable[[], object]:
        return lambda: find_at(services, typed, (_SITE,))

    pages = {f"pupils: {name}": page(asked) for name, asked in _FILTERS.items()}
    searches = {f"find: {typed}": search(typed) for typed in _SEARCHES}
    sites = [site for site in services.settings.network.sites if site.code == _SITE]
    return pages | searches | {"today": lambda: today_at(services, sites, NOW)}


def _print_found(services: Services) -> None:
    """Print how often the intended family is among the first five, and how many are found in all."""
    families = list(services.accounts.all(_SITE))
    shown = [
        ([family.account.ref for family in find_at(services, typed.text, (_SITE,)).families], typed.meant.ref)
        for typed in misspelt(families, _MISSPELT, _SEED)
    ]
    first = sum(meant in refs[:_FIRST] for refs, meant in shown)
    print(
        f"of {_MISSPELT} names typed amiss, {first} found among the first {_FIRST}; "
        f"{statistics.mean(len(refs) for refs, _ in shown):.1f} families found for each"
    )


def _measure(tables: ImmediateDynamo, name: str, act: Callable[[], object], times: int) -> float:
    act()  # warms up the tables' answers
    tables.calls.clear()
    act()
    calls = ", ".join(tables.calls)
    taken, busy = [], []
    for _ in range(times):
        started, worked = time.perf_counter(), time.process_time()
        act()
        taken.append(time.perf_counter() - started)
        busy.append(time.process_time() - worked)
    slow, worked = statistics.quantiles(taken, n=20)[-1], statistics.quantiles(busy, n=20)[-1]
    median = statistics.median(taken)
    print(f"{name:40} {median * 1e3:4.0f} ms, 95 % {slow * 1e3:4.0f} ms, busy for {worked * 1e3:4.0f}  {calls}")
    return worked  # the time of a request on an idle machine: the tables never block


if __name__ == "__main__":
    main()
