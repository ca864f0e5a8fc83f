"""AWS calls of a family's journey and of a new family's, counted in one process, for `make scale`."""

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from io import BytesIO
from math import ceil
from typing import Any, Final

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from werkzeug.test import Client

from chalicelib import wiring
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.domain.family.households import Guardian
from chalicelib.services.office import OfficeServices
from operations.journeys.journey import JourneyAnswer, Send, ask_for_password, play
from tools.application import NewFamily, ask_for_place
from tools.local.applications import open_admission
from tools.local.aws import REGION, LocalAws
from tools.local.families import FAMILIES
from tools.local.post import Consumer, mails
from tools.local.ses import Wsgi
from tools.local.stage import LocalStage

READ_UNIT, _WRITE_UNIT = 4096, 1024  # bytes that DynamoDB bills as one unit, for strong reads (docs.aws.amazon.com)
_VCPU: Final = 1024 / 1769  # share of a processor of a Lambda of 1,024 MB
_ROUND_TRIP: Final = 0.006  # seconds to DynamoDB and back within a region, a high assumption
_JOBS_COME: Final = timedelta(minutes=1)  # longer than any job's delay
SITES: Final = (5, 33, 140, 830)
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
                    _add(self._page.reads, table, [*items, *({},) * (len(keys["Keys"]) - len(items))], READ_UNIT)
            case "BatchWriteItem":
                for table, writes in request["RequestItems"].items():
                    items = [write.get("PutRequest", {}).get("Item", {}) for write in writes]
                    _add(self._page.writes, table, items, _WRITE_UNIT)
            case "Query":
                size = sum(map(_size, answer["Items"]))
                self._page.reads[request["TableName"].rpartition("-")[2]] += max(1, ceil(size / READ_UNIT))
            case "GetItem":
                _add(self._page.reads, request["TableName"], [answer.get("Item", {})], READ_UNIT)
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
    """Play the journeys in networks of so many sites, each with its own periods. Only waiting turns the clock."""
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
