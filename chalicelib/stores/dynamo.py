"""DynamoDB in our words: lookups read together, and errors translated. Every round trip is made here."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from botocore.exceptions import ClientError

from chalicelib.batches import batches
from chalicelib.domain.refusals import Unavailable, WriteConflict
from chalicelib.stores.expressions import conditional_call, query_call, scan_call
from chalicelib.stores.revising import RACES
from chalicelib.stores.values import Item, decode, encode, encode_item
from chalicelib.values import frozen

if TYPE_CHECKING:
    from botocore.paginate import Paginator
    from types_boto3_dynamodb import DynamoDBClient

Key = Mapping[str, str]
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")

READ_AT_ONCE = 100  # what BatchGetItem takes
_SUMMARIES, _ACCOUNTS = "summaries", "accounts"  # .chalice/resources.yaml
_WRITTEN_AT_ONCE = 25  # what BatchWriteItem takes
_PAUSE = 0.05  # seconds, and as many again before each further round of a batch that brought nothing


@frozen
class Lookup(Generic[A]):
    """One item to read, and how to make a value of it (or of its absence)."""

    table: str
    key: Key
    parse: Callable[[Item | None], A]


@frozen
class Put:
    """One whole item to write, whatever stood there."""

    table: str
    item: Item


@frozen
class Delete:
    """One item to delete, if it is there."""

    table: str
    key: Key


@contextmanager
def translate_errors() -> Iterator[None]:
    """Turn what DynamoDB answers into `WriteConflict` (a condition failed) or `Unavailable` (anything else)."""
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code != "ConditionalCheckFailedException":
            raise Unavailable(f"dynamodb {error.operation_name} {code}") from error
        with translate_errors():
            found = _item(error.response)
        raise WriteConflict(found) from None
    except Exception as error:  # an answer that makes no sense trips the SDK, or us, in any way
        raise Unavailable(f"dynamodb {type(error).__name__}") from error


class Database:
    """What the stores share: strongly consistent reads, conditional updates, and batches that are finished or fail."""

    def __init__(self, client: "DynamoDBClient") -> None:
        self._client = client

    def read(self, lookup: Lookup[A]) -> A:
        """Read one item (GetItem)."""
        with translate_errors():
            answer = self._client.get_item(TableName=lookup.table, Key=encode_item(lookup.key), ConsistentRead=True)
            found = _item(answer)
        return lookup.parse(found)

    @overload
    def read_together(self, one: Lookup[A], two: Lookup[B], /) -> tuple[A, B]: ...

    @overload
    def read_together(self, one: Lookup[A], two: Lookup[B], three: Lookup[C], /) -> tuple[A, B, C]: ...

    @overload
    def read_together(self, *lookups: Lookup[A]) -> tuple[A, ...]: ...

    def read_together(self, *lookups: Lookup[Any]) -> tuple[Any, ...]:
        """Read several items of any tables in one round trip per hundred (BatchGetItem), answers in the order asked."""
        found: dict[tuple[str, str, str], Item] = {}

        def ask(request: dict[str, Any]) -> Any:  # noqa: ANN401 - what is left to ask
            answer = self._client.batch_get_item(RequestItems=request)
            for table, items in answer["Responses"].items():
                for item in (decode({"M": attributes}) for attributes in items):
                    found[table, item["site"], item["identifier"]] = item
            return answer.get("UnprocessedKeys")

        for some in batches(lookups, READ_AT_ONCE):
            wanted: dict[str, Any] = {}
            for lookup in some:
                keys = wanted.setdefault(lookup.table, {"Keys": [], "ConsistentRead": True})["Keys"]
                keys.append(encode_item(lookup.key))
            self._until_done(ask, wanted)
        return tuple(
            lookup.parse(found.get((lookup.table, lookup.key["site"], lookup.key["identifier"]))) for lookup in lookups
        )

    def write_together(self, *writes: Put | Delete) -> None:
        """Put and delete several items of any tables in one round trip (BatchWriteItem), without conditions."""
        requests: dict[str, Any] = {}
        for write in writes:
            requests.setdefault(write.table, []).append(
                {"PutRequest": {"Item": encode_item(write.item)}}
                if isinstance(write, Put)
                else {"DeleteRequest": {"Key": encode_item(write.key)}}
            )
        self._until_done(lambda left: self._client.batch_write_item(RequestItems=left)["UnprocessedItems"], requests)

    def write_all(self, writes: Iterable[Put | Delete]) -> None:
        """Put and delete any number of items, no key twice, 25 in a call."""
        for some in batches(writes, _WRITTEN_AT_ONCE):
            self.write_together(*some)

    def update(self, table: str, key: Key, change: str, condition: str, **values: Any) -> None:  # noqa: ANN401 - any value
        """Change one item if the condition holds (UpdateItem), else raise `WriteConflict` with what stands there.

        In both expressions `#name` stands for the attribute `name`, and `:name` for the value given as `name`.
        """
        with translate_errors():
            self._client.update_item(UpdateExpression=change, **conditional_call(table, key, condition, change, values))

    def count(self, table: str, key: Key, name: str) -> int:
        """Add one to a number of an item, and return it (UpdateItem). A retry by the SDK may count twice."""
        request: Any = {"ExpressionAttributeNames": {"#name": name}, "ExpressionAttributeValues": {":one": encode(1)}}
        with translate_errors():
            answer = self._client.update_item(
                TableName=table,
                Key=encode_item(key),
                UpdateExpression="ADD #name :one",
                ReturnValues="UPDATED_NEW",
                **request,
            )
            return int(decode(answer["Attributes"][name]))

    def create(self, table: str, item: Item) -> None:
        """Write a new item (PutItem). Raises `WriteConflict` with what stands there already."""
        with translate_errors():
            self._client.put_item(
                TableName=table,
                Item=encode_item(item),
                ConditionExpression="attribute_not_exists(site)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )

    def remove(self, table: str, key: Key, condition: str, **values: Any) -> None:  # noqa: ANN401 - any value
        """Delete one item if the condition holds (DeleteItem), else raise `WriteConflict`; words as in `update`."""
        with translate_errors():
            self._client.delete_item(**conditional_call(table, key, condition, "", values))

    def items(self, table: str, but_of: Sequence[str] = ()) -> Iterator[Item]:
        """Read a whole table, a page at a time (Scan); not what some sites have."""
        scan = self._client.get_paginator("scan")
        yield from self._pages(scan, TableName=table, ConsistentRead=True, **scan_call(but_of))

    def items_of(
        self, table: str, site: str, prefix: str = "", only: tuple[str, ...] = (), having: tuple[str, ...] = ()
    ) -> Iterator[Item]:
        """Read what one site has under identifiers that begin so, in their order (Query); `only` some attributes.

        `having`: only those items in which something stands at this path.
        """
        request = query_call(site, prefix, only, having)
        yield from self._pages(self._client.get_paginator("query"), TableName=table, ConsistentRead=True, **request)

    def summaries(self, table: str, site: str, prefix: str = "") -> Iterator[tuple[str, str | None]]:
        """Read of each item of a site only its `summary` (Query of the index that has no more): a tenth of the whole.

        By identifier; None where an item has none yet. A write of this very second may not have arrived.
        """
        request = query_call(site, prefix, ("identifier", "summary"), ())
        pages = self._client.get_paginator("query").paginate(TableName=table, IndexName=_SUMMARIES, **request)
        with translate_errors():
            for page in pages:
                for item in page["Items"]:
                    yield item["identifier"]["S"], item["summary"]["S"] if "summary" in item else None

    def keys_of_account(self, table: str, **account: str) -> Iterator[Item]:
        """Read the keys of an account's items by the attributes that name it (Query of the index `accounts`).

        A write of this very second may not have arrived.
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
    def _pages(paginator: "Paginator[Any]", **request: Any) -> Iterator[Item]:  # noqa: ANN401 - what boto's calls take
        with translate_errors():
            for page in paginator.paginate(**request):
                yield from [decode({"M": item}) for item in page["Items"]]

    @staticmethod
    def _until_done(ask: Callable[[Any], Any], request: Any) -> None:  # noqa: ANN401 - a batch request of either kind
        """Ask for the rest as long as some of it is done: a read ends at 16 MB, and at 1 MB of one partition."""
        in_vain = 0
        while in_vain < RACES:
            time.sleep(in_vain * _PAUSE)
            with translate_errors():
                left = ask(request)
                in_vain, request = (in_vain + 1 if left and _length(left) >= _length(request) else 0), left
            if not request:
                return
        raise Unavailable("dynamodb took a part of a batch only")


def _length(request: Mapping[str, Any]) -> int:
    """Count the items of a batch request of either kind."""
    return sum(len(part["Keys"] if isinstance(part, dict) else part) for part in request.values())


def _item(answer: Mapping[str, Any]) -> Item | None:
    found = answer.get("Item")
    return decode({"M": found}) if found else None
