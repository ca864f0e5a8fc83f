"""A DynamoDB in this process that answers immediately: pages of a megabyte, serialised beforehand."""

import io
import json
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final

from botocore.awsrequest import AWSResponse
from botocore.handlers import BUILTIN_HANDLERS

PAGE: Final = 1 << 20  # bytes that a query reads at once
_INDEX: Final = ("site", "identifier", "summary")

_Key = tuple[str, str, str]
_Item = Mapping[str, Any]


class _Body(io.BytesIO):
    def stream(self, **_options: object) -> Iterator[bytes]:
        """Read the rest, as urllib3 does."""
        if left := self.read():
            yield left


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
        key = _key(table, item)
        self.items[key], self._ready[key] = item, json.dumps(item, ensure_ascii=False)
        self._pages.clear()

    def _get(self, asked: _Item) -> bytes:
        item = self._ready.get(_key(asked["TableName"], asked["Key"]))
        return (f'{{"Item":{item}}}' if item else "{}").encode()

    def _get_batch(self, asked: _Item) -> bytes:
        tables = []
        for table, wanted in asked["RequestItems"].items():
            items = filter(None, (self._ready.get(_key(table, key)) for key in wanted["Keys"]))
            tables.append(f'"{table}":[{",".join(items)}]')
        return f'{{"Responses":{{{",".join(tables)}}},"UnprocessedKeys":{{}}}}'.encode()

    def _write_batch(self, asked: _Item) -> bytes:
        for table, writes in asked["RequestItems"].items():
            for write in writes:
                self._hold(table, write["PutRequest"]["Item"])
        return b'{"UnprocessedItems":{}}'

    def _put(self, asked: _Item) -> bytes:
        self._hold(asked["TableName"], asked["Item"])
        return b"{}"

    def _update(self, asked: _Item) -> bytes:
        """Set attributes. No other update is used."""
        item: dict[str, Any] = self.items.get(_key(asked["TableName"], asked["Key"])) or asked["Key"]
        pairs = (pair.split(" = ") for pair in asked["UpdateExpression"].removeprefix("SET ").split(", "))
        names, values = asked["ExpressionAttributeNames"], asked["ExpressionAttributeValues"]
        self._hold(asked["TableName"], item | {names[name]: values[value] for name, value in pairs})
        return b"{}"

    def _query(self, asked: dict[str, Any]) -> bytes:
        at = asked.pop("ExclusiveStartKey", None)
        name = json.dumps(asked, sort_keys=True)
        if name not in self._pages:
            self._pages[name] = list(self._bodies(asked))
        return self._pages[name][int(at["page"]["N"]) if at else 0]

    def _bodies(self, asked: _Item) -> Iterator[bytes]:
        pages = list(self._parted(asked))
        for number, page in enumerate(pages, 1):
            more = f',"LastEvaluatedKey":{{"page":{{"N":"{number}"}}}}' if number < len(pages) else ""
            yield f'{{"Items":[{",".join(page)}]{more}}}'.encode()

    def _parted(self, asked: _Item) -> Iterator[list[str]]:
        page: list[str] = []
        size = 0
        for item in self._found(asked):
            size += size_of(item)
            if size > PAGE:
                yield page
                page, size = [], 0
            page.append(json.dumps(_projected(item, asked), ensure_ascii=False))
        yield page

    def _found(self, asked: _Item) -> Iterator[_Item]:
        values = asked["ExpressionAttributeValues"]
        place = (asked["TableName"], values[":site"]["S"])
        prefix = values.get(":prefix", {"S": ""})["S"]
        for key in sorted(self.items):
            if key[:2] == place and key[2].startswith(prefix):
                item = self.items[key]
                yield {name: item[name] for name in _INDEX if name in item} if "IndexName" in asked else item


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


def _projected(item: _Item, asked: _Item) -> _Item:
    if "ProjectionExpression" not in asked:
        return item
    names = asked.get("ExpressionAttributeNames", {})
    wanted = [names.get(name, name) for name in asked["ProjectionExpression"].split(", ")]
    return {name: item[name] for name in wanted if name in item}


def _key(table: str, key: _Item) -> _Key:
    return (table, key["site"]["S"], key["identifier"]["S"])
