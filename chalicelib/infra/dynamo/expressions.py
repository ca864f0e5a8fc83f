"""Requests with DynamoDB's expressions: a conditional call, a query of one site, a filtered scan."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, Final

from chalicelib.infra.batches import batches
from chalicelib.infra.dynamo.values import encode, encode_item

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
    asked = {
        "KeyConditionExpression": "site = :site" + begins,
        "ExpressionAttributeValues": {f":{name}": value for name, value in values.items()},
        "ProjectionExpression": ", ".join(f"#{name}" for name in only),
        "FilterExpression": f"attribute_exists({'.'.join(path)})" if path else "",
        "ExpressionAttributeNames": names,
    }
    return {name: part for name, part in asked.items() if part}


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
