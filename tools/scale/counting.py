"""AWS on this machine, that counts: each call to DynamoDB in the units it is billed in, and all others, by page."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from math import ceil
from time import process_time
from typing import Any, Final

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from tools.local.aws import REGION, LocalAws
from tools.local.ses import Wsgi

_READ_UNIT: Final = (
    4096  # bytes, strongly consistent: one read unit (docs.aws.amazon.com, « Read/write capacity mode »)
)
_WRITE_UNIT: Final = 1024  # bytes: one write unit


@dataclass
class Counts:
    """What a page asked of AWS: round trips to DynamoDB, read and write units by table, and the rest by its call."""

    times: int = 0
    round_trips: int = 0
    worst: int = 0  # round trips of the dearest of these requests
    reads: Counter[str] = field(default_factory=Counter)
    writes: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0  # of processor, this machine's, without AWS's part


class CountingAws(LocalAws):
    """Counts under the page that is being asked for."""

    def __init__(self) -> None:
        self.pages: dict[str, Counts] = {}
        self._page = Counts()
        self._inside = 0.0
        super().__init__()

    @contextmanager
    def page(self, name: str) -> Iterator[None]:
        """Count what happens inside the block as one request of a page."""
        self._page = counts = self.pages.setdefault(name, Counts())
        counts.times += 1
        before, start = counts.round_trips, process_time()
        self._inside = 0.0
        yield
        counts.worst = max(counts.worst, counts.round_trips - before)
        counts.seconds += process_time() - start - self._inside
        self._page = Counts()

    def wrap(self, app: Wsgi) -> Wsgi:
        """Count in front of moto."""

        def counted(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            start = process_time()
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = BytesIO(body)
            answer = b"".join(app(environ, start_response))
            target = environ.get("HTTP_X_AMZ_TARGET", "")
            if target.startswith("DynamoDB"):
                self._count(target.rpartition(".")[2], json.loads(body), json.loads(answer or b"{}"))
            else:
                self._page.others[_named(environ, target)] += 1
            self._inside += process_time() - start
            return [answer]

        return super().wrap(counted)

    def _count(self, call: str, asked: dict[str, Any], answer: dict[str, Any]) -> None:
        page = self._page
        page.round_trips += 1
        match call:
            case "GetItem":
                page.reads[_table(asked["TableName"])] += _units(answer.get("Item", {}), _READ_UNIT)
            case "BatchGetItem":
                for table, each in asked["RequestItems"].items():
                    found = answer["Responses"].get(table, [])
                    missing = len(each["Keys"]) - len(found)
                    page.reads[_table(table)] += missing + sum(_units(item, _READ_UNIT) for item in found)
            case "BatchWriteItem":
                for table, writes in asked["RequestItems"].items():
                    items = (write.get("PutRequest", {}).get("Item", {}) for write in writes)
                    page.writes[_table(table)] += sum(_units(item, _WRITE_UNIT) for item in items)
            case "PutItem" | "UpdateItem" | "DeleteItem":
                page.writes[_table(asked["TableName"])] += _units(self._stored(asked), _WRITE_UNIT)

    @staticmethod
    def _stored(asked: dict[str, Any]) -> dict[str, Any]:
        """Give the item as it stands after the write: DynamoDB bills the larger of before and after."""
        if "Item" in asked:
            item: dict[str, Any] = asked["Item"]
            return item
        found = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].get_item(asked["TableName"], asked["Key"])
        return dict(found.to_json()["Attributes"]) if found else {}


def _units(item: dict[str, Any], unit: int) -> int:
    return max(1, ceil(_size(item) / unit))


def _size(value: Any) -> int:  # noqa: ANN401 - an attribute value, or a part of one
    """Give about what DynamoDB counts: names and values as UTF-8, a byte or so for each number and truth."""
    if isinstance(value, dict):
        return sum(len(name.encode()) + _size(each) for name, each in value.items())
    if isinstance(value, list):
        return 3 + sum(1 + _size(each) for each in value)
    return len(str(value).encode())


def _table(name: str) -> str:
    return name.rpartition("-")[2]


def _named(environ: dict[str, Any], target: str) -> str:
    if target:
        return str(target.rpartition(".")[2])
    return "SendEmail" if environ["PATH_INFO"] == "/v2/email/outbound-emails" else f"S3 {environ['REQUEST_METHOD']}"
