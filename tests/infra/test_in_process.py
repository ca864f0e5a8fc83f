"""Compare calls answered in the process with the same calls over HTTP."""

from typing import Any

from botocore.exceptions import ClientError, ParamValidationError

from tests.support.world import World

KEY = {"site": {"S": "evry-xenakis"}, "identifier": {"S": "xen1"}}
ITEM = KEY | {"tries": {"N": "1"}, "names": {"L": [{"M": {"first": {"S": "Ada"}, "born": {"NULL": True}}}]}}
VALUES = {":one": {"N": "1"}, ":two": {"N": "2"}}
ONE_MORE = {"UpdateExpression": "SET tries = tries + :one REMOVE names[0].born", "ReturnValues": "ALL_NEW"}
IF_TWO = {"ConditionExpression": "tries = :two", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}


def outcome(client: Any, name: str, **call: Any) -> Any:
    """Return a call's answer or error, without its request's own numbers."""
    try:
        answer = getattr(client, name)(**call)
    except ClientError as error:
        answer = error.response | {"class": type(error).__name__}
    except ParamValidationError as error:
        return str(error)
    own = {"MessageId", "ReceiptHandle", "Attributes"} if "QueueUrl" in call else set()
    answer.pop("ConsumedCapacityUnits", None)  # moto's, in no model of AWS: over HTTP botocore drops it
    metadata = {"status": answer.pop("ResponseMetadata")["HTTPStatusCode"]}
    messages = [{k: v for k, v in message.items() if k not in own} for message in answer.get("Messages", ())]
    return {name: value for name, value in answer.items() if name not in own} | {"Messages": messages} | metadata


def test_a_call_is_answered_as_over_http(world: World) -> None:
    table, queue = world.resources.accounts_table, world.resources.mail_queue_url
    of_item, of_queue = {"TableName": table, "Key": KEY}, {"QueueUrl": queue}
    calls: list[tuple[str, str, dict[str, Any]]] = [
        ("dynamodb", "put_item", {"TableName": table, "Item": ITEM}),
        ("dynamodb", "put_item", {"TableName": table, "Item": KEY | {"key": {"B": b"bytes"}, "site": {"S": "paris"}}}),
        ("dynamodb", "get_item", of_item),
        ("dynamodb", "get_item", of_item | {"Key": {**KEY, "site": {"S": "paris"}}}),
        ("dynamodb", "get_item", {"TableName": table, "Key": {"site": "no type"}}),
        ("dynamodb", "get_item", {"TableName": table}),
        ("dynamodb", "get_item", {"TableName": "", "Key": KEY}),
        ("dynamodb", "get_item", of_item | {"Kei": KEY}),
        ("dynamodb", "get_item", of_item | {"ConsistentRead": 1}),
        ("dynamodb", "scan", {"TableName": table, "Limit": 0}),
        ("dynamodb", "get_item", of_item | {"AttributesToGet": []}),
        ("dynamodb", "batch_get_item", {"RequestItems": {table: {"Keys": (KEY,)}}}),
        ("dynamodb", "scan", {"TableName": table, "ExpressionAttributeNames": ["#a"]}),
        ("dynamodb", "get_item", {"TableName": "no-such-table", "Key": KEY}),
        ("dynamodb", "update_item", of_item | ONE_MORE | {"ExpressionAttributeValues": {":one": {"N": "1"}}}),
        ("dynamodb", "update_item", of_item | ONE_MORE | IF_TWO | {"ExpressionAttributeValues": VALUES}),
        ("dynamodb", "update_item", of_item | ONE_MORE | {"ExpressionAttributeValues": {":one": {"S": "1"}}}),
        ("dynamodb", "scan", {"TableName": table}),
        ("dynamodb", "batch_get_item", {"RequestItems": {table: {"Keys": [KEY]}}}),
        ("dynamodb", "transact_write_items", {"TransactItems": [{"Delete": of_item | IF_TWO |
            {"ExpressionAttributeValues": {":two": {"N": "2"}}}}]}),
        ("dynamodb", "delete_item", of_item),
        ("sqs", "send_message", of_queue | {"MessageBody": "« hello »"}),
        ("sqs", "receive_message", of_queue | {"VisibilityTimeout": 0}),
        ("sqs", "send_message", {"QueueUrl": f"{queue}-absent", "MessageBody": "hello"}),
    ]  # fmt: skip
    outcomes: list[list[Any]] = []
    for endpoint in (world.aws.endpoint_url, world.aws.endpoint_url.replace("127.0.0.1", "localhost")):
        world.aws.wipe(world.resources)
        session = world.aws._session  # noqa: SLF001 - only its own address is answered in the process
        clients = {name: session.create_client(name, endpoint_url=endpoint) for name in ("dynamodb", "sqs")}
        outcomes.append([outcome(clients[service], name, **call) for service, name, call in calls])

    assert [call for call, here, there in zip(calls, *outcomes, strict=True) if here != there] == []
    assert {str(here)[:200] for here in outcomes[0] if "Error" in here} != set()


def test_an_update_allowed_before_is_checked_again(world: World) -> None:
    client, table = world.aws.client("dynamodb"), world.resources.sessions_table
    update = {"TableName": table, "Key": KEY, "ConditionExpression": "NOT q = :q", "ReturnValues": "ALL_NEW"}
    number, text = {"N": "1"}, {"S": "x"}
    plain, with_index = "SET #a = :a REMOVE b", "SET #a = :a, account = :b"
    cases: list[tuple[int, str, str, dict[str, Any]]] = [
        *[
            (status, plain, name, {":a": number})
            for status, name in ((200, "a"), (400, "site"), (400, "b"), (200, "c"))
        ],
        (200, plain, "a", {":a": text}),
        (400, plain, "a", {}),
        (200, with_index, "a", {":a": number, ":b": text}),
        (400, with_index, "a", {":a": number, ":b": number}),
    ]

    for status, expression, name, values in cases:
        call = update | {"UpdateExpression": expression, "ExpressionAttributeNames": {"#a": name}}
        answer = outcome(client, "update_item", **call, ExpressionAttributeValues={":q": number} | values)
        assert (answer["status"], answer.get("Attributes", {}).get(name)) == (
            status,
            values.get(":a") if status == 200 else None,
        )
