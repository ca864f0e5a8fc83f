"""DynamoDB access: batched lookups, conditional writes, translated errors. Every round trip is made here."""

import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeVar, overload

from botocore.exceptions import ClientError

from chalicelib.domain.refusals import Unavailable, WriteConflict
from chalicelib.infra.batches import batches
from chalicelib.infra.dynamo.revise import RACES
from chalicelib.infra.dynamo.swap import Swap
from chalicelib.infra.dynamo.values import Item, decode, encode, encode_item
from chalicelib.values import frozen

if TYPE_CHECKING:
    from botocore.paginate import Paginator
    from types_boto3_dynamodb import DynamoDBClient


_IN_A_LIST: Final = 100  # the limit of DynamoDB


def conditional_call(table: str, key: Mapping[str, str], condition: str, change: str, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - boto's
    """Build a conditional request. If the condition fails, its error has the current item."""
    names = {word: word[1:] for word in _words(f"{change} {condition}") if word.startswith("#")}
    return {
        "TableName": table,
        "Key": encode_item(key),
        "ConditionExpression": condition,
        "ExpressionAttributeValues": {f":{name}": encode(value) for name, value in values.items()},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    } | ({"ExpressionAttributeNames": names} if names else {})


def query_call(site: str, prefix: str, only: tuple[str, ...], having: tuple[str, ...]) -> dict[str, Any]:
    """Build a query of a site, by identifier prefix. `only`: some attributes. `having`: only items with this path."""
    begins = " AND begins_with(identifier, :prefix)" if prefix else ""
    values = encode_item({"site": site, "prefix": prefix or None})
    path = {f"#at{number}": name for number, name in enumerate(having)}
    names = {f"#{name}": name for name in only} | path
    request = {
        "KeyConditionExpression": "site = :site" + begins,
        "ExpressionAttributeValues": {f":{name}": value for name, value in values.items()},
        "ProjectionExpression": ", ".join(f"#{name}" for name in only),
        "FilterExpression": f"attribute_exists({'.'.join(path)})" if path else "",
        "ExpressionAttributeNames": names,
    }
    return {name: part for name, part in request.items() if part}


def scan_call(sites: Sequence[str]) -> dict[str, Any]:
    """Build a scan without the items of some sites, which may need several lists."""
    if not sites:
        return {}
    lists = list(batches(sites, _IN_A_LIST))
    names = [[f":site{number}_{place}" for place in range(len(codes))] for number, codes in enumerate(lists)]
    values = dict(zip(itertools.chain(*names), sites, strict=True))
    return {
        "FilterExpression": " AND ".join(f"NOT site IN ({', '.join(group)})" for group in names),
        "ExpressionAttributeValues": {name: encode(site) for name, site in values.items()},
    }


def _words(expression: str) -> list[str]:
    return "".join(c if c.isalnum() or c in "#:_" else " " for c in expression).split()


Key = Mapping[str, str]
A = TypeVar("A")
Read_co = TypeVar("Read_co", covariant=True)
B = TypeVar("B")
C = TypeVar("C")

READ_AT_ONCE = 100  # the limit of BatchGetItem
_SUMMARIES, _ACCOUNTS = "summaries", "accounts"  # .chalice/resources.yaml
_WRITTEN_AT_ONCE = 25  # the limit of BatchWriteItem
_OVERTAKEN: Final = frozenset({"ConditionalCheckFailed", "TransactionConflict"})  # of one item of a transaction
_IN_A_TRANSACTION: Final = "TransactionConflictException"
_PAUSE = 0.05  # seconds, longer by as much before each further round of a batch without progress


@frozen
class Lookup(Generic[Read_co]):
    """One item to read, and how to parse it or its absence."""

    table: str
    key: Key
    parse: Callable[[Item | None], Read_co]


@frozen
class Put:
    """One whole item to write or overwrite."""

    table: str
    item: Item


@frozen
class Delete:
    """One item to delete, if it exists."""

    table: str
    key: Key


@contextmanager
def translate_errors() -> Iterator[None]:
    """Turn errors of DynamoDB into `WriteConflict` (a condition failed) or `Unavailable` (anything else)."""
    try:
        yield
    except ClientError as error:
        code, reasons = error.response["Error"]["Code"], error.response.get("CancellationReasons", ())
        if {reason.get("Code") for reason in reasons} & _OVERTAKEN:
            raise WriteConflict(None) from None
        if code != "ConditionalCheckFailedException":
            raise Unavailable(f"dynamodb {error.operation_name} {code}") from error
        with translate_errors():
            item = _item(error.response)
        raise WriteConflict(item) from None
    except Exception as error:  # an invalid answer makes the SDK or our code raise any exception
        raise Unavailable(f"dynamodb {type(error).__name__}") from error


def _write(call: Callable[..., Any], **request: Any) -> Any:  # noqa: ANN401 - boto's
    """Write one item, again while a transaction writes it too: the SDK does not. Raises `WriteConflict`."""
    for pause in range(1, RACES):
        with translate_errors():
            try:
                return call(**request)
            except ClientError as error:
                if error.response["Error"]["Code"] != _IN_A_TRANSACTION:
                    raise
        time.sleep(pause * _PAUSE)
    with translate_errors():
        return call(**request)


class Database:
    """Shared by the stores: strongly consistent reads, conditional updates, and batches that complete or raise.

    A table that was never made has no name (`Settings.table`): reads find nothing there, and deletions do nothing.
    """

    def __init__(self, client: "DynamoDBClient") -> None:
        self._client = client

    def read(self, lookup: Lookup[A]) -> A:
        """Read one item (GetItem)."""
        if not lookup.table:
            return lookup.parse(None)
        with translate_errors():
            answer = self._client.get_item(TableName=lookup.table, Key=encode_item(lookup.key), ConsistentRead=True)
            item = _item(answer)
        return lookup.parse(item)

    @overload
    def read_together(self, first: Lookup[A], second: Lookup[B], /) -> tuple[A, B]: ...

    @overload
    def read_together(self, first: Lookup[A], second: Lookup[B], third: Lookup[C], /) -> tuple[A, B, C]: ...

    @overload
    def read_together(self, *lookups: Lookup[A]) -> tuple[A, ...]: ...

    def read_together(self, *lookups: Lookup[Any]) -> tuple[Any, ...]:
        """Read several items of any tables, one round trip per hundred (BatchGetItem). Results in the given order."""
        items_by_key: dict[tuple[str, str, str], Item] = {}

        def ask(request: dict[str, Any]) -> Any:  # noqa: ANN401 - the remaining request
            answer = self._client.batch_get_item(RequestItems=request)
            for table, items in answer["Responses"].items():
                for item in (decode({"M": attributes}) for attributes in items):
                    items_by_key[table, item["site"], item["identifier"]] = item
            return answer.get("UnprocessedKeys")

        for batch in batches((lookup for lookup in lookups if lookup.table), READ_AT_ONCE):
            requests: dict[str, Any] = {}
            for lookup in batch:
                keys = requests.setdefault(lookup.table, {"Keys": [], "ConsistentRead": True})["Keys"]
                key = encode_item(lookup.key)
                keys += [key] if key not in keys else []
            self._until_done(ask, requests)
        return tuple(
            lookup.parse(items_by_key.get((lookup.table, lookup.key["site"], lookup.key["identifier"])))
            for lookup in lookups
        )

    def write_together(self, *writes: Put | Delete) -> None:
        """Put and delete several items of any tables in one round trip (BatchWriteItem), without conditions."""
        requests: dict[str, Any] = {}
        for write in (write for write in writes if write.table or isinstance(write, Put)):
            requests.setdefault(write.table, []).append(
                {"PutRequest": {"Item": encode_item(write.item)}}
                if isinstance(write, Put)
                else {"DeleteRequest": {"Key": encode_item(write.key)}}
            )
        if requests:
            self._until_done(
                lambda left: self._client.batch_write_item(RequestItems=left)["UnprocessedItems"], requests
            )

    def write_all(self, writes: Iterable[Put | Delete]) -> None:
        """Put and delete any number of items with distinct keys, 25 per call."""
        for batch in batches(writes, _WRITTEN_AT_ONCE):
            self.write_together(*batch)

    def update(self, table: str, key: Key, change: str, condition: str, **values: Any) -> None:  # noqa: ANN401 - any value
        """Change one item if the condition holds (UpdateItem), or raise `WriteConflict` with the current item.

        In both expressions `#name` stands for the attribute `name`, and `:name` for the value given as `name`.
        """
        request = conditional_call(table, key, condition, change, values)
        _write(self._client.update_item, UpdateExpression=change, **request)

    def count(self, table: str, key: Key, name: str) -> int:
        """Add one to a number of an item, and return it (UpdateItem). A retry by the SDK may count twice."""
        request: Any = {"ExpressionAttributeNames": {"#name": name}, "ExpressionAttributeValues": {":one": encode(1)}}
        request |= {"TableName": table, "Key": encode_item(key), "ReturnValues": "UPDATED_NEW"}
        answer = _write(self._client.update_item, UpdateExpression="ADD #name :one", **request)
        with translate_errors():
            return int(decode(answer["Attributes"][name]))

    def create(self, table: str, item: Item) -> None:
        """Write a new item (PutItem). Raises `WriteConflict` with the existing one."""
        _write(
            self._client.put_item,
            TableName=table,
            Item=encode_item(item),
            ConditionExpression="attribute_not_exists(site)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )

    def remove(self, table: str, key: Key, condition: str, **values: Any) -> None:  # noqa: ANN401 - any value
        """Delete one item if the condition holds (DeleteItem), or raise `WriteConflict`. Placeholders: see `update`."""
        _write(self._client.delete_item, **conditional_call(table, key, condition, "", values))

    def swap(self, *swaps: Swap) -> None:
        """Write up to 100 items, or none (TransactWriteItems). Raises `WriteConflict` if one of them has changed.

        An SDK retry of a write whose answer was lost carries its token, by which DynamoDB recognises it.
        """
        with translate_errors():
            self._client.transact_write_items(TransactItems=[swap.call for swap in swaps])  # type: ignore[misc] # built

    def items(self, table: str, but_of: Sequence[str] = ()) -> Iterator[Item]:
        """Read a whole table page by page (Scan), without the items of some sites."""
        scan = self._client.get_paginator("scan")
        yield from self._pages(scan, TableName=table, ConsistentRead=True, **scan_call(but_of))

    def items_of(
        self, table: str, site: str, prefix: str = "", only: tuple[str, ...] = (), having: tuple[str, ...] = ()
    ) -> Iterator[Item]:
        """Read one site's items with an identifier prefix, in order (Query). `only`: the attributes to read.

        `having`: only items with a value at this path.
        """
        request = query_call(site, prefix, only, having)
        yield from self._pages(self._client.get_paginator("query"), TableName=table, ConsistentRead=True, **request)

    def summaries(self, table: str, site: str, prefix: str = "") -> Iterator[tuple[str, str | None]]:
        """Read the `summary` of each item of a site (Query of the index with only these): a tenth of the data.

        By identifier, None for an item without one. A write of the last second may be missing.
        """
        return self._summaries("identifier", table, query_call(site, prefix, ("identifier", "summary"), ()))

    def summaries_under(self, table: str, identifier: str) -> Iterator[tuple[str, str | None]]:
        """Read the `summary` of each item of an identifier, like `summaries`. By site."""
        request = {
            "KeyConditionExpression": "identifier = :identifier",
            "ExpressionAttributeValues": {":identifier": encode(identifier)},
        }
        return self._summaries("site", table, request)

    def summaries_until(self, table: str, site: str, expires: datetime) -> Iterator[tuple[str, str | None]]:
        """Read the `summary` of each item of a site that is kept until a moment or longer, like `summaries`."""
        request = {
            "KeyConditionExpression": "site = :site AND expires >= :expires",
            "ExpressionAttributeValues": encode_item({":site": site, ":expires": expires}),
        }
        return self._summaries("identifier", table, request)

    def _summaries(self, by: str, table: str, request: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
        pages = self._client.get_paginator("query").paginate(TableName=table, IndexName=_SUMMARIES, **request)
        with translate_errors():
            for page in pages:
                for item in page["Items"]:
                    yield item[by]["S"], item["summary"]["S"] if "summary" in item else None

    def keys_of_account(self, table: str, **account: str) -> Iterator[Item]:
        """Read the keys of an account's items by the attributes that name it (Query of the index `accounts`).

        A write of the last second may be missing.
        """
        request = {
            "KeyConditionExpression": " AND ".join(f"#{name} = :{name}" for name in account),
            "ExpressionAttributeNames": {f"#{name}": name for name in account},
            "ExpressionAttributeValues": encode_item({f":{name}": value for name, value in account.items()}),
        }
        query = self._client.get_paginator("query")
        for item in self._pages(query, TableName=table, IndexName=_ACCOUNTS, **request):
            yield {"site": item["site"], "identifier": item["identifier"]}

    @staticmethod
    def _pages(paginator: "Paginator[Any]", **request: Any) -> Iterator[Item]:  # noqa: ANN401 - boto's arguments
        with translate_errors():
            for page in paginator.paginate(**request) if request["TableName"] else ():
                yield from [decode({"M": item}) for item in page["Items"]]

    @staticmethod
    def _until_done(ask: Callable[[Any], Any], request: Any) -> None:  # noqa: ANN401 - a batch request of either kind
        """Repeat a batch with its remainder while it makes progress: reads stop at 16 MB, and at 1 MB per partition."""
        in_vain = 0
        while in_vain < RACES:
            if in_vain:  # to sleep for 0 s gives the processor away
                time.sleep(in_vain * _PAUSE)
            with translate_errors():
                request_left = ask(request)
                in_vain, request = (
                    (in_vain + 1 if request_left and _length(request_left) >= _length(request) else 0),
                    request_left,
                )
            if not request:
                return
        raise Unavailable("dynamodb took a part of a batch only")


class Table:
    """Base of a table's stores."""

    logical_name: ClassVar[str]  # its table's, for a wing's store

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table


def _length(request: Mapping[str, Any]) -> int:
    """Count the items of a batch request, read or write."""
    return sum(len(part["Keys"] if isinstance(part, dict) else part) for part in request.values())


def _item(answer: Mapping[str, Any]) -> Item | None:
    attributes = answer.get("Item")
    return decode({"M": attributes}) if attributes else None
