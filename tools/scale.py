"""`make scale`: count each AWS call of a family's journey and of a new family's, in one process, for docs/scale.md."""

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

from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.domain.family.households import Guardian
from chalicelib.services.staff import StaffServices
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
_JOBS_COME: Final = 3  # seconds, longer than any job's delay
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
    others: Counter[str] = field(default_factory=Counter)
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
                self._page.others[call or ("SendEmail" if is_mail else f"S3 {environ['REQUEST_METHOD']}")] += 1
            self._inside += time.process_time() - start
            return [answer]

        return super().wrap(counted)

    def _count(self, call: str, request: dict[str, Any], answer: dict[str, Any]) -> None:
        match call:
            case "BatchGetItem":
                for table, wanted in request["RequestItems"].items():
                    items = answer["Responses"].get(table, [])
                    _add(self._page.reads, table, [*items, *({},) * (len(wanted["Keys"]) - len(items))], _READ_UNIT)
            case "BatchWriteItem":
                for table, writes in request["RequestItems"].items():
                    items = [write.get("PutRequest", {}).get("Item", {}) for write in writes]
                    _add(self._page.writes, table, items, _WRITE_UNIT)
            case "GetItem":
                _add(self._page.reads, request["TableName"], [answer.get("Item", {})], _READ_UNIT)
            case "PutItem":
                _add(self._page.writes, request["TableName"], [request["Item"]], _WRITE_UNIT)
            case "UpdateItem" | "DeleteItem":  # billed as the whole item, the larger of before and after
                stored = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].get_item(request["TableName"], request["Key"])
                item = stored.to_json()["Attributes"] if stored else {}
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


def count() -> tuple[dict[str, Counts], dict[str, Counts], dict[str, Counts]]:
    """Play a family of two pupils and two guardians, a lost password, then a new family that applies.

    The new one has a child with two wishes, and promises its documents on paper.
    """
    aws = CountingAws()
    stage = LocalStage(aws, "http://127.0.0.1:8000")
    client = Client(stage.cdn(lambda _request: None))
    site, identifier, password = _settle(stage.services)
    play(_sender(aws, client), site, identifier, password)
    _work(aws, stage, "job mail")
    known, aws.pages = aws.pages, {}
    ask_for_password(_sender(aws, client), identifier, "come@example.org")
    _work(aws, stage, "job password")
    lost, aws.pages = aws.pages, {}
    open_admission(stage.services)
    family = NewFamily("alba@example.org", (_PUPIL,))

    def read_code(_email: str) -> str:
        _work(aws, stage, "job code")
        code = re.search(r"\d{3}\s\d{3}", mails(aws)[-1].text)
        return code[0] if code else ""

    ask_for_place(_sender(aws, client), family, read_code, time.sleep)
    _work(aws, stage, "job receipt")
    aws.stop()
    return known, lost, aws.pages


def _work(aws: CountingAws, stage: LocalStage, name: str) -> None:
    """Process all jobs of the queues, including delayed ones."""
    time.sleep(_JOBS_COME)
    while stage.services.post_box.waiting():
        for queue in stage.resources.queues:
            with aws.page(name):
                Consumer(aws, queue).work_once()


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


def _settle(services: StaffServices) -> tuple[str, str, str]:
    """Open a period and store a family. Returns its site, identifier and password."""
    now = services.clock()
    period = EnrolmentPeriod(now.date() - timedelta(days=1), now.date() + timedelta(days=10))
    services.periods.write(services.periods.read(), Periods(period))
    known = next(family for family in FAMILIES if family.identifier == "MES4001")
    guardians = (*known.household.guardians, Guardian("M. Côme Rossignol", "come@example.org"))
    household = replace(known.household, guardians=guardians, pupils=known.household.pupils[1:])
    account = replace(known.account(services, now), emails=(*known.emails, "come@example.org"), household=household)
    services.accounts.create(account)
    return known.site, known.identifier, known.password or ""


def table(pages: Mapping[str, Counts], what: str = "a journey") -> Iterator[str]:
    """Lay out a table of docs/scale.md, page by page, with the sum."""
    yield "| page | times | DynamoDB round trips, at most | read units | write units | other calls | Lambda, ms each |"
    yield "|---|---:|---:|---:|---:|---|---:|"
    for name, page in pages.items():
        others = ", ".join(f"{call} × {times}" for call, times in sorted(page.others.items()))
        milliseconds = f"{1000 * page.duration / page.times:.0f}"
        units = f"{page.reads.total()} | {page.writes.total()}"
        yield f"| {name} | {page.times} | {page.worst} | {units} | {others} | {milliseconds} |"
    requests = sum(page.times for name, page in pages.items() if not name.startswith(("page ", "job ")))
    reads, writes = (sum(getattr(page, kind).total() for page in pages.values()) for kind in ("reads", "writes"))
    mails = sum(page.others["SendEmail"] for page in pages.values())
    seconds = _seconds(pages)
    yield f"| **{what}** | {requests} | | {reads} | {writes} | {mails} mails | {1000 * seconds:.0f} in all |"


def durations(known: Mapping[str, Counts], new: Mapping[str, Counts]) -> Iterator[str]:
    """Compare the constants of capacity.py with the tables."""
    login = known["POST connexion"]
    yield f"operations/deploy/capacity.py says {capacity.JOURNEY:.3f} s and {capacity.LOGIN:.3f} s; measured now: "
    yield f"a journey {_seconds(known):.3f} s, a login {login.duration / login.times:.3f} s."
    yield f"It says {capacity.APPLICATION:.3f} s of a new family; measured now, jobs left out: {_own(new):.3f} s."


def _seconds(pages: Mapping[str, Counts]) -> float:
    return sum(page.duration for page in pages.values())


def _own(pages: Mapping[str, Counts]) -> float:
    return sum(page.duration for name, page in pages.items() if not name.startswith("job "))


def main() -> None:
    """Count, and print the tables."""
    known, lost, new = count()
    tables = (*table(known), "", *table(lost, "a lost password"), "", *table(new, "a new family"))
    print("\n".join((*tables, "", *durations(known, new))))


if __name__ == "__main__":
    main()
