"""A DynamoDB that answers at once, in this process: pages of a megabyte, as sent, and nothing but what the desk asks."""

import io
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.session import Session

from chalicelib import wiring
from chalicelib.stores.dynamo import Put
from chalicelib.stores.values import encode_item, size_of

_PAGE: Final = 1 << 20  # bytes that a query reads at once
_INDEX: Final = ("site", "identifier", "summary")
_INDEX_ENTRY: Final = 100  # bytes that an entry of an index is billed besides

Key = tuple[str, str, str]


class _Raw(io.BytesIO):
    def stream(self, **_options: Any) -> Iterator[bytes]:  # noqa: ANN401 - as urllib3
        if left := self.read():
            yield left


class AtOnce:
    """Holds items, and answers botocore's clients in its session with bodies that are ready."""

    def __init__(self) -> None:
        self.items: dict[Key, dict[str, Any]] = {}
        self.calls: list[str] = []
        self._ready: dict[Key, str] = {}
        self._pages: dict[str, list[bytes]] = {}
        self.session = Session()
        self.session.register("before-send.dynamodb", self._send)
        self.session.register("before-parse.dynamodb", wiring._refuse_what_is_no_json_object)  # noqa: SLF001 - as served

    def put(self, writes: Iterator[Put] | list[Put]) -> None:
        """Hold items."""
        for write in writes:
            item = encode_item(write.item)
            key = (write.table, item["site"]["S"], item["identifier"]["S"])
            self.items[key], self._ready[key] = item, json.dumps(item, ensure_ascii=False)
        self._pages.clear()

    def _send(self, request: AWSPreparedRequest, **_more: Any) -> AWSResponse:  # noqa: ANN401 - botocore's
        operation = request.headers["X-Amz-Target"].decode().rpartition(".")[2]
        self.calls.append(operation)
        body: bytes = getattr(self, f"_{operation.lower()}")(json.loads(request.body))
        return AWSResponse(request.url, 200, {"Content-Type": "application/x-amz-json-1.0"}, _Raw(body))

    def _getitem(self, asked: dict[str, Any]) -> bytes:
        found = self._ready.get(_key(asked["TableName"], asked["Key"]))
        return (f'{{"Item":{found}}}' if found else "{}").encode()

    def _batchgetitem(self, asked: dict[str, Any]) -> bytes:
        tables = []
        for table, wanted in asked["RequestItems"].items():
            found = filter(None, (self._ready.get(_key(table, key)) for key in wanted["Keys"]))
            tables.append(f'"{table}":[{",".join(found)}]')
        return f'{{"Responses":{{{",".join(tables)}}},"UnprocessedKeys":{{}}}}'.encode()

    def _putitem(self, asked: dict[str, Any]) -> bytes:
        key = _key(asked["TableName"], asked["Item"])
        self.items[key], self._ready[key] = asked["Item"], json.dumps(asked["Item"], ensure_ascii=False)
        return b"{}"

    def _updateitem(self, _asked: dict[str, Any]) -> bytes:
        return b"{}"

    def _batchwriteitem(self, _asked: dict[str, Any]) -> bytes:
        return b'{"UnprocessedItems":{}}'

    def _query(self, asked: dict[str, Any]) -> bytes:
        at = asked.pop("ExclusiveStartKey", None)
        name = json.dumps(asked, sort_keys=True)
        if name not in self._pages:
            self._pages[name] = list(self._page_bodies(asked))
        return self._pages[name][int(at["page"]["N"]) if at else 0]

    def _page_bodies(self, asked: dict[str, Any]) -> Iterator[bytes]:
        values = asked["ExpressionAttributeValues"]
        prefix = values.get(":prefix", {"S": ""})["S"]
        keys = [
            key
            for key in self.items
            if key[:2] == (asked["TableName"], values[":site"]["S"]) and key[2].startswith(prefix)
        ]
        pages, size = [[]], 0  # type: ignore[var-annotated]
        for key in sorted(keys):
            item = self.items[key]
            if "IndexName" in asked:
                item = {name: item[name] for name in _INDEX if name in item}
            size += size_of({name: next(iter(value.values())) for name, value in item.items()})
            if size > _PAGE:
                pages.append([])
                size = 0
            pages[-1].append(json.dumps(self._projected(item, asked), ensure_ascii=False))
        for number, page in enumerate(pages, 1):
            more = f',"LastEvaluatedKey":{{"page":{{"N":"{number}"}}}}' if number < len(pages) else ""
            yield f'{{"Items":[{",".join(page)}]{more}}}'.encode()

    @staticmethod
    def _projected(item: Mapping[str, Any], asked: Mapping[str, Any]) -> Mapping[str, Any]:
        names = asked.get("ExpressionAttributeNames", {})
        wanted = [names.get(name, name) for name in asked.get("ProjectionExpression", "").split(", ")]
        return {name: item[name] for name in wanted if name in item} if wanted != [""] else item


def _key(table: str, key: Mapping[str, Any]) -> Key:
    return (table, key["site"]["S"], key["identifier"]["S"])
