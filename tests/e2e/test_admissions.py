"""Families without an account, as deployed: a function of their own answers them, and may do nothing else."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.session import Session

from tests.support.breaker import Breaker
from tests.support.stack_visitor import Visitor
from tools.local.aws import REGION
from tools.stack.deployed import Stack

pytestmark = pytest.mark.e2e

START = "/extranet/pre-inscription"
KEY = {"site": {"S": "evry-magnard"}, "identifier": {"S": "e2e"}}
FILE = "certificat"


def test_their_pages_come_from_their_own_function(visitor: Visitor, breaker: Breaker) -> None:
    with breaker.without_capacity(breaker.outputs.api_function):
        page = visitor.get(START)
    with breaker.without_capacity(breaker.outputs.admissions_function):
        gone, family = visitor.get(START), visitor.get("/extranet/compte")

    assert (page.status, page.is_french_page, page.headers["Cache-Control"]) == (200, True, "no-store")
    assert (gone.status, family.status) == (503, 303)


def test_the_job_of_each_hour_runs_as_deployed(stack: Stack, breaker: Breaker) -> None:
    """MiniStack fires no schedule: it is asked for the rule, and the function is called as the rule would."""
    rules = stack.aws.client("events").list_rules()["Rules"]
    found = stack.aws.client("lambda").get_function_configuration(FunctionName=breaker.outputs.offers_function)
    event = {
        "version": "0",
        "id": "event-1",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "000000000000",
        "time": "2026-09-01T07:00:00Z",
        "region": "eu-west-3",
        "resources": [rule["Arn"] for rule in rules],
        "detail": {},
    }

    answer = stack.aws.client("lambda").invoke(FunctionName=found["FunctionName"], Payload=json.dumps(event))

    assert [(rule["ScheduleExpression"], rule["State"]) for rule in rules] == [("rate(1 hour)", "ENABLED")]
    assert (answer.get("FunctionError"), json.load(answer["Payload"])) == (None, None)
    assert found["Timeout"] == timedelta(minutes=5).total_seconds()


def as_function(stack: Stack, function: str, service: str) -> Any:
    """Make a client that has the rights of a deployed function, and no other."""
    role = stack.aws.client("lambda").get_function_configuration(FunctionName=function)["Role"]
    given = stack.aws.client("sts").assume_role(RoleArn=role, RoleSessionName="e2e")["Credentials"]
    return Session().create_client(
        service,
        REGION,
        endpoint_url=stack.emulator.endpoint_url,
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
        config=Config(s3={"addressing_style": "path"}),
    )


def refusal(call: Callable[..., Any], **arguments: Any) -> str:
    """Call, and name what AWS refused it for; empty where it did not."""
    try:
        call(**arguments)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


@pytest.fixture
def folders(stack: Stack, breaker: Breaker) -> Iterator[tuple[str, ...]]:
    """Make an object in each folder of the bucket of documents."""
    keys = tuple(f"{folder}/2027/{FILE}" for folder in ("documents", "invoices", "requests"))
    for key in keys:
        stack.aws.client("s3").put_object(Bucket=breaker.outputs.documents_bucket, Key=key, Body=b"%PDF-")
    yield keys
    for key in keys:
        stack.aws.client("s3").delete_object(Bucket=breaker.outputs.documents_bucket, Key=key)


def reached(stack: Stack, function: str, folders: tuple[str, ...]) -> set[str]:
    """Name the tables and the folders of which a function may read or change anything."""
    dynamodb, s3 = (as_function(stack, function, service) for service in ("dynamodb", "s3"))
    bucket = stack.outputs.documents_bucket
    tries = {
        name: {
            refusal(dynamodb.get_item, TableName=table, Key=KEY),
            refusal(dynamodb.batch_get_item, RequestItems={table: {"Keys": [KEY]}}),
            refusal(dynamodb.scan, TableName=table),
            refusal(dynamodb.update_item, TableName=table, Key=KEY),
            refusal(dynamodb.batch_write_item, RequestItems={table: [{"DeleteRequest": {"Key": KEY}}]}),
        }
        for name, table in stack.outputs.tables.items()
    } | {
        key.partition("/")[0]: {
            refusal(s3.get_object, Bucket=bucket, Key=key),
            refusal(s3.put_object, Bucket=bucket, Key=key, Body=b"%PDF-"),
            refusal(s3.delete_object, Bucket=bucket, Key=key),
        }
        for key in folders
    }
    return {name for name, refused in tries.items() if "" in refused}


def test_neither_kind_of_visitor_s_function_reaches_what_is_the_other_s(
    stack: Stack, breaker: Breaker, folders: tuple[str, ...]
) -> None:
    new_families, every_table = {"Applications", "Applicants", "Places"}, set(stack.outputs.tables)

    assert reached(stack, breaker.outputs.admissions_function, folders) == new_families | {"Office", "requests"}
    assert reached(stack, breaker.outputs.api_function, folders) == every_table - new_families | {
        *("documents", "invoices"),
    }
    assert reached(stack, breaker.outputs.offers_function, folders) == {"Applications", "Places", "Office"}


def test_a_new_family_s_function_lists_no_family_s_documents(
    stack: Stack, breaker: Breaker, folders: tuple[str, ...]
) -> None:
    s3 = as_function(stack, breaker.outputs.admissions_function, "s3")

    refused = {
        prefix: refusal(s3.list_objects_v2, Bucket=breaker.outputs.documents_bucket, Prefix=prefix)
        for prefix in ("", *(key.rpartition("/")[0] for key in folders))
    }

    assert {prefix for prefix, code in refused.items() if not code} == {"requests/2027"}
    assert set(refused.values()) == {"", "AccessDenied"}
