"""Measure the desk's lists on 5,000 pupils of one site, with instantaneous tables: `python -m tools.bench.desk`.

`--sites 12` adds eleven such sites: searches and « Aujourd'hui » read them all, as for a manager.
"""

import argparse
import gc
import io
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from http import HTTPStatus
from io import StringIO
from typing import Any, Final

from botocore.awsrequest import AWSResponse
from botocore.handlers import BUILTIN_HANDLERS

from chalicelib import wiring
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.enrolment.periods import Periods
from chalicelib.infra.batches import batches
from chalicelib.infra.record import Record
from chalicelib.office.enrolment.reenrolments import PupilQuery, pupil_beside, pupil_mark, pupil_page
from chalicelib.office.find import find_at
from chalicelib.office.today import today_at
from chalicelib.services.office import OfficeServices
from chalicelib.wings.admission.domain.applications import Answers, Application, ApplicationRef, Candidate, Wish, submit
from chalicelib.wings.admission.office.today import applications_today
from tools.fixtures.misspellings import misspelt
from tools.fixtures.season import NOW, PERIOD, accounts, enrolment
from tools.local.aws import LocalAws
from tools.local.stage import LocalStage

PAGE: Final = 1 << 20  # bytes that a query reads at once
_INDEX: Final = ("site", "identifier", "summary")

_Key = tuple[str, str, str]
_Item = Mapping[str, Any]


class _Body(io.BytesIO):
    def stream(self, **_options: object) -> Iterator[bytes]:
        """Read the rest, as urllib3 does."""
        if rest := self.read():
            yield rest


class ImmediateDynamo:
    """Answers the DynamoDB calls of botocore clients made from now on. A condition always holds."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.items: dict[_Key, dict[str, Any]] = {}
        self._ready: dict[_Key, str] = {}
        self._pages: dict[str, list[bytes]] = {}
        send: Any = self._send
        BUILTIN_HANDLERS.append(("before-send.dynamodb", send))

    def _send(self, request: Any, **_more: object) -> AWSResponse:  # noqa: ANN401 - botocore's own
        operation = request.headers["X-Amz-Target"].decode().rpartition(".")[2]
        self.calls.append(operation)
        answers: dict[str, Any] = {
            "GetItem": self._get,
            "BatchGetItem": self._get_batch,
            "BatchWriteItem": self._write_batch,
            "PutItem": self._put,
            "UpdateItem": self._update,
            "Query": self._query,
        }
        headers: Any = {"Content-Type": "application/x-amz-json-1.0"}
        body = answers[operation](json.loads(request.body))
        return AWSResponse(request.url, HTTPStatus.OK, headers, _Body(body))

    def _hold(self, table: str, item: dict[str, Any]) -> None:
        key = _key_of(table, item)
        self.items[key], self._ready[key] = item, json.dumps(item, ensure_ascii=False)
        self._pages.clear()

    def _get(self, request: _Item) -> bytes:
        item = self._ready.get(_key_of(request["TableName"], request["Key"]))
        return (f'{{"Item":{item}}}' if item else "{}").encode()

    def _get_batch(self, request: _Item) -> bytes:
        tables = []
        for table, keys in request["RequestItems"].items():
            items = filter(None, (self._ready.get(_key_of(table, key)) for key in keys["Keys"]))
            tables.append(f'"{table}":[{",".join(items)}]')
        return f'{{"Responses":{{{",".join(tables)}}},"UnprocessedKeys":{{}}}}'.encode()

    def _write_batch(self, request: _Item) -> bytes:
        for table, writes in request["RequestItems"].items():
            for write in writes:
                self._hold(table, write["PutRequest"]["Item"])
        return b'{"UnprocessedItems":{}}'

    def _put(self, request: _Item) -> bytes:
        self._hold(request["TableName"], request["Item"])
        return b"{}"

    def _update(self, request: _Item) -> bytes:
        """Set attributes. No other update is used."""
        item: dict[str, Any] = self.items.get(_key_of(request["TableName"], request["Key"])) or request["Key"]
        pairs = (pair.split(" = ") for pair in request["UpdateExpression"].removeprefix("SET ").split(", "))
        names, values = request["ExpressionAttributeNames"], request["ExpressionAttributeValues"]
        self._hold(request["TableName"], item | {names[name]: values[value] for name, value in pairs})
        return b"{}"

    def _query(self, request: dict[str, Any]) -> bytes:
        at = request.pop("ExclusiveStartKey", None)
        name = json.dumps(request, sort_keys=True)
        if name not in self._pages:
            self._pages[name] = list(self._bodies(request))
        return self._pages[name][int(at["page"]["N"]) if at else 0]

    def _bodies(self, request: _Item) -> Iterator[bytes]:
        pages = list(self._parted(request))
        for number, page in enumerate(pages, 1):
            more = f',"LastEvaluatedKey":{{"page":{{"N":"{number}"}}}}' if number < len(pages) else ""
            yield f'{{"Items":[{",".join(page)}]{more}}}'.encode()

    def _parted(self, request: _Item) -> Iterator[list[str]]:
        page: list[str] = []
        size = 0
        for item in self._found(request):
            size += size_of(item)
            if size > PAGE:
                yield page
                page, size = [], 0
            page.append(json.dumps(_projected(item, request), ensure_ascii=False))
        yield page

    def _found(self, request: _Item) -> Iterator[_Item]:
        values = request["ExpressionAttributeValues"]
        if ":identifier" in values:  # of the index of a season's applications
            wanted_key = (request["TableName"], values[":identifier"]["S"])
            rows: Iterator[_Item] = (
                item for (table, _, name), item in sorted(self.items.items()) if (table, name) == wanted_key
            )
            yield from ({name: item[name] for name in _INDEX if name in item} for item in rows)
            return
        place = (request["TableName"], values[":site"]["S"])
        prefix = values.get(":prefix", {"S": ""})["S"]
        for key in sorted(self.items):
            if key[:2] == place and key[2].startswith(prefix):
                item = self.items[key]
                yield {name: item[name] for name in _INDEX if name in item} if "IndexName" in request else item


def size_of(item: _Item) -> int:
    """Count the bytes of an item, or of a map in it, as DynamoDB does."""
    return sum(len(name.encode()) + _size_of_value(value) for name, value in item.items())


def _size_of_value(value: _Item) -> int:
    ((kind, content),) = value.items()
    if kind == "M":
        return 3 + len(content) + size_of(content)
    if kind == "L":
        return 3 + sum(1 + _size_of_value(element) for element in content)
    return len(str(content).encode()) if kind == "S" else len(str(content)) // 2 + 1


def _projected(item: _Item, request: _Item) -> _Item:
    if "ProjectionExpression" not in request:
        return item
    names = request.get("ExpressionAttributeNames", {})
    names_asked = [names.get(name, name) for name in request["ProjectionExpression"].split(", ")]
    return {name: item[name] for name in names_asked if name in item}


def _key_of(table: str, key: _Item) -> _Key:
    return (table, key["site"]["S"], key["identifier"]["S"])


_SITE: Final = "evry-xenakis"
_SEED: Final = 15
_WRITTEN_AT_ONCE: Final = 25
_MISSPELT: Final = 200
_FIRST: Final = 5
_LONG: Final = 120  # characters of a line of calls
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
    parser.add_argument("--sites", type=int, default=1, help="with so many pupils each")
    parser.add_argument("--applications", type=int, default=400, help="of each site")
    parser.add_argument("--times", type=int, default=40, help="of each list")
    parser.add_argument("--within", type=float, default=0.5, help="seconds that 95 %% may take")
    options = parser.parse_args()
    services, tables = _services()
    sites = [_SITE, *(f"{_SITE}-{number}" for number in range(2, options.sites + 1))]
    for seed, site in enumerate(sites, _SEED):
        _fill(tables, services, site, seed, options.pupils)
        _fill_applications(services, site, options.applications)
    services.periods.write(services.periods.read(), Periods(PERIOD))
    _print_found(services)
    gc.collect()
    gc.freeze()  # as a Lambda does at its start: the tables are not part of it
    slowest = max(_measure(tables, name, act, options.times) for name, act in _lists(services, sites).items())
    sys.exit(slowest > options.within)


def _services() -> tuple[OfficeServices, ImmediateDynamo]:
    aws = LocalAws()
    settings = LocalStage(aws, "http://127.0.0.1:8000").services.settings
    aws.stop()
    tables = ImmediateDynamo()
    services = OfficeServices.over(wiring.build(settings))
    return replace(services, clock=lambda: NOW, record=Record(services.record.pseudonyms, StringIO())), tables


def _fill(tables: ImmediateDynamo, services: OfficeServices, site: str, seed: int, pupils: int) -> None:
    families = list(accounts(seed, pupils, site))
    for batch in batches(families, _WRITTEN_AT_ONCE):
        services.database.write_together(*map(services.accounts.put, batch))
    drafts = list(filter(None, map(enrolment, families)))
    for draft in drafts:
        services.enrolments.change(Enrolment(draft.ref), draft)
    print(f"{len(families)} families, {sum(len(one.household.pupils) for one in families)} pupils, {len(drafts)} began")
    for table in (services.settings.accounts_table, services.settings.enrolments_table):
        _print_sizes(table, [item for (at, *_), item in tables.items.items() if at == table])


def _fill_applications(services: OfficeServices, site: str, number: int) -> None:
    """Store sent applications, named like the families of another seed."""
    for place, family in enumerate(accounts(_SEED + 1_000, number, site)):
        guardian = family.household.guardians[0]
        first_name, _, last_name = family.household.pupils[0].name.partition(" ")
        wish = Wish("Piano", site, since=NOW)
        answers = Answers(guardian.name, candidates=(Candidate("a1", first_name, last_name, NOW.date(), (wish,)),))
        ref = ApplicationRef(f"{site}-box-{place}", PERIOD.season)
        new = Application(ref, family.emails[0], NOW, NOW, answers)
        services.admission.applications.change(Application(ref), submit(new, f"P27-{site}-{place}", NOW))


def _print_sizes(table: str, items: list[dict[str, Any]]) -> None:
    sizes = sorted(len(item["summary"]["S"].encode()) for item in items)
    whole = statistics.median(map(size_of, items))
    print(
        f"{table}: a summary has {sizes[len(sizes) // 2]} bytes, the largest {sizes[-1]}, "
        f"all {sum(sizes) / 1e6:.2f} MB; an item has {whole:.0f}"
    )


def _lists(services: OfficeServices, codes: list[str]) -> dict[str, Callable[[], object]]:
    def page(parameters: dict[str, Any]) -> Callable[[], object]:
        return lambda: pupil_page(services, PupilQuery(_SITE, **parameters), "2500-", NOW)

    def search(text: str) -> Callable[[], object]:
        return lambda: find_at(services, text, codes, NOW)

    pages = {f"pupils: {name}": page(asked) for name, asked in _FILTERS.items()}
    searches = {f"find: {typed}": search(typed) for typed in _SEARCHES}
    site_known = next(site for site in services.settings.network.sites if site.code == _SITE)
    sites = [replace(site_known, code=code) for code in codes]

    def first_today() -> object:
        services.staff.days.clear()
        return today_at(services, sites, NOW, with_last_season=len(codes) > 1)

    def today() -> object:
        return today_at(services, sites, NOW, with_last_season=len(codes) > 1)

    waiting = {"today: applications": lambda: applications_today(services, codes, NOW)}
    query, mark = PupilQuery(_SITE, state="submitted"), pupil_mark("xen12500", "")
    beside = {"pupil after another": lambda: pupil_beside(services, query, mark, 2500, "next", NOW)}
    return pages | beside | searches | {"today, the first time": first_today, "today": today} | waiting


def _print_found(services: OfficeServices) -> None:
    """Print how often the intended family is among the first five, and how many are found in all."""
    families = list(services.accounts.all(_SITE))
    lines = [
        ([family.account.ref for family in find_at(services, query.text, (_SITE,), NOW).families], query.account.ref)
        for query in misspelt(families, _MISSPELT, _SEED)
    ]
    first = sum(meant in refs[:_FIRST] for refs, meant in lines)
    print(
        f"of {_MISSPELT} names typed amiss, {first} found among the first {_FIRST}; "
        f"{statistics.mean(len(refs) for refs, _ in lines):.1f} families found for each"
    )


def _measure(tables: ImmediateDynamo, name: str, act: Callable[[], object], times: int) -> float:
    act()  # warms up the tables' answers
    tables.calls.clear()
    act()
    call_text = ", ".join(tables.calls)
    calls = f"{len(tables.calls)}: {call_text if len(call_text) < _LONG else '…'}"
    wall_times, busy = [], []
    for _ in range(times):
        start, cpu_start = time.perf_counter(), time.process_time()
        act()
        wall_times.append(time.perf_counter() - start)
        busy.append(time.process_time() - cpu_start)
    slow, cpu_start = statistics.quantiles(wall_times, n=20)[-1], statistics.quantiles(busy, n=20)[-1]
    median = statistics.median(wall_times)
    figures = f"{median * 1e3:4.0f} ms, 95 % {slow * 1e3:4.0f} ms, busy for {cpu_start * 1e3:4.0f}"
    print(f"{name:40} {figures}  {calls}")
    return cpu_start  # the time of a request on an idle machine: the tables never block


if __name__ == "__main__":
    main()
