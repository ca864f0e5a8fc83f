"""DynamoDB's limits that moto does not enforce: a request beyond one is refused, as AWS documents it.

Source: « Service, account, and table quotas in Amazon DynamoDB » and the reference of each operation.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from moto.dynamodb.models.dynamo_type import Item

OF_A_BATCH: Final = {"BatchGetItem": 100, "BatchWriteItem": 25}
KEY_BYTES: Final = {"site": 2048, "identifier": 1024}  # partition key, sort key
EXPRESSION_BYTES: Final = 4096
PLACEHOLDER_BYTES: Final = 255
OPERANDS_OF_IN: Final = 100
OPERATORS: Final = 300
ITEM_BYTES: Final = 400 * 1024

_EXPRESSIONS: Final = (
    "ConditionExpression",
    "FilterExpression",
    "KeyConditionExpression",
    "ProjectionExpression",
    "UpdateExpression",
)
_PLACEHOLDER: Final = re.compile(r"[#:]\w+")
_IN: Final = re.compile(r"\bIN \(([^)]*)\)")
_OPERATOR: Final = re.compile(r"[<>=]+|[+]| - |\b(?:AND|OR|NOT|IN|BETWEEN)\b|\w+\(")
_OVER_38_DIGITS: Final = re.compile(rb'"N": ?"-?[\d.]{39,}"')


def limit_passed(operation: str, request: dict[str, Any], body: bytes) -> str | None:
    """Name the limit that a request exceeds, given its body as sent. None if it exceeds none."""
    keys = list(_keys(operation, request))
    if operation in OF_A_BATCH:
        if not 0 < len(keys) <= OF_A_BATCH[operation]:
            return f"{len(keys)} items in a batch"
        if len({(table, key["site"]["S"], key["identifier"]["S"]) for table, key in keys}) < len(keys):
            return "duplicates in a batch"
    for _, key in keys:
        for name, limit in KEY_BYTES.items():
            if not 0 < len(key[name]["S"].encode()) <= limit:
                return f"{name} of {len(key[name]['S'].encode())} bytes"
    if _OVER_38_DIGITS.search(body):
        return "a number of over 38 digits"
    return _limit_of_expressions(request)


def _limit_of_expressions(request: dict[str, Any]) -> str | None:
    expressions = {name: request[name] for name in _EXPRESSIONS if name in request}
    for name, text in expressions.items():
        if limit := _limit_of_expression(name, text):
            return limit
    placeholders = {*request.get("ExpressionAttributeNames", ()), *request.get("ExpressionAttributeValues", ())}
    if rest := placeholders.difference(_placeholders(" ".join(expressions.values()))):
        return f"unused in expressions: {sorted(rest)}"
    if any(len(placeholder.encode()) > PLACEHOLDER_BYTES for placeholder in placeholders):
        return f"a placeholder over {PLACEHOLDER_BYTES} bytes"
    return None


@cache
def _limit_of_expression(name: str, text: str) -> str | None:
    if not 0 < len(text.encode()) <= EXPRESSION_BYTES:
        return f"{name} empty, or over {EXPRESSION_BYTES} bytes"
    if len(_OPERATOR.findall(text.replace("=", "") if name == "UpdateExpression" else text)) > OPERATORS:
        return f"{name} of over {OPERATORS} operators"
    if any(operands.count(",") >= OPERANDS_OF_IN for operands in _IN.findall(text)):
        return f"{name} with a list of over {OPERANDS_OF_IN}"
    return None


@cache
def _placeholders(expressions: str) -> list[str]:
    return _PLACEHOLDER.findall(expressions)


def is_too_large(item: Item | None) -> bool:
    """Whether an item is larger than DynamoDB allows. Moto checks only whole attributes as they are set."""
    return item is not None and item.size() > ITEM_BYTES


def _keys(operation: str, request: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """List the keys in a request, with their tables."""
    for table, request_of_table in request.get("RequestItems", {}).items():
        if operation == "BatchGetItem":
            yield from ((table, key) for key in request_of_table["Keys"])
        else:
            for write in request_of_table:
                yield table, write["PutRequest"]["Item"] if "PutRequest" in write else write["DeleteRequest"]["Key"]
    if key := request.get("Key") or request.get("Item"):
        yield request["TableName"], key
