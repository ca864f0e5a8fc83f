"""DynamoDB's limits that moto does not hold: a request beyond one is refused, as AWS documents it.

Source: « Service, account, and table quotas in Amazon DynamoDB » and the reference of each operation.
"""

from collections.abc import Iterator
from typing import Any, Final

from moto.dynamodb.models.dynamo_type import Item

WRITES_OF_A_BATCH: Final = 25
KEY_BYTES: Final = {"site": 2048, "identifier": 1024}  # partition key, sort key
EXPRESSION_BYTES: Final = 4096
ITEM_BYTES: Final = 400 * 1024

_EXPRESSIONS: Final = (
    "ConditionExpression",
    "FilterExpression",
    "KeyConditionExpression",
    "ProjectionExpression",
    "UpdateExpression",
)


def limit_passed(operation: str, request: dict[str, Any]) -> str | None:
    """Name the limit that a request passes; None if it passes none."""
    keys = list(_keys(operation, request))
    if operation == "BatchWriteItem":
        if not 0 < len(keys) <= WRITES_OF_A_BATCH:
            return f"{len(keys)} writes in a batch"
        if len({(table, key["site"]["S"], key["identifier"]["S"]) for table, key in keys}) < len(keys):
            return "duplicates in a batch"
    for _, key in keys:
        for name, most in KEY_BYTES.items():
            if not 0 < len(key[name]["S"].encode()) <= most:
                return f"{name} of {len(key[name]['S'].encode())} bytes"
    for name in _EXPRESSIONS:
        if len(request.get(name, "").encode()) > EXPRESSION_BYTES:
            return f"{name} over {EXPRESSION_BYTES} bytes"
    return None


def is_too_large(item: Item | None) -> bool:
    """Whether an item is larger than DynamoDB takes: moto looks at whole attributes only as they are set."""
    return item is not None and item.size() > ITEM_BYTES


def _keys(operation: str, request: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """List the keys that a request names, with their tables."""
    for table, asked in request.get("RequestItems", {}).items():
        if operation == "BatchGetItem":
            yield from ((table, key) for key in asked["Keys"])
        else:
            for write in asked:
                yield table, write["PutRequest"]["Item"] if "PutRequest" in write else write["DeleteRequest"]["Key"]
    if key := request.get("Key") or request.get("Item"):
        yield request["TableName"], key
