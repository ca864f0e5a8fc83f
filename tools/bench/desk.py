"""Measure the desk's lists on 5,000 pupils of one site, with instantaneous tables: `python -m tools.bench.desk`.

`--sites 12` adds eleven such sites: searches and « Aujourd'hui » read them all, as for a manager, in some five minutes.
"""

import argparse
import gc
import io
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from http import HTTPStatus
from io import StringIO
from operator import truediv
from typing import Any, Final

from botocore.awsrequest import AWSResponse
from botocore.handlers import BUILTIN_HANDLERS

from chalicelib import wiring
from chalicelib.domain.enrolment.periods import Periods
from chalicelib.domain.search.search import search
from chalicelib.infra.dynamo.database import Put
from chalicelib.infra.dynamo.values import encode_item
from chalicelib.infra.record import Record
from chalicelib.office.enrolment.reenrolments import PupilQuery, pupil_beside, pupil_mark, pupil_page
from chalicelib.office.find import AT_MOST, find_at
from chalicelib.office.today import today_at
from chalicelib.services.office import OfficeServices
from chalicelib.stores.summary_index import account_summaries
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
        self.answers: list[bytes] = []
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
            "PutItem": self._put,
            "UpdateItem": self._update,
            "Query": self._query,
        }
        headers: Any = {"Content-Type": "application/x-amz-json-1.0"}
        body = answers[operation](json.loads(request.body))
        self.answers.append(body)
        return AWSResponse(request.url, HTTPStatus.OK, headers, _Body(body))

    def put(self, *puts: Put) -> None:
        """Hold items as the stores encode them, without a call."""
        for put in puts:
            self._hold(put.table, encode_item(put.item))

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
    parser.add_argument("--sites", type=int, default=1, help="with so many pupils each")
    parser.add_argument("--applications", type=int, default=400, help="of each site")
    parser.add_argument("--times", type=int, help="of each list: 40, or 7 with several sites")
    parser.add_argument("--within", type=float, default=0.5, help="seconds that 95 %% may take")
    options = parser.parse_args()
    services, tables = _services()
    sites = [_SITE, *(f"{_SITE}-{number}" for number in range(2, options.sites + 1))]
    for seed, site in enumerate(sites, _SEED):
        _fill(tables, services, site, seed, options.pupils)
        _fill_applications(tables, services, site, options.applications)
    _print_sizes(tables, services.settings.accounts_table)
    _print_sizes(tables, services.settings.enrolments_table)
    services.periods.write(services.periods.read(), Periods(PERIOD))
    _print_found(services)
    gc.collect()
    gc.freeze()  # as a Lambda does at its start: the tables are not part of it
    print(f"ready after {time.process_time():.0f} s of CPU")
    times = options.times or (40 if options.sites == 1 else 7)
    slowest = max(_measure(tables, name, act, times) for name, act in _lists(services, sites).items())
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
    drafts = list(filter(None, map(enrolment, families)))
    tables.put(*map(services.accounts.put, families), *map(services.enrolments.put, drafts))


def _fill_applications(tables: ImmediateDynamo, services: OfficeServices, site: str, number: int) -> None:
    """Store sent applications, named like the families of another seed."""
    for place, family in enumerate(accounts(_SEED + 1_000, number, site)):
        guardian = family.household.guardians[0]
        first_name, _, last_name = family.household.pupils[0].name.partition(" ")
        wish = Wish("Piano", site, since=NOW)
        answers = Answers(guardian.name, candidates=(Candidate("a1", first_name, last_name, NOW.date(), (wish,)),))
        ref = ApplicationRef(f"{site}-box-{place}", PERIOD.season)
        new = Application(ref, family.emails[0], NOW, NOW, answers)
        tables.put(services.admission.applications.put(submit(new, f"P27-{site}-{place}", NOW)))


def _print_sizes(tables: ImmediateDynamo, table: str) -> None:
    items = [item for (at, *_), item in tables.items.items() if at == table]
    sizes = sorted(len(item["summary"]["S"].encode()) for item in items)
    print(
        f"{len(items)} items of {table}: a summary has {sizes[len(sizes) // 2]} bytes, the largest {sizes[-1]}, "
        f"all {sum(sizes) / 1e6:.2f} MB; an item has {statistics.median(map(size_of, items)):.0f}"
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
    summaries = list(account_summaries(services.accounts, _SITE))
    lines = [
        ([hit.family.identifier for hit in search(summaries, query.text, AT_MOST).hits], query.account.ref.identifier)
        for query in misspelt(list(services.accounts.all(_SITE)), _MISSPELT, _SEED)
    ]
    first = sum(meant in names[:_FIRST] for names, meant in lines)
    print(
        f"of {_MISSPELT} names typed amiss, {first} found among the first {_FIRST}; "
        f"{statistics.mean(len(names) for names, _ in lines):.1f} families found for each"
    )


def _measure(tables: ImmediateDynamo, name: str, act: Callable[[], object], times: int) -> float:
    """Print the CPU of a list, also as a multiple of parsing its answers alone, measured in turn."""
    act()  # warms up the tables' answers
    busy, floors = [], []
    for _ in range(times):
        tables.calls.clear()
        tables.answers.clear()
        busy.append(_cpu(act))
        floors.append(_cpu(lambda: [json.loads(answer) for answer in tables.answers]))
    median, slow = statistics.median(busy), statistics.quantiles(busy, n=20, method="inclusive")[-1]
    call_text = ", ".join(f"{call} × {count}" for call, count in Counter(tables.calls).items())
    size = sum(map(len, tables.answers)) / 1e6
    ratio = statistics.median(map(truediv, busy, floors))
    print(f"{name:36} {median:.3f} s of CPU, 95 % {slow:.3f}, × {ratio:4.1f}  {size:5.2f} MB  {call_text}", flush=True)
    return slow


def _cpu(act: Callable[[], object]) -> float:
    start = time.process_time()
    act()
    return time.process_time() - start


if __name__ == "__main__":
    main()
