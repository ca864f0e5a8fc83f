"""DynamoDB's limits, which moto does not enforce, are enforced in every test (`tests/support/dynamo_limits.py`)."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.world import World

Call = Callable[[Any, str], object]


def key(identifier: str, site: str = "evry-xenakis") -> dict[str, Any]:
    return {"site": {"S": site}, "identifier": {"S": identifier}}


def writes(*identifiers: str) -> Call:
    requests = [{"PutRequest": {"Item": key(identifier)}} for identifier in identifiers]
    return lambda client, table: client.batch_write_item(RequestItems={table: requests})


def scan(filter_expression: str, *values: str) -> Call:
    values_by_name = {f":{value}": {"S": value} for value in values}
    return lambda client, table: client.scan(
        TableName=table, FilterExpression=filter_expression, ExpressionAttributeValues=values_by_name
    )


def grow(client: Any, table: str) -> None:
    client.put_item(TableName=table, Item=key("A1") | {"notes": {"M": {}}})
    for name in "abcde":
        client.update_item(
            TableName=table,
            Key=key("A1"),
            UpdateExpression=f"SET notes.{name} = :text",
            ExpressionAttributeValues={":text": {"S": "x" * 90_000}},
        )


@pytest.mark.parametrize(
    "call",
    [
        writes(*map(str, range(26))),
        writes("A1", "A1"),
        lambda client, table: client.batch_write_item(
            RequestItems={table: [{"PutRequest": {"Item": key("A1")}}, {"DeleteRequest": {"Key": key("A1")}}]}
        ),
        lambda client, table: client.put_item(TableName=table, Item=key("é" * 513)),
        lambda client, table: client.get_item(TableName=table, Key=key("A1", site="x" * 2049)),
        lambda client, table: client.update_item(
            TableName=table,
            Key=key("A1"),
            UpdateExpression=f"REMOVE {'a' * 200}, {', '.join(map('b{}'.format, range(900)))}",
        ),
        grow,
        lambda client, _table: client.batch_get_item(RequestItems={}),
        lambda client, table: client.put_item(TableName=table, Item=key("A1") | {"notes": {"L": [{"N": "1" * 39}]}}),
        scan(f"site IN ({', '.join(f':{number}' for number in range(101))})", *map(str, range(101))),
        scan(" OR ".join(["a=:a"] * 151), "a"),
        scan("a = :a", "a", "b"),
        scan(f"a = :{'a' * 255}", "a" * 255),
    ],
    ids=[
        *("26 writes", "twice the same", "put and deleted", "sort key", "partition key", "expression", "growing item"),
        *("nothing read", "39 digits", "101 operands", "301 operators", "an unused value", "a long placeholder"),
    ],
)
def test_a_request_beyond_a_limit_is_refused(world: World, call: Call) -> None:
    with pytest.raises(ClientError, match="ValidationException"):
        call(world.aws.client("dynamodb"), world.resources.accounts_table)


def test_a_request_at_the_limits_is_taken(world: World) -> None:
    client, table = world.aws.client("dynamodb"), world.resources.accounts_table

    writes(*map(str, range(25)))(client, table)
    client.put_item(TableName=table, Item=key("é" * 512) | {"notes": {"S": "x" * 390_000}})
