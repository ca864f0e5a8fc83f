"""The permissions of a deployed function: calls to AWS under its role, allowed or refused."""

from collections.abc import Callable
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.session import Session

from tools.local.aws import REGION
from tools.stack.deployed import Stack

KEY = {"site": {"S": "evry-magnard"}, "identifier": {"S": "e2e"}}


def as_function(stack: Stack, function: str, service: str) -> Any:
    """Make a client with exactly the rights of a deployed function."""
    role = stack.aws.client("lambda").get_function_configuration(FunctionName=function)["Role"]
    credentials = stack.aws.client("sts").assume_role(RoleArn=role, RoleSessionName="e2e")["Credentials"]
    return Session().create_client(
        service,
        REGION,
        endpoint_url=stack.emulator.endpoint_url,
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
        config=Config(s3={"addressing_style": "path"}),
    )


def refusal(call: Callable[..., Any], **arguments: Any) -> str:
    """Call, and return AWS's refusal code. Empty if it was allowed, or if only a write's condition failed."""
    try:
        call(**arguments)
    except ClientError as error:
        code = str(error.response["Error"]["Code"])
        return "" if code == "ConditionalCheckFailedException" else code
    return ""


def reached(stack: Stack, function: str, folders: tuple[str, ...]) -> set[str]:
    """List the tables and the folders that a function may read or change."""
    dynamodb, s3 = (as_function(stack, function, service) for service in ("dynamodb", "s3"))
    bucket = stack.outputs.documents_bucket
    tries = {
        name: {
            refusal(dynamodb.get_item, TableName=table, Key=KEY),
            refusal(dynamodb.batch_get_item, RequestItems={table: {"Keys": [KEY]}}),
            refusal(dynamodb.scan, TableName=table),
            refusal(dynamodb.update_item, TableName=table, Key=KEY, ConditionExpression="attribute_exists(e2e)"),
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
