"""Local AWS for tests, which counts calls and fails on demand, before or after a call took effect."""

import io
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any, Final, Literal

import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.s3.models import s3_backends
from moto.ses.models import ses_backends
from moto.sqs.models import sqs_backends

from tests.support import quick_moto
from tests.support.dynalite import Dynalite
from tests.support.dynamo_limits import is_too_large, limit_passed
from tools.local.aws import REGION, LocalAws, Resources
from tools.local.ses import Wsgi

When = Literal["before", "after"]
# SQS's calls on messages: their answers are JSON as botocore returns them.
ON_MESSAGES: Final = {
    *("SendMessage", "SendMessageBatch", "ReceiveMessage", "DeleteMessage", "DeleteMessageBatch"),
    "GetQueueAttributes",
}
OVERTAKEN: Final = (400, "ConditionalCheckFailedException")  # AWS's answer to a write that lost a race


def faults_of(*calls: str) -> pytest.MarkDecorator:
    """Run a test with each of these calls failing, before and after it took effect: its `call` and `when`."""
    return pytest.mark.parametrize(("call", "when"), list(product(calls, ("before", "after"))))


@dataclass
class Fault:
    """A call to fail: its name, when, how often (every time if None), and after how many successful ones."""

    call: str
    when: When
    times: int | None = None
    skips: int = 0
    error: tuple[int, str] = (500, "InternalServerError")  # AWS's answer: an HTTP status and a code
    answer: bytes | None = None  # the answer instead, with 200, as if the call succeeded


class TestAws(LocalAws):
    """The calls made since `calls` was cleared, by name (`UpdateItem`, `SendMessageBatch`, `SendEmail`…).

    `table_requests` are those that IAM checks table by table: `DynamoDB_20120810.UpdateItem` and the table's name.
    """

    __test__ = False

    def __init__(self, dynalite: Dynalite | None = None) -> None:
        self.calls: list[str] = []
        self._dynalite = dynalite
        self.table_requests: list[tuple[str, str]] = []
        self._fault: Fault | None = None
        self._interruption: tuple[str, Callable[[], object], int] | None = None
        super().__init__()

    def wrap(self, app: Wsgi) -> Wsgi:
        """Count and fail before moto."""
        quick_moto.install()

        def counting(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            name = _call(environ)
            self.calls.append(name)
            request = _request(environ)
            self.table_requests += _table_requests(environ, request)
            fails = self._fails(name)
            is_dynamo = environ.get("HTTP_X_AMZ_TARGET", "").startswith("DynamoDB_")
            rest = quick_moto.answer if name in ON_MESSAGES else app
            moto = _dynamo(name, request, self._dynalite) if is_dynamo else rest
            if fails is None:
                return moto(environ, start_response)
            if fails.when == "after":
                list(moto(environ, lambda *_: None))
            if fails.answer is not None:
                start_response("200 OK", [("Content-Type", "application/json")])
                return [fails.answer]
            status, code = fails.error
            start_response(f"{status} Planned", [("Content-Type", "application/json"), ("x-amzn-errortype", code)])
            return [json.dumps({"__type": code, "message": "planned"}).encode()]

        one_by_one = super().wrap(counting)

        def interrupting(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            self._interrupt(_call(environ))
            return one_by_one(environ, start_response)

        return interrupting

    def _fails(self, name: str) -> Fault | None:
        fault = self._fault
        if fault is None or fault.call != name or fault.times == 0:
            return None
        if fault.skips:
            fault.skips -= 1
            return None
        if fault.times is not None:
            fault.times -= 1
        return fault

    @contextmanager
    def failing(self, call: str, when: When, **more: Any) -> Iterator[None]:
        """Fail a call inside the block (see `Fault`): never applied, or applied and its answer lost."""
        self._fault = Fault(call, when, **more)
        try:
            yield
        finally:
            self._fault = None

    def _interrupt(self, name: str) -> None:
        if self._interruption and self._interruption[0] == name:
            (_, act, times), self._interruption = self._interruption, None
            act()
            self._interruption = (name, act, times - 1) if times > 1 else None

    @contextmanager
    def interrupted(self, call: str, act: Callable[[], object], times: int = 1) -> Iterator[None]:
        """Run an act before the next calls of a name inside the block: a concurrent request."""
        self._interruption = call, act, times
        try:
            yield
        finally:
            self._interruption = None

    def wipe(self, resources: Resources) -> None:
        """Empty tables, bucket, queue and mailbox for the next test."""
        tables = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables
        for name in resources.tables:
            tables[name].items.clear()
        if self._dynalite:
            self._dynalite.wipe()
        _documents(resources).clear()
        for queue in sqs_backends[DEFAULT_ACCOUNT_ID][REGION].queues.values():
            queue._messages.clear()  # noqa: SLF001 - SQS purges a queue only once a minute
        ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages.clear()
        self.ses.mails.clear()
        self.functions.events.clear()
        self.ses.suppressions.clear()
        self.calls.clear()

    def keep(self, resources: Resources) -> Callable[[], None]:
        """Save the content of tables and bucket. The returned function restores it into an empty world."""
        tables = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables
        items = {name: deepcopy(tables[name].items) for name in resources.tables}
        documents = dict(_documents(resources).items())

        def put_back() -> None:
            self.wipe(resources)
            for name, records in items.items():
                tables[name].items.update(deepcopy(records))
            for key, document in documents.items():
                _documents(resources)[key] = document

        return put_back

    def digests(self, bucket: str) -> dict[str, str]:
        """List the MD5 of each object of a bucket, without a request."""
        keys = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets[bucket].keys
        return {key: stored.etag.strip('"') for key, stored in keys.items()}

    def hurry(self) -> None:
        """End the delays of queued jobs."""
        for queue in sqs_backends[DEFAULT_ACCOUNT_ID][REGION].queues.values():
            for message in queue._messages:  # noqa: SLF001 - moto has no public access
                message.delayed_until = 0

    def come_again(self) -> None:
        """Make failed jobs visible in their queue again."""
        for queue in sqs_backends[DEFAULT_ACCOUNT_ID][REGION].queues.values():
            for message in queue._messages:  # noqa: SLF001 - the same
                message.visible_at = 0

    def take_messages(self, text: str) -> list[str]:
        """Take the messages with a text out of the queues, delayed or not, and return their bodies."""
        problems = []
        for queue in sqs_backends[DEFAULT_ACCOUNT_ID][REGION].queues.values():
            messages = [message for message in queue._messages if text in message.body]  # noqa: SLF001 - the same
            queue._messages[:] = [message for message in queue._messages if message not in messages]  # noqa: SLF001 - the same
            problems += [message.body for message in messages]
        return problems

    def delays(self) -> list[int]:
        """List the delays of the waiting jobs, in seconds."""
        queues = sqs_backends[DEFAULT_ACCOUNT_ID][REGION].queues.values()
        waiting = (message for queue in queues for message in queue._messages)  # noqa: SLF001 - the same
        return [round((message.delayed_until - (message.sent_timestamp or 0)) / 1000) for message in waiting]

    def queue_bodies(self) -> str:
        """Join the bodies of all queued messages into one text."""
        queues = sqs_backends[DEFAULT_ACCOUNT_ID][REGION].queues.values()
        return "\n".join(message.body for queue in queues for message in queue._messages)  # noqa: SLF001 - the same

    def everything(self, resources: Resources) -> str:
        """Join the content of all tables and the documents' keys into one text, to search for traces."""
        scan = self.client("dynamodb").get_paginator("scan")
        pages = (page for name in resources.tables for page in scan.paginate(TableName=name))
        items = [str(item) for page in pages for item in page["Items"]]
        return "\n".join([*items, *sorted(_documents(resources))])

    def documents(self, resources: Resources) -> dict[str, bytes]:
        """Read the content of the bucket of documents, by key."""
        return {key: stored.value for key, stored in _documents(resources).items()}

    def date_back(self, resources: Resources, key: str, to: datetime | None = None) -> None:
        """Set a document's upload time, by default a day earlier: the bucket counts in seconds of its own clock."""
        document = _documents(resources)[key]
        document.last_modified = (
            to.astimezone(UTC).replace(tzinfo=None) if to else document.last_modified - timedelta(days=1)
        )


def _documents(resources: Resources) -> Any:
    return s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets[resources.documents_bucket].keys


def _request(environ: dict[str, Any]) -> dict[str, Any]:
    """Read the request of a JSON protocol, also for `quick_moto`. Empty for any other protocol."""
    if "HTTP_X_AMZ_TARGET" not in environ:
        return {}
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    environ["wsgi.input"] = io.BytesIO(body)
    request: dict[str, Any] = json.loads(body)
    environ["tests.request"] = request
    return request


def _table_requests(environ: dict[str, Any], request: dict[str, Any]) -> list[tuple[str, str]]:
    if parts := request.get("TransactItems"):  # IAM checks each of its writes
        target = environ["HTTP_X_AMZ_TARGET"].rpartition(".")[0]
        writes = ((verb, write["TableName"]) for part in parts for verb, write in part.items())
        return [(f"{target}.{verb}Item", table) for verb, table in writes]
    tables = request.get("RequestItems", [request.get("TableName", "")]) if request else []
    return [(environ["HTTP_X_AMZ_TARGET"], table) for table in tables]


def _dynamo(operation: str, request: dict[str, Any], dynalite: Dynalite | None) -> Wsgi:
    """Answer a request within DynamoDB's limits by moto or dynalite, and refuse any other."""

    def answering(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].getvalue()
        if limit := limit_passed(operation, request, body):
            return _refuse(limit, start_response)
        if dynalite and not operation.endswith("TimeToLive"):  # not in dynalite
            if operation == "CreateTable":
                list(quick_moto.answer(environ, lambda *_: None))
            status, body = dynalite.ask(operation, body)
            start_response(f"{status} Answered", [("Content-Type", "application/x-amz-json-1.0")])
            return [body]
        answer = quick_moto.answer(environ, start_response)
        if operation == "UpdateItem" and is_too_large(_item(request)):
            return _refuse("an item of over 400 KB", start_response)
        return answer

    return answering


def _item(request: dict[str, Any]) -> Any:
    table = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables[request["TableName"]]
    return table.get_item(DynamoType(request["Key"]["site"]), DynamoType(request["Key"]["identifier"]))


def _refuse(why: str, start_response: Callable[..., Any]) -> list[bytes]:
    start_response("400 Refused", [("Content-Type", "application/json"), ("x-amzn-errortype", "ValidationException")])
    return [json.dumps({"__type": "ValidationException", "message": why}).encode()]


def _call(environ: dict[str, Any]) -> str:
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    if target:
        return str(target.rpartition(".")[2])
    if "/sts/aws4_request" in environ.get("HTTP_AUTHORIZATION", ""):
        return "GetCallerIdentity"  # the only call of STS in use
    if environ["PATH_INFO"].startswith("/2015-03-31/functions/"):
        return "Invoke"
    return "SendEmail" if environ["PATH_INFO"] == "/v2/email/outbound-emails" else environ["REQUEST_METHOD"]
