"""`make scale`: count each AWS call of a family's journey and of a new family's, in one process, for docs/scale.md.

`ARGS="5 33"`: of networks with so many sites. `--write` puts the counts into the paper, between
`<!-- made by make scale: NAME -->` and `<!-- end -->`. `--check` names each counted row that is not there.
"""

import argparse
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import Any, Final

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from werkzeug.test import Client

from chalicelib import wiring
from chalicelib.domain.account.spellings import FORGIVING_SITES
from chalicelib.domain.enrolment.periods import PERIODS_AGE, EnrolmentPeriod, Periods
from chalicelib.domain.family.households import Guardian
from chalicelib.services.office import OfficeServices
from operations.deploy import capacity
from operations.journeys.journey import JourneyAnswer, Send, ask_for_password, play
from tools.application import NewFamily, ask_for_place
from tools.local.applications import open_admission
from tools.local.aws import REGION, LocalAws
from tools.local.families import FAMILIES
from tools.local.post import Consumer, mails
from tools.local.ses import Wsgi
from tools.local.stage import LocalStage

_READ_UNIT, _WRITE_UNIT = 4096, 1024  # bytes that DynamoDB bills as one unit, for strong reads (docs.aws.amazon.com)
_VCPU: Final = 1024 / 1769  # share of a processor of a Lambda of 1,024 MB
_ROUND_TRIP: Final = 0.006  # seconds to DynamoDB and back within a region, a high assumption
_JOBS_COME: Final = timedelta(minutes=1)  # longer than any job's delay
SITES: Final = (5, 33, 140, 830)
PAPER: Final = Path(__file__).parents[1] / "docs/scale.md"
_PLACE: Final = re.compile(r"(<!-- made by make scale: ([\w ]+) -->)(.*?)(<!-- end -->)", re.DOTALL)
_BIGGEST_SITES: Final = (0.5, 0.2, 0.02)  # of each opening's families
_PUPIL: Final = {
    "prenom": "Alba",
    "nom": "Geai",
    "naissance": "14/03/2016",
    "discipline-1": "Piano",
    "site-1": "evry-xenakis",
    "niveau-1": "Débutant",
    "discipline-2": "Violon",
    "site-2": "evry-magnard",
    "niveau-2": "Débutant",
}


@dataclass
class Counts:
    """AWS requests of a page: round trips to DynamoDB, read and write units by table, and other calls."""

    times: int = 0
    round_trips: int = 0
    worst: int = 0  # most round trips of one of these requests
    reads: Counter[str] = field(default_factory=Counter)
    writes: Counter[str] = field(default_factory=Counter)
    rest: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0  # of this machine's processor, without AWS's part

    @property
    def duration(self) -> float:
        """Lambda's seconds for all these requests: processor time, scaled, and waits."""
        return self.seconds / _VCPU + self.round_trips * _ROUND_TRIP


class CountingAws(LocalAws):
    """AWS on this machine, counting calls by the page being requested."""

    def __init__(self) -> None:
        self.pages: dict[str, Counts] = {}
        self._page = Counts()
        self._inside = 0.0
        super().__init__()

    @contextmanager
    def page(self, name: str) -> Iterator[None]:
        """Count the calls inside the block as one request of a page."""
        self._page = counts = self.pages.setdefault(name, Counts())
        counts.times += 1
        before, start = counts.round_trips, time.process_time()
        self._inside = 0.0
        yield
        counts.worst = max(counts.worst, counts.round_trips - before)
        counts.seconds += time.process_time() - start - self._inside
        self._page = Counts()

    def wrap(self, app: Wsgi) -> Wsgi:
        """Count before moto."""

        def counted(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            start = time.process_time()
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            answer = b"".join(app(environ | {"wsgi.input": BytesIO(body)}, start_response))
            service, _, call = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")
            if service.startswith("DynamoDB"):
                self._page.round_trips += 1
                self._count(call, json.loads(body), json.loads(answer or b"{}"))
            else:
                is_mail = environ["PATH_INFO"] == "/v2/email/outbound-emails"
                self._page.rest[call or ("SendEmail" if is_mail else f"S3 {environ['REQUEST_METHOD']}")] += 1
            self._inside += time.process_time() - start
            return [answer]

        return super().wrap(counted)

    def _count(self, call: str, request: dict[str, Any], answer: dict[str, Any]) -> None:
        match call:
            case "BatchGetItem":
                for table, keys in request["RequestItems"].items():
                    items = answer["Responses"].get(table, [])
                    _add(self._page.reads, table, [*items, *({},) * (len(keys["Keys"]) - len(items))], _READ_UNIT)
            case "BatchWriteItem":
                for table, writes in request["RequestItems"].items():
                    items = [write.get("PutRequest", {}).get("Item", {}) for write in writes]
                    _add(self._page.writes, table, items, _WRITE_UNIT)
            case "Query":
                size = sum(map(_size, answer["Items"]))
                self._page.reads[request["TableName"].rpartition("-")[2]] += max(1, ceil(size / _READ_UNIT))
            case "GetItem":
                _add(self._page.reads, request["TableName"], [answer.get("Item", {})], _READ_UNIT)
            case "PutItem":
                _add(self._page.writes, request["TableName"], [request["Item"]], _WRITE_UNIT)
            case "UpdateItem" | "DeleteItem":  # billed as the whole item, the larger of before and after
                stored_item = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].get_item(
                    request["TableName"], request["Key"]
                )
                item = stored_item.to_json()["Attributes"] if stored_item else {}
                _add(self._page.writes, request["TableName"], [item], _WRITE_UNIT)


def _add(units: Counter[str], table: str, items: Iterable[Any], unit: int) -> None:
    """Add the billed units of items. A missing item costs one."""
    units[table.rpartition("-")[2]] += sum(max(1, ceil(_size(item) / unit)) for item in items)


def _size(value: Any) -> int:  # noqa: ANN401 - an attribute value, or a part of one
    """Estimate a size as DynamoDB does: names and values as UTF-8, about a byte for each number and boolean."""
    if isinstance(value, dict):
        return sum(len(name.encode()) + _size(part) for name, part in value.items())
    if isinstance(value, list):
        return 3 + sum(1 + _size(part) for part in value)
    return len(str(value).encode())


@dataclass(frozen=True)
class Journeys:
    """The pages of a family, of a lost password and of a new family, and the bytes of the periods."""

    sites: int
    family: dict[str, Counts]
    lost_password: dict[str, Counts]
    new: dict[str, Counts]
    period_bytes: int


def count(sizes: Iterable[int] = SITES) -> list[Journeys]:
    """Play the journeys in networks of so many sites, each with its own periods, by a clock that only waits turn."""
    aws = CountingAws()
    stage = LocalStage(aws, "http://127.0.0.1:8000")
    empty, services, start, results = aws.save(), stage.services, stage.clock(), []
    for sites in sizes:
        aws.restore(empty)
        aws.pages = {}
        stage.services = replace(_with_sites(services, sites), clock=lambda: start + stage.clock.ahead)
        with wiring.using(stage.services):
            results.append(_play(aws, stage))
    aws.stop()
    return results


def _play(aws: CountingAws, stage: LocalStage) -> Journeys:
    """Play a family of two pupils and two guardians, a lost password, then a new family that applies.

    The new one has a child with two wishes, and promises their documents on paper.
    """
    client, services = Client(stage.cdn(lambda _request: None)), stage.services
    site, identifier, password = _settle(services)
    play(_sender(aws, client), site, identifier, password)
    _work(aws, stage, "job mail")
    known_pages, aws.pages = aws.pages, {}
    ask_for_password(_sender(aws, client), identifier, "come@example.org")
    _work(aws, stage, "job password")
    lost_pages, aws.pages = aws.pages, {}
    open_admission(services)
    period_bytes = _announce_at_each(services)

    def read_code(_email: str) -> str:
        _work(aws, stage, "job code")
        code = re.search(r"\d{3}\s\d{3}", mails(aws)[-1].text)
        return code[0] if code else ""

    def wait(seconds: float) -> None:
        stage.clock.ahead += timedelta(seconds=ceil(seconds))

    ask_for_place(_sender(aws, client), NewFamily("alba@example.org", (_PUPIL,)), read_code, wait)
    _work(aws, stage, "job receipt")
    return Journeys(len(services.settings.network.sites), known_pages, lost_pages, aws.pages, period_bytes)


def _with_sites(services: OfficeServices, sites: int) -> OfficeServices:
    """Give the network so many sites, the first of them its own."""
    network = services.settings.network
    first = network.sites[0]
    more = (replace(first, code=f"conservatoire-{n:03}", name=f"Conservatoire {n:03}") for n in range(sites))
    network = replace(network, sites=(*network.sites, *more)[:sites])
    return replace(services, settings=replace(services.settings, network=network))


def _announce_at_each(services: OfficeServices) -> int:
    """Announce applications at each site. Returns the bytes of the largest item of periods."""
    store = services.admission.periods
    before = store.read()
    every = {site.code: before.of_sites[0][1] for site in services.settings.network.sites} | dict(before.of_sites)
    store.write(before, Periods(None, tuple(sorted(every.items()))))
    return max(map(_size, services.database.items_of(services.settings.office_table, "*")))


def _work(aws: CountingAws, stage: LocalStage, name: str) -> None:
    """Process all jobs of the queues, including delayed ones."""
    aws.hasten(_JOBS_COME)
    while stage.services.post_box.waiting():
        for queue in stage.resources.queues:
            consumer = Consumer(aws, queue)
            if not consumer.is_idle():
                with aws.page(name):
                    consumer.work_once()


def _sender(aws: CountingAws, client: Client) -> Send:
    def send(name: str, path: str, form: Mapping[str, str] | None) -> JourneyAnswer:
        with aws.page(name):
            answer = client.open(
                path,
                method="GET" if form is None else "POST",
                data=dict(form) if form else None,
                headers={"Sec-Fetch-Site": "same-origin"},
                environ_base={"REMOTE_ADDR": "192.0.2.7"},
            )
        return JourneyAnswer(answer.status_code, answer.headers.get("Location", ""), answer.text)

    return send


def _settle(services: OfficeServices) -> tuple[str, str, str]:
    """Open a period and store a family. Returns its site, identifier and password."""
    now = services.clock()
    period = EnrolmentPeriod(now.date() - timedelta(days=1), now.date() + timedelta(days=10))
    sites = tuple(sorted((site.code, period) for site in services.settings.network.sites))
    services.periods.write(services.periods.read(), Periods(None, sites))
    family_known = next(family for family in FAMILIES if family.identifier == "MES4001")
    guardians = (*family_known.household.guardians, Guardian("M. Côme Rossignol", "come@example.org"))
    household = replace(family_known.household, guardians=guardians, pupils=family_known.household.pupils[1:])
    account = replace(
        family_known.account(services, now), emails=(*family_known.emails, "come@example.org"), household=household
    )
    services.accounts.create(account)
    return family_known.site, family_known.identifier, family_known.password or ""


def table(pages: Mapping[str, Counts], unit: str = "a journey") -> Iterator[str]:
    """Lay out a table of docs/scale.md, page by page, with the sum."""
    yield "| page | times | DynamoDB round trips, at most | read units | write units | other calls |"
    yield "|---|---:|---:|---:|---:|---|"
    for name, page in pages.items():
        other_calls = ", ".join(f"{call} × {times}" for call, times in sorted(page.rest.items()))
        units = f"{page.reads.total()} | {page.writes.total()}"
        yield f"| {name} | {page.times} | {page.worst} | {units} | {other_calls} |"
    requests = sum(page.times for name, page in pages.items() if not name.startswith(("page ", "job ")))
    reads, writes = (sum(getattr(page, kind).total() for page in pages.values()) for kind in ("reads", "writes"))
    mails = sum(page.rest["SendEmail"] for page in pages.values())
    yield f"| **{unit}** | {requests} | | {reads} | {writes} | {mails} mails |"


def durations(known_pages: Mapping[str, Counts], new: Mapping[str, Counts]) -> Iterator[str]:
    """Compare the constants of capacity.py with the tables."""
    login = known_pages["POST connexion"]
    yield f"operations/deploy/capacity.py says {capacity.JOURNEY:.3f} s and {capacity.LOGIN:.3f} s; measured now: "
    yield f"a journey {_seconds(known_pages):.3f} s, a login {login.duration / login.times:.3f} s."
    yield f"It says {capacity.APPLICATION:.3f} s of a new family; measured now, jobs left out: {_own(new):.3f} s."


def _seconds(pages: Mapping[str, Counts]) -> float:
    return sum(page.duration for page in pages.values())


def _own(pages: Mapping[str, Counts]) -> float:
    return sum(page.duration for name, page in pages.items() if not name.startswith("job "))


def shapes(results: Iterable[Journeys]) -> Iterator[str]:
    """Lay out the counts of networks of several sizes."""
    names = ("a login", "a journey", "a lost password", "a new family")
    yield f"| sites | reads of {' | reads of '.join(names)} | round trips of a lost one's job | periods | wrong site |"
    yield f"|{'---:|' * 7}---|"
    for journeys in results:
        pages = ({"": journeys.family["POST connexion"]}, journeys.family, journeys.lost_password, journeys.new)
        numbers = (journeys.sites, *map(_reads, pages), journeys.lost_password["job password"].worst)
        forgiven = "forgiven" if journeys.sites <= FORGIVING_SITES else "refused"
        yield (
            "| "
            + " | ".join(f"{number:,}" for number in numbers)
            + f" | {journeys.period_bytes:,} bytes | {forgiven} |"
        )


def _reads(pages: Mapping[str, Counts]) -> int:
    return sum(page.reads.total() for page in pages.values())


def multiplied(known_pages: Mapping[str, Counts], period_bytes: int) -> Iterator[str]:
    """Lay out the opening minute: a key's units are the journey's, times the logins a second and its site's share.

    The periods, of the largest network, are read once in ten seconds by each Lambda.
    """
    rows: dict[str, list[str]] = {}

    def put(name: str, number: float, unit: str = "") -> None:
        rows.setdefault(name, []).append(f"{number:,.0f}{unit}")

    for opening, share in zip(capacity.OPENINGS, _BIGGEST_SITES, strict=True):
        at_once, logins = capacity.at_once(opening.in_minute), opening.in_minute / capacity.MINUTE
        put("in the opening minute", 100 * opening.share, "%")
        put("POST connexion, a second", logins)
        put("requests a second", logins * capacity.FAMILY_VISIT.requests)
        put("Lambdas at once", at_once)
        for kind, limit in (("writes", 1000), ("reads", 3000)):
            units: Counter[str] = sum((getattr(page, kind) for page in known_pages.values()), Counter())
            for name, number in sorted(units.items()):
                if name != "office":
                    put(f"{name}, the biggest site's key: {kind} a second, of {limit:,}", number * logins * share)
        reads = at_once / PERIODS_AGE.total_seconds() * ceil(period_bytes / _READ_UNIT)
        put("office, the periods of 830 sites: reads a second, of 3,000", reads)
        put("minutes until every receipt is mailed, at 14 a second", capacity.minutes_to_mail(2 * opening.in_minute))
        rows.setdefault("dollars a season, at list price", []).append(
            f"{opening.families * capacity.FAMILY_VISIT.dollars:.2f}"
        )
    yield "| | " + " | ".join(f"{opening.families:,} families" for opening in capacity.OPENINGS) + " |"
    yield f"|---|{'---:|' * len(capacity.OPENINGS)}"
    yield from (f"| {name} | {' | '.join(numbers)} |" for name, numbers in rows.items())


def places(results: list[Journeys]) -> dict[str, list[str]]:
    """Make the rows of each place of the paper, by its name."""
    first, last = results[0], results[-1]
    return {
        "a journey": list(table(first.family)),
        "a lost password": list(table(first.lost_password, "a lost password")),
        "a new family": list(table(first.new, "a new family")),
        "the opening minute": list(multiplied(first.family, last.period_bytes)),
        "sites": list(shapes(results)),
    }


def main() -> None:
    """Count, then print the tables, write them or compare them with the paper's."""
    parser = argparse.ArgumentParser(prog="make scale", description=__doc__)
    parser.add_argument("sites", nargs="*", type=int, default=SITES)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    results = count(arguments.sites)
    tables, text = places(results), PAPER.read_text(encoding="utf-8")
    if arguments.write:
        fresh = _PLACE.sub(lambda place: "\n".join((place[1], "", *tables[place[2]], "", place[4])), text)
        PAPER.write_text(fresh, encoding="utf-8")
    elif arguments.check:
        there = {place[2]: place[3].splitlines() for place in _PLACE.finditer(text)}
        absent = [row for name, rows in tables.items() for row in rows if row not in there.get(name, [])]
        sys.exit("\n".join(("docs/scale.md lacks these rows: `make scale ARGS=--write`", *absent)) if absent else 0)
    for name, rows in tables.items():
        print(f"{name}:", *rows, "", sep="\n")
    print(*durations(results[0].family, results[0].new), sep="\n")


if __name__ == "__main__":
    main()
